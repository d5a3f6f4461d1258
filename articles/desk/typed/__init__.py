"""The text of a section as it stands in a plain text area: nothing of what is typed goes without a word."""

import re

from django.core.exceptions import ValidationError

from articles.desk.typed import signs
from articles.desk.typed.reading import Reading
from articles.text.richtext import TooLong, kept
from articles.text.richtext.building import within_length

MOST_FAULTS = 50
MOST_TAGS = 60_000  # beginnings and ends
_STORED = re.compile(r'(?:<cite data-ref="[A-Za-z0-9_-]+">\[[A-Za-z0-9_-]+\]</cite>)+')
_KEY = re.compile(r'data-ref="([A-Za-z0-9_-]+)"')


def to_typed(html: str) -> str:
    """Return the stored text with citations as they are typed: [@smith2020; @lee2021]."""
    return _STORED.sub(lambda found: f"[{'; '.join('@' + key for key in _KEY.findall(found.group()))}]", html)


def from_typed(text: str, *, keys: frozenset[str] | None = None, stored: str = "", direction: str = "ltr") -> str:
    """
    Return the cleaned HTML of what was typed: citations become nodes, blank lines between words part paragraphs.

    Raise ValidationError with each thing that would not be kept as it is typed, and TooLong as `richtext.kept` does.
    `keys` are those of the article's references. Signs of the `stored` text that look like marks of Markdown are no
    marks here.
    """
    typed = text.replace("\r\n", "\n").replace("\r", "\n")
    within_length(len(typed))
    if typed.count("<") > MOST_TAGS:
        raise TooLong(f"This text has {typed.count('<'):,} tags. Divide it, or write it with at most {MOST_TAGS:,}.")
    reading = Reading(typed, keys=keys, known=to_typed(stored), direction=direction)
    if reading.faults:
        raise ValidationError(_sentences(typed, reading.faults))
    cleaned = kept(reading.html)
    if found := signs.difference(reading.signs, signs.of_stored(cleaned)):
        raise ValidationError(_sentences(typed, [found]))
    return cleaned


def _sentences(typed: str, faults: list[tuple[int, str]]) -> list[str]:
    found = sorted(dict.fromkeys(faults))[:MOST_FAULTS]
    return [f"Line {typed.count(chr(10), 0, place) + 1}: {sentence}" for place, sentence in found]
