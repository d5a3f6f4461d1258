"""Take the works of files into an article's references: new ones into the library, known ones from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Q

from articles.files.drafts.cited_works import key_for, new_work
from articles.files.drafts.saving import Saver
from articles.files.imported import ImportedReference
from articles.models import Article, ArticleReference, Reference
from articles.text.citations import is_retracted
from articles.text.citations.identifiers import title_key
from articles.text.plain.translated import gettext as _

MOST_AT_ONCE = 2_000  # works; each look-up of duplicates is one statement, with at most so many values


@dataclass
class Candidate:
    """
    A work of a file beside what is there already.

    `work` is the library's record of it, `key` that by which the article cites it, and `like` the number of an earlier
    work of the same files that is the same. `problem` says why it cannot be taken.
    """

    reference: ImportedReference
    work: Reference | None = None
    key: str = ""
    like: int | None = None
    problem: str = ""
    remarks: list[str] = field(default_factory=list)

    @property
    def csl(self) -> dict[str, Any]:
        """Return the work as it will be printed: the library's details, if it has them."""
        if self.work:
            return {**self.work.csl, "DOI": self.work.doi, "PMID": self.work.pmid}
        return self.reference.csl

    @property
    def can_be_taken(self) -> bool:
        return not self.problem and not self.key and self.like is None

    @property
    def retracted_only_here(self) -> bool:
        """Tell whether the file calls the work retracted, and the library does not."""
        return self.work is not None and is_retracted(self.reference.csl) and not self.work.is_retracted


class _Known(NamedTuple):
    by_doi: dict[str, Reference]
    by_pmid: dict[str, Reference]
    by_title: dict[str, list[Reference]]


def compared(article: Article, references: Sequence[ImportedReference], *, lock: bool = False) -> list[Candidate]:
    """
    Return a candidate for each reference, in their order. It takes two statements, whatever their number.

    With `lock` no record that was found is merged into another before the end of the transaction.
    """
    known = _known(references, lock=lock)
    keys = dict(article.article_references.values_list("reference_id", "key"))
    candidates = [Candidate(reference) for reference in references]
    first: dict[tuple[str, str], int] = {}
    for number, one in enumerate(candidates):
        one.like = _like(one.reference, number, first, candidates)
        try:
            one.work = _work_of(one.reference, known)
        except _TwoWorks as error:
            one.problem = str(error)
        if one.work:
            one.key = keys.get(one.work.pk, "")
    return candidates


def _like(
    reference: ImportedReference, number: int, first: dict[tuple[str, str], int], all_of_them: list[Candidate]
) -> int | None:
    """Return the number of an earlier reference to the same work, and remember this one."""
    names = [("DOI", reference.doi), ("PMID", reference.pmid), ("title", title_key(reference.csl))]
    found = None
    for name in names:
        if not name[1]:
            continue
        earlier = first.setdefault(name, number)
        if earlier != number and found is None:
            other = all_of_them[earlier].reference
            if name[0] != "title" or _may_be_one(reference, other.doi, other.pmid, other.csl):
                found = earlier
    return found


def _known(references: Sequence[ImportedReference], *, lock: bool) -> _Known:
    dois, pmids, titles = (
        sorted({value for value in values if value})
        for values in (
            (one.doi for one in references),
            (one.pmid for one in references),
            (title_key(one.csl) for one in references),
        )
    )
    same = Q(doi__in=dois) | Q(pmid__in=pmids) | Q(title_key__in=titles)
    found = _Known({}, {}, {})
    rows = Reference.objects.in_use().filter(same).order_by("pk")
    for work in (rows.select_for_update(of=("self",), no_key=True) if lock else rows) if references else ():
        if work.doi:
            found.by_doi[work.doi] = work
        if work.pmid:
            found.by_pmid[work.pmid] = work
        if work.title_key:
            found.by_title.setdefault(work.title_key, []).append(work)
    return found


class _TwoWorks(ValueError):
    """Raised for a reference whose identifiers belong to different works of the library."""


def _work_of(reference: ImportedReference, known: _Known) -> Reference | None:
    """Return the library's record of the work: by DOI, by PMID, or by title and year if no identifier contradicts."""
    by_doi, by_pmid = known.by_doi.get(reference.doi), known.by_pmid.get(reference.pmid)
    if by_doi and by_pmid and by_doi.pk != by_pmid.pk:
        raise _TwoWorks(_("The DOI and the PMID belong to two works in the library."))
    if work := by_doi or by_pmid:
        if not _agree(work.doi, reference.doi) or not _agree(work.pmid, reference.pmid):
            raise _TwoWorks(_("In the library, the DOI or the PMID belongs to a work with another PMID or DOI."))
        return work
    same = known.by_title.get(title_key(reference.csl), [])
    return next((work for work in same if _may_be_one(reference, work.doi, work.pmid, work.csl)), None)


def _may_be_one(reference: ImportedReference, doi: str, pmid: str, csl: dict[str, Any]) -> bool:
    """Tell whether two records with one title and year may be of one work: nothing that both name differs."""
    people = (_first_name(reference.csl), _first_name(csl))
    return _agree(doi, reference.doi) and _agree(pmid, reference.pmid) and _agree(*people)


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other


def _first_name(csl: dict[str, Any]) -> str:
    people = csl.get("author")
    first = people[0] if isinstance(people, list) and people and isinstance(people[0], dict) else {}
    return str(first.get("family") or first.get("literal") or "").casefold().split(" ")[-1]


@dataclass
class Taken:
    """How many works an import made new in the library, and how many it found there; the keys that cite them."""

    new: int = 0
    known: int = 0
    keys: list[str] = field(default_factory=list)


def take(article: Article, references: Sequence[ImportedReference], user: User) -> Taken:
    """
    Make these works references of the article, in the person's name, each once, and return what was done.

    A work that the article cites already is left out. Call it within `announced_together`, with the article locked.
    """
    taken = Taken()
    keys = set(article.article_references.values_list("key", flat=True))
    new: list[tuple[Reference, dict[str, Any]]] = []
    cited: list[tuple[Reference, str]] = []
    for one in compared(article, references, lock=True):
        if not one.can_be_taken:
            continue
        work = one.work
        if work is None:
            work = new_work(one.reference)
            new.append((work, {}))
        key = one.reference.key
        key = key if key and not key.isdigit() and key not in keys else key_for(work.csl, keys)
        keys.add(key)
        cited.append((work, key))
    saver = Saver(user)
    saver.save_all(new)
    once = {work.pk: (work, key) for work, key in reversed(cited)}
    rows = [(ArticleReference(article=article, key=key), {"reference": work}) for work, key in reversed(once.values())]
    saver.save_all(rows)
    taken.new, taken.known = len(new), len(rows) - len(new)
    taken.keys = [row.key for row, _fields in rows]
    return taken
