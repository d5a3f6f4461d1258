"""The parts of a work as RIS and BibTeX have them: names, dates, pages, and titles without HTML."""

import re
from typing import Any, NamedTuple

from articles.files.imported import BadFile
from articles.files.references.reading import read_text
from articles.text.citations.dates import MONTHS, Point, points
from articles.text.citations.fields import plain, without_kept_tags
from articles.text.citations.names import OTHERS
from articles.text.citations.standing import notices

RAISED = dict(zip("0123456789+-=()ni−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ⁻", strict=True))
LOWERED = dict(zip("0123456789+-=()−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋", strict=True))
_TAGGED = re.compile(r"<(sup|sub)>([^<>]*)</\1>")
_RANGE = re.compile(r"([A-Za-z]*[0-9]+)\s*[-\u2010-\u2015\u2212]+\s*([A-Za-z]*[0-9]+)")


class Person(NamedTuple):
    """A person, or an organisation that has only a family name. `others`: more people who are not named."""

    family: str
    given: str = ""
    suffix: str = ""
    is_organisation: bool = False
    others: bool = False


class Day(NamedTuple):
    """
    A date as texts: 2020, 3, 12; unknown parts are empty. `words` is a season, or all that is known.

    `until` is the end of a range, as 2020-04-02.
    """

    year: str = ""
    month: str = ""
    day: str = ""
    words: str = ""
    until: str = ""


def read_again(text: str) -> dict[str, Any] | None:
    """Return the work that is read in a record as it was written; None if it is refused."""
    try:
        found = read_text(text).found
    except BadFile:
        return None
    return found[0].reference.csl if found else None


def kind(csl: dict[str, Any]) -> str:
    """Return the type of the work; whatever stands in a volume or an issue of something is an article in a journal."""
    name = plain(csl.get("type")).lower()
    is_placed = any(plain(csl.get(field)) for field in ("volume", "issue", "page"))
    is_free = name in ("", "document", "guideline", "report", "standard", "webpage")
    return "article-journal" if is_free and is_placed and plain(csl.get("container-title")) else name


def beside(kind: str, of: dict[str, str]) -> str:
    """Return the type of the work if the format's own name for it, by this table, would be read as another type."""
    name = of.get(kind)
    first = next((known for known, other in of.items() if other == name), "")
    return kind if kind not in ("", "document") and (name is None or first != kind) else ""


def people(value: Any) -> list[Person]:
    values = value if isinstance(value, list) else [value]
    return [person for person in map(_person, values) if person.family or person.others]


def _person(value: Any) -> Person:
    value = value if isinstance(value, dict) else {"literal": value}
    if whole := plain(value.get("literal")):
        return Person("", others=True) if whole.lower() in OTHERS else Person(whole, is_organisation=True)
    particles = (plain(value.get(name)) for name in ("dropping-particle", "non-dropping-particle"))
    family = " ".join(filter(None, (*particles, plain(value.get("family")))))
    given, suffix = plain(value.get("given")), plain(value.get("suffix"))
    return Person(family, given, suffix) if family else Person(given, is_organisation=True)


def day(value: Any) -> Day:
    """Return a date, or the first day of a range."""
    found = points(value)
    if not found:
        words = plain(value.get("literal")) or plain(value.get("raw")) if isinstance(value, dict) else plain(value)
        return Day(words=words)
    first = found[0]
    until = _iso(found[1]) if len(found) > 1 else ""
    if first.month in MONTHS:
        return Day(first.year, str(MONTHS.index(first.month) + 1), first.day, until=until)
    return Day(first.year, words=first.month, until="" if first.month else until)


def _iso(point: Point) -> str:
    month = f"{MONTHS.index(point.month) + 1:02d}" if point.month in MONTHS else ""
    return "-".join(filter(None, (point.year.zfill(4), month, point.day.zfill(2) if point.day and month else "")))


def page_range(value: Any) -> tuple[str, str]:
    """Return the first and the last page; several ranges stay together as the first."""
    text = plain(value)
    match = _RANGE.fullmatch(text)
    return (match[1], match[2]) if match else (text, "")


def title(value: Any) -> str:
    """
    Return a title as plain text. Raised and lowered digits stay so: 10<sup>9</sup> gives 10⁹, never 109.

    What has no raised or lowered letter keeps its tags.
    """
    text = in_unicode(value)
    return text if _TAGGED.search(text) else without_kept_tags(text)


def in_unicode(value: Any) -> str:
    """Return a title with raised and lowered digits as letters of their own, and all else with its tags."""
    return _TAGGED.sub(_in_unicode, plain(value))


def _in_unicode(match: re.Match[str]) -> str:
    letters = RAISED if match[1] == "sup" else LOWERED
    whole = all(letter in letters for letter in match[2])
    return "".join(letters[letter] for letter in match[2]) if whole else match[0]


def notes(csl: dict[str, Any]) -> list[str]:
    """Return what the formats have no field for, but a reader needs: above all that a work is retracted."""
    status, when = plain(csl.get("status")), day(csl.get("issued"))
    kept = [f"{kind[:1].upper()}{kind[1:]}: {text}" for kind, text in notices(csl)]
    said = [status[:1].upper() + status[1:], *kept, plain(csl.get("note")), "" if when.year else when.words]
    return [text for text in said if text]
