"""Alignment: pair the parts of the old text with those of the new one, in order."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, TypeAlias, TypeVar

MAX_PAIRS = 250_000

T = TypeVar("T")

Weight: TypeAlias = Callable[[int, int], float]  # of a pair, by its indices in old and new


def align(old: Sequence[T], new: Sequence[T], weight: Weight) -> Iterator[tuple[T | None, T | None]]:
    """
    Yield (old, new) in reading order. One of the two is None if the other has no counterpart.

    The pairs do not cross, and the sum of their weights is the greatest possible. A weight of 0 means never a pair.
    """
    old_at = new_at = 0
    for old_index, new_index in [*_pairs(old, new, weight), (len(old), len(new))]:
        yield from ((item, None) for item in old[old_at:old_index])
        yield from ((None, item) for item in new[new_at:new_index])
        if old_index < len(old):
            yield old[old_index], new[new_index]
        old_at, new_at = old_index + 1, new_index + 1


def either(one: T | None, other: T | None) -> T:
    """Return the one of the two that is not None; raise ValueError unless exactly one is."""
    [found] = [side for side in (one, other) if side is not None]
    return found


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of common words, 0 to 1 (Dice coefficient)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _pairs(old: Sequence[Any], new: Sequence[Any], weight: Weight) -> list[tuple[int, int]]:
    if len(old) * len(new) <= MAX_PAIRS:
        return _best(range(len(old)), range(len(new)), weight)
    # Too many to compare each with each: equal parts are fixed points, and only the parts between them are compared.
    found: list[tuple[int, int]] = []
    numbers: dict[str, int] = {}
    one, other = ([numbers.setdefault(repr(item), len(numbers)) for item in side] for side in (old, new))
    old_at = new_at = 0
    for block in SequenceMatcher(None, one, other).get_matching_blocks():
        if (block.a - old_at) * (block.b - new_at) <= MAX_PAIRS:
            found += _best(range(old_at, block.a), range(new_at, block.b), weight)
        equal = ((block.a + step, block.b + step) for step in range(block.size))
        found += [pair for pair in equal if weight(*pair)]
        old_at, new_at = block.a + block.size, block.b + block.size
    return found


def _best(olds: range, news: range, weight: Weight) -> list[tuple[int, int]]:
    weights = [[weight(old, new) for new in news] for old in olds]
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    for row in range(len(olds) - 1, -1, -1):
        for column in range(len(news) - 1, -1, -1):
            value = weights[row][column]
            together = value + best[row + 1][column + 1] if value else 0.0
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    found, row, column = [], 0, 0
    while row < len(olds) and column < len(news):
        value = weights[row][column]
        if value and best[row][column] == value + best[row + 1][column + 1]:
            found.append((olds[row], news[column]))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return found
