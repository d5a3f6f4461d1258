"""
Reading the index: which passages have the terms of a query, best first.

The rarest terms are read in full. Common ones are then looked up only in the best passages so far, so that a long
question costs little more than a short one. All arithmetic is done here, so that every database gives the same order.
"""

import sys
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from heapq import nlargest, nsmallest
from itertools import compress
from operator import or_
from typing import NamedTuple, TypeAlias

from django.db import connection
from django.db.models import Q

from articles.models.rows.found import Postings, SearchIndex, Term
from articles.search.index.entries import LIMITING
from articles.search.index.postings import BLOCK_BITS, IMPACT_BITS, MOST_IMPACT, Values, keys_of, term_and_block, unpack

READ_IN_FULL = 30_000  # postings; after so many, further terms are only looked up in the best passages so far
LOW_BYTE = 0 if sys.byteorder == "little" else 1
IMPACTS = bytes(byte & MOST_IMPACT for byte in range(256))
SAME = 0.6  # of the weight of the best alternative: one that weighs less is another thing
KEPT = 4  # times the number asked for: how many of the best passages these are

Blocks: TypeAlias = list[tuple[int, Values]]  # the number of the first passage of each block, and its postings


class Known(NamedTuple):
    """A term of the index, and the number of passages that have it."""

    number: int
    passages: int


class _Group(NamedTuple):
    """The alternatives of one thing that was asked for: the postings and the weight of each."""

    passages: int
    terms: tuple[str, ...]
    lists: list[tuple[Blocks, list[float]]]


class Reading:
    """
    The postings of a query: two queries, or one for terms whose numbers are `known` already.

    Each of `wanted` are the alternatives of one thing that was asked for, with weights. `within` limits the search: a
    passage must have one limiting term, such as “kind:question”, of each.
    """

    def __init__(
        self,
        wanted: Sequence[dict[str, float]],
        within: Sequence[Iterable[str]] = (),
        known: Mapping[str, Known] | None = None,
    ) -> None:
        limits = [[LIMITING + term for term in each] for each in within]
        terms = {term for each in wanted for term in each}
        limiting = {term for each in limits for term in each}
        here = {term: each for term in terms if (each := known.get(term))} if known is not None else {}
        here |= look_up(limiting if known is not None else terms | limiting)
        postings = _read(here)
        self._allowed = _allowed(limits, postings)
        self._groups = [_group(each, here, postings) for each in wanted]

    def best(self, most: int) -> list[tuple[int, float]]:
        """
        Return the best `most` passages as (number, score), best first, equal ones by number.

        A passage scores for the best alternative that it has of each thing: weight × impact.
        """
        groups = [group for group in self._groups if group]
        groups.sort(key=lambda group: (group.passages, group.terms))
        if len(groups) == 1 and self._allowed is None:
            groups = [_strongest(groups[0], most)]
        scores: dict[int, float] = {}
        read = 0
        for place, group in enumerate(groups):
            if read + group.passages > READ_IN_FULL and len(scores) >= most:
                scores = dict(_best(scores, most * KEPT))
                _add_to_present(scores, groups[place:])
                break
            _add(scores, _scores_of(group), self._allowed)
            read += group.passages
        return _best(scores, most)

    def had_by(self, passages: Iterable[int]) -> dict[int, dict[int, float]]:
        """
        Return for each of these passages the things that it has, by their place in `wanted`, with the scores.

        An alternative that weighs little, such as “hepatitis” for “hepatitis A”, is not the thing itself.
        """
        within = _by_block(passages)
        found: dict[int, dict[int, float]] = {passage: {} for each in within.values() for passage in each}
        for place, group in enumerate(self._groups):
            for passage, score in _scores_within(_same(group), within).items() if group else ():
                found[passage][place] = score
        return found


