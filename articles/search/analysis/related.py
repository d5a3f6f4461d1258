"""
Other forms of a word, for queries: bleed and bleeding, ovary and ovarian, arthritis and arthritic.

Rules make them from the ending. A form that no text has costs nothing. What only looks related is left out:
organization is no form of organ, operator none of operate, secretion none of secret.
"""

import re
from functools import lru_cache

from articles.search.analysis.common import lines
from articles.search.analysis.lemmas import lemma

INFLECTED, DERIVED = 0.9, 0.7

_KIN: dict[str, frozenset[str]] = {}
for _family in lines("families"):
    _members = frozenset(map(lemma, _family))
    for _member in _members:
        _KIN[_member] = _KIN.get(_member, frozenset()) | _members

# (ending, other endings). The part before it keeps at least three letters.
_INFLECTIONS = (("ied", ("y",)), ("ying", ("y",)), ("y", ("ied", "ying")))
_DERIVATIONS = tuple(
    tuple(endings.split())
    for endings in (
        "ary arian",  # ovary
        "itis itic",
        "osis otic",
        "esis etic",
        "asis atic",
        "ysis ytic",
        "etes etic",  # diabetes
        "emia emic",
        "uria uric",
        "pathy pathic",
        "graphy graphic",
        "logy logic logical",
        "gen genic",
        "nx ngeal",
        "algia algic",
        "plegia plegic",
        "trophy trophic",
        "sis tic",
        "noma nomatous",
        "ion ive",  # digestion, digestive
        "ction ct",
        "ntion nt",
        "stion st",
        "ption pt",
        "ation ate",
        "cance cant",
        "ance ant",
        "ence ent",
        "ency ent",
        "ility le",
        "ization ize",
        "thmia thmic",
        "emesis emetic",
        "zure zural",
        "us al",
        "ix ical",
        "ebra ebral",
        "enza enzal",
    )
)
_NEVER = frozenset(["station", "ration", "patience", "patient", "state", "rate", "general"])
_DOUBLED = re.compile(r"([bdgmnprt])\1$")


_NO_VERB = re.compile(
    "(?:itis|osis|asis|esis|us|ion|ity|ism|logy|in|ine|ide|ate|al|ic|ous|ment|ness|ia|oma|ive|ant|ent|etes|graphy|pathy|tomy|"
    "scopy|ferol|olol|um|is|ome|uria|emia|ary|ory|ly|ful|less|ine|ol|one)$"
)


@lru_cache(maxsize=4096)
def related(word: str) -> dict[str, float]:
    """Return the other forms of a lemma, each with its weight."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return {}
    found: dict[str, float] = dict.fromkeys(_derived(word), DERIVED)
    found |= dict.fromkeys(_inflected(word), INFLECTED)
    found |= dict.fromkeys(_KIN.get(word, ()), INFLECTED)
    found.pop(word, None)
    return {lemma(other): weight for other, weight in found.items() if lemma(other) != word}


def _inflected(word: str) -> set[str]:
    """Return the forms in -ed and -ing of a word, or the word of such a form."""
    for ending in ("ing", "ed"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= 3 and re.search("[aeiouy]", base):
            single = {base[:-1]} if _DOUBLED.search(base) else set()
            return single | {base, f"{base}e"} | _forms(base) | _forms(f"{base}e")
    return _forms(word)


def _forms(base: str) -> set[str]:
    if _NO_VERB.search(base) or not re.search("[aeiouy]", base):
        return set()
    if base.endswith("ee"):
        return {f"{base}d", f"{base}ing"}  # bee and being are two words
    if base.endswith("e"):
        return {f"{base}d", f"{base[:-1]}ing"}
    if base.endswith("y"):
        return {f"{base[:-1]}ied", f"{base}ing"}
    forms = {f"{base}ed", f"{base}ing"}
    if re.search(r"[^aeiou][aeiou][bdgmnprt]$", base):
        forms |= {f"{base}{base[-1]}ed", f"{base}{base[-1]}ing"}
    return forms


def _derived(word: str) -> set[str]:
    if word in _NEVER:
        return set()
    found: set[str] = set()
    for endings in _DERIVATIONS:
        for ending in endings:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= 3:
                found |= {f"{stem}{other}" for other in endings if other != ending}
    return found
