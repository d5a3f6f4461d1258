"""Promises that no treatment can keep, and comfort that says nothing."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from articles.checks.document import Hit, Text
from articles.checks.families.language import sources
from articles.checks.rule import WARN, per_text

_ABSOLUTE = re.compile(
    r"\b(?:miracle (?:cure|drug|treatment|remedy|pill)s?"
    r"|(?:100[ \u00a0]?(?:%|percent)|completely|totally|perfectly|entirely|absolutely) (?:safe|effective"
    r"|harmless|risk[- ]free)"
    r"|(?:has|have|with|causes?|carr(?:y|ies)) (?:absolutely )?no (?:side effects?|adverse effects?"
    r"|risks?(?! factors?))"
    r"|without (?:any )?(?:side effects|risks?(?! factors?))"
    r"|guarantee(?:s|d)? (?:to|a|an|that|cure|results?|recovery|success)|is guaranteed"
    r"|always (?:cures|works)|never fails"
    r"|cures? (?:all|every|any)(?! (?:forms?|types?) of))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no|not|nor|never|none|nothing|neither|cannot|without|any|claims?|claimed|if|few|rarely|may|might|only)\b|n['’]t\b",
    re.IGNORECASE,
)
BEFORE = 60  # characters in which a denial is looked for
_COMFORT = re.compile(
    r"\b(?:nothing to worry about|no need to worry|(?:do not|don['’]t) worry|rest assured|(?:a )?good chance of"
    r"|(?:very |fairly |pretty )?good (?:odds|chances)|perfectly normal|you(?: will|['’]ll) be fine"
    r"|usually nothing serious|no cause for (?:concern|alarm)|should be fine|excellent chance)\b",
    re.IGNORECASE,
)
_PROVED = re.compile(
    r"\b(?:(?:scientifically|clinically|medically) proven|proven (?:cure|remedy)"
    r"|breakthrough (?:drug|treatment|cure|therapy)s?|wonder drugs?|revolutionary (?:treatment|drug|therapy)"
    r"|detoxif(?:y|ies) (?:your|the) (?:body|liver)|boosts? your immune system"
    r"|cutting[- ]edge|state[- ]of[- ]the[- ]art|game[- ]chang(?:er|ing)|groundbreaking)\b",
    re.IGNORECASE,
)


@per_text(
    "LANG-007",
    WARN,
    gettext_lazy("A promise that no treatment can keep"),
    hint=gettext_lazy("Say how often it helps and harms, and what is not known."),
    source=sources.DISCERN,
    english=True,
)
def no_absolutes(text: Text) -> Iterator[Hit]:
    """Denied promises, such as “no treatment is 100% effective”, are none."""
    yield from _not_denied(text, _ABSOLUTE)


def _not_denied(text: Text, pattern: re.Pattern[str]) -> Iterator[Hit]:
    for found in pattern.finditer(text.plain):
        sentence = text.sentence_at(found.start())
        first = max(found.start() - BEFORE, sentence.start if sentence else 0)
        if not _DENIED.search(text.plain, first, found.start()):
            yield text.at(*found.span())


@per_text(
    "LANG-015",
    WARN,
    gettext_lazy("Comfort that says nothing"),
    hint=gettext_lazy("Say how many people get well, and when to get help."),
    source=sources.CDC,
    english=True,
    lay=True,
)
def no_vague_comfort(text: Text) -> Iterator[Hit]:
    yield from text.find(_COMFORT)


@per_text(
    "LANG-019",
    WARN,
    gettext_lazy("A word of advertising"),
    hint=gettext_lazy("Say what was studied, in whom, and with what result."),
    source=sources.DISCERN,
    english=True,
)
def no_advertising(text: Text) -> Iterator[Hit]:
    yield from _not_denied(text, _PROVED)


RULES = [no_absolutes, no_vague_comfort, no_advertising]
