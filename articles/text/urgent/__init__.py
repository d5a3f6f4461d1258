"""
Red flags: phrases that may mean that somebody needs urgent help, found in what a reader has typed.

A phrase is a line of words. It is found if all its words stand near each other, in any order. A slash separates
alternatives of a word: `chest pain/hurt`. Case, accents, apostrophes and common endings make no difference; a word
after `=` is found only as it stands: `=fainted`. `{many}` is a number of at least five that somebody took, without a
unit: “took 30 of them”, not “took 30 mg”. `{short}` is a text of at most three words. A long word may have one wrong
letter if it is no other word, and two words may be joined. Negations are ignored on purpose: “no chest pain” is found
too, since one panel too many harms nobody.
"""

import re
import unicodedata
from functools import lru_cache
from typing import TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from articles.checks.vocabulary import is_listed

Phrase: TypeAlias = tuple[frozenset[str], ...]  # for each word of the phrase, the stems that count as this word

BETWEEN = 6  # at most so many other words may stand between the words of a phrase
LONG = 5  # letters of a word, without its ending, that may be misspelt
SHORTEST_PART = 4  # letters of each of two joined words
SPECIAL = {"{many}": "manyatonce", "{short}": "{short}"}  # what a text has in place of these
SHORT = 3  # words
_distance = DamerauLevenshtein.distance
_NUMBER = r"(?:[5-9]|[1-9]\d+|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred)"
_UNIT = (
    r"(?:mg|mcg|g|ml|l|iu|units?|drops?|puffs?|sec\w*|min\w*|hours?|hrs?|h|days?|nights?|weeks?|months?|years?|yrs?|"
    r"times|am|pm|oclock|steps?|miles?|km|people|per|of)"
)
_MANY = re.compile(
    rf"\b(?P<took>took|taken|taking|take|swallowed|swallow|ate|eaten|had) (?:[a-z]+ ){{0,2}}?{_NUMBER}"
    rf"\b(?![.,:/%-]?\d)(?! ?{_UNIT}\b(?! (?:them|the|my|his|her|those|these)\b))"
)
_ENDINGS = ("ing", "ed", "es", "s", "e")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘ʼ`´](?=\w)")
_NOT = re.compile(r"\b(can|could|do|does|did|is|was|will|would) ?not\b")
_SELF = re.compile(r"\b(my|her|him|your|it) self\b")
_AGE = re.compile(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)")  # 6weeks


def has_red_flag(text: str, phrases: str) -> bool:
    """Tell whether the text has any of these phrases, one a line."""
    typed = _WORD.findall(_AGE.sub(" ", _MANY.sub(r"\g<took> manyatonce", _level(text))))
    said = [_forms(word, _stems(phrases)) for word in typed]
    if 0 < len(said) <= SHORT:
        said[0] |= {"{short}"}
    everything = frozenset[str]().union(*said)
    return any(_has(said, everything, phrase) for phrase in parsed(phrases))


@lru_cache(maxsize=256)
def _stems(phrases: str) -> tuple[str, ...]:
    """Return each long word of the phrases, without its ending."""
    words = {word for phrase in parsed(phrases) for alternatives in phrase for word in alternatives}
    return tuple(sorted(word for word in words if len(word) >= LONG and word.isalpha()))


@lru_cache(maxsize=16384)
def _forms(word: str, stems: tuple[str, ...]) -> frozenset[str]:
    """Return all that the word counts as: itself, its stem, and what was meant if it is misspelt."""
    own = stem(word)
    forms = {own, f"={word}"}
    if len(word) >= LONG and own not in stems and word.isalpha():
        meant = {near for near, _, _ in process.extract(own, stems, scorer=_distance, score_cutoff=1, limit=5)}
        meant |= {part for part in _parts(word) if not meant}
        forms |= meant if meant and not is_listed(word) else set()
    return frozenset(forms)


def _parts(word: str) -> set[str]:
    """Return the stems of the two words that were joined: chestpain."""
    halves = [(word[:at], word[at:]) for at in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)]
    return {stem(part) for left, right in halves if is_listed(left) and is_listed(right) for part in (left, right)}


@lru_cache(maxsize=256)
def parsed(phrases: str) -> tuple[Phrase, ...]:
    """Return the phrases, without empty lines."""
    lines = (tuple(map(_alternatives, line.split())) for line in _level(phrases.replace("/", "\0")).split("\n"))
    return tuple(phrase for line in lines if (phrase := tuple(filter(None, line))))


def _alternatives(word: str) -> frozenset[str]:
    return frozenset(form for each in word.split("\0") for form in _form(each))


def _form(word: str) -> list[str]:
    if word in SPECIAL:
        return [SPECIAL[word]]
    found = _WORD.findall(word)
    return [f"={part}" for part in found] if word.startswith("=") else [stem(part) for part in found]


def _level(text: str) -> str:
    """Return the text without case, accents and apostrophes; “can not”, “cannot” and “can’t” become “cant”."""
    split = unicodedata.normalize("NFKD", text.casefold())
    plain = _APOSTROPHE.sub("", "".join(letter for letter in split if not unicodedata.combining(letter)))
    plain = _SELF.sub(r"\1self", plain)
    return _NOT.sub(r"\1nt", plain).replace("cannt", "cant").replace("willnt", "wont")


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return the word without one common ending: pains, painful and pain differ, pains and pain do not."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _has(said: list[frozenset[str]], everything: frozenset[str], phrase: Phrase) -> bool:
    """Tell whether the text has all words of the phrase, with at most BETWEEN others between them."""
    if any(word.isdisjoint(everything) for word in phrase):
        return False
    longest = len(phrase) + BETWEEN
    return any(_all_in(said[at : at + longest], phrase) for at in range(len(said)))


def _all_in(said: list[frozenset[str]], phrase: Phrase) -> bool:
    return all(any(not word.isdisjoint(forms) for forms in said) for word in phrase)
