"""
The tokens of a text as BERT's models read it: words without case and accents, cut into the longest pieces they know.

Devlin et al. 2018, with the rules of its first program. The list of pieces is the model's own.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

UNKNOWN, START, END = "[UNK]", "[CLS]", "[SEP]"
GOES_ON = "##"  # begins a piece that is not the first of its word
LONGEST = 100  # characters of a word; a longer one is unknown
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_ASCII_SIGN = re.compile(r"[!-/:-@\[-`{-~]")


class WordPieces:
    """The pieces that a model knows, one a line, each with the number of its line."""

    def __init__(self, lines: str) -> None:
        self._numbers: Mapping[str, int] = {piece: number for number, piece in enumerate(lines.split("\n")) if piece}
        self._of_word = lru_cache(maxsize=8192)(self._cut)

    def numbers(self, text: str, most: int) -> list[int]:
        """Return the numbers of the first pieces of a text, at most `most` with the signs of its start and its end."""
        found = [self._numbers[START]]
        for word in words(text):
            found += self._of_word(word)
            if len(found) >= most:
                break
        return [*found[: most - 1], self._numbers[END]]

    def _cut(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the pieces of a word; that of the unknown one if any part is not known."""
        pieces: list[int] = []
        at = 0
        while at < len(word):
            ends = range(len(word), at, -1)
            start = GOES_ON if at else ""
            end = next((end for end in ends if start + word[at:end] in self._numbers), 0)
            if not end or len(word) > LONGEST:
                return (self._numbers[UNKNOWN],)
            pieces.append(self._numbers[start + word[at:end]])
            at = end
        return tuple(pieces)


def words(text: str) -> Iterator[str]:
    """Yield the words and the single signs of a text, in lower case and without accents."""
    spaced = _HAN.sub(lambda found: f" {found[0]} ", "".join(map(_visible, text)))
    split = unicodedata.normalize("NFD", spaced.lower())
    for part in "".join(each for each in split if unicodedata.category(each) != "Mn").split():
        word = ""
        for letter in part:
            if _is_sign(letter):
                yield from filter(None, (word, letter))
                word = ""
            else:
                word += letter
        if word:
            yield word


def _visible(letter: str) -> str:
    if letter in "\t\n\r" or unicodedata.category(letter) == "Zs":
        return " "
    return "" if unicodedata.category(letter)[0] == "C" or letter == "\ufffd" else letter


def _is_sign(letter: str) -> bool:
    return bool(_ASCII_SIGN.match(letter)) or unicodedata.category(letter)[0] == "P"
