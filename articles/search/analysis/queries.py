"""
What a query asks for: one `Wanted` for each thing that was typed, with every term by which a text may name it.

The terms are those of `index_terms`. “5FU” and “5-FU” are one thing, “HER2-positive” is two. Other forms of a word and
synonyms weigh a little less than the word itself. Common words are marked: they alone find nothing, unless nothing else
was typed.
"""

from collections.abc import Iterator
from dataclasses import replace

from articles.search.analysis.common import CLASSES, HOMOGRAPHS, STOP
from articles.search.analysis.lemmas import lemma
from articles.search.analysis.related import related
from articles.search.analysis.splitting import Piece, Written, written
from articles.search.analysis.synonyms import Synonyms
from articles.search.analysis.terms import (
    LONGEST_TERM,
    amounts,
    belongs,
    is_one,
    is_unspaced,
    joined,
    leads,
    normal,
    numeral,
    pairs_of,
)
from articles.search.analysis.wanted import Wanted

MOST_WANTED = 60
PART = 0.5  # covid, where COVID-19 was typed


def query_terms(query: str, synonyms: Synonyms | None = None) -> list[Wanted]:
    """Return what the query asks for, in order, each thing once. Signs and operators are ignored."""
    wanted = [*_typed(query)]
    if synonyms:
        wanted = synonyms.expanded(wanted)
    if all(each.common for each in wanted):
        wanted = [replace(each, common=False) for each in wanted]
    return _each_once(wanted)[:MOST_WANTED]


def _each_once(wanted: list[Wanted]) -> list[Wanted]:
    found: dict[frozenset[tuple[str, float]], Wanted] = {}
    for each in wanted:
        key = frozenset(each.terms.items())
        found[key] = replace(found[key], times=found[key].times + each.times) if key in found else each
    return [*found.values()]


def _typed(query: str) -> Iterator[Wanted]:
    shouts = query.isupper() and " " in query.strip()
    before: list[Written] = []
    waiting: list[Wanted] = []
    for word in written(query):
        these = [*_of_word(word, shouts)]
        if pair := _with_the_last(before, word):
            these = _paired(waiting, these, pair)
        elif terms := [*amounts(before, word)]:
            start = word.start if word.pieces[0].folded[0].isdigit() else before[-1].start
            waiting = waiting if start == word.start else []
            these = [Wanted(query[start : word.end], dict.fromkeys(terms, 1.0))]
        yield from waiting
        waiting = these
        before = [*before[-2:], word]
    yield from waiting


def _of_word(word: Written, shouts: bool) -> Iterator[Wanted]:
    """Yield what one word asks for: its pieces if each says something alone, else the whole."""
    whole = joined(word.pieces)[:LONGEST_TERM]
    if is_unspaced(word.pieces[0]):
        yield from (Wanted(pair, {pair: 1.0}) for piece in word.pieces for pair in pairs_of(piece) or [piece.folded])
    elif len(word.pieces) == 1:
        yield _single(word.pieces[0], shouts)
    elif is_one(word) and not all(len(piece.folded) > 2 and not piece.folded.isdigit() for piece in word.pieces):
        says = [piece for piece in word.pieces if len(piece.folded) > 2 and piece.raw.isalpha()]
        parts = {normal(piece): PART for piece in says if piece.folded not in STOP}
        yield Wanted("".join(piece.raw for piece in word.pieces), {**parts, whole: 1.0})
    else:
        for piece in word.pieces:
            alone = _single(piece, shouts)
            yield replace(alone, terms={**alone.terms, whole: 1.0} if is_one(word) else alone.terms)


def _single(piece: Piece, shouts: bool) -> Wanted:
    """Return what a piece asks for. In capitals, WHO and IT are abbreviations and no common words."""
    form = normal(piece)[:LONGEST_TERM]
    if piece.raw.isupper() and not shouts and piece.folded in HOMOGRAPHS and len(piece.raw) > 1:
        small = {} if piece.folded in STOP else {form: PART}
        return Wanted(piece.raw, {**small, piece.raw: 1.0})
    common = piece.folded in STOP or (len(piece.folded) == 1 and piece.folded.isascii() and piece.folded.isalpha())
    return Wanted(piece.raw, {**({} if common else related(form)), form: 1.0}, common)


def _with_the_last(before: list[Written], word: Written) -> str:
    """Return the term that a number or single letter makes with the word before it; empty if it makes none."""
    if not before or not word.gap.isspace() or len(word.pieces) > 1:
        return ""
    last, first = before[-1].pieces[-1], word.pieces[0]
    number = numeral(before[-1], word)
    if last.folded.isalpha() and belongs(number, first, last):
        return f"{lemma(last.folded)}{number}"
    if leads(last, first, " "):
        return f"{last.folded}{lemma(first.folded)}"
    return ""


def _paired(waiting: list[Wanted], these: list[Wanted], pair: str) -> list[Wanted]:
    """
    Return the things with the pair as another term of both: IL-6 is found by “IL 6”, E. coli by “e coli”.

    A number or letter alone says little, so the pair is what was asked for there.
    """
    if lemma(waiting[-1].typed.casefold()) in CLASSES:
        waiting.pop()
    else:
        waiting[-1] = _beside(waiting[-1], pair)
    return [_beside(these[0], pair), *these[1:]]


def _beside(wanted: Wanted, pair: str) -> Wanted:
    says_little = len(wanted.typed) == 1 or wanted.typed.isdigit() or wanted.common
    terms = {term: PART / 2 if says_little else weight for term, weight in wanted.terms.items()}
    return replace(wanted, terms={**terms, pair: 1.0}, common=False)
