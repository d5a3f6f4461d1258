"""What a text for patients has to say: when to get help, what matters most, and what is not known."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import CARER, ENGLISH, PUBLIC, Document, Hit
from articles.checks.families.structure import sources
from articles.checks.finding import Severity
from articles.checks.rule import INFO, WARN, per_document

HELP = ("urgent", "help_now", "help_today", "help_soon")
CALLOUTS = 2
LONG = 300  # words of a text that needs key points
_DANGER = re.compile(
    r"\b(?:chest pain|heart attack|(?<!Disorders and )stroke|unconscious(?:ness)?|seizures?|severe bleeding"
    r"|suicid(?:e|al)|overdose|anaphyla\w+"
    r"|(?:trouble|difficulty) breathing|shortness of breath|meningitis|sepsis|poisoning|life[- ]threatening"
    r"|emergency)\b",
    re.IGNORECASE,
)
_TREATMENT = re.compile(
    r"\btreat(?:ed|ing|ment|ments|s)?\b|\btherap(?:y|ies)\b|\bsurgery\b|\boperation\b", re.IGNORECASE
)
_HELPS = r"\b(?:benefit|help|improve|reduce|relie[fv]|cure|control|effective)"
_HARMS = r"\b(?:risk|side effect|harm|complication|adverse)"
_WITHOUT = r"\b(?:without treatment|untreated|no treatment|watchful|not treated|do nothing)"
_OTHERS = r"\b(?:other (?:treatment|option|choice)|option|choice|alternative|instead|choose)"
_UNKNOWN = r"\b(?:not known|unknown|uncertain|unclear|not clear|no one knows|more research|not sure)"
_ASPECTS = (
    (gettext_lazy("what it helps"), re.compile(_HELPS, re.IGNORECASE)),
    (gettext_lazy("what harm it can do"), re.compile(_HARMS, re.IGNORECASE)),
    (gettext_lazy("what happens without it"), re.compile(_WITHOUT, re.IGNORECASE)),
    (gettext_lazy("which other choices there are"), re.compile(_OTHERS, re.IGNORECASE)),
    (gettext_lazy("what is not known"), re.compile(_UNKNOWN, re.IGNORECASE)),
)


def _lay(document: Document) -> list[str]:
    return [audience for audience in document.read_by if audience in (PUBLIC, CARER)] if document.is_medical else []


@per_document(
    "STR-002",
    WARN,
    gettext_lazy("No section says when to get help"),
    hint=gettext_lazy("Add a section “When to get help” that says in which case to call whom."),
    source=sources.NHS_CARE,
)
def says_when_to_get_help(document: Document) -> Iterator[Hit]:
    """Block if the risk is high, warn if the text speaks of an emergency, else tell; of texts that lay people read."""
    roles = {section["role"] for section in document.content["sections"]}
    if not _lay(document) or roles & {*HELP} or document.content.get("kind") == "question":
        return
    found = next((each for text in document.general if (each := _DANGER.search(text.plain))), None)
    if document.content.get("risk") == "high":
        yield Hit(severity=Severity.BLOCK)
    elif document.language == ENGLISH and found:
        yield Hit()
    elif sum(len(text.plain.split()) for text in document.general) >= LONG:
        yield Hit(severity=Severity.INFO)


@per_document(
    "STR-004",
    INFO,
    gettext_lazy("No key points"),
    hint=gettext_lazy("Add key points near the beginning: many readers read no more."),
    source=sources.CDC,
)
def has_key_points(document: Document) -> Iterator[Hit]:
    roles = {section["role"] for section in document.content["sections"]}
    words = sum(len(text.plain.split()) for text in document.general)
    is_long = document.content.get("kind") == "topic" and words >= LONG
    if _lay(document) and is_long and not roles & {"key_points", "summary"}:
        yield Hit()


@per_document(
    "STR-010",
    WARN,
    gettext_lazy("Many warnings on one page"),
    hint=gettext_lazy("Keep one of each kind: readers stop seeing warnings that are many."),
    source=sources.NHS_CARE,
)
def few_callouts(document: Document) -> Iterator[Hit]:
    """Warn of a second section of the same urgency, and of more than two for emergencies and urgent cases."""
    roles = [section["role"] for section in document.content["sections"] if section["role"] in HELP]
    doubled = [role for role in dict.fromkeys(roles) if roles.count(role) > 1]
    strong = [role for role in roles if role in ("urgent", "help_now", "help_today")]
    if doubled or len(strong) > CALLOUTS:
        yield Hit(message=_("{count} sections say when to get help.").format(count=len(roles)))


@per_document(
    "STR-012",
    INFO,
    gettext_lazy("A treatment of which not all sides are told"),
    hint=gettext_lazy("Say what it helps, what harm it can do, what happens without it, and what is not known."),
    source=sources.DISCERN,
)
def tells_all_sides(document: Document) -> Iterator[Hit]:
    """Look at English articles for lay readers with a section on treatment."""
    if document.language != ENGLISH or not _lay(document):
        return
    heads = [text for text in document.headings[1:] if not text.audience and _TREATMENT.search(text.plain)]
    if heads:
        words = "\n".join(text.plain for text in document.bodies)
        if missing := [str(name) for name, pattern in _ASPECTS if not pattern.search(words)]:
            said = _("The article speaks of a treatment. It does not seem to say: {parts}.")
            yield heads[0].at(0, len(heads[0].plain), said.format(parts="; ".join(missing)))


RULES = [says_when_to_get_help, has_key_points, few_callouts, tells_all_sides]
