"""Abbreviations and signs that were misread in prescriptions, and cost lives."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from articles.checks.document import Hit, Text
from articles.checks.families.medicines import sources
from articles.checks.rule import BLOCK, INFO, WARN, per_text

_UNITS = r"(?<=\d)[ \u00a0-]?(?:[Uu](?![\w/-]|\.[A-Z])|IU(?![\w/-]))"
_DAILY = r"(?<![\w.-])(?:Q\.D\.|q\.d\.|QD|Q\.O\.D\.|q\.o\.d\.|QOD|qod)(?![\w-])"
_OTHERS = r"(?<=\d)[ \u00a0]?cc(?!\w)"
NOT_USED = re.compile(f"{_UNITS}|{_DAILY}|{_OTHERS}")
_AT = re.compile(r"(?<=[\w)] )@(?= ?\d)")
_MICRO = re.compile(r"(?<=\d)[ \u00a0\u202f]?[µμ]g(?!\w)")
_DRUGS = re.compile(
    r"\b(?:MSO_?4|MgSO_?4|ZnSO_?4)(?!\w)"
    r"|\b(?:MS|AZT|HCTZ?|MTX|PTU|CPZ|APAP|TAC|TNK)(?=[ \u00a0]\d+(?:\.\d+)?[ \u00a0]?(?:m?g|mcg|units?)\b)"
)
_LATIN = re.compile(
    r"(?<![\w.-])(?:b\.i\.d\.|t\.i\.d\.|q\.i\.d\.|p\.r\.n\.|p\.o\.|a\.c\.|p\.c\.|h\.s\.|q\.h\.s\.|stat\b"
    r"|(?:BID|TID|QID|PRN|bid|tid|qid|prn|qhs|QHS)(?![\w-]))"
)
_SIGNS = re.compile(r"[<>≤≥](?=[ \u00a0]?\d+(?:[.,]\d+)?[ \u00a0]?(?:[mµμ]?g|mcg|m[lL]|units?|tablets?)(?![\w/]))")


@per_text(
    "MED-003",
    BLOCK,
    gettext_lazy("An abbreviation that must not be used in a dose"),
    hint=gettext_lazy("Write “units”, “international units”, “mL”, “daily” or “every other day” in full."),
    source=sources.JOINT_COMMISSION,
    english=True,
)
def no_forbidden_abbreviations(text: Text) -> Iterator[Hit]:
    """U and IU after a number are read as zeros or IV, QD and QOD as each other, cc as U."""
    yield from text.find(NOT_USED)


@per_text(
    "MED-004",
    WARN,
    gettext_lazy("The sign µg"),
    hint=gettext_lazy("Write “micrograms” or “mcg”: µg is misread as mg, a thousand times as much."),
    source=sources.ISMP,
    english=True,
)
def no_micro_sign(text: Text) -> Iterator[Hit]:
    yield from text.find(_MICRO)


@per_text(
    "MED-016",
    WARN,
    gettext_lazy("A medicine under an abbreviation"),
    hint=gettext_lazy("Write the name in full: MSO4 and MgSO4 were taken for each other."),
    source=sources.ISMP,
)
def medicines_by_name(text: Text) -> Iterator[Hit]:
    yield from text.find(_DRUGS)


@per_text(
    "MED-017",
    INFO,
    gettext_lazy("A sign for “more than” or “less than” before a dose"),
    hint=gettext_lazy("Write “more than” or “less than” in words: the signs are taken for each other."),
    source=sources.ISMP,
    lay=True,
)
def words_for_more_and_less(text: Text) -> Iterator[Hit]:
    yield from text.find(_SIGNS)


@per_text(
    "MED-018",
    WARN,
    gettext_lazy("A Latin abbreviation of how often or how"),
    hint=gettext_lazy("Say it in plain words: “twice a day”, “if needed”, “by mouth”."),
    source=sources.NHS,
    english=True,
    lay=True,
)
def no_latin_for_readers(text: Text) -> Iterator[Hit]:
    yield from text.find(_LATIN)


@per_text(
    "MED-019",
    WARN,
    gettext_lazy("The sign @ before a number"),
    hint=gettext_lazy("Write “at”: the sign is read as 2."),
    source=sources.ISMP,
)
def at_in_letters(text: Text) -> Iterator[Hit]:
    yield from text.find(_AT)


RULES = [
    no_forbidden_abbreviations,
    no_micro_sign,
    medicines_by_name,
    words_for_more_and_less,
    no_latin_for_readers,
    at_in_letters,
]
