"""The shared library, asked for the works that a file cites."""

from django.db.models import Q

from articles.importing.imported import ImportedReference, quoted
from articles.importing.saving import NotImported
from articles.models import Reference


def work_of(reference: ImportedReference) -> Reference | None:
    """
    Return the work with this DOI or PMID, or None.

    Raise NotImported where DOI and PMID belong to two works, or where the work found has another of either.
    """
    same = Q(doi=reference.doi) if reference.doi else Q(pk=None)
    same |= Q(pmid=reference.pmid) if reference.pmid else Q(pk=None)
    found = list(Reference.objects.filter(same)) if reference.doi or reference.pmid else []
    if len(found) > 1:
        raise NotImported(
            f"The DOI and the PMID of the reference {quoted(reference.key)} belong to two works of the library."
        )
    for work in found:
        if work.doi and reference.doi and work.doi != reference.doi:
            raise NotImported(_contradiction(reference, "PMID", "DOI", work.doi))
        if work.pmid and reference.pmid and work.pmid != reference.pmid:
            raise NotImported(_contradiction(reference, "DOI", "PMID", work.pmid))
    return found[0] if found else None


def is_same(work: Reference, reference: ImportedReference) -> bool:
    """Tell whether the library's work says the same as the file."""
    return (work.csl, work.doi, work.pmid) == (reference.csl, reference.doi, reference.pmid)


def new_work(reference: ImportedReference) -> Reference:
    return Reference(csl=reference.csl, doi=reference.doi, pmid=reference.pmid)


def _contradiction(reference: ImportedReference, by: str, other: str, there: str) -> str:
    return f"The library has the {by} of the reference {quoted(reference.key)} with another {other}, {there}."
