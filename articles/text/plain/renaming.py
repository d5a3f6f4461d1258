"""Tell whether a topic's new name is another spelling of the old one, or another subject."""

import re
import unicodedata

import regex

from articles.checks.correction.words import why_not_a_misspelling

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:[’'][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*")
_HYPHEN = regex.compile(r"(?<=[\p{L}\p{M}\p{N}])[-‐‑](?=\p{L})|(?<=[\p{L}\p{M}])[-‐‑](?=\p{N})")
_SIGN = regex.compile(r"[+±<>≤≥=≠%#/°*×^~]|[-−–](?=\s*\p{N})|(?<=\p{N})[-−–]")  # a dash beside a number is a sign
_ACCENT = re.compile("[\u0300-\u036f’']")
_SPELLINGS = [  # British and American spellings, each reduced to one
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
    Tell whether the names differ only in case, accents, punctuation, British or American spelling, or misspelt words.

    Signs, as in HER2+ and <5, must be equal. A hyphen counts as a space or as nothing. A word is misspelt if
    `articles.checks.correction` would accept the change as a correction: “Oncolgy” is, “Urology” is not.
    """
    if old == new:
        return True
    return any(_is_same(one, other) for one in _hyphens_replaced(old) for other in _hyphens_replaced(new))


def _hyphens_replaced(name: str) -> list[str]:
    return [_HYPHEN.sub(hyphen, unicodedata.normalize("NFC", name)) for hyphen in (" ", "")]


def _is_same(old: str, new: str) -> bool:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not before or len(before) != len(after) or _SIGN.findall(old) != _SIGN.findall(new):
        return False
    return all(
        _spelt(one) == _spelt(other) or not why_not_a_misspelling(one, other, True, lambda word: False)
        for one, other in zip(before, after, strict=True)
    )


def _spelt(word: str) -> str:
    """Return the word in lower case without accents, in one of its equivalent spellings."""
    word = _ACCENT.sub("", unicodedata.normalize("NFD", word.casefold()))
    for pattern, one in _SPELLINGS:
        word = pattern.sub(one, word)
    return word
