"""Find the works that a file cites in the shared library, and make works references of an article."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError

from articles.files.drafts.saving import NotImported
from articles.files.imported import ImportedReference
from articles.models import Article, ArticleReference, Reference
from articles.text.citations.identifiers import free_key
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _


def work_of(reference: ImportedReference) -> Reference | None:
    """
    Return the work with this DOI or PMID, or None.

    Raise NotImported if DOI and PMID belong to two works, or if the work found has another DOI or PMID.
    """
    return works_of([reference])[reference.key]


def works_of(references: list[ImportedReference]) -> dict[str, Reference | None]:
    """Return the result of `work_of` for each reference, by key, in a few queries."""
    dois, pmids = ({getattr(one, name) for one in references} - {""} for name in ("doi", "pmid"))
    by_doi: dict[str, Reference] = {}
    by_pmid: dict[str, Reference] = {}
    for name, values in (("doi", sorted(dois)), ("pmid", sorted(pmids))):
        for some in batched(values):
            for work in Reference.objects.in_use().filter(**{f"{name}__in": some}):
                by_doi |= {work.doi: work} if work.doi else {}
                by_pmid |= {work.pmid: work} if work.pmid else {}
    return {one.key: _found(one, by_doi.get(one.doi), by_pmid.get(one.pmid)) for one in references}


def locked_works_of(references: list[ImportedReference]) -> dict[str, Reference | None]:
    """
    Return the result of `works_of`, each work locked until the transaction ends, so that none is merged meanwhile.

    Lock the article before: who merges works locks in the same order. A lock that was waited for may have been a
    merge, so the works are found again until all of them are locked.
    """
    locked: set[int] = set()
    while True:
        found = works_of(references)
        free = {work.pk for work in found.values() if work} - locked
        if not free:
            return found
        list(Reference.objects.select_for_update(no_key=True).filter(pk__in=free).order_by("pk").values_list("pk"))
        locked |= free


def batched(values: list[str], size: int = 400) -> list[list[str]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def _found(reference: ImportedReference, by_doi: Reference | None, by_pmid: Reference | None) -> Reference | None:
    if by_doi and by_pmid and by_doi.pk != by_pmid.pk:
        raise NotImported(
            _("The DOI and the PMID of the reference {key} belong to two works in the library.").format(
                key=quoted(reference.key)
            )
        )
    work = by_doi or by_pmid
    if work and work.doi and reference.doi and work.doi != reference.doi:
        raise NotImported(_contradiction(reference, "PMID", "DOI", work.doi))
    if work and work.pmid and reference.pmid and work.pmid != reference.pmid:
        raise NotImported(_contradiction(reference, "DOI", "PMID", work.pmid))
    return work


def is_same(work: Reference, reference: ImportedReference) -> bool:
    """Tell whether the library's work equals that of the file."""
    return (work.csl, work.doi, work.pmid) == (reference.csl, reference.doi, reference.pmid)


def differences(work: Reference, reference: ImportedReference) -> dict[str, tuple[Any, Any]]:
    """Return (value in the library, value of the reference) for each CSL variable that differs."""
    known = {**work.csl, "DOI": work.doi, "PMID": work.pmid}
    return {name: (known.get(name), given) for name, given in reference.csl.items() if known.get(name) != given}


def correct(work: Reference, reference: ImportedReference) -> None:
    """Replace the given details of the library's work, and keep all others. Do not save it."""
    work.csl = {**work.csl, **reference.csl}
    work.doi = work.doi or reference.doi
    work.pmid = work.pmid or reference.pmid


def new_work(reference: ImportedReference) -> Reference:
    """Return an unsaved work with each field in its stored form."""
    work = Reference(csl=reference.csl, doi=reference.doi, pmid=reference.pmid)
    work.normalise()
    return work


def _contradiction(reference: ImportedReference, by: str, other: str, known: str) -> str:
    key = quoted(reference.key)
    return _("In the library, the {by} of the reference {key} belongs to a work with another {other}: {known}.").format(
        by=by, key=key, other=other, known=known
    )


def cite(article: Article, work: Reference, key: str = "") -> ArticleReference:
    """
    Make a work a reference of the article, under this key or one made of its author and year.

    A work that the article cites already keeps its key. A record that was merged into another meanwhile stands for that
    one. Call it in a transaction.
    """
    work = Reference.objects.select_for_update(no_key=True).get(pk=work.pk)
    work = work.merged_into or work
    row = article.article_references.filter(reference=work).first()
    if row and key in ("", row.key):
        return row
    taken = set() if key else set(article.article_references.values_list("key", flat=True))
    return ArticleReference.objects.create(article=article, key=key or key_for(work.csl, taken), reference=work)


def key_for(csl: dict[str, Any], taken: Collection[str]) -> str:
    """Return a key made of author and year that is not taken; raise ValidationError if there are too many of them."""
    try:
        return free_key(csl, taken)
    except ValueError:
        raise ValidationError(_("Add this reference on the page of the references.")) from None
