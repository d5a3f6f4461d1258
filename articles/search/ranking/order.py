"""The order of found passages: by what they say of each thing that was asked, and by the kind of answer they give."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from articles.search.analysis import Synonyms
from articles.search.index.texts import TEXT, TITLE
from articles.search.ranking import kinds
from articles.search.ranking.asking import Asked, Index, understood

CANDIDATES = 200
RIGHT_KIND = 0.3  # more for a passage of the kind that was asked for
OVERVIEW = 0.2  # more for what an article says first, which answers a little of everything


class Headed(NamedTuple):
    """Where a passage stands: its heading, its article's title, and which part of the article it is."""

    heading: str
    title: str
    part: str = TEXT


class Searched(Index, Protocol):
    """An index with its passages."""

    def candidates(
        self, wanted: Sequence[dict[str, float]], most: int, within: Sequence[Iterable[str]]
    ) -> list[tuple[int, float]]:
        """Return the best passages as (number, score): the sum, over all that is wanted, of weight × impact."""

    def headed(self, passages: Sequence[int]) -> Mapping[int, Headed]:
        """Return the headings of these passages."""


@dataclass(frozen=True)
class Ranking:
    """Passages with scores, best first, and the question as it was understood."""

    passages: list[tuple[int, float]]
    asked: Asked


def rank(
    query: str,
    index: Searched,
    *,
    synonyms: Synonyms | None = None,
    most: int = 20,
    within: Sequence[Iterable[str]] = (),
) -> Ranking:
    """
    Return the passages that answer the query best; equal ones by number. A constant number of queries.

    A title alone is no answer: its words count in each of the article's passages.
    """
    asked = understood(query, index, synonyms)
    wanted = [{term: weight * matter.weight for term, weight in matter.terms.items()} for matter in asked.matters]
    found = index.candidates(wanted, max(CANDIDATES, most), within)
    headed = index.headed([passage for passage, _ in found])
    scored = [
        (passage, score * _factor(headed[passage], asked))
        for passage, score in found
        if passage in headed and headed[passage].part != TITLE
    ]
    return Ranking(sorted(scored, key=lambda each: (-each[1], each[0]))[:most], asked)


def _factor(headed: Headed, asked: Asked) -> float:
    """Return how much more a passage counts because of the kind of answer it gives."""
    if headed.part != TEXT:
        return 1.0
    told = kinds.told(headed.heading, headed.title)
    if told & asked.kinds - {kinds.OVERVIEW}:
        return 1 + RIGHT_KIND
    if kinds.OVERVIEW in told:
        return 1 + (OVERVIEW if asked.kinds - {kinds.OVERVIEW} else RIGHT_KIND)
    return 1.0
