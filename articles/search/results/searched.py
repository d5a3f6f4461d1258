"""The index as one search asks it, with what it was told before, so that no question is put twice."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import F

from articles.models.rows.found import Passage
from articles.search.index.reading import Reading
from articles.search.ranking.order import Headed
from articles.search.ranking.stored import StoredIndex


class Row(NamedTuple):
    """A passage of the index, and the title of its version."""

    number: int
    version: int
    part: str
    section: str
    readers: str
    heading: str
    position: int
    title: str

    @property
    def audiences(self) -> tuple[str, ...]:
        return tuple(self.readers.split())


class Searched(StoredIndex):
    """The index for one search. Afterwards `reading` has the postings, and `rows` the passages that were found."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, Row] = {}
        self.reading: Reading | None = None

    def candidates(
        self, wanted: Sequence[dict[str, float]], most: int, within: Sequence[Iterable[str]] = ()
    ) -> list[tuple[int, float]]:
        self.reading = Reading(wanted, within, self._known)
        return self.reading.best(most)

    def headed(self, passages: Sequence[int]) -> Mapping[int, Headed]:
        self.rows = {row.number: row for row in rows_of(pk__in=passages)}
        return {row.number: Headed(row.heading, row.title, row.part) for row in self.rows.values()}


def rows_of(**those: object) -> list[Row]:
    """Return the passages of this kind in the order of their numbers, in one query."""
    rows = Passage.objects.filter(**those).annotate(title=F("version__title"))
    return sorted(Row(*row) for row in rows.values_list("pk", "version", *Row._fields[2:]))
