"""Numbers that readers take for more, or less, than they are."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Hit, Text
from articles.checks.families.language import sources
from articles.checks.rule import INFO, WARN, per_text

_PERCENT = re.compile(r"\d+(?:\.\d+)?[ \u00a0]?(?:%|percent\b|per cent\b)")
_NATURAL = re.compile(
    r"\b(?:\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten) (?:in|out of|of|of every|in every|per)"
    r" (?:every )?(?P<of>\d[\d,]*|ten|twenty|hundred|a hundred|1 million|thousand)\b",
    re.IGNORECASE,
)
_DENOMINATOR = re.compile(
    r"\b\d[\d,]*(?:\.\d+)? (?:in|out of|of every|in every|per) (?:every )?(?P<of>\d+(?:,\d{3})*)(?!\d|\.\d|\s?(?:mg|%))"
)
_RELATIVE = re.compile(
    r"\b(?:(?:two|three|four|five|ten|\d+(?:\.\d+)?)[ -](?:times|fold)(?: as| more| higher| greater| less| lower)?"
    r"|twice as|doubles?d?|triples?d?|halves|halved"
    r"|\d+(?:\.\d+)?[ \u00a0]?(?:%|percent) (?:higher|lower|more|less|greater|increase|reduction|decrease"
    r"|increased|reduced))"
    r"(?= (?:\w+ ){0,5}(?:risk|risks|likely|chances?|odds|rate|rates)\b)",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\bfrom \S+ to\b|\b\d[\d,]* (?:in|out of|of every|per) \d|compared (?:with|to) \d|\bversus \d|\bvs\.? \d",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?<![\w.,/–-])\d+(?:[.,]\d+)*\s?[-–]\s?\d+(?:[.,]\d+)*(?=[ \u00a0]?(?:%|percent|mg|mcg|g|kg|m[lL]|years?"
    r"|months?|weeks?|days?"
    r"|hours?|minutes?|times|people|units?|cm|mm|degrees|tablets?)(?!\w))"
)


@per_text(
    "LANG-009",
    INFO,
    gettext_lazy("A percentage alone"),
    hint=gettext_lazy("Say it as people too: “7 in 100 people (7%)”."),
    source=sources.NHS_NUMBERS,
    english=True,
    lay=True,
)
def percentages_as_people(text: Text) -> Iterator[Hit]:
    for sentence in text.prose:
        found = _PERCENT.search(sentence.text)
        if found and not _NATURAL.search(text.plain, sentence.line.start, sentence.line.end):
            yield text.at(sentence.start + found.start(), sentence.start + found.end())


@per_text(
    "LANG-010",
    INFO,
    gettext_lazy("Chances out of different numbers"),
    hint=gettext_lazy("Give all chances that readers compare out of one number: 2 in 100, 10 in 100."),
    source=sources.CDC,
    english=True,
    lay=True,
)
def one_denominator(text: Text) -> Iterator[Hit]:
    for line in text.lines:
        found = [*_DENOMINATOR.finditer(text.plain, line.start, line.end)]
        numbers = dict.fromkeys(each["of"].replace(",", "") for each in found)
        if len(numbers) > 1:
            other = next(each for each in found if each["of"] != found[0]["of"])
            said = _("“{one}” and “{other}” are out of different numbers.").format(one=found[0][0], other=other[0])
            yield text.at(*other.span(), said)


@per_text(
    "LANG-011",
    WARN,
    gettext_lazy("A relative risk alone"),
    hint=gettext_lazy("Say how many people it is with and without: “from 1 in 100 to 2 in 100”."),
    source=sources.CDC,
    english=True,
)
def risks_in_people(text: Text) -> Iterator[Hit]:
    for sentence in text.prose:
        found = _RELATIVE.search(sentence.text)
        if found and not _ABSOLUTE.search(text.plain, sentence.line.start, sentence.line.end):
            yield text.at(sentence.start + found.start(), sentence.start + found.end())


@per_text(
    "LANG-012",
    INFO,
    gettext_lazy("A range with a hyphen"),
    hint=gettext_lazy("Write “5 to 10 days”: a hyphen is read aloud as minus, or not at all."),
    source=sources.NHS_AZ,
    english=True,
    lay=True,
)
def ranges_in_words(text: Text) -> Iterator[Hit]:
    yield from text.find(_RANGE)


RULES = [percentages_as_people, one_denominator, risks_in_people, ranges_in_words]
