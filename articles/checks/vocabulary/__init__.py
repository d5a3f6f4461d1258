"""The known words: English and medical words, and names of medicines. SOURCES.md gives their sources."""

import gzip
import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent


def is_known(word: str) -> bool:
    """Tell whether a dictionary of English, the medical library or the list of medicines has this word."""
    plain = folded(word)
    return plain in words() or plain in medicines()


def is_listed(word: str) -> bool:
    """Tell the same, in a tenth of the memory and a hundred times the time: for a process that serves readers."""
    line = b"\n%s\n" % folded(word).encode()
    return line in _lines("words") or line in _lines("medicines")


def only_medicines() -> frozenset[str]:
    """Return the words of the names of medicines that are no other words."""
    words = (found[0].decode() for found in re.finditer(rb"[^\n]+", _lines("words")))
    return medicines() - {word for word in words if word in medicines()}


def is_a_word(word: str) -> bool:
    """Tell whether the word is known, or so rare that it may also be a misspelling."""
    return is_known(word) or folded(word) in rare()


def folded(word: str) -> str:
    """Return the word in the form of the lists: in lower case, without a possessive ending."""
    return word.casefold().replace("’", "'").removesuffix("'s").removesuffix("'")


def stands_in_a_list(word: str) -> bool:
    """Tell what `is_a_word` tells, in little memory and some microseconds: for a process that serves pages."""
    line = b"\n%s\n" % folded(word).encode()
    return any(_has(_lines(name), line) for name in ("words", "rare", "medicines"))


def _has(lines: bytes, line: bytes) -> bool:
    """Tell whether the sorted lines have this one, by halving."""
    low, high = 0, len(lines) - 1
    while low < high:
        start = lines.rfind(b"\n", low, (low + high) // 2 + 1)
        start = start if start >= 0 else low
        end = lines.find(b"\n", start + 1)
        if lines[start : end + 1] == line:
            return True
        low, high = (end, high) if lines[start : end + 1] < line else (low, start)
    return False


@cache
def words() -> frozenset[str]:
    return _read("words")


@cache
def rare() -> frozenset[str]:
    return _read("rare")


@cache
def medicines() -> frozenset[str]:
    return _read("medicines")


@cache
def _lines(name: str) -> bytes:
    return b"\n%s\n" % gzip.decompress((_HERE / f"{name}.txt.gz").read_bytes()).strip()


def _read(name: str) -> frozenset[str]:
    return frozenset(gzip.decompress((_HERE / f"{name}.txt.gz").read_bytes()).decode().split())
