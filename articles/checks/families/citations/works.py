"""The works that a text names: what their entries lack, and what they are."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit
from articles.checks.families.citations import sources
from articles.checks.rule import BLOCK, WARN, per_document
from articles.text.citations import is_named, is_retracted


@per_document(
    "CIT-001",
    BLOCK,
    gettext_lazy("A citation without its reference"),
    hint=gettext_lazy("Add the reference with this key, or remove the citation."),
    source=sources.ICMJE,
)
def cites_known_works(document: Document) -> Iterator[Hit]:
    known = {key for key, _work in document.works}
    for text in document.bodies:
        keys = dict.fromkeys(key for line in text.lines for _place, key in line.cites)
        for key in keys:
            if key not in known:
                message = _("{place} cites [@{key}], but the article has no reference with that key.").format(
                    place=document.place(text.section), key=key
                )
                yield text.whole(message)


@per_document(
    "CIT-002",
    WARN,
    gettext_lazy("A retracted work"),
    hint=gettext_lazy("Cite another work, or say in the text that this one is retracted."),
    source=sources.ICMJE,
)
def cites_no_retracted_work(document: Document) -> Iterator[Hit]:
    for key, work in document.works:
        if is_retracted(work):
            message = _("The reference [@{key}] is retracted: cite another work, or say so in the text.")
            yield Hit(message=message.format(key=key))


@per_document(
    "CIT-003",
    WARN,
    gettext_lazy("A reference without a title"),
    hint=gettext_lazy("Find the work and enter its title, authors and year, or its DOI or PubMed number."),
    source=sources.CITING_MEDICINE,
)
def cites_named_works(document: Document) -> Iterator[Hit]:
    for key in _nameless(document.works):
        yield Hit(message=_("The reference [@{key}] has no title. Name the work.").format(key=key))


@per_document(
    "CIT-004",
    WARN,
    gettext_lazy("Numbers that rest on a reference without a title"),
    hint=gettext_lazy("Name the work, or cite another one, so that readers can check the numbers."),
    source=sources.ICMJE,
)
def numbers_rest_on_named_works(document: Document) -> Iterator[Hit]:
    """Warn of each paragraph, and of each table as a whole, whose numbers only such works support."""
    nameless = {*_nameless(document.works)}
    for text in document.bodies if nameless else ():
        statements: dict[tuple[int, int], tuple[str, dict[str, None]]] = {}
        for number, line in enumerate(text.lines):
            one = (line.block, -1 if line.kind in ("row", "head", "caption") else number)
            words, cited = statements.get(one, ("", {}))
            here = dict.fromkeys(key for _place, key in line.cites)
            statements[one] = (words + text.plain[line.start : line.end], {**cited, **here})
        for words, cited in statements.values():
            if cited and cited.keys() <= nameless and any(letter.isdigit() for letter in words):
                keys = ", ".join(f"[@{key}]" for key in sorted(cited))
                said = _("{place} has numbers that are supported only by a reference without a title: {keys}.")
                yield text.whole(said.format(place=document.place(text.section), keys=keys))


def _nameless(works: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return sorted(key for key, work in works if not is_named(work))


RULES = [cites_known_works, cites_no_retracted_work, cites_named_works, numbers_rest_on_named_works]
