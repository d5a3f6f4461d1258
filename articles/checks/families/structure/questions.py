"""The shape of a question page: the question as its title, the answer first, key points, then the research."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit
from articles.checks.rule import WARN, Rule, per_document

ANSWER = 2  # sentences


@per_document(
    "STR-007",
    WARN,
    gettext_lazy("The answer is not given first and in short"),
    hint=gettext_lazy("Answer the question in the lead, in one or two sentences."),
)
def answers_its_question_first(document: Document) -> Iterator[Hit]:
    """Warn if the answer is not given first and in short, in the general text or in the wording of an audience."""
    if not _is_question(document):
        return
    leads = [text for text in document.bodies if text.role == "lead"]
    if not leads:
        yield Hit(message=_("Add a lead that answers the question in one or two sentences."))
    for lead in leads:
        if (count := len(lead.sentences)) > ANSWER:
            said = _("The answer in the lead has {count} sentences. Give it in one or two. Move the rest below.")
            yield lead.whole(said.format(count=count))


@per_document(
    "STR-008",
    WARN,
    gettext_lazy("No key points after the answer"),
    hint=gettext_lazy("Add a section of key points right after the lead."),
)
def goes_on_with_key_points(document: Document) -> Iterator[Hit]:
    if not _is_question(document):
        return
    roles = [section["role"] for section in document.content["sections"] if section["role"] != "lead"]
    if "key_points" not in roles:
        yield Hit(message=_("Add key points after the answer."))
    elif roles[0] != "key_points":
        yield Hit(message=_("Move the key points up: they follow the answer."))


@per_document(
    "STR-009",
    WARN,
    gettext_lazy("The research behind the answer is not named"),
    hint=gettext_lazy("Add a section that says what research the answer rests on, with its references."),
)
def names_its_research(document: Document) -> Iterator[Hit]:
    if not _is_question(document):
        return
    if not any(line.cites for text in document.general if text.role == "body" for line in text.lines):
        message = _("No body section cites a work. Add a section that says what research the answer rests on.")
        yield Hit(message=message)


def _is_question(document: Document) -> bool:
    return bool(document.content.get("kind") == "question")


RULES: list[Rule] = [answers_its_question_first, goes_on_with_key_points, names_its_research]
