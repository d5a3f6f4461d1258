"""Words as they are compared: without case, accents and signs."""

import re
import unicodedata
from collections.abc import Iterator

ANYWHERE = 4  # letters from which on a word counts inside of others: “toxic” in “cardiotoxic”, but no “art” in “heart”

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return the text without case and accents: “Sjögren’s” and “sjogren’s” are the same."""
    return _BEYOND_ASCII.sub(lambda found: fold_character(found[0]), text).lower()


def fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    split = unicodedata.normalize("NFKD", character).casefold()
    return "".join(part for part in split if not unicodedata.combining(part))


def occurrences(word: str, folded: str) -> Iterator[int]:
    """Yield where the word stands in a text, both as they are compared; a short one only where a word begins."""
    at = folded.find(word)
    while at >= 0:
        if len(word) >= ANYWHERE or not folded[at - 1 : at].isalnum():
            yield at
        at = folded.find(word, at + len(word))


def words_of(query: str) -> list[str]:
    """Return the words of a query, each once, as they are compared; signs and operators mean nothing."""
    return list(dict.fromkeys(_WORD.findall(fold(query))))
