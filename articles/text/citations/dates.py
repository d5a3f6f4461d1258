"""Dates of CSL-JSON in the style of Citing Medicine: 2020 Mar 12."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from articles.text.citations.fields import escaped, plain

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SEASONS = ("Spring", "Summer", "Fall", "Winter")

_ISO = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?(?:T.*)?")


class Point(NamedTuple):
    """One date. Unknown parts are empty; `month` may be a season."""

    year: str
    month: str = ""
    day: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, self))


def nlm_date(value: Any) -> str:
    """Return a CSL date variable as safe HTML: `2020 Mar 12`, a range as `2020 Mar-Apr`, words unchanged."""
    found = points(value)
    if found:
        return _span(found[0], found[-1])
    return _words(value)


def nlm_year(value: Any) -> str:
    """Return the year or years of a CSL date variable as safe HTML: `2020`, `2019-2020`."""
    years = [Point(point.year) for point in points(value)]
    if years:
        return _span(years[0], years[-1])
    words = _words(value)
    year = re.search(r"\b[12][0-9]{3}\b", words)
    return year[0] if year else words


def _span(first: Point, last: Point) -> str:
    if first.year != last.year:
        return f"{first}-{last}"
    if first.month != last.month and last.month:
        return f"{first}-{last.month} {last.day}".rstrip()
    if first.day != last.day and last.day:
        return f"{first}-{last.day}"
    return str(first)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        value = plain(value.get("literal")) or plain(value.get("raw"))
    return escaped(value)


def points(value: Any) -> list[Point]:
    """Return the one or two dates of a CSL date variable; nothing if it holds words alone."""
    if not isinstance(value, dict):
        return _read(plain(value))
    parts = value.get("date-parts")
    if not isinstance(parts, list) or not parts:
        return _read(plain(value.get("raw")))
    if not isinstance(parts[0], list):
        parts = [parts]
    found = [_point(part) for part in parts[:2] if isinstance(part, list)]
    season = _season(value.get("season"))
    return [point if point.month else point._replace(month=season) for point in found if point.year]


def _read(text: str) -> list[Point]:
    """Return the points of an ISO 8601 date or interval: 2020-03-12, 2020-03, 2019/2020."""
    halves = [text] if _ISO.fullmatch(text) else text.split("/")
    matches = [match for half in halves if (match := _ISO.fullmatch(half))]
    return [_point(match.groups()) for match in matches] if len(matches) == len(halves) < 3 else []


def _point(parts: Sequence[Any]) -> Point:
    year, month, day = (*map(plain, parts[:3]), "", "", "")[:3]
    if not re.fullmatch("[0-9]{1,4}", year) or not int(year):
        return Point("")
    name = _month(month)
    known_day = name in MONTHS and re.fullmatch("[0-9]{1,2}", day) and 1 <= int(day) <= 31
    return Point(str(int(year)), name, str(int(day)) if known_day else "")


def _month(text: str) -> str:
    """Return the month by number or name. 13-16 and 21-24 are the seasons of CSL and EDTF."""
    if re.fullmatch("[0-9]{1,2}", text):
        number = int(text)
        if 1 <= number <= 12:
            return MONTHS[number - 1]
        return SEASONS[number % 10 - (3 if number < 20 else 1)] if number in {13, 14, 15, 16, 21, 22, 23, 24} else ""
    name = text[:3].title()
    return name if name in MONTHS else ""


def _season(value: Any) -> str:
    text = plain(value)
    return SEASONS[int(text) - 1] if text in {"1", "2", "3", "4"} else escaped(text)
