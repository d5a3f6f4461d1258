"""Words that are known to be words: English, medical, and names of medicines. SOURCES.md names where they come from."""

import gzip
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


def is_known(word: str) -> bool:
    """Tell whether a dictionary of English, the medical library or the list of medicines has this word."""
    plain = folded(word)
    return plain in words() or plain in medicines()


def is_a_word(word: str) -> bool:
    """Tell whether this is a known word or one so rare that it is more often a slip: nobody can say which it is."""
    return is_known(word) or folded(word) in rare()


def folded(word: str) -> str:
    """Return the word as the lists have it: in lower case, without the ending of a possessive."""
    return word.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")


@cache
def words() -> frozenset[str]:
    return _read("words")


@cache
def rare() -> frozenset[str]:
    return _read("rare")


@cache
def medicines() -> frozenset[str]:
    return _read("medicines")


def _read(name: str) -> frozenset[str]:
    return frozenset(gzip.decompress((_HERE / f"{name}.txt.gz").read_bytes()).decode().split())
