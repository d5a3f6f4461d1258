"""The terms of a text: what an index holds of each word, with its place."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from articles.search.analysis.amounts import amount, is_unit, unit
from articles.search.analysis.common import HOMOGRAPHS, NUMBERED, PREFIXES, STOP
from articles.search.analysis.lemmas import lemma
from articles.search.analysis.splitting import Piece, Written, written

LONGEST_TERM = 40  # characters; a longer one is cut
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_ROMAN = {numeral: str(number) for number, numeral in enumerate(_NUMERALS, start=1)}
_RANGE = frozenset({"to", "or", "and"})
_BLANKS = (" ", "\u00a0", "\u202f", "")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{3}")


class Word(NamedTuple):
    """A word of a text: where it is, its own terms, and those that it makes with the words before it."""

    start: int
    end: int
    terms: tuple[str, ...]


def words(text: str) -> Iterator[Word]:
    """Yield the words of the text in order, each with its terms."""
    shouts = text.isupper()
    before: list[Written] = []
    for word in written(text):
        terms = own(word)
        if not (_is_plain(word.pieces) and (not before or _joins_nothing(before[-1].pieces))):
            terms = (*terms, *_capitals(word, shouts), *_with_those_before(before, word))
        yield Word(word.start, word.end, terms)
        before = [*before[-2:], word]


@lru_cache(maxsize=8192)
def _is_plain(pieces: tuple[Piece, ...]) -> bool:
    """Tell whether this is an ordinary word in small letters, which makes nothing with an ordinary one before it."""
    [raw] = [piece.raw for piece in pieces] if len(pieces) == 1 else [""]
    return (
        len(raw) > 2
        and raw.isascii()
        and raw.isalpha()
        and raw.islower()
        and not is_unit(lemma(raw))
        and raw not in _ROMAN
    )


@lru_cache(maxsize=8192)
def _joins_nothing(pieces: tuple[Piece, ...]) -> bool:
    """Tell whether no ordinary word after it belongs to this one."""
    return len(pieces[-1].folded) > 1 and pieces[-1].folded not in PREFIXES


def own(word: Written) -> tuple[str, ...]:
    """Return the terms of a word alone: its pieces, their letters and digits apart, and the whole."""
    return _own(word.pieces, word.signs)


@lru_cache(maxsize=8192)
def _own(pieces: tuple[Piece, ...], signs: str) -> tuple[str, ...]:
    found: list[str] = []
    for piece in pieces:
        found += _of_piece(piece)
    return tuple(term[:LONGEST_TERM] for term in dict.fromkeys([*found, *_wholes(pieces, signs)]))


def _of_piece(piece: Piece) -> tuple[str, ...]:
    """Return il6, il and 6 of “IL6”, also t1, n0 and m0 of “T1N0M0”; pairs of a script without blanks."""
    units = [lemma(part) for part in piece.units]
    pairs = [f"{one}{two}" for one, two in pairwise(units) if one.isalpha()] if units[2:] else []
    if is_unspaced(piece):
        return (*piece.folded, *pairs_of(piece))
    return (normal(piece), *units, *pairs)


def is_unspaced(piece: Piece) -> bool:
    """Tell whether the piece is of a script without blanks between words, as Chinese and Thai are."""
    return bool(_UNSPACED.match(piece.folded))


def pairs_of(piece: Piece) -> list[str]:
    return [f"{one}{two}" for one, two in pairwise(piece.folded)]


def normal(piece: Piece) -> str:
    """Return the one form of a piece: a unit's sign, a word's lemma."""
    return unit(lemma(piece.folded)) if not piece.units else piece.folded


def _wholes(pieces: tuple[Piece, ...], signs: str) -> Iterator[str]:
    """Yield the pieces without the signs between them. Of three pieces or more, also each pair."""
    if len(pieces) > 1 and are_one(pieces, signs):
        yield joined(pieces)
        if len(pieces[0].folded) <= 2 and pieces[1].units:
            yield f"{pieces[0].folded}{pieces[1].units[0]}"  # 5-HT of 5-HT3
    if len(pieces) > 2:
        for pair, sign in zip(pairwise(pieces), signs, strict=False):
            if sign not in "/" and not (pair[0].folded.isdigit() and pair[1].folded.isdigit()):
                yield joined(pair)
    if signs == "/" and all(piece.folded.isdigit() for piece in pieces):
        yield "/".join(piece.folded for piece in pieces)  # 120/80 is not 12080


def is_one(word: Written) -> bool:
    return are_one(word.pieces, word.signs)


def are_one(pieces: tuple[Piece, ...], signs: str) -> bool:
    """Tell whether the pieces are one word: mg/kg, COVID-19, not aspirin/clopidogrel and 5-10."""
    if "/" in signs or "&" in signs:
        return all(piece.raw.isalpha() and len(piece.raw) <= 3 for piece in pieces)
    return len(pieces) <= 4 and not all(piece.folded[0].isdigit() for piece in pieces)


def joined(pieces: Sequence[Piece]) -> str:
    return "".join([*(piece.folded for piece in pieces[:-1]), lemma(pieces[-1].folded)])


def _capitals(word: Written, shouts: bool) -> Iterator[str]:
    """Yield an abbreviation in capitals if it would be an ordinary word in small letters: WHO, IT, ALL."""
    for piece in () if shouts else word.pieces:
        if piece.folded in HOMOGRAPHS and piece.raw.isupper():
            yield piece.raw


def _with_those_before(before: list[Written], word: Written) -> Iterator[str]:
    """Yield what the word makes with those before it: il6 of “IL 6”, type2 of “type II”, an amount of “500 mg”."""
    first = word.pieces[0]
    number = numeral(before[-1] if before else None, word)
    if number != first.folded:
        yield number[:LONGEST_TERM]
    yield from (term[:LONGEST_TERM] for term in amounts(before, word))
    if not before or len(word.pieces) > 1 or word.gap not in (*_BLANKS[:3], ". "):
        return
    last = before[-1].pieces[-1]
    if last.folded.isalpha() and word.gap != ". " and belongs(number, first, last):
        yield f"{lemma(last.folded)}{number}"[:LONGEST_TERM]
    elif leads(last, first, word.gap) and first.raw.islower():
        yield f"{last.folded}{lemma(first.folded)}"[:LONGEST_TERM]


def leads(last: Piece, first: Piece, gap: str) -> bool:
    """Tell whether a single letter or a prefix belongs to the word after it: E. coli, x ray, beta blocker."""
    if not first.folded.isalpha() or len(first.folded) < 3 or first.folded in STOP:
        return False
    if gap == ". ":
        return is_letter(last) and last.raw.isupper()
    return last.folded in PREFIXES or (is_letter(last) and last.folded not in "ai")


def belongs(number: str, piece: Piece, last: Piece) -> bool:
    """Tell whether a number or single letter belongs to the word before it: grade 3, IL 6, vitamin A, hepatitis B."""
    takes = lemma(last.folded) in NUMBERED
    if number[0].isdigit():
        short = len(last.folded) <= 5 and last.folded not in STOP and not is_unit(lemma(last.folded))
        return len(number) <= 4 and number.isalnum() and (takes or short)
    return is_letter(piece) and (piece.raw.isupper() or takes)


def numeral(before: Written | None, word: Written) -> str:
    """Return the number that a Roman numeral stands for; else the piece itself. “I” is one after “type”, “grade”."""
    piece = word.pieces[0]
    number = _ROMAN.get(piece.folded)
    if not number or len(word.pieces) > 1:
        return piece.folded
    after = before and lemma(before.pieces[-1].folded) in NUMBERED and word.gap in _BLANKS
    alone = len(piece.raw) > 1 and piece.raw.isupper()
    return number if after or alone else piece.folded


def is_letter(piece: Piece) -> bool:
    return len(piece.folded) == 1 and piece.folded.isalpha()


def amounts(before: list[Written], word: Written) -> Iterator[str]:
    """Yield the amounts that end with this word: of “500 mg”, “500mg”, and both of “5-10 mg” and “5 to 10 mg”."""
    first = word.pieces[0]
    if len(first.units) == 2 and first.units[0][0].isdigit():
        numbers, of = [first.units[0]], first.units[1]
    elif len(word.pieces) > 1 and first.folded[0].isdigit():
        numbers, of = [piece.folded for piece in word.pieces[:-1]], word.pieces[-1].folded
    else:
        numbers, of = _numbers(before, word), first.folded
    for number in numbers:
        if term := amount(number, lemma(of)):
            yield term


def _numbers(before: list[Written], word: Written) -> list[str]:
    """Return the numbers right before a unit, two of a range."""
    if not before or word.gap not in _BLANKS or not before[-1].pieces[-1].folded[0].isdigit():
        return []
    ranges = len(before) > 2 and before[-2].pieces[0].folded in _RANGE
    those = [*before[-1].pieces, *(before[-3].pieces if ranges else ())]
    return [piece.folded for piece in those if piece.folded[0].isdigit()]
