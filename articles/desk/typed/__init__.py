"""Read and write the text of a section in a plain text area. If anything typed would be lost, the text is refused."""

import re

from django.core.exceptions import ValidationError

from articles.desk.typed import tokens
from articles.desk.typed.reading import Reading
from articles.files.imported import at_line
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import number as digits
from articles.text.richtext import TooLong, storable
from articles.text.richtext.building import within_length

MOST_FAULTS = 50
BOTH_CHANGED = "\u2691"  # a flag, before a paragraph that two people changed: a text with it is not stored
MOST_TAGS = 60_000  # opening and closing
_STORED = re.compile(r'(?:<cite data-ref="[A-Za-z0-9_-]+">\[[A-Za-z0-9_-]+\]</cite>)+')
_KEY = re.compile(r'data-ref="([A-Za-z0-9_-]+)"')


def to_typed(html: str) -> str:
    """Return the stored text with citations as they are typed: [@smith2020; @lee2021]."""
    return _STORED.sub(lambda found: f"[{'; '.join('@' + key for key in _KEY.findall(found.group()))}]", html)


def from_typed(text: str, *, keys: frozenset[str] | None = None, stored: str = "", direction: str = "ltr") -> str:
    """
    Return the cleaned HTML of the typed text: citations become elements, and blank lines separate paragraphs.

    Raise ValidationError with a sentence for each part that would not stay as typed, and TooLong as `richtext.storable`
    does. `keys` are those of the article's references. If the `stored` text has characters that look like Markdown,
    they are allowed here too.
    """
    typed = text.replace("\r\n", "\n").replace("\r", "\n")
    within_length(len(typed))
    if typed.count("<") > MOST_TAGS:
        raise TooLong(
            _("This text has {count} tags. Divide it, or write it with at most {most}.").format(
                count=digits(typed.count("<")), most=digits(MOST_TAGS)
            )
        )
    reading = Reading(typed, keys=keys, known=to_typed(stored), direction=direction)
    if BOTH_CHANGED in typed and BOTH_CHANGED not in stored:
        said = _(
            "Two people changed what follows the sign {sign}. Keep one of the two texts or make one of both, and "
            "delete the line with the sign."
        )
        reading.faults.append((typed.index(BOTH_CHANGED), said.format(sign=BOTH_CHANGED)))
    if reading.faults:
        raise ValidationError(_sentences(typed, reading.faults))
    cleaned = storable(reading.html)
    if found := tokens.difference(reading.tokens, tokens.of_stored(cleaned)):
        raise ValidationError(_sentences(typed, [found]))
    return cleaned


def _sentences(typed: str, faults: list[tuple[int, str]]) -> list[str]:
    found = sorted(dict.fromkeys(faults))[:MOST_FAULTS]
    return [at_line(typed.count("\n", 0, place) + 1, sentence) for place, sentence in found]
