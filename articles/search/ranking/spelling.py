"""
Words that were meant: for a word that no text has, the nearest one of the texts.

Help with typing must not mislead. A word of English or of medicine is left as it is, also if no text has it. So is the
name of a medicine, but for another form of the same name: omeprazol, omeprazole. No word becomes the opposite (hyper,
hypo), nor a medicine's name if another medicine may have been meant.
"""

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from articles.checks.vocabulary import is_listed, medicines, only_medicines
from articles.search.analysis.common import lines
from articles.search.analysis.lemmas import lemma
from articles.search.words import fold

SHORTEST = 4  # letters of a word that is corrected
LONG = 7  # letters from which on two changes are allowed
MOST_WORDS = 6  # of a query are corrected
CLEARLY = 3  # times as many passages as another word that is as near
FORM = 5  # letters that two forms of a name have in common, at least
_OPPOSITES = tuple(tuple(pair) for pair in lines("opposites"))
# Endings of the names of medicines. Lists of medicines also have words such as fever.
_MEDICINE = re.compile(
    "(?:in|ine|ide|one|ol|am|ate|il|an|azole|cillin|mycin|oxacin|cycline|vir|mab|nib|statin|pril|sartan|parin|gliptin|"
    "flozin|tide|setron|triptan|lukast|terol|pam|lam|fen|profen|xaban|gatran|dipine|zosin|tidine|caine|ium|um|ic)$"
)

_ENDING = re.compile("(?:um|us|[aeo])$")  # in which languages differ: aspirin, aspirina, aspirinum
_DOUBLED = re.compile(r"(.)\1")


class Vocabulary(Protocol):
    """The words of the texts."""

    def counts(self, terms: Iterable[str]) -> Mapping[str, int]:
        """Return those of the terms that texts have, with the number of passages of each."""

    def like(self, beginnings: Sequence[tuple[str, int, int]]) -> Mapping[str, int]:
        """Return the terms, with numbers of passages, that begin so and have between so many letters."""


def meant(words: Sequence[str], vocabulary: Vocabulary) -> dict[str, str]:
    """
    Return for words that no text has the term that was meant, if that is clear. Two queries, however many words.

    The words are given as lemmas, none of which texts have.
    """
    typed = [word for word in dict.fromkeys(words) if may_be_misspelt(word)][:MOST_WORDS]
    if not typed:
        return {}
    near = {word: one_change(word) for word in typed}
    counts = dict(vocabulary.counts({other for others in near.values() for other in others}))
    far = [word for word in typed if len(word) >= LONG]
    if far:
        counts |= vocabulary.like([(word[0], len(word) - 2, len(word) + 2) for word in far])
    found = {word: _best(word, counts) for word in typed}
    return {word: best for word, best in found.items() if best}


def may_be_misspelt(word: str) -> bool:
    is_plain = len(word) >= SHORTEST and word.isascii() and word.isalpha() and word.islower()
    return is_plain and (not is_listed(word) or is_medicine(word))


def one_change(word: str) -> set[str]:
    """Return every word of one letter more, less or other, or two letters exchanged."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    fewer = {left + right[1:] for left, right in parts if right}
    turned = {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    letters = string.ascii_lowercase
    other = {left + letter + right[1:] for (left, right), letter in product(parts, letters) if right}
    more = {left + letter + right for (left, right), letter in product(parts, letters)}
    return (fewer | turned | other | more) - {word}


def _best(word: str, counts: Mapping[str, int]) -> str:
    """Return the nearest term, of several the commonest; empty if none is near, or if the choice would be a guess."""
    most = 2 if len(word) >= LONG else 1
    plain = [term for term in counts if len(term) >= SHORTEST and term.isascii() and term.isalpha() and term.islower()]
    if is_listed(word):
        plain = [term for term in plain if _is_form(word, term)]
    found = process.extract(word, plain, scorer=DamerauLevenshtein.distance, score_cutoff=most, limit=50)
    near = sorted((distance, term[0] != word[0], -counts[term], term) for term, distance, _ in found)
    if not near:
        return ""
    distance, _, _, best = near[0]
    others = [(more, term) for more, _, _, term in near if term != best]
    unclear = (
        _opposite_is_as_near(word, best, int(distance))
        or any(opposed(best, other) for more, other in others if more <= distance + 1)
        or any(counts[other] * CLEARLY > counts[best] for more, other in others if more == distance)
        or _may_be_another_medicine(word, best, int(distance))
    )
    return "" if unclear else best


def opposed(one: str, other: str) -> bool:
    """Tell whether one word has a part and the other its opposite, or a part that is often taken for it."""
    return any(
        (a in one and b in other and b not in one and a not in other)
        or (b in one and a in other and a not in one and b not in other)
        for a, b in _OPPOSITES
    )


def _opposite_is_as_near(word: str, best: str, distance: int) -> bool:
    """Tell whether the best has an opposite, in the texts or not, that is as near: hypglycemia may be either."""
    opposites = {best.replace(a, b, 1) for pair in _OPPOSITES for a, b in (pair, pair[::-1]) if a in best}
    return any(DamerauLevenshtein.distance(word, other) <= distance + is_listed(other) for other in opposites - {best})


def _may_be_another_medicine(word: str, best: str, distance: int) -> bool:
    """
    Tell whether a medicine's name is nearer than the best, or about as near if that is a medicine's name too.

    Of names one change away, those with another first letter are not about as near: few people get that one wrong.
    """
    limit = distance - 1 if not is_medicine(best) else distance if distance == 1 else distance + 1
    near = [name for length in range(len(word) - limit, len(word) + limit + 1) for name in _names().get(length, ())]
    names = process.extract(word, near, scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=20)
    return any(
        not _is_form(lemma(name), best) and not (distance == 1 and best[0] == word[0] != name[0])
        for name, _, _ in names
    )


def _is_form(name: str, best: str) -> bool:
    """Tell whether these are forms of one name: aspirin, aspirina, aspirinum; amoxicillin, amoxicilina."""
    return _root(name) == _root(best) and len(_root(best)) >= FORM and not opposed(name, best)


def _root(name: str) -> str:
    return _ENDING.sub("", _DOUBLED.sub(r"\1", name))


def is_medicine(word: str) -> bool:
    return word in _medicines()


@cache
def _medicines() -> frozenset[str]:
    return only_medicines() | {word for word in medicines() if _MEDICINE.search(word)}


@cache
def _names() -> dict[int, list[str]]:
    """Return the names of medicines that are long enough to be meant, by their number of letters."""
    names: dict[int, list[str]] = {}
    for name in sorted(name if name.isascii() else fold(name) for name in _medicines()):
        if len(name) > SHORTEST and name.isalpha():
            names.setdefault(len(name), []).append(name)
    return names
