"""What is declared of a text, and whether it says enough."""

import datetime
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit
from articles.checks.families.governance import sources
from articles.checks.rule import BLOCK, INFO, WARN, per_document

_MACHINE = re.compile(
    r"\b(?:ChatGPT|GPT-?\d|OpenAI|Gemini \d|Google (?:Gemini|Bard)|Claude (?:\d|Opus|Sonnet|Haiku)|Copilot|Llama \d"
    r"|(?:AI|artificial intelligence)[ -](?:assistant|model|system|chatbot)|large language model|LLM)\b",
    re.IGNORECASE,
)


@per_document(
    "GOV-012",
    WARN,
    gettext_lazy("The use of artificial intelligence is declared, but not described"),
    hint=gettext_lazy("Say which tool was used, for what, and who checked the result."),
    source=sources.ICMJE,
)
def describes_ai_use(document: Document) -> Iterator[Hit]:
    use = document.content["ai_use"]
    if use["level"] not in ("", "none") and not str(use.get("note") or "").strip():
        yield Hit(message=_("Artificial intelligence was used, but the draft does not say which tool, and for what."))


@per_document(
    "GOV-013",
    INFO,
    gettext_lazy("An author without qualifications"),
    hint=gettext_lazy("Add the qualifications of the author, so that readers can judge who wrote it."),
    source=sources.JAMA,
)
def authors_have_qualifications(document: Document) -> Iterator[Hit]:
    for person in document.content["contributors"]:
        if person["role"] == "author" and not str(person.get("credentials") or "").strip():
            yield Hit(message=_("{name} is named as an author without qualifications.").format(name=person["name"]))


@per_document(
    "GOV-014",
    WARN,
    gettext_lazy("An AI system among the people"),
    hint=gettext_lazy("Remove it from the people, and declare its use: only people can answer for a text."),
    source=sources.ICMJE,
)
def people_are_people(document: Document) -> Iterator[Hit]:
    for person in document.content["contributors"]:
        if _MACHINE.search(person["name"]):
            yield Hit(message=_("“{name}” is an AI system, and cannot be a contributor.").format(name=person["name"]))


@per_document(
    "GOV-015",
    BLOCK,
    gettext_lazy("Evidence of a day to come"),
    hint=gettext_lazy("Correct the day up to which the evidence was searched."),
    source=sources.ICMJE,
)
def evidence_is_not_from_the_future(document: Document) -> Iterator[Hit]:
    day = document.content.get("evidence_current_to")
    if day and document.as_of and datetime.date.fromisoformat(day) > document.as_of:
        yield Hit(message=_("The evidence was searched up to {day}, which is still to come.").format(day=day))


@per_document(
    "GOV-016",
    INFO,
    gettext_lazy("The day up to which the evidence was searched is not given"),
    hint=gettext_lazy("Give the day on the page of the draft."),
    source=sources.JAMA,
)
def says_how_current_it_is(document: Document) -> Iterator[Hit]:
    if document.is_medical and document.works and not document.content.get("evidence_current_to"):
        yield Hit()


RULES = [
    describes_ai_use,
    authors_have_qualifications,
    people_are_people,
    evidence_is_not_from_the_future,
    says_how_current_it_is,
]
