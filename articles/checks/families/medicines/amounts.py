"""How much of a medicine is taken: a unit, one unit for one medicine, how often, and never more than the maximum."""

import re
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit, Text
from articles.checks.families.medicines import sources
from articles.checks.families.medicines.names import NAMES, names_in
from articles.checks.rule import INFO, WARN, per_document, per_text
from articles.search.analysis.amounts import MICROGRAM, amount, unit
from articles.text.plain.doses import SPACE

_ALONE = re.compile(
    r"\b([A-Za-z]{5,}) (\d+(?:\.\d+)?)(?= (?:once|twice|daily|nightly|weekly|every|(?:\d|two|three|four) times"
    r"|bid|tid|qid|qd|at night|by mouth|orally|as needed|a day|per day)\b)"
)
_MASS = r"(?:[mµμ]?g|mcg|micrograms?|milligrams?|grams?)"
_OF_ONE = re.compile(rf"(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?){SPACE}?(?P<unit>{_MASS})(?![\w/])")
NEAR = 40  # characters between the name of a medicine and its dose
_TAKEN = re.compile(
    rf"\b(?:take|takes|give|inject|swallow|inhale)\b[^.;:]{{0,40}}?\b\d+(?:\.\d+)?{SPACE}?"
    r"(?:[mµμ]g|mcg|micrograms?|milligrams?|m[lL]|units?|tablets?|capsules?|puffs?|drops?)(?![\w/])",
    re.IGNORECASE,
)
_HOW_OFTEN = re.compile(
    r"\b(?:once|twice|daily|nightly|weekly|monthly|hourly|every|each|per|times|single|one[- ]time|if needed|as needed"
    r"|before|after|at (?:night|bedtime)|in the (?:morning|evening)|(?:a|an|the) (?:day|night|week|month)|within|when"
    r"|hours?|dose|doses|[btq]id|[btq]\.i\.d|qd|prn)\b",
    re.IGNORECASE,
)
_PER_DAY = r"(?:in (?:any )?24 hours|in (?:a|one|any) day|(?:a|per|each|every) day|daily)"
_MOST = re.compile(
    rf"(?:maximum(?: dose| daily dose)?(?: is| of|:)?|no more than|not more than|at most|do not exceed|up to){SPACE}"
    rf"(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?){SPACE}?(?P<unit>{_MASS}){SPACE}{_PER_DAY}",
    re.IGNORECASE,
)
_LIMITS = ("maximum", "more than", "at most", "exceed", "up to")  # each of `_MOST` has one of them
_TIMES = {"once": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_A_DAY = re.compile(
    rf"(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?){SPACE}?(?P<unit>{_MASS}){SPACE}(?:(?P<times>once|twice|(?:two|three|four|"
    rf"five|six|[1-6]){SPACE}times){SPACE}(?:a day|per day|daily|each day)|every{SPACE}(?P<hours>4|6|8|12|four"
    rf"|six|eight"
    rf"|twelve){SPACE}hours)",
    re.IGNORECASE,
)
_HOURS = {"four": 4, "six": 6, "eight": 8, "twelve": 12}


@per_text(
    "MED-005",
    WARN,
    gettext_lazy("A dose without its unit"),
    hint=gettext_lazy("Write the unit after the number: mg, micrograms, mL or units."),
    source=sources.ISMP,
    english=True,
)
def doses_have_units(text: Text) -> Iterator[Hit]:
    for found in _ALONE.finditer(text.plain):
        if found[1].lower() in NAMES:
            yield text.at(*found.span(2))


@per_document(
    "MED-007",
    WARN,
    gettext_lazy("One medicine in milligrams and in micrograms"),
    hint=gettext_lazy("Use one unit for one medicine, so that doses can be compared."),
    source=sources.NHS,
)
def one_unit_for_one_medicine(document: Document) -> Iterator[Hit]:
    """Look at what is read together: a medicine in milligrams in one place and in micrograms in another."""
    if document.language != "en":
        return
    first: dict[tuple[str, str], set[str]] = {}
    for text in document.bodies:
        for name, found in _doses(text):
            seen = first.setdefault((text.readers, name), set())
            here = unit(found["unit"].rstrip("s").lower().replace("µ", "μ"))
            if here in ("mg", MICROGRAM) and here not in seen:
                seen.add(here)
                if len(seen) > 1:
                    yield text.at(*found.span())


def _doses(text: Text) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield each medicine with the dose that follows it in the same sentence, before another medicine."""
    for sentence in text.sentences if _OF_ONE.search(text.plain) else ():
        names = names_in(sentence.text)
        for place, (name, _start, after) in enumerate(names):
            until = names[place + 1][1] if place + 1 < len(names) else len(sentence.text)
            end = sentence.start + min(until, after + NEAR)
            if found := _OF_ONE.search(text.plain, sentence.start + after, end):
                yield name, found


@per_text(
    "MED-010",
    INFO,
    gettext_lazy("A dose without how often it is taken"),
    hint=gettext_lazy("Say how often, or that it is a single dose."),
    source=sources.ISMP,
    english=True,
)
def says_how_often(text: Text) -> Iterator[Hit]:
    for sentence in text.prose:
        found = _TAKEN.search(sentence.text)
        if found and not _HOW_OFTEN.search(sentence.text):
            yield text.at(sentence.start + found.start(), sentence.start + found.end())


@per_text(
    "MED-012",
    WARN,
    gettext_lazy("More in a day than the maximum that the text states"),
    hint=gettext_lazy("Check the single dose, how often it is taken, and the maximum of the day."),
    source=sources.ISMP,
    english=True,
)
def within_the_maximum(text: Text) -> Iterator[Hit]:
    """Compare doses with the maximum in the same paragraph, unless it names two medicines."""
    for line in text.lines:
        words = text.plain[line.start : line.end]
        most = _MOST.search(words) if any(limit in words.lower() for limit in _LIMITS) else None
        if most is None or len({name for name, _start, _end in names_in(words)}) > 1:
            continue
        limit = _micrograms(most)
        for found in _A_DAY.finditer(words):
            if (
                limit
                and _micrograms(found) * _number_of(found) > limit
                and not most.start() <= found.start() < most.end()
            ):
                said = _("“{dose}” is more in a day than the maximum that is stated: “{most}”.")
                start = line.start + found.start()
                yield text.at(start, start + len(found[0]), said.format(dose=found[0], most=most[0]))


def _micrograms(found: re.Match[str]) -> Decimal:
    said = amount(found["number"].replace(",", ""), found["unit"].rstrip("s").lower().replace("µ", "μ"))
    return Decimal(said.removesuffix(MICROGRAM)) if said else Decimal(0)


def _number_of(found: re.Match[str]) -> int:
    """Return how many times a day this is."""
    if hours := found["hours"]:
        return 24 // (_HOURS.get(hours.lower()) or int(hours))
    first = found["times"].split()[0].lower()
    return _TIMES.get(first) or int(first)


_LAB = re.compile(r"\d+(?:\.\d+)?[ \u00a0]?(?:mg/d[lL]|mmol/[lL])(?!\w)")


@per_text(
    "MED-014",
    INFO,
    gettext_lazy("A laboratory value in one system of units"),
    hint=gettext_lazy("Give mmol/L and mg/dL side by side: readers of each country know one of them."),
    source=sources.SI,
)
def both_systems_of_units(text: Text) -> Iterator[Hit]:
    for line in text.lines:
        words = text.plain[line.start : line.end]
        found = [*_LAB.finditer(words)]
        if found and len({"mmol" in each[0] for each in found}) == 1:
            start = line.start + found[0].start()
            yield text.at(start, start + len(found[0][0]))


RULES = [
    doses_have_units,
    one_unit_for_one_medicine,
    says_how_often,
    within_the_maximum,
    both_systems_of_units,
]