def candidates(
    wanted: Sequence[dict[str, float]], most: int, within: Sequence[Iterable[str]] = ()
) -> list[tuple[int, float]]:
    """Return the best passages for what is wanted, as `Reading.best` does."""
    return Reading(wanted, within).best(most)


def look_up(terms: Iterable[str]) -> dict[str, Known]:
    """Return those of the terms that the index has, in one query."""
    asked = [*terms]
    return look_up_of_all(asked)[0] if asked else {}


def look_up_of_all(terms: Iterable[str]) -> tuple[dict[str, Known], int]:
    """Return those of the terms that the index has, and the number of all passages, in one query."""
    asked = sorted({*terms})
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT state.passages, term.term, term.id, term.passages FROM {SearchIndex._meta.db_table} state "  # noqa: S608
            f"LEFT JOIN {Term._meta.db_table} term ON term.term IN ({', '.join(['%s'] * len(asked)) or 'NULL'}) "
            "WHERE state.id = 1",
            asked,
        )
        rows = cursor.fetchall()
    known = {term: Known(number, passages) for _, term, number, passages in rows if term is not None}
    return known, rows[0][0] if rows else 0


def _read(known: dict[str, Known]) -> dict[str, Blocks]:
    """Return the postings of these terms, by block, in one query."""
    found: dict[str, Blocks] = {term: [] for term in known}
    if not known:
        return found
    names = {each.number: term for term, each in known.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, data FROM {Postings._meta.db_table} "  # noqa: S608 (names and signs of our own)
            f"WHERE {' OR '.join(['id BETWEEN %s AND %s'] * len(names))} ",
            [key for number in names for key in keys_of(number)],
        )
        for key, data in sorted(cursor.fetchall()):  # here, since SQLite would copy all data once more to sort it
            number, block = term_and_block(key)
            found[names[number]].append((block << BLOCK_BITS, unpack(data)))
    return found


def _group(each: dict[str, float], known: dict[str, Known], postings: dict[str, Blocks]) -> _Group | None:
    """Return the known alternatives; None if none is known."""
    here = {term: weight for term, weight in each.items() if term in known}
    if not here:
        return None
    return _Group(
        sum(known[term].passages for term in here),
        tuple(sorted(here)),
        [(postings[term], [here[term] * (impact + 1) for impact in range(MOST_IMPACT + 1)]) for term in sorted(here)],
    )


def _allowed(limits: list[list[str]], postings: dict[str, Blocks]) -> set[int] | None:
    """Return the passages that have a term of each limit; None without limits."""
    allowed: set[int] | None = None
    for each in limits:
        found = {
            base | value >> IMPACT_BITS for term in each for base, values in postings.get(term, []) for value in values
        }
        allowed = found if allowed is None else allowed & found
    return allowed


def _scores_of(group: _Group) -> dict[int, float]:
    """Return the score of each passage that has an alternative: that of the best one."""
    scores: dict[int, float] = {}
    for blocks, worth in group.lists:
        new = {base | value >> IMPACT_BITS: worth[value & MOST_IMPACT] for base, values in blocks for value in values}
        if scores:
            for passage, score in new.items():
                if scores.get(passage, 0) < score:
                    scores[passage] = score
        else:
            scores = new
    return scores


def _add(scores: dict[int, float], new: dict[int, float], allowed: set[int] | None) -> None:
    if allowed is not None:
        new = {passage: score for passage, score in new.items() if passage in allowed}
    if not scores:
        scores.update(new)
        return
    present = scores.get
    for passage, score in new.items():
        scores[passage] = present(passage, 0.0) + score


def _add_to_present(scores: dict[int, float], groups: list[_Group]) -> None:
    """Add the scores of these groups to the passages that are there, and to no others."""
    within = _by_block(scores)
    for group in groups:
        for passage, score in _scores_within(group, within).items():
            scores[passage] += score


