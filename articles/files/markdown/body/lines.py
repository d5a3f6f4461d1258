"""Find lines of a paragraph that look like another element, and lines that would be joined."""

import re
from collections.abc import Iterator
from itertools import pairwise

from articles.files.imported import BadFile
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop

# Lines that are part of a paragraph only because of a small mistake.
DELIMITERS = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*|\|\s*:?-+:?\s*\|?\s*")
MISREAD = (
    (
        re.compile(r"\|"),
        gettext_noop(
            "This row belongs to no table. A table needs a header row and, directly below it, a row "
            "with the same number of |---| cells, without empty lines between its rows."
        ),
    ),
    (
        DELIMITERS,
        gettext_noop(
            "This row of --- belongs to no table. The header row directly above it must have the same number of cells."
        ),
    ),
    (
        re.compile(r"##"),
        gettext_noop("A heading needs a line of its own, with the # at its beginning and a space after the #."),
    ),
    (re.compile(r":::"), gettext_noop("A ::: must be at the beginning of its line.")),
    (
        re.compile(r"\[[^\[\]]+\]:"),
        gettext_noop("Do not define links or notes on a separate line. Write [text](address), or cite with [@key]."),
    ),
    (
        re.compile(r"[•‣◦▪●○■□➢➤⁃∙·](?=\s)"),
        gettext_noop("A typed bullet makes no list; begin each item with - and leave a line empty before the first."),
    ),
)
BULLET = re.compile(r"[•‣◦▪●○■□➢➤⁃∙·]")
LETTERED = re.compile(r"\(?([A-Za-z]|[ivx]{2,4})[.)]\s")
NUMBERED = re.compile(r"\(?(\d{1,3})[.)](?=\s|[^\W\d])")
DASHED = re.compile(r"[–—−-](?=\s|[^\W\d])")
BEGINS_ANOTHER = re.compile(r"[–—−+*-]\s*[\w≤≥<>±]|\(?\d{1,3}[.)]\s*[^\W\d]")  # an item, except for a space or a sign
ENTRY = re.compile(r"(?=.*\d)(?![a-zß-ÿ]).{1,60}(?<![.,;:?!])")  # a short line of its own, with a number
OPEN_COMMA = re.compile(r"(?<!\d),(?=\S)|,(?=[^\s\d])|;(?=\S)")
ANOTHER_ITEM = gettext_noop(
    "This line would run on from the item above. If it is another item, begin it like the "
    "others, with a space before its text. If the text goes on here, put this line at the end "
    "of the line above."
)
STEPS = gettext_noop(
    "These lines would run together into one paragraph; for steps begin each with 1., 2., 3. "
    "and leave a line empty before the first."
)
LIST = gettext_noop(
    "These lines would run together into one paragraph; for a list begin each with - and "
    "leave a line empty before the first."
)
TABLE = gettext_noop(
    "These lines would run together into one paragraph; for a table write its rows with | between the cells."
)


def faults(content: str, first: int, *, in_item: bool = False) -> Iterator[BadFile]:
    """
    Yield the faults of the lines of a paragraph; `first` is the number of its first line in the file.

    Inside a list item, no later line may look like the next item with a missing space.
    """
    lines = [line.strip() for line in content.split("\n")]
    for number, line in enumerate(lines, start=first):
        for pattern, sentence in MISREAD:
            matched = pattern.fullmatch(line) if pattern is DELIMITERS else pattern.match(line)
            if matched:
                yield BadFile(number, _(sentence))
                break
    if in_item:
        for number, line in enumerate(lines[1:], start=first + 1):
            if BEGINS_ANOTHER.match(line):
                yield BadFile(number, _(ANOTHER_ITEM))
    if len(lines) > 1:
        yield from _run_together(content.split("\n"), lines, first)


def runs_on(content: str) -> int | None:
    """Return the first line, from 0, of a list or rows that would be joined into one paragraph; None without any."""
    lines = [line.strip() for line in content.split("\n")]
    found = [_in_order(lines), _all_with(DASHED, lines), _all_with(BULLET, lines), _all_with(ENTRY, lines, whole=True)]
    return min((line for line in found if line is not None), default=None) if len(lines) > 1 else None


def _run_together(raw: list[str], lines: list[str], first: int) -> Iterator[BadFile]:
    for line, sentence in (
        (_in_order(lines), STEPS),
        (_all_with(DASHED, lines), LIST),
        (_all_with(re.compile(r".*\S\t\s*\S"), raw), TABLE),
        (_all_with(ENTRY, lines, whole=True), LIST),
        (_separated(lines), TABLE),
    ):
        if line is not None:
            yield BadFile(first + line, _(sentence))
            return


def _in_order(lines: list[str]) -> int | None:
    """Return the first of two lines that begin with a. and b., (i) and (ii), or 1. and 2.; others may be between."""
    for pattern in (LETTERED, NUMBERED):
        marked = [(number, found[1]) for number, line in enumerate(lines) if (found := pattern.match(line))]
        for (number, one), (_number, two) in pairwise(marked):
            if _next(one) == two or (one, two) in (("i", "ii"), ("ii", "iii"), ("iii", "iv")):
                return number
    return None


def _next(mark: str) -> str:
    if mark.isdigit():
        return str(int(mark) + 1)
    return chr(ord(mark) + 1) if len(mark) == 1 else ""


def _all_with(pattern: re.Pattern[str], lines: list[str], *, whole: bool = False) -> int | None:
    """Return the first of two adjacent matching lines; with `whole`, only if all lines match completely."""
    matches = [bool(pattern.fullmatch(line) if whole else pattern.match(line)) for line in lines]
    if whole and not all(matches):
        return None
    return next((number for number, (one, two) in enumerate(pairwise(matches)) if one and two), None)


def _separated(lines: list[str]) -> int | None:
    """Return the first of the lines with values separated by commas or semicolons."""
    parted = [bool(OPEN_COMMA.search(line)) and "://" not in line for line in lines]
    for number, (one, two) in enumerate(pairwise(parted)):
        if one and two:
            return number
    if len(lines) > 2 and not any(line[-1:] in ".:?!" for line in lines) and max(map(len, lines)) <= 60:
        for sign in (", ", "; "):
            counts = {line.count(sign) for line in lines}
            if len(counts) == 1 and counts != {0}:
                return 0
    return None
