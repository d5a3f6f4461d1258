"""
Whether what was found answers the question, or nothing approved does.

The best passages of a question that nothing answers have some of its words as well. Two things tell them apart. The
subject: an article answers a question if its name, or most of it, is in the question. And the strength: how much the
passage says of what matters, or of how much of what was asked it says something.

The thresholds were chosen on questions whose subject had been taken out of a library of 5,000 articles, against the
same kinds of questions whose subject was there; tests/benchmarks/README.md has the figures.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from articles.search.analysis import index_terms
from articles.search.analysis.common import STOP
from articles.search.ranking.asking import Asked, rarity
from articles.search.ranking.impacts import MOST_IMPACT
from articles.search.ranking.order import Ranking

NAMED = 0.66  # of the words of an article's name, at least so many are in the question
WEAK, STRONG = 5.0, 8.0  # the impact of a word that only one passage has, which gives the same score
FORM = 0.6  # of the best weight: another name of the thing, or a word that was corrected
SHARE = 0.3  # of the score that a passage with the highest impact for all that was asked would have


class Names(Protocol):
    def names(self, passages: Sequence[int]) -> Mapping[int, Sequence[str]]:
        """Return the names of these passages' articles: titles and synonyms."""

    def passages(self) -> int:
        """Return the number of passages."""


def is_answered(ranking: Ranking, index: Names) -> bool:
    """Tell whether the first passage answers the question. Two queries."""
    if not ranking.passages:
        return False
    passage, score = ranking.passages[0]
    strength = score / rarity(1, index.passages())
    share = score / (ranking.asked.weight * (MOST_IMPACT + 1))
    if strength < WEAK or (strength < STRONG and share < SHARE):
        return False
    return any(_is_named(name, ranking.asked) for name in index.names([passage]).get(passage, ()))


def _is_named(name: str, asked: Asked) -> bool:
    """Tell whether enough words of the name are in the question, in some form."""
    terms = {*index_terms(name)} - STOP
    typed = {
        term
        for matter in asked.matters
        for term, weight in matter.terms.items()
        if weight >= FORM * max(matter.terms.values())
    }
    return bool(terms) and len(terms & typed) >= NAMED * len(terms)
