"""Doses that differ between the main text of a section and a wording of it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit
from articles.checks.doses import differing, in_a_list
from articles.checks.rule import WARN, per_document


@per_document(
    "DOS-001",
    WARN,
    gettext_lazy("Other doses for other readers"),
    hint=gettext_lazy("Check that both are right."),
)
def doses_of_wordings(document: Document) -> Iterator[Hit]:
    """
    Name the sections in which the main text and a wording each have doses that the other has not.

    A text that only leaves doses out is no finding: many wordings explain without them.
    """
    content = document.content
    labels = {audience["key"]: audience["label"] for audience in content["audiences"]}
    general = {text.section: text for text in document.general}
    headings = {section["key"]: section["heading"] for section in content["sections"]}
    for text in document.bodies:
        if not text.audience:
            continue
        found = differing(general[text.section].html, text.html, content["language"])
        if found.only_main and found.only_wording:
            said = _(
                "“{section}” has other doses for these readers: {audience}. Only in the main text: {main}. Only in "
                "the wording: {wording}. Check that both are right."
            )
            yield text.whole(
                said.format(
                    section=headings[text.section] or _("Lead"),
                    audience=labels.get(text.audience, text.audience),
                    main=in_a_list(found.only_main),
                    wording=in_a_list(found.only_wording),
                )
            )


RULES = [doses_of_wordings]
