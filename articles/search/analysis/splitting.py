"""
Split a text into words with their places in the text.

A word is a run of letters and digits. Signs that belong to a word hold it together: IL-6, mg/kg, O157:H7, E.coli,
L'Oréal. What stands between them are its pieces. A number is one piece with its point and power: 0.5 is never 5.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from articles.search.words import fold

_HIDDEN = "\u00ad\u200b\u2060\ufeff"  # soft hyphens and other characters that show nothing
HYPHENS = "-\u2010\u2011\u2012\u2013\u2212"
_APOSTROPHES = "'\u2019\u02bc"
_RAISED = "\u207a\u207b\u2070\u00b9\u00b2\u00b3\u2074-\u2079"
_NUMBER = rf"(?:(?<![\w.,])\.\p{{Nd}}+|\p{{Nd}}+(?:[.,·٫]\p{{Nd}}+)*)(?:\^[-\u2212]?\p{{Nd}}+|[{_RAISED}]+)?[¼-¾⅐-⅞]?"
_ATOM = regex.compile(rf"(?P<letters>[\p{{L}}\p{{M}}\u200c\u200d{_HIDDEN}]+)|(?P<number>{_NUMBER})|\p{{N}}+")
_CHUNK = regex.compile(r"\S+")
LONGEST_KNOWN = 30  # characters
_HIDDEN_PARTS = regex.compile(f"[{_HIDDEN}]+")
_UNITS = regex.compile(r"[a-z]+|\d+(?:\.\d+)?")
_THOUSANDS = regex.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_BEYOND = {
    **{"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"},
    **{"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "κ": "kappa"},
    **{"λ": "lambda", "σ": "sigma", "τ": "tau", "ω": "omega"},
}
_GREEK_WORD = regex.compile(r"\p{Greek}{3}")


class Piece(NamedTuple):
    """A part of a word as it is written, its folded form, and its runs of letters and of digits if it has both."""

    raw: str
    folded: str
    units: tuple[str, ...]


class Written(NamedTuple):
    """A word: its place in the text, its pieces, the signs between them, and the text between it and the last word."""

    start: int
    end: int
    pieces: tuple[Piece, ...]
    signs: str
    gap: str


def written(text: str) -> Iterator[Written]:
    """Yield the words of a text in order."""
    last = 0
    for chunk in _CHUNK.finditer(text):
        here = chunk.start()
        for start, end, pieces, signs, _ in in_chunk(chunk[0]):
            yield Written(here + start, here + end, pieces, signs, text[last : here + start])
            last = here + end


def in_chunk(chunk: str) -> tuple[Written, ...]:
    """Return the words of a text without blanks: no word has one. Most chunks come again and again."""
    return _known_chunk(chunk) if len(chunk) <= LONGEST_KNOWN else tuple(_words_in(chunk))


@lru_cache(maxsize=8192)
def _known_chunk(chunk: str) -> tuple[Written, ...]:
    return tuple(_words_in(chunk))


def _words_in(text: str) -> Iterator[Written]:
    start, end, raws, signs, gap = 0, 0, [""], "", ""
    before = None
    for atom in _ATOM.finditer(text):
        between = text[end : atom.start()]
        if before and between in ("", "_"):
            raws[-1] += atom[0]
        elif between == "^" and before and before["letters"] and atom["number"]:
            raws[-1] += f"^{atom[0]}"  # m^2, as m² is
        elif before and len(between) == 1 and _holds(before, between, atom):
            raws.append(atom[0])
            signs += between
        else:
            yield from _word(start, end, raws, signs, gap)
            start, raws, signs, gap = atom.start(), [atom[0]], "", between
        before, end = atom, atom.end()
    yield from _word(start, end, raws, signs, gap)


def _holds(before: "regex.Match[str]", sign: str, after: "regex.Match[str]") -> bool:
    """Tell whether the sign between two atoms belongs to a word."""
    if sign in HYPHENS or sign in _APOSTROPHES or sign in "/&":
        return True
    if sign == ".":  # an abbreviation; a missing blank between two sentences does no harm
        return bool(before["letters"] and after["letters"]) and len(before[0]) <= 2
    return sign == ":" and bool(before["number"]) and bool(after["letters"]) and len(after[0]) <= 2


def _word(start: int, end: int, raws: list[str], signs: str, gap: str) -> Iterator[Written]:
    pieces = [piece for raw in raws if (piece := _piece(raw)).folded]
    if len(pieces) == len(raws) > 1 and signs[-1] in _APOSTROPHES and pieces[-1].folded == "s":
        pieces.pop()  # Crohn's
        signs = signs[:-1]
    if pieces:
        yield Written(start, end, tuple(pieces), signs, gap)


@lru_cache(maxsize=16384)
def _piece(raw: str) -> Piece:
    shown = unicodedata.normalize("NFC", _HIDDEN_PARTS.sub("", raw))
    form = folded(shown)
    parts = tuple(_UNITS.findall(form))
    return Piece(shown, form, parts if len(parts) > 1 and "".join(parts) == form else ())


def folded(word: str) -> str:
    """Return the word without case and accents, with one form of each number, and Greek letters by their names."""
    if word[:1].isdigit() or word[:1] == ".":
        word = _number(word)
    form = fold(word)
    if form.isascii():
        return form
    if _GREEK_WORD.search(form):
        return form
    return "".join(_BEYOND.get(character, character) for character in form)


def _number(word: str) -> str:
    """Return the number with a point, and without signs between its thousands: 1,000 is 1000, and .5 is 0.5."""
    if _THOUSANDS.fullmatch(word):
        return word.replace(",", "")
    word = word.replace(",", ".").replace("·", ".").replace("٫", ".").replace("\u2212", "-")
    return f"0{word}" if word.startswith(".") else word
