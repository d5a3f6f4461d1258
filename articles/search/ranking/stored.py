"""Ranking over the index in the database."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from django.db.models import Max, Q
from django.db.models.functions import Length

from articles.models import ArticleName, Passage, SynonymGroup, Term
from articles.search.analysis import Synonyms
from articles.search.index import reading
from articles.search.index.reading import Known, Reading
from articles.search.ranking.order import Headed, Ranking, rank

LONGER = 30  # terms, at most, that begin as typed words do


class StoredIndex:
    """
    What ranking asks of the index for one query; each method is one statement, or two.

    What it was told before is kept, so that nothing is asked twice.
    """

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._passages: int | None = None

    def passages(self) -> int:
        if self._passages is None:
            _, self._passages = reading.look_up_of_all([])
        return self._passages

    def counts(self, terms: Iterable[str]) -> Mapping[str, int]:
        found, self._passages = reading.look_up_of_all(terms)
        self._known |= found
        return {term: known.passages for term, known in found.items()}

    def like(self, beginnings: Sequence[tuple[str, int, int]]) -> Mapping[str, int]:
        wanted = Q(pk__in=[])
        for start, least, most in beginnings:
            wanted |= Q(term__gte=start, term__lt=chr(ord(start) + 1), length__gte=least, length__lte=most)
        return dict(Term.objects.annotate(length=Length("term")).filter(wanted).values_list("term", "passages"))

    def beginning(self, starts: Sequence[str]) -> Mapping[str, int]:
        wanted = Q(pk__in=[])
        for start in starts:
            wanted |= Q(term__gte=start, term__lt=f"{start}\U0010ffff")
        rows = Term.objects.filter(wanted).order_by("-passages", "term")
        return self.counts(rows.values_list("term", flat=True)[:LONGER])

    def candidates(
        self, wanted: Sequence[dict[str, float]], most: int, within: Sequence[Iterable[str]] = ()
    ) -> list[tuple[int, float]]:
        return Reading(wanted, within, self._known).best(most)

    def headed(self, passages: Sequence[int]) -> Mapping[int, Headed]:
        rows = Passage.objects.filter(pk__in=passages).values_list("pk", "heading", "version__title", "part")
        return {number: Headed(heading, title, part) for number, heading, title, part in rows}

    def names(self, passages: Sequence[int]) -> Mapping[int, Sequence[str]]:
        rows = Passage.objects.filter(pk__in=passages).values_list("pk", "version__title", "version__article")
        found = {number: [title] for number, title, _ in rows}
        for article, name in ArticleName.objects.filter(article__in={row[2] for row in rows}).values_list(
            "article", "name"
        ):
            for number, _, of in rows:
                found[number] += [name] if of == article else []
        return found


def found(query: str, *, most: int = 20, within: Sequence[Iterable[str]] = ()) -> Ranking:
    """
    Return the passages that answer the query best, with the question as it was understood.

    `within` limits them as `reading.candidates` does. At most nine queries, however long the question is.
    """
    return rank(query, StoredIndex(), synonyms=synonyms(), most=most, within=within)


def synonyms() -> Synonyms:
    """Return the synonyms as they are now, in one query while they do not change."""
    newest = SynonymGroup.history.aggregate(newest=Max("history_id"))["newest"]
    return _synonyms(newest)


@cache
def _kept() -> dict[int | None, Synonyms]:
    return {}


def _synonyms(newest: int | None) -> Synonyms:
    """Return the synonyms as of this row of history; those of one are kept in the process."""
    kept = _kept()
    if newest not in kept:
        groups = [group.each() for group in SynonymGroup.objects.order_by("pk")]
        kept.clear()
        kept[newest] = Synonyms(groups)
    return kept[newest]
