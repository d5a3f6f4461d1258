"""
The excerpt of a signed text that shows why it was found: whole sentences, word for word.

A sentence is never shortened, so no number, sign or negation of it is lost. What a sentence depends on is shown before
it: the headings within the text, and the whole paragraph that a list belongs to.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.search.analysis import Word, words
from articles.search.words import fold
from articles.text.languages import interface_language
from articles.text.richtext.statements import Statement
from articles.text.sentences import sentences

LONG = 320  # characters, up to which further sentences are added
TOO_LONG = 900  # characters; a longer sentence is not quoted
SURE = 4  # letters by which a sentence is recognised before its words are analysed
FIRST = 20  # statements that are looked through word by word if none is recognised
GAP = " … "

Things = Sequence[dict[str, float]]  # what is looked for: the terms of each thing, with weights


class _Piece(NamedTuple):
    """Sentences of a statement in a row, and how much they, and the first of them, say of what is looked for."""

    statement: Statement
    start: int
    end: int
    score: float
    first: float


def excerpt(statements: Sequence[Statement], things: Things) -> str:
    """
    Return the sentences that say most of what is looked for, as safe HTML with the words in <mark>.

    Without any such sentence, return one of the first of the text; empty if it is too long to be quoted.
    """
    terms = {term for each in things for term in each}
    best = _best(statements, things, {term[:SURE] for term in terms}) or _best(statements[:FIRST], things, {""})
    if best is None:
        return ""
    quoted = best.statement.line[best.start : best.end] or best.statement.line
    return GAP.join([*map(escape, best.statement.after), _table(best.statement) + marked(quoted, terms)])


def _table(statement: Statement) -> str:
    """Return what is said before the caption of a table, whose rows are not quoted; empty for other statements."""
    if not statement.also:
        return ""
    said = _("In a table:") if statement.line else _("In a table")
    return f'<span lang="{interface_language()}">{escape(said)}</span>{" " if statement.line else ""}'


def _best(statements: Sequence[Statement], things: Things, sure: set[str]) -> _Piece | None:
    """Return the best sentences; None if no sentence has anything that begins as is sure, or can be quoted."""
    everything = sum(max(each.values(), default=0.0) for each in things)
    best = None
    for piece in (piece for statement in statements for piece in _pieces(statement, things, sure)):
        if best is None or (piece.score, piece.first) > (best.score, best.first):
            best = piece
        if 0 < everything <= piece.first:
            break  # no other can say more
    return best if best and (best.score or "" in sure) else None


def marked(text: str, terms: Iterable[str]) -> str:
    """Return the text, escaped, with each word that is one of these terms in <mark>; an amount with its unit."""
    wanted = {*terms}
    parts, at, before = [], 0, 0
    for word in words_of_line(text):
        if here := wanted.intersection(word.terms):
            start = word.start if any(_is_of(term, text[word.start : word.end]) for term in here) else before
            parts += [escape(text[at : max(at, start)]), f"<mark>{escape(text[max(at, start) : word.end])}</mark>"]
            at = word.end
        before = word.start
    return "".join([*parts, escape(text[at:])])


def _is_of(term: str, word: str) -> bool:
    """Tell whether the word alone may be the term: “mg” is not 5mg, and “6” is not il6, but with the word before it."""
    return _has_digit(term) <= _has_digit(word) and not (word.isdigit() and not term.isdigit())


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def words_of_line(text: str) -> tuple[Word, ...]:
    """Return the words of a text. Those of short ones are kept for a while, as many readers ask for the same."""
    return _kept(text) if len(text) <= TOO_LONG else tuple(words(text))


@lru_cache(maxsize=512)
def _kept(text: str) -> tuple[Word, ...]:
    return tuple(words(text))


def _pieces(statement: Statement, things: Things, sure: set[str]) -> Iterator[_Piece]:
    """Yield each sentence of a statement with those after it that fit and say more."""
    line = statement.line
    folded = fold(f"{line} {statement.also}")
    if not any(start in folded for start in sure):
        return
    ends = ([] if statement.also else sentences(line)) or [(0, len(line))]
    before = sum(len(each) + len(GAP) for each in statement.after)

    @cache
    def scored(place: int) -> dict[int, float]:
        start, end = ends[place]
        return _score(f"{line[start:end]} {statement.also}", things, sure)

    for place, (start, end) in enumerate(ends):
        if before + end - start > TOO_LONG or not (line or statement.also):
            continue
        if not (first := scored(place)) and "" not in sure:
            continue
        here = dict(first)
        for later in range(place + 1, len(ends)):
            if before + ends[later][1] - start > LONG:
                break
            here, end = scored(later) | here, ends[later][1]
        yield _Piece(statement, start, end, sum(here.values()), sum(first.values()))


def _score(sentence: str, things: Things, sure: set[str]) -> dict[int, float]:
    """Return the things that a sentence says, by their place, with the weight of the best term."""
    folded = fold(sentence)
    if not any(start in folded for start in sure):
        return {}
    terms = {term for word in words_of_line(sentence) for term in word.terms}
    return {
        place: max(each[term] for term in here) for place, each in enumerate(things) if (here := terms & each.keys())
    }
