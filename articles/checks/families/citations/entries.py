"""What the entry of a work says of it: enough to find it, and a source that may be one."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit
from articles.checks.families.citations import sources
from articles.checks.families.citations.identifiers import year_of
from articles.checks.rule import WARN, per_document

_MACHINES = re.compile(
    r"chat\.openai|chatgpt|openai\.com|claude\.ai|gemini\.google|bard\.google|copilot\.microsoft|perplexity\.ai|\bGPT-?[345]\b"
    r"|OpenEvidence|character\.ai",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"wikipedia|reddit\.com|quora\.com|facebook\.com|twitter\.com|\bx\.com/|tiktok\.com|instagram\.com|youtube\.com|"
    r"pinterest|blogspot|wordpress\.com|medium\.com|answers\.com|ehow",
    re.IGNORECASE,
)
_TRACES = ("DOI", "PMID", "PMCID", "URL", "ISBN")
_PERSONS = ("author", "editor", "translator")


@per_document(
    "CIT-012",
    WARN,
    gettext_lazy("A source that is no evidence"),
    hint=gettext_lazy("Cite the study or guideline itself: an AI system, a wiki or a social network is no source."),
    source=sources.ICMJE,
)
def cites_evidence(document: Document) -> Iterator[Hit]:
    for key, work in document.works:
        words = " ".join(str(work.get(name) or "") for name in ("URL", "container-title", "publisher", "title"))
        if found := _MACHINES.search(words) or _WEAK.search(
            " ".join(str(work.get(n) or "") for n in ("URL", "container-title", "publisher"))
        ):
            said = _("The reference [@{key}] is no evidence: “{source}”.")
            yield Hit(message=said.format(key=key, source=found[0]))


@per_document(
    "CIT-013",
    WARN,
    gettext_lazy("A reference that lacks what its kind needs"),
    hint=gettext_lazy("Add what is missing from the work itself."),
    source=sources.CITING_MEDICINE,
)
def entries_are_complete(document: Document) -> Iterator[Hit]:
    """Ask each work for a year; articles for their authors and journal, books for authors or editors."""
    for key, work in document.works:
        if missing := _missing(work):
            said = _("The reference [@{key}] lacks: {parts}.")
            yield Hit(message=said.format(key=key, parts=", ".join(missing)))


def _missing(work: dict[str, Any]) -> list[str]:
    kind = str(work.get("type") or "")
    found = [] if year_of(work) or work.get("accessed") or work.get("status") else [_("year")]
    if kind.startswith("article") or kind in ("book", "chapter"):
        found += [] if any(work.get(name) for name in _PERSONS) else [_("authors")]
    if kind == "article-journal" and not work.get("container-title"):
        found.append(_("journal"))
    if kind == "webpage" and not work.get("URL"):
        found.append(_("web address"))
    return found


@per_document(
    "CIT-020",
    WARN,
    gettext_lazy("A reference that cannot be looked up"),
    hint=gettext_lazy("Add its DOI, PubMed number, ISBN or web address."),
    source=sources.ICMJE,
)
def can_be_looked_up(document: Document) -> Iterator[Hit]:
    """A volume with pages counts too, since a library finds an article by them; and so does a book's publisher."""
    for key, work in document.works:
        printed = (work.get("volume") and work.get("page")) or (work.get("publisher") and work.get("title"))
        if not printed and not any(work.get(name) for name in _TRACES):
            said = _("The reference [@{key}] has no number or address under which it can be looked up.")
            yield Hit(message=said.format(key=key))


@per_document(
    "CIT-017",
    WARN,
    gettext_lazy("A reference that is never cited"),
    hint=gettext_lazy("Cite it where it supports the text, or remove it."),
    source=sources.CITING_MEDICINE,
)
def each_reference_is_cited(document: Document) -> Iterator[Hit]:
    for key, _work in document.works:
        if key not in document.cited_keys:
            said = _("The reference [@{key}] is cited nowhere.")
            yield Hit(message=said.format(key=key))


RULES = [cites_evidence, entries_are_complete, each_reference_is_cited, can_be_looked_up]
