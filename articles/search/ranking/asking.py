"""What was asked: the things that a query wants, how much each of them matters, and which kinds of answers."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from articles.search.analysis import Synonyms, Wanted, query_terms
from articles.search.analysis.common import STORY
from articles.search.ranking import kinds, spelling
from articles.search.ranking.impacts import NAMES
from articles.search.words import fold

BESIDE = 0.5  # the weight of a word that names no article
TOLD = 0.25  # of a greeting or a word of the story around the question
MISSPELT = 0.8  # of a word that was corrected
UNFINISHED = 0.8  # of a longer word that begins with the typed one
BEGINNING = 3  # letters of a typed word that may be the beginning of a longer one; two of Chinese, Japanese and Korean
LETTERS = "\u2e80"  # the first of their signs
SAME = 0.85  # of the best weight: forms of the word itself; other terms do not make a thing common


class Index(spelling.Vocabulary, Protocol):
    """What ranking needs to know of the index."""

    def passages(self) -> int:
        """Return the number of passages."""

    def beginning(self, starts: Sequence[str]) -> Mapping[str, int]:
        """Return the commonest terms that begin with one of these, with the number of passages of each."""


@dataclass(frozen=True)
class Matter:
    """A thing that is wanted, and how much it matters: the rarer the more, and most if articles are named by it."""

    wanted: Wanted
    weight: float
    is_known: bool
    names_articles: bool

    @property
    def terms(self) -> dict[str, float]:
        return self.wanted.terms


@dataclass(frozen=True)
class Asked:
    """A query as understood. `meant` are the typed words that were misspelt, with the words that were meant."""

    matters: tuple[Matter, ...]
    kinds: frozenset[str]
    meant: Mapping[str, str]

    @property
    def weight(self) -> float:
        return sum(matter.weight for matter in self.matters)


def understood(query: str, index: Index, synonyms: Synonyms | None = None) -> Asked:
    """
    Return what the query asks for. At most five queries to the database.

    A word that no text has may be misspelt. If it is not, it may be the beginning of a longer one; a plural is none.
    """
    wanted = [each for each in query_terms(query, synonyms) if not each.common]
    counts = dict(index.counts(_terms_of(wanted)))
    wrong = {each.typed: each.best for each in wanted if not any(term in counts for term in each.terms)}
    meant = spelling.meant([*wrong.values()], index) if wrong else {}
    if meant:
        wanted = [_corrected(each, meant) for each in wanted]
        counts |= index.counts(_terms_of([each for each in wanted if each.typed in wrong]))
    longer = _longer([term for typed, term in wrong.items() if term not in meant and fold(typed) == term], index)
    wanted = [_with_longer(each, longer) for each in wanted]
    counts |= {term: number for ends in longer.values() for term, number in ends.items()}
    total = index.passages()
    matters = tuple(_matter(each, counts, total) for each in wanted)
    return Asked(matters, kinds.asked(query), {typed: meant[term] for typed, term in wrong.items() if term in meant})


def _longer(terms: Iterable[str], index: Index) -> dict[str, dict[str, int]]:
    """Return for each of these terms, which no text has, the longer ones that begin with it, with their counts."""
    starts = [term for term in terms if len(term) >= BEGINNING or (len(term) > 1 and term > LETTERS)]
    found = index.beginning(starts) if starts else {}
    longer = {start: {term: number for term, number in found.items() if term.startswith(start)} for start in starts}
    return {start: ends for start, ends in longer.items() if ends}


def _with_longer(wanted: Wanted, longer: Mapping[str, Mapping[str, int]]) -> Wanted:
    ends = longer.get(wanted.best, {})
    return replace(wanted, terms={**dict.fromkeys(ends, UNFINISHED), **wanted.terms})


def rarity(passages: int, total: int) -> float:
    """Return the weight of a term that so many of all passages have: BM25's, never below 0."""
    return math.log1p((max(total, passages) - passages + 0.5) / (passages + 0.5))


def _terms_of(wanted: Iterable[Wanted]) -> set[str]:
    """Return the terms of these, and those that count the articles with such a name."""
    terms = {term for each in wanted for term in each.terms}
    return terms | {f"{NAMES}{term}" for term in terms}


def _corrected(wanted: Wanted, meant: Mapping[str, str]) -> Wanted:
    """Return the thing with the word that was meant as a further term, and its other forms."""
    if wanted.best not in meant:
        return wanted
    [right] = query_terms(meant[wanted.best])[:1]
    return replace(wanted, terms={**wanted.terms, **{term: weight * MISSPELT for term, weight in right.terms.items()}})


def _matter(wanted: Wanted, counts: Mapping[str, int], total: int) -> Matter:
    """
    Return how much the thing matters: the more, the fewer passages have its own word in some form.

    Another name for it, such as a synonym, counts as much as it is rare itself, and never more than the own word.
    """
    known = {term: weight for term, weight in wanted.terms.items() if term in counts}
    own = [counts[term] for term, weight in known.items() if weight >= SAME * max(known.values())]
    rare = rarity(max(own, default=0), total)
    terms = {
        term: weight * min(1.0, rarity(counts[term], total) / rare) if rare else weight
        for term, weight in known.items()
    }
    names = any(f"{NAMES}{term}" in counts for term, weight in known.items() if weight >= SAME * max(known.values()))
    focus = TOLD if wanted.best in STORY else 1 if names else BESIDE
    weight = rare * wanted.share * focus * (1 + math.log(wanted.times) / 2)
    return Matter(replace(wanted, terms=terms or wanted.terms), weight, bool(known), names)
