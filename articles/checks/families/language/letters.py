"""Characters that readers cannot see, or take for others."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit, place
from articles.checks.finding import Part, Place
from articles.checks.rule import BLOCK, Source, per_document
from articles.text.plain import characters

UNICODE = Source("Unicode Technical Standard 39: Unicode Security Mechanisms", "Unicode Consortium, unicode.org")


@per_document(
    "TXT-001",
    BLOCK,
    gettext_lazy("A character that is not allowed"),
    hint=gettext_lazy("Delete the word, and type it again."),
    source=UNICODE,
)
def has_allowed_characters(document: Document) -> Iterator[Hit]:
    """New texts with such characters are refused, but a draft saved by an earlier release may hold one."""
    for where, said, text in texts(document.content):
        if fault := characters.first_fault(text):
            yield Hit(where, message=f"{said}: {fault.sentence}")


@per_document(
    "TXT-002",
    BLOCK,
    gettext_lazy("Letters that only look like Latin ones"),
    hint=gettext_lazy("Delete the word, and type it again."),
    source=UNICODE,
)
def has_no_lookalikes(document: Document) -> Iterator[Hit]:
    for text in document.all:
        said = _("{where} has “{word}” in letters that only look like Latin ones ({named}). Type it again.")
        where = _("The title") if text.part == Part.TITLE else document.place(text.section)
        for word in characters.lookalike_words(text.plain, document.content["language"]):
            start = text.plain.find(word)
            message = said.format(where=where, word=word, named=characters.named(word[0]))
            yield text.at(start, start + len(word), message)


def texts(content: dict[str, Any]) -> Iterator[tuple[Place, str, str]]:
    """Yield (place, its name, text) for every text of the content."""
    for section in content["sections"]:
        for audience, text in (("", section), *section["wordings"].items()):
            yield Place(section["key"], audience, Part.HEADING), place(section), text["heading"]
            yield Place(section["key"], audience, Part.BODY), place(section), text["body"]
    for name, value in content.items():
        if name != "sections":
            yield from (
                (Place(), _("In the {part}").format(part=name.replace("_", " ")), text) for text in leaves(value)
            )


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from leaves(inner)


RULES = [has_allowed_characters, has_no_lookalikes]
