"""The text of a section as it stands in a plain text area, for want of the rich text editor."""

import re

from articles.richtext import clean

_STORED = re.compile(r'(?:<cite data-ref="[A-Za-z0-9_-]+">\[[A-Za-z0-9_-]+\]</cite>)+')
_KEY = re.compile(r'data-ref="([A-Za-z0-9_-]+)"')
_TYPED = re.compile(r"\[(@[A-Za-z0-9][A-Za-z0-9_-]{0,63}(?:\s*;\s*@[A-Za-z0-9][A-Za-z0-9_-]{0,63})*)\]")
_BLOCK = re.compile(r"<(?:p|h[1-6]|ul|ol|table|blockquote|div)\b", re.IGNORECASE)


def to_typed(html: str) -> str:
    """Return the stored text with citations as they are typed: [@smith2020; @lee2021]."""
    return _STORED.sub(lambda found: f"[{'; '.join('@' + key for key in _KEY.findall(found.group()))}]", html)


def from_typed(text: str) -> str:
    """
    Return the cleaned HTML of what was typed: citations become nodes; without any block, blank lines part paragraphs.

    Raise TooLong as `clean` does.
    """
    html = _TYPED.sub(_cites, text.replace("\r\n", "\n"))
    if not _BLOCK.search(html):
        html = "".join(f"<p>{paragraph}</p>" for paragraph in re.split(r"\n\s*\n", html) if paragraph.strip())
    return clean(html)


def _cites(found: re.Match) -> str:
    keys = [key.strip().removeprefix("@") for key in found.group(1).split(";")]
    return "".join(f'<cite data-ref="{key}">[{key}]</cite>' for key in keys)
