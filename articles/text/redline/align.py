"""Alignment: which part of the old text became which part of the new one, in order."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

MAX_PAIRS = 250_000

Pair = tuple[Any, Any]


def align(old: Sequence, new: Sequence, weight: Callable[[int, int], float]) -> Iterator[Pair]:
    """
    Yield (old, new) in reading order, None where one side has no counterpart.

    Of all ways to pair without crossing, take the one with the greatest sum of weights; 0 means never a pair.
    """
    old_at = new_at = 0
    for old_index, new_index in [*_pairs(old, new, weight), (len(old), len(new))]:
        yield from ((item, None) for item in old[old_at:old_index])
        yield from ((None, item) for item in new[new_at:new_index])
        if old_index < len(old):
            yield old[old_index], new[new_index]
        old_at, new_at = old_index + 1, new_index + 1


def likeness(one: frozenset, other: frozenset) -> float:
    """Return the share of common words, 0 to 1 (Dice)."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _pairs(old: Sequence, new: Sequence, weight: Callable[[int, int], float]) -> list[tuple[int, int]]:
    if len(old) * len(new) <= MAX_PAIRS:
        return _best(range(len(old)), range(len(new)), weight)
    # Too many to compare each with each: equal ones are fixed points, and only what lies between them is compared.
    found: list[tuple[int, int]] = []
    numbers: dict[str, int] = {}
    keys = [[numbers.setdefault(repr(item), len(numbers)) for item in side] for side in (old, new)]
    old_at = new_at = 0
    for block in SequenceMatcher(None, *keys).get_matching_blocks():
        if (block.a - old_at) * (block.b - new_at) <= MAX_PAIRS:
            found += _best(range(old_at, block.a), range(new_at, block.b), weight)
        equal = ((block.a + step, block.b + step) for step in range(block.size))
        found += [pair for pair in equal if weight(*pair)]
        old_at, new_at = block.a + block.size, block.b + block.size
    return found


def _best(olds: range, news: range, weight: Callable[[int, int], float]) -> list[tuple[int, int]]:
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
