"""The numbers and dates of works: in their right shape, not doubled, neither from the future nor long out of date."""

import datetime
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.checks.document import Document, Hit
from articles.checks.families.citations import sources
from articles.checks.rule import BLOCK, INFO, WARN, per_document

DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Z0-9]+", re.IGNORECASE)
PMID = re.compile(r"[1-9]\d{0,7}")
PMCID = re.compile(r"(?:PMC)?\d+", re.IGNORECASE)
OLD = 10  # years
AHEAD = 1  # years: a journal dates an issue before it appears


@per_document(
    "CIT-006",
    WARN,
    gettext_lazy("A DOI of an unusual shape"),
    hint=gettext_lazy("Copy the DOI again from the work: it begins with 10. and has a slash."),
    source=sources.CROSSREF,
)
def dois_have_their_shape(document: Document) -> Iterator[Hit]:
    for key, work in document.works:
        if (doi := _said(work, "DOI")) and not DOI.fullmatch(doi):
            said = _("The DOI of the reference [@{key}] is unusual: “{doi}”.")
            yield Hit(message=said.format(key=key, doi=doi))


@per_document(
    "CIT-007",
    BLOCK,
    gettext_lazy("A PubMed number that cannot be one"),
    hint=gettext_lazy("Copy the number again from PubMed: it has one to eight digits."),
    source=sources.PUBMED,
)
def pubmed_numbers_have_their_shape(document: Document) -> Iterator[Hit]:
    for key, work in document.works:
        for name, pattern in (("PMID", PMID), ("PMCID", PMCID)):
            if (number := _said(work, name)) and not pattern.fullmatch(number):
                said = _("The {name} of the reference [@{key}] cannot be one: “{number}”.")
                yield Hit(message=said.format(name=name, key=key, number=number))


@per_document(
    "CIT-008",
    WARN,
    gettext_lazy("One work under two keys"),
    hint=gettext_lazy("Cite the work with one key, and remove the other reference."),
    source=sources.CITING_MEDICINE,
)
def each_work_once(document: Document) -> Iterator[Hit]:
    """Compare DOI and PubMed number, or the title with the year."""
    first: dict[tuple[str, str], str] = {}
    for key, work in document.works:
        names = [(name, _said(work, name).lower()) for name in ("DOI", "PMID") if _said(work, name)]
        title = re.sub(r"\W+", " ", _said(work, "title").casefold()).strip()
        names += [("title", f"{title} {year_of(work)}")] if title and year_of(work) else []
        if same := next((first[each] for each in names if each in first), ""):
            said = _("The references [@{one}] and [@{other}] are the same work.")
            yield Hit(message=said.format(one=same, other=key))
        for each in names:
            first.setdefault(each, key)


@per_document(
    "CIT-009",
    INFO,
    gettext_lazy("A work of more than ten years ago"),
    hint=gettext_lazy("Look for newer evidence, or say why this one still stands."),
    source=sources.JAMA,
)
def works_are_recent(document: Document) -> Iterator[Hit]:
    for key, work in document.works:
        year = year_of(work)
        if document.as_of and year and year < document.as_of.year - OLD:
            said = _("The reference [@{key}] is of {year}.")
            yield Hit(message=said.format(key=key, year=year))


@per_document(
    "CIT-010",
    BLOCK,
    gettext_lazy("A work from the future"),
    hint=gettext_lazy("Check the year of the work: invented references often have one to come."),
    source=sources.ICMJE,
)
def works_are_not_from_the_future(document: Document) -> Iterator[Hit]:
    for key, work in document.works:
        year = year_of(work)
        if document.as_of and year and year > document.as_of.year + AHEAD:
            said = _("The reference [@{key}] is of {year}, which is still to come.")
            yield Hit(message=said.format(key=key, year=year))


def year_of(work: dict[str, Any]) -> int:
    """Return the year in which a work was issued; 0 if that is not known."""
    issued = work.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    first = parts[0][0] if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0] else 0
    said = str(first)
    return int(said) if said.isascii() and said.isdigit() and int(said) <= datetime.MAXYEAR else 0


def _said(work: dict[str, Any], name: str) -> str:
    return str(work.get(name) or "").strip()


RULES = [
    dois_have_their_shape,
    pubmed_numbers_have_their_shape,
    each_work_once,
    works_are_recent,
    works_are_not_from_the_future,
]
