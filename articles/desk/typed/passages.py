"""The text between two block tags or line breaks: characters in it that readers would see otherwise, or not at all."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from html.entities import html5

from articles.files.markdown.body import lines
from articles.text.plain import markup
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop

_NUMBERED = re.compile(r"&#(?:x[0-9a-f]+|[0-9]+);?", re.IGNORECASE)
_ENTITY = re.compile(r"&[A-Za-z][A-Za-z0-9]*;?")
_TABBED = re.compile(r"^[^\n]*\S[ ]*\t\s*[^\s]", re.MULTILINE)
_STARRED = re.compile(r"^[ \t]*[*+][ \t]+\S[^\n]*\n[ \t]*[*+][ \t]", re.MULTILINE)
RUN_TOGETHER = gettext_noop(
    "This line and the next would run together into one paragraph. Leave a line empty between "
    "them, end this one with <br>, or write <ul><li>…</li></ul> for a list."
)
TABBED = gettext_noop(
    "This line has cells separated by tabs, and they would run together. Write "
    "<table><tr><td>…</td></tr></table> for a table, or type spaces."
)


class Passage:
    """The pieces of a text between inline tags, with their offsets."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._places: list[int] = []
        self._starts: list[int] = []
        self._length = 0

    def add(self, text: str, place: int) -> None:
        self._texts.append(text)
        self._places.append(place)
        self._starts.append(self._length)
        self._length += len(text)

    def faults(self, keys: frozenset[str], known: str) -> Iterator[tuple[int, str]]:
        """Yield (offset, sentence) for each fault. A mark that is in the `known` text is allowed."""
        text = "".join(self._texts)
        if not text.strip():
            return
        for at, mark, sentence in markup.faults(text, keys):
            if mark.strip() not in known:
                yield self._place(at), sentence
        yield from ((self._place(at), sentence) for at, sentence in _half_entities(text))
        if tabbed := _TABBED.search(text):
            yield self._place(tabbed.start()), _(TABBED)
        for at in _running_on(text):
            yield self._place(at), _(RUN_TOGETHER)

    def _place(self, at: int) -> int:
        piece = bisect_right(self._starts, at) - 1
        return self._places[piece] + at - self._starts[piece]


def _half_entities(text: str) -> Iterator[tuple[int, str]]:
    """Yield each & that a browser would read as another character than the one meant, or as none."""
    for found in _NUMBERED.finditer(text):
        if html.unescape(found.group()) in ("", "\ufffd"):
            yield (
                found.start(),
                _("{typed} stands for no character and would be left out.").format(typed=quoted(found.group())),
            )
    for found in _ENTITY.finditer(text):
        was, becomes = found.group(), html.unescape(found.group())
        if becomes != was and not (was.endswith(";") and was[1:] in html5):
            yield (
                found.start(),
                _("{was} would become {becomes}. If the & belongs to the text, write &amp;.").format(
                    was=quoted(was), becomes=quoted(becomes)
                ),
            )


def _running_on(text: str) -> Iterator[int]:
    """Yield the offset of each line that looks like a list item or a table row without its tags."""
    at = 0
    for paragraph in re.split(r"(\n[ \t]*\n)", text):
        content = paragraph.lstrip("\n")
        line = lines.runs_on(content.rstrip("\n"))
        if line is None and (starred := _STARRED.search(content)):
            line = content.count("\n", 0, starred.start())
        if line is not None:
            yield at + len(paragraph) - len(content) + len("".join(content.splitlines(True)[:line]))
        at += len(paragraph)
