"""Limits on the size of a file. They are checked before parsing, so that no file can keep a parser busy."""

import re
from collections.abc import Iterator

from articles.files.imported import BadFile
from articles.files.source import Source

MOST_FRONT_MATTER = 1_000_000
MOST_TEXT = 1_000_000
MOST_IN_A_LINE = 20_000
COUNTED = (
    ("sections", 250, re.compile(r"^ {0,3}##[ \t]", re.MULTILINE)),
    ("cells of tables", 20_000, re.compile(r"\|")),
    ("links", 2_000, re.compile(r"\]\(|<(?:https?|mailto|tel):")),
    ("citations", 5_000, re.compile(r"\[@")),
    ("items of lists", 10_000, re.compile(r"^[ \t]*(?:[-+*]|[0-9]{1,9}[.)])[ \t]", re.MULTILINE)),
    ("marks such as * and ^", 30_000, re.compile(r"[*_^~`\[<&]")),
)


def check(file: Source) -> None:
    """Raise BadFile with each exceeded limit."""
    faults = list(_over(file))
    if faults:
        raise BadFile(*faults[0], *faults[1:])


def _over(file: Source) -> Iterator[tuple[int, str]]:
    first = file.closing_line + 1
    if len(file.front_matter) > MOST_FRONT_MATTER:
        yield 1, f"The front matter has more than {MOST_FRONT_MATTER:,} characters."
    if len(file.body) > MOST_TEXT:
        yield first, f"The text has more than {MOST_TEXT:,} characters; divide it into several articles."
    for number, line in enumerate(file.body.split("\n"), start=first):
        if len(line) > MOST_IN_A_LINE:
            yield (
                number,
                f"This line has {len(line):,} characters; divide it into lines of at most {MOST_IN_A_LINE:,}.",
            )
            break
    for plural, most, pattern in COUNTED:
        for count, found in enumerate(pattern.finditer(file.body), start=1):
            if count > most:
                place = first + file.body.count("\n", 0, found.start())
                yield place, f"At this line the text has more than {most:,} {plural}; divide it into several articles."
                break
