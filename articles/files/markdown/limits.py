"""Limits on the size of a file. They are checked before parsing, so that no file can keep a parser busy."""

import re
from collections.abc import Iterator

from articles.files.imported import BadFile
from articles.files.markdown.source import Source
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop
from articles.text.plain.translated import number as digits

MOST_FRONT_MATTER = 1_000_000
MOST_TEXT = 1_000_000
MOST_IN_A_LINE = 20_000
COUNTED = (
    (
        gettext_noop("At this line the text has more than {most} sections; divide it into several articles."),
        250,
        re.compile(r"^ {0,3}##[ \t]", re.MULTILINE),
    ),
    (
        gettext_noop("At this line the text has more than {most} cells of tables; divide it into several articles."),
        20_000,
        re.compile(r"\|"),
    ),
    (
        gettext_noop("At this line the text has more than {most} links; divide it into several articles."),
        2_000,
        re.compile(r"\]\(|<(?:https?|mailto|tel):"),
    ),
    (
        gettext_noop("At this line the text has more than {most} citations; divide it into several articles."),
        5_000,
        re.compile(r"\[@"),
    ),
    (
        gettext_noop("At this line the text has more than {most} items of lists; divide it into several articles."),
        10_000,
        re.compile(r"^[ \t]*(?:[-+*]|[0-9]{1,9}[.)])[ \t]", re.MULTILINE),
    ),
    (
        gettext_noop(
            "At this line the text has more than {most} marks such as * and ^; divide it into several articles."
        ),
        30_000,
        re.compile(r"[*_^~`\[<&]"),
    ),
)


def check(file: Source) -> None:
    """Raise BadFile with each exceeded limit."""
    faults = list(_over(file))
    if faults:
        raise BadFile(*faults[0], *faults[1:])


def _over(file: Source) -> Iterator[tuple[int, str]]:
    first = file.closing_line + 1
    if len(file.front_matter) > MOST_FRONT_MATTER:
        yield 1, _("The front matter has more than {most} characters.").format(most=digits(MOST_FRONT_MATTER))
    if len(file.body) > MOST_TEXT:
        yield (
            first,
            _("The text has more than {most} characters; divide it into several articles.").format(
                most=digits(MOST_TEXT)
            ),
        )
    for number, line in enumerate(file.body.split("\n"), start=first):
        if len(line) > MOST_IN_A_LINE:
            yield (
                number,
                _("This line has {number} characters; divide it into lines of at most {most}.").format(
                    number=digits(len(line)), most=digits(MOST_IN_A_LINE)
                ),
            )
            break
    for sentence, most, pattern in COUNTED:
        for count, found in enumerate(pattern.finditer(file.body), start=1):
            if count > most:
                place = first + file.body.count("\n", 0, found.start())
                yield place, _(sentence).format(most=digits(most))
                break
