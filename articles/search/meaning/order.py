"""
Passages in the order of two judges: the words, and how alike their meaning is to that of the question.

The two orders are joined by reciprocal rank (Cormack et al. 2009): a passage counts 1/(EVEN + place) in each of them.
Only the first passages are put in another order: whatever is far down by the words answers something else.
"""

from collections.abc import Sequence

from articles.search.meaning import encoder
from articles.search.meaning.vectors import vectors_of

EVEN = 20  # the higher, the less the first places count beside the next
FIRST = 10  # passages


def by_meaning(question: str, passages: Sequence[int]) -> list[int]:
    """
    Return these passages, given in the order of the words, in the order of both; as they are if there is no encoder.

    A passage without a vector has the same place in both. One query.
    """
    encodes = encoder.installed()
    if encodes is None or len(passages) < 2:
        return [*passages]
    places = {number: place for place, number in enumerate(passages[:FIRST], start=1)}
    vectors = vectors_of([*places], encodes)
    [asked] = encodes.encode([question])
    alike = dict(zip(vectors, encodes.likeness(asked, [*vectors.values()]), strict=True))
    best = sorted(alike, key=lambda number: (-alike[number], places[number]))
    by_likeness = {number: place for place, number in enumerate(best, start=1)}
    worth = {number: _worth(place) + _worth(by_likeness.get(number, place)) for number, place in places.items()}
    return [*sorted(places, key=lambda number: (-worth[number], places[number])), *passages[FIRST:]]


def _worth(place: int) -> float:
    return 1 / (EVEN + place)
