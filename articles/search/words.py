"""Words as they are compared: without case, accents and signs."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

POINTS = ".,·٫"  # between the digits of one number
SHORT = 2  # letters up to which a word counts only whole: “mg” is no beginning of “mgso4”

# Marks that are left out: accents, the points of Hebrew and the vowels of Arabic. Others are as good as letters: the
# vowel signs of Hindi, the tones of Thai. A joiner changes how its neighbours look, and nothing else.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\u200c\u200d]+"
)
_MARKS = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)).startswith("M"))
_LETTER = rf"(?:[^\W_]|[{_MARKS}\u200c\u200d])"
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(_LETTER + r"+(?:(?<=[0-9])[.,·٫][0-9]+)*(?:(?<=[0-9a-zA-Z])\^-?[0-9]+)?")
_RAISED, _LOWERED = "<super> ", "<sub> "


def fold(text: str) -> str:
    """Return the text without case and accents: “Sjögren’s” and “sjogren’s” are the same."""
    return _BEYOND_ASCII.sub(lambda found: fold_character(found[0]), text).lower().replace("_", "")


@lru_cache(maxsize=4096)
def fold_character(character: str) -> str:
    """Return one character as it is compared: 10⁹ is 10^9, and not 109; CO₂ is co2; a fraction stays."""
    if character.isascii():
        return character.lower() if character != "_" else ""  # the mark of a lowered one: CO_2 is found as co2
    if unicodedata.category(character) == "No":
        made_of = unicodedata.decomposition(character)
        if made_of.startswith(_RAISED):
            return f"^{unicodedata.normalize('NFKD', character)}"
        return unicodedata.normalize("NFKD", character) if made_of.startswith(_LOWERED) else character
    split = unicodedata.normalize("NFKD", character).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", split))  # of か and ゙ that is が, another letter


def occurrences(word: str, folded: str) -> Iterator[int]:
    """
    Yield where the word stands in a text, both as they are compared: where a word begins, a short one whole.

    A number is found whole: 5 is neither in 0.5 nor in 15 nor in 5.5.
    """
    at = folded.find(word)
    while at >= 0:
        if _begins(word, folded, at) and _ends(word, folded, at + len(word)):
            yield at
        at = folded.find(word, at + len(word))


def _begins(word: str, folded: str, at: int) -> bool:
    before = folded[max(0, at - 2) : at]
    if _is_letter(before[-1:]) or _is_mark(folded[at]):
        return False
    within = before[-1:] in POINTS + "^" and (before[:1].isdigit() or before[-1:] == ".")
    return not (word[:1].isdigit() and before[-1:] and within)


def _ends(word: str, folded: str, end: int) -> bool:
    after = folded[end : end + 2]
    if word[-1:].isdigit():
        number = after[:1].isdigit() or unicodedata.category(after[:1] or " ") == "No" or after[:1] == "^"
        return not number and not (after[:1] and after[:1] in POINTS and after[1:].isdigit())
    last = word.rpartition(" ")[2]
    return not _is_mark(after[:1]) and (_letters(last) > SHORT or not after[:1].isalnum())


def _letters(word: str) -> int:
    """Return how many letters the word has; a syllable of Korean or Japanese, or a Chinese character, counts as two."""
    return sum(2 if character >= "\u2e80" else 1 for character in word)


def _is_letter(character: str) -> bool:
    return character.isalnum() or _is_mark(character)


def _is_mark(character: str) -> bool:
    """Tell whether this is a part of the character before it, which would be another one without it."""
    return character > "\u02ff" and unicodedata.category(character).startswith("M")


def words_of(query: str) -> list[str]:
    """
    Return the words of a query, each once, as they are compared; signs and operators mean nothing.

    A letter stays with the word before it, “hepatitis A”, and a number with the unit after it, “5 mg”.
    """
    words: list[str] = []
    query = unicodedata.normalize("NFC", query)
    typed = list(_WORD.finditer(query))
    for place, found in enumerate(typed):
        one, last = found[0], place == len(typed) - 1
        beside = place and query[typed[place - 1].end() : found.start()].isspace()
        letter = len(one) == 1 and one.isalpha() and (one.isupper() or last)
        unit = beside and typed[place - 1][0][:1].isdigit() and len(one) <= 5 and one.isalpha()
        if beside and (letter or unit):
            words[-1] = f"{words[-1]} {fold(one)}"
        else:
            words.append(fold(one))
    return list(dict.fromkeys(filter(None, words)))