def _same(group: _Group) -> _Group:
    """Return the group with the alternatives that weigh nearly as much as the best one."""
    least = SAME * max(worth[MOST_IMPACT] for _, worth in group.lists)
    return group._replace(lists=[each for each in group.lists if each[1][MOST_IMPACT] >= least])


def _by_block(passages: Iterable[int]) -> dict[int, list[int]]:
    """Return the passages by the first number of their block, in order."""
    within: defaultdict[int, list[int]] = defaultdict(list)
    for passage in sorted(passages):
        within[passage >> BLOCK_BITS << BLOCK_BITS].append(passage)
    return within


def _scores_within(group: _Group, within: dict[int, list[int]]) -> dict[int, float]:
    """Return the scores of a group for those of the passages that have an alternative."""
    best: dict[int, float] = {}
    for blocks, worth in group.lists:
        for passage, impact in _impacts_in(blocks, within):
            best[passage] = max(best.get(passage, 0.0), worth[impact])
    return best


def _impacts_in(blocks: Blocks, within: dict[int, list[int]]) -> Iterator[tuple[int, int]]:
    """Yield (passage, impact) for those of the passages that have the term."""
    for base, values in blocks:
        at = 0
        for passage in within.get(base, ()):
            at = bisect_left(values, (passage - base) << IMPACT_BITS, at)
            if at == len(values):
                break
            if values[at] >> IMPACT_BITS == passage - base:
                yield passage, values[at] & MOST_IMPACT


def _strongest(group: _Group, most: int) -> _Group:
    """
    Return the group with its strongest postings only: no other can be among the best `most` passages.

    A passage may be in each of the lists, so there have to be as many times more postings.
    """
    impacts = [[values.tobytes()[LOW_BYTE::2].translate(IMPACTS) for _, values in blocks] for blocks, _ in group.lists]
    numbers = [
        (score, sum(part.count(impact) for part in parts))
        for parts, (_, worth) in zip(impacts, group.lists, strict=True)
        for impact, score in enumerate(worth)
    ]
    least, number = 0.0, 0
    for score, more in sorted(numbers, reverse=True):
        least, number = score, number + more
        if number >= most * len(group.lists):
            break
    return group._replace(
        lists=[
            (_at_least(blocks, parts, bytes(worth[byte & MOST_IMPACT] >= least for byte in range(256))), worth)
            for parts, (blocks, worth) in zip(impacts, group.lists, strict=True)
        ]
    )


def _at_least(blocks: Blocks, impacts: list[bytes], is_enough: bytes) -> Blocks:
    """Return the blocks with the postings whose impact is enough."""
    return [
        (base, array("H", compress(values, each.translate(is_enough))))
        for (base, values), each in zip(blocks, impacts, strict=True)
    ]


def _best(scores: dict[int, float], most: int) -> list[tuple[int, float]]:
    """Return the best `most` of the passages, best first, and of equals those with the lowest numbers."""
    if len(scores) > most:
        least = nlargest(most, scores.values())[-1]
        better = {passage: score for passage, score in scores.items() if score > least}
        equal = (passage for passage, score in scores.items() if score == least)
        scores = {**better, **dict.fromkeys(nsmallest(most - len(better), equal), least)}
    return sorted(scores.items(), key=lambda found: (-found[1], found[0]))


def beginning_with(starts: Iterable[str], most: int) -> list[str]:
    """Return the terms of the index that begin with one of these, those of most passages first. One query."""
    ranges = [Q(term__gte=start, term__lt=f"{start}\U0010ffff") for start in starts]
    rows = Term.objects.filter(reduce(or_, ranges)).order_by("-passages", "term")
    return list(rows.values_list("term", flat=True)[:most])


def vocabulary() -> Iterator[tuple[str, int]]:
    """Yield every term of the index, with its number of passages."""
    rows = Term.objects.exclude(term__gte=LIMITING, term__lt=chr(ord(LIMITING) + 1))
    yield from rows.values_list("term", "passages").iterator(chunk_size=10_000)
