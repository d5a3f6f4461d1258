"""Who stands for a text, and what it was made with."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit
from articles.checks.families.governance import sources
from articles.checks.rule import BLOCK, per_document


@per_document(
    "GOV-010",
    BLOCK,
    gettext_lazy("No author is named"),
    hint=gettext_lazy("Add an author among the people of the draft."),
    source=sources.JAMA,
)
def has_authors(document: Document) -> Iterator[Hit]:
    if not any(person["role"] == "author" for person in document.content["contributors"]):
        yield Hit(message=_("Name at least one author."))


@per_document(
    "GOV-011",
    BLOCK,
    gettext_lazy("No topic is chosen"),
    hint=gettext_lazy("Choose a topic on the page of the draft."),
)
def has_topics(document: Document) -> Iterator[Hit]:
    if not document.content["topics"]:
        yield Hit(message=_("Add at least one topic. Specialist reviewers are found by topic."))


@per_document(
    "GOV-005",
    BLOCK,
    gettext_lazy("The use of artificial intelligence is not declared"),
    hint=gettext_lazy("Declare it on the page of the draft, even if none was used."),
    source=sources.ICMJE,
)
def declares_ai_use(document: Document) -> Iterator[Hit]:
    if not document.content["ai_use"]["level"]:
        yield Hit(message=_("Declare whether artificial intelligence was used, even if it was not."))


RULES = [has_authors, has_topics, declares_ai_use]
