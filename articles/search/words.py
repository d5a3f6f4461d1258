"""Words as they are compared: without case, accents and signs."""

import re
import unicodedata
from collections.abc import Iterator

POINTS = ".,·٫"  # between the digits of one number
SHORT = 2  # letters up to which a word counts only whole: “mg” is no beginning of “mgso4”

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W_]+(?:(?<=[0-9])[.,·٫][0-9]+)*(?:(?<=[0-9a-zA-Z])\^-?[0-9]+)?")
_RAISED, _LOWERED = "<super> ", "<sub> "


def fold(text: str) -> str:
    """Return the text without case and accents: “Sjögren’s” and “sjogren’s” are the same."""
    return _BEYOND_ASCII.sub(lambda found: fold_character(found[0]), text).lower().replace("_", "")


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
    return "".join(part for part in split if not unicodedata.combining(part))


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
    if before[-1:].isalnum():
        return False
    within = before[-1:] in POINTS + "^" and (before[:1].isdigit() or before[-1:] == ".")
    return not (word[:1].isdigit() and before[-1:] and within)


def _ends(word: str, folded: str, end: int) -> bool:
    after = folded[end : end + 2]
    if word[-1:].isdigit():
        number = after[:1].isdigit() or unicodedata.category(after[:1] or " ") == "No" or after[:1] == "^"
        return not number and not (after[:1] and after[:1] in POINTS and after[1:].isdigit())
    last = word.rpartition(" ")[2]
    return len(last) > SHORT or not after[:1].isalnum()


def words_of(query: str) -> list[str]:
    """
    Return the words of a query, each once, as they are compared; signs and operators mean nothing.

    A letter stays with the word before it, “hepatitis A”, and a number with the unit after it, “5 mg”.
    """
    words: list[str] = []
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
    return list(dict.fromkeys(words))
