"""Whether a new name of a topic is the old one written otherwise, or that of another subject."""

import re
import unicodedata

import regex

from articles.checks.correction.words import not_a_slip

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[’'][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*")
_HYPHEN = regex.compile(r"(?<=[\p{L}\p{M}\p{N}])[-‐‑](?=\p{L})|(?<=[\p{L}\p{M}])[-‐‑](?=\p{N})")
_SIGN = regex.compile(r"[+±<>≤≥=≠%#/°*×^~]|[-−–](?=\s*\p{N})|(?<=\p{N})[-−–]")  # a dash beside a number is a sign
_ACCENT = re.compile("[\u0300-\u036f’']")
_SPELLINGS = [  # of British and American English, each brought to one
    (re.compile("ae|oe"), "e"),
    (re.compile("our"), "or"),
    (re.compile("tre\\b"), "ter"),
    (re.compile("yse|yze"), "yse"),
    (re.compile("is(?=e|ation|ing)"), "iz"),
    (re.compile("ll"), "l"),
    (re.compile("sulph"), "sulf"),
]


def is_same_subject(old: str, new: str) -> bool:
    """
    Tell whether the names differ in case, accents, punctuation, British or American spelling or misspelt words alone.

    Signs, as in HER2+ and <5, are none of these. A hyphen may part a word or not. A word is misspelt when
    `articles.checks.correction` would put it right: “Oncolgy” is, “Urology” is not.
    """
    if old == new:
        return True
    ways = [[_HYPHEN.sub(hyphen, unicodedata.normalize("NFC", name)) for hyphen in (" ", "")] for name in (old, new)]
    return any(_is_same(one, other) for one in ways[0] for other in ways[1])


def _is_same(old: str, new: str) -> bool:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not before or len(before) != len(after) or _SIGN.findall(old) != _SIGN.findall(new):
        return False
    return all(
        _spelt(one) == _spelt(other) or not not_a_slip(one, other, True, lambda word: False)
        for one, other in zip(before, after, strict=True)
    )


def _spelt(word: str) -> str:
    """Return the word in small letters without accents, in the one spelling of those that are the same."""
    word = _ACCENT.sub("", unicodedata.normalize("NFD", word.casefold()))
    for pattern, one in _SPELLINGS:
        word = pattern.sub(one, word)
    return word
