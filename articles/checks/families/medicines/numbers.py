"""Numbers of doses that are easily read ten or a hundred times too large."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from articles.checks.document import Hit, Text
from articles.checks.families.medicines import sources
from articles.checks.rule import BLOCK, INFO, WARN, per_text
from articles.text.plain.doses import FORM, MASS, SPACE

GIVEN = (  # what medicines are given in; sizes, weights and the grams of food are not
    r"(?:[mµμn]?g|mcg|micrograms?|milligrams?|nanograms?|[mµμ][lL]|millilit(?:re|er)s?|units?|IU"
    rf"|Milligramm|Mikrogramm|Milliliter|Einheiten?|I\.E\.|{FORM})"
)
_END = r"(?![\w/^]|\s?per\b|\s?/)"
_GAP = f"{SPACE}?-?"
_POINT = re.compile(rf"(?<![\d.,/^_-])\d+\.0+(?={_GAP}{GIVEN}{_END})")
_COMMA = re.compile(rf"(?<![\d.,/^_-])\d+,0{{1,2}}(?={_GAP}{GIVEN}{_END})")
_NAKED = re.compile(
    rf"(?:(?<=[\s(/–-])|^)[.·]\d+(?={_GAP}(?:{GIVEN}|{MASS})(?!\w))|(?:(?<=[\s(–])|^),\d+(?={_GAP}[mµμ]g\b)", re.M
)
_LONG = re.compile(rf"(?<![\d.,/^_-])\d{{4,}}(?={_GAP}(?:[mµμ]g|mcg|micrograms?|milligrams?|m[lL]|units?|IU)(?![\w/]))")
_ADJACENT = re.compile(
    rf"(?<![\d.,/:-])(?<!\d )\d{{1,2}}(?: (?:or|to) \d{{1,2}})? \d+(?:\.\d+)?{_GAP}(?:[mµμ]?g|mcg|m[lL])(?![\w/])"
)
_TOGETHER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?:[mµμ]g|mcg|mL|ml|units?|IU)(?!\w)")


@per_text(
    "MED-001",
    BLOCK,
    gettext_lazy("A trailing zero in a dose"),
    hint=gettext_lazy("Write 5 mg, not 5.0 mg: if the point is missed, the dose is ten times too high."),
    source=sources.JOINT_COMMISSION,
)
def no_trailing_zero(text: Text) -> Iterator[Hit]:
    """Doses alone: results of a laboratory, sizes and weights may need the zero."""
    yield from text.find(_COMMA if text.has_comma else _POINT)


@per_text(
    "MED-002",
    BLOCK,
    gettext_lazy("A decimal without its leading zero"),
    hint=gettext_lazy("Write 0.5 mg, not .5 mg: if the point is missed, the dose is ten times too high."),
    source=sources.JOINT_COMMISSION,
)
def no_naked_decimal(text: Text) -> Iterator[Hit]:
    yield from text.find(_NAKED)


@per_text(
    "MED-006",
    WARN,
    gettext_lazy("A large dose without a comma"),
    hint=gettext_lazy("Write 10,000 units, not 10000 units: zeros are easily miscounted."),
    source=sources.ISMP,
    english=True,
)
def commas_between_thousands(text: Text) -> Iterator[Hit]:
    yield from text.find(_LONG)


@per_text(
    "MED-013",
    WARN,
    gettext_lazy("Two numbers side by side in a dose"),
    hint=gettext_lazy("Say “two tablets of 200 mg”: 2 200 mg may be read as 2,200 mg."),
    source=sources.ISMP,
    english=True,
)
def no_numbers_side_by_side(text: Text) -> Iterator[Hit]:
    yield from text.find(_ADJACENT)


@per_text(
    "MED-015",
    INFO,
    gettext_lazy("No space between a number and its unit"),
    hint=gettext_lazy("Write 10 mg, not 10mg: the m may be read as zeros."),
    source=sources.ISMP,
)
def space_before_units(text: Text) -> Iterator[Hit]:
    yield from text.find(_TOGETHER)


RULES = [
    no_trailing_zero,
    no_naked_decimal,
    commas_between_thousands,
    no_numbers_side_by_side,
    space_before_units,
]
