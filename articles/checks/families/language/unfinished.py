"""What no finished text of a person holds: placeholders, and phrases of AI systems."""

import re
from collections.abc import Iterator
from itertools import chain

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit, Text
from articles.checks.finding import Part
from articles.checks.rule import BLOCK, WARN, per_document

PLACEHOLDER = re.compile(r"\bFIXME\b|\bXXX?\s?(?:mg|mcg|g|ml|units)\b|lorem ipsum|\[citation needed\]", re.IGNORECASE)
IN_ENGLISH = re.compile(r"\b(?:TODO|TBC|TBD)\b")  # words in other languages: Spanish todo, Italian TBC
SMALL = re.compile(r"\b(?:todo|tbc|tbd)\b", re.IGNORECASE)
_MODEL = (
    r"(?i:as an? (?:(?:large |AI |artificial intelligence )*language model"
    r"|(?:AI|artificial intelligence)[ -](?:based )?(?:assistant|model|system|chatbot|program)))\b"
)
_BARE = r"(?i:as an? (?:AI|artificial intelligence))"  # AI alone may mean aromatase inhibitor
_I = r" (?:I|I['’]\w+|[Mm]y)\b"
MACHINE = re.compile(rf"(?<!such )\b(?:(?=A){_MODEL}(?=,)|{_MODEL}(?=(?:[^.!?\n]{{0,60}},)?{_I})|{_BARE}(?=,?{_I}))")
OF_MACHINES = re.compile(rf"(?<!such )\b{_MODEL}")


@per_document(
    "LANG-014",
    BLOCK,
    gettext_lazy("A placeholder"),
    hint=gettext_lazy("Write what belongs there, or remove it."),
)
def has_no_placeholders(document: Document) -> Iterator[Hit]:
    """Block certain placeholders, and warn of possible ones, which are words in other languages."""
    for text in document.all:
        where = _where(document, text)
        for found in chain(
            PLACEHOLDER.finditer(text.plain), IN_ENGLISH.finditer(text.plain) if text.is_english else ()
        ):
            said = _("{where} still holds a placeholder: “{found}”.").format(where=where, found=found[0])
            yield text.at(*found.span(), said)
        for found in (SMALL if text.is_english else IN_ENGLISH).finditer(text.plain):
            if not (text.is_english and IN_ENGLISH.fullmatch(found[0])):
                said = _("{where} may still hold a placeholder: “{found}”.").format(where=where, found=found[0])
                yield text.at(*found.span(), said, WARN)


@per_document(
    "LANG-013",
    BLOCK,
    gettext_lazy("The voice of an AI system"),
    hint=gettext_lazy("Remove the phrase, and read the text around it again."),
)
def is_not_said_by_a_machine(document: Document) -> Iterator[Hit]:
    """Block phrases that only an AI system says of itself, and warn of those that may be one."""
    for text in document.all:
        where = _where(document, text)
        spoken = {found.start(): found for found in MACHINE.finditer(text.plain)}
        for found in spoken.values():
            said = _("{where} contains wording of an AI system: “{words}”.").format(where=where, words=found[0])
            yield text.at(*found.span(), said)
        for found in OF_MACHINES.finditer(text.plain):
            if found.start() not in spoken:
                said = _("{where} may contain wording of an AI system: “{found}”.")
                yield text.at(*found.span(), said.format(where=where, found=found[0]), WARN)


def _where(document: Document, text: Text) -> str:
    return _("The title") if text.part == Part.TITLE else document.place(text.section)


RULES = [has_no_placeholders, is_not_said_by_a_machine]
