"""
Articles whose name is the opposite of what was asked: low blood sugar, when somebody asked about high blood sugar.

Such an article has most words of the question, and what it advises may do harm. So none of it is offered as an answer.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from articles.search.analysis.common import lines
from articles.search.analysis.lemmas import lemma
from articles.search.words import fold

BEFORE = 3  # high levels of potassium, but not: high blood pressure and back pain
FAR = 8  # words
# A side before one of these is not said of what stands behind it: a high BMI and back pain.
_BREAKS = frozenset(
    ["and", "or", "but", "with", "without", "for", "from", "to", "by", "after", "before", "if", "when", "because",
     "due", "cause", "causes", "caused", "can", "could", "does", "do", "is", "are", "will", "make",
     "makes", "mean", "means"]
)  # fmt: skip
_OWN = frozenset(["bmi", "weight", "risk", "dose", "heel", "fever"])  # beside _MEASURED: what has a side of its own


_HIGH = frozenset(
    ["high", "raised", "elevated", "increased", "overactive", "excess", "excessive", "fast", "rapid", "hyper"]
)
_LOW = frozenset(
    ["low", "reduced", "decreased", "underactive", "deficient", "deficiency", "lack", "insufficient", "slow", "hypo"]
)
_TOO = re.compile(r"\btoo (?:much|many)\b"), re.compile(r"\b(?:too (?:little|few)|not enough)\b")
_PREFIXES = {"hyper": 1, "hypo": -1, "tachy": 1, "brady": -1}
_FORMS = ("aemi", "emi"), ("oedem", "edem")
# What a name that begins so measures, in plain words. Its ending is left out: glycaemia, glycaemic.
_MEASURED = {
    "glyc": "sugar glucose", "tensi": "pressure", "kal": "potassium", "natr": "sodium salt", "calc": "calcium",
    "magnes": "magnesium", "phosph": "phosphate", "thyr": "thyroid", "therm": "temperature", "lipid": "cholesterol",
    "cholesterol": "cholesterol", "uric": "uric", "vol": "fluid", "ox": "oxygen", "card": "heart pulse",
    "vitamin": "vitamin", "pituit": "pituitary", "parathyr": "parathyroid", "insulin": "insulin", "ferr": "iron",
    "prolactin": "prolactin", "bilirubin": "bilirubin", "ventil": "breathing", "tonia": "tone", "ammon": "ammonia",
}  # fmt: skip


class Said(NamedTuple):
    """A side that words take, high (1) or low (-1), where they stand, and what is measured if one word says both."""

    at: int
    side: int
    measured: frozenset[str]


def is_opposite(names: Iterable[str], question: str, meant: Mapping[str, str]) -> bool:
    """
    Tell whether the names of an article say the opposite of the question, in which words may be misspelt.

    An article is not left out if the question has one of its names.
    """
    asked = [meant.get(word, word) for word in _words(question)]
    named = [_words(name) for name in names]
    if any(name and _has(asked, name) for name in named):
        return False
    return any(_turns(name, asked) or _contradicts(name, asked) for name in named)


def _words(text: str) -> list[str]:
    """Return the lemmas; too much becomes high, too little low. To lower and to raise something is no side."""
    text = _TOO[1].sub("low", _TOO[0].sub("high", fold(text)))
    for british, american in _FORMS:
        text = text.replace(british, american)
    return [word if word in _HIGH | _LOW else lemma(word) for word in re.findall(r"[^\W_]+", text)]


def _has(asked: list[str], name: list[str]) -> bool:
    return any(asked[at : at + len(name)] == name for at in range(len(asked)))


def _turns(name: list[str], asked: list[str]) -> bool:
    """Tell whether the question has a word of the name with a part of it turned into its opposite."""
    return any(not set(asked).isdisjoint(_turned(word)) for word in set(name) - set(asked))


@cache
def _turned(word: str) -> frozenset[str]:
    pairs = [tuple(pair) for pair in lines("opposites")]
    return frozenset(
        word.replace(a, b, 1) for one, other in pairs for a, b in ((one, other), (other, one)) if a in word
    )


def _contradicts(name: list[str], asked: list[str]) -> bool:
    """Tell whether the name says high of what the question says low of, or the other way round."""
    sides = {said.side for said in _said(name)}
    if len(sides) != 1:
        return False
    [side] = sides
    about = _about(name)
    if not about or not any(words <= _measured_by(asked) for words in about):
        return False
    nearest = _nearest(asked, frozenset().union(*about))
    return bool(nearest) and side not in nearest


def _said(words: list[str]) -> Iterator[Said]:
    """Yield each side that the words take, with its place."""
    for at, word in enumerate(words):
        if word in _HIGH or word in _LOW:
            yield Said(at, 1 if word in _HIGH else -1, frozenset())
        for prefix, side in _PREFIXES.items():
            if word.startswith(prefix) and len(word) > len(prefix):
                yield Said(at, side, _measured(word.removeprefix(prefix)))


def _measured(rest: str) -> frozenset[str]:
    plain = [words for stem, words in _MEASURED.items() if rest.startswith(stem)]
    return frozenset(word for words in plain for word in words.split())


def _about(name: list[str]) -> list[frozenset[str]]:
    """Return the sets of words any of which says what the name measures: blood and sugar; sugar; glucose."""
    measured = [frozenset([word]) for said in _said(name) for word in said.measured]
    sides = {said.at for said in _said(name)}
    rest = frozenset(word for at, word in enumerate(name) if at not in sides)
    return measured or ([rest] if rest else [])


def _measured_by(asked: list[str]) -> frozenset[str]:
    return frozenset(asked).union(*(said.measured for said in _said(asked)))


def _nearest(asked: list[str], about: frozenset[str]) -> set[int]:
    """Return the side that is said of what is measured; both if they stand equally near, none if none is near."""
    places = [at for at, word in enumerate(asked) if word in about]
    breaks = [at for at, word in enumerate(asked) if word in _BREAKS | (_OWN | _plain()) - about]
    near = [(_distance(said, places, breaks, about), said.side) for said in _said(asked)]
    nearest = min((distance for distance, _ in near), default=FAR)
    return {side for distance, side in near if distance == nearest < FAR}


def _distance(said: Said, places: list[int], breaks: list[int], about: frozenset[str]) -> int:
    """Return how far the side stands from what is measured; before it, only a few words that say nothing else may."""
    if said.measured & about:
        return 0
    end = min([said.at + BEFORE + 1, *(at for at in breaks if at > said.at)])
    before = [at - said.at for at in places if said.at < at < end]
    return min([*before, *(said.at - at for at in places if at < said.at)], default=FAR)


@cache
def _plain() -> frozenset[str]:
    """Return everything that is measured, in plain words."""
    return frozenset(word for words in _MEASURED.values() for word in words.split())
