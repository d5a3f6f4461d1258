"""The parts that every text has, and the order in which they stand."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit, Text
from articles.checks.finding import Place
from articles.checks.rule import BLOCK, per_document
from articles.text import richtext


@per_document(
    "STR-001",
    BLOCK,
    gettext_lazy("An empty section"),
    hint=gettext_lazy("Write the section, or remove it."),
)
def has_text(document: Document) -> Iterator[Hit]:
    empty = [text for text in document.general if not shows_anything(text)]
    if len(empty) == len(document.general):
        yield Hit(message=_("Write the text of the article. All its sections are empty."))
    for text in empty:
        yield text.whole(_("{place} is empty: write it or remove it.").format(place=document.place(text.section)))


def shows_anything(text: Text) -> bool:
    """Tell whether a text has words or a figure."""
    return bool(text.plain.strip() or richtext.figure_keys(text.html))


@per_document(
    "STR-003",
    BLOCK,
    gettext_lazy("No disclaimer is in force"),
    hint=gettext_lazy("Ask an editor to issue a disclaimer for these readers."),
)
def has_disclaimers(document: Document) -> Iterator[Hit]:
    for audience in document.content["audiences"]:
        if audience["key"] not in document.content["disclaimers"]:
            said = _("No disclaimer is in force for this audience: {audience}.")
            yield Hit(message=said.format(audience=audience["label"]))


@per_document(
    "STR-005",
    BLOCK,
    gettext_lazy("More than one lead, or a lead that is not first"),
    hint=gettext_lazy("Move the lead to the beginning, and give the other sections another role."),
)
def opens_with_its_lead(document: Document) -> Iterator[Hit]:
    roles = [section["role"] for section in document.content["sections"]]
    if roles.count("lead") > 1 or "lead" in roles[1:]:
        yield Hit(message=_("An article has one lead, and it must come first."))


@per_document(
    "STR-006",
    BLOCK,
    gettext_lazy("A wording that no reader sees"),
    hint=gettext_lazy("Move its text to the section, or delete it: nothing may be signed unread."),
)
def words_for_readers(document: Document) -> Iterator[Hit]:
    """Refuse wordings that no reader sees: they would be signed unread."""
    labels = {audience["key"]: audience["label"] for audience in document.content["audiences"]}
    for text in document.bodies:
        has = _("{place} has a wording for these readers: {audience}.").format(
            place=document.place(text.section), audience=labels.get(text.audience, text.audience)
        )
        if text.audience and text.audience == document.content["written_for"]:
            never = _(
                "The main text is already written for these readers, so this wording is never shown. Move "
                "its text to the section. Then delete the wording’s text and save."
            )
            yield _on(text, f"{has} {never}")
        elif text.audience and not shows_anything(text):
            empty = _("This wording is empty. Write its text. To remove the wording, open it and save it empty.")
            yield _on(text, f"{has} {empty}")


def _on(text: Text, message: str) -> Hit:
    return Hit(Place(text.section, text.audience, text.part), message=message)


RULES = [has_text, has_disclaimers, opens_with_its_lead, words_for_readers]
