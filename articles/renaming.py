"""Whether a new name of a topic is the old one written otherwise, or that of another subject."""

import re
import unicodedata

from articles.correction.words import not_a_slip

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*")
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

    A word is misspelt when `articles.correction` would put it right: “Oncolgy” is, “Urology” is not.
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not before or "".join(map(_spelt, before)) == "".join(map(_spelt, after)):
        return bool(before) or old == new
    return len(before) == len(after) and all(
        _spelt(one) == _spelt(other) or not not_a_slip(one, other, True, lambda word: False)
        for one, other in zip(before, after, strict=True)
    )


def _spelt(word: str) -> str:
    """Return the word in small letters without accents, in the one spelling of those that are the same."""
    word = _ACCENT.sub("", unicodedata.normalize("NFD", word.casefold()))
    for pattern, one in _SPELLINGS:
        word = pattern.sub(one, word)
    return word
