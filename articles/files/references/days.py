"""Dates, as files write them, as dates of CSL."""

import datetime
import re
from typing import Any

from articles.files.references.record import tidied
from articles.text.citations.dates import MONTHS

SEASONS = {"spring": "1", "summer": "2", "fall": "3", "autumn": "3", "winter": "4"}
_NUMBERS = re.compile(r"(\d{4})(?:[-/.](\d{1,2})?(?:[-/.](\d{1,2})?)?)?(?:/(.*))?", re.ASCII)
_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_RANGE = re.compile(r"\s*(?:--?|[–—]|/)\s*")
_WORD = re.compile(r"(?P<year>\d{4})|(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\w)|(?P<word>[^\W\d_]+)\.?", re.ASCII)
_ISO = re.compile(r"\d{4}(?:-\d\d?){0,2}", re.ASCII)
_ISO_RANGE = re.compile(rf"{_ISO.pattern}/{_ISO.pattern}", re.ASCII)

Date = dict[str, Any]


def date(text: str) -> Date | None:
    """
    Return the date of a text such as 2019/05/12/, 2019-05, 20190512, 2019 May-Jun or 12 May 2019; None if it is empty.

    What is behind the third stroke may be a season or the end of a range. A text that says no year is kept in words.
    """
    said = tidied(text)
    if not said:
        return None
    if found := _TOGETHER.fullmatch(said):
        return {"date-parts": [point(*found.groups())]}
    if _ISO_RANGE.fullmatch(said):
        return {"date-parts": [point(*half.split("-")) for half in said.split("/")]}
    if found := _NUMBERS.fullmatch(said):
        year, month, day, words = found.groups()
        return _with_words([point(year, month, day)], (words or "").strip())
    return _in_words(said) or {"literal": said}  # “in press”, “2019 1st Quarter”: printed as they are


def _with_words(points: list[list[int]], words: str) -> Date:
    if words.lower() in SEASONS:
        return {"date-parts": points, "season": SEASONS[words.lower()]}
    if _ISO.fullmatch(words):
        return {"date-parts": [*points, point(*words.split("-"))]}
    return {"date-parts": points}


def point(year: str, month: str | None = None, day: str | None = None) -> list[int]:
    """Return [2019, 5, 12] without the parts that are no date."""
    numbers = [int(year)]
    if month and 1 <= int(month) <= 12:
        numbers.append(int(month))
        try:
            datetime.date(max(1, numbers[0]), numbers[1], int(day or 0))
        except ValueError:
            return numbers
        numbers.append(int(day or 0))
    return numbers


def _in_words(said: str) -> Date | None:
    """Return the date of `2019 Mar 30-Apr 2`, whose second half may lack the year and month of the first."""
    halves = _RANGE.split(said)
    read = [_half(half) for half in halves]
    if len(halves) > 2 or None in read:
        return None
    parts = [half for half in read if half]
    first = parts[0]
    if "year" not in first and "year" in parts[-1]:
        first = {"year": parts[-1]["year"], **first}
    if "year" not in first:
        return None
    points = [_point_of(first)]
    if len(parts) == 2:
        last = parts[1] if "year" in parts[1] else {**first, **parts[1]}
        points.append(_point_of(last))
    season = first.get("season")
    return {"date-parts": points[: 1 if season else 2], **({"season": season} if season else {})}


def _point_of(half: dict[str, str]) -> list[int]:
    return point(half["year"], half.get("month"), half.get("day"))


def _half(text: str) -> dict[str, str] | None:
    found: dict[str, str] = {}
    rest = _WORD.sub("", text)
    if rest.strip(" ,"):
        return None
    for match in _WORD.finditer(text):
        name, value = str(match.lastgroup), match[match.lastgroup or 0]
        if name == "word":
            name, value = _month_or_season(value)
        if not name or name in found:
            return None
        found[name] = value
    return found


def _month_or_season(word: str) -> tuple[str, str]:
    if word.lower() in SEASONS:
        return "season", SEASONS[word.lower()]
    short = word[:3].title()
    return ("month", str(MONTHS.index(short) + 1)) if short in MONTHS else ("", "")
