"""
Groups of names for one thing, put into a query: heart attack and myocardial infarction, SLNB, T2DM.

A name of several words is found wherever its words stand in a text, so each typed word gets the words of the other
names as further terms, in their order. A name of one word that stands for four becomes four things of a quarter each.
"""

from collections.abc import Iterable
from dataclasses import replace

from articles.search.analysis.related import related
from articles.search.analysis.splitting import Written, written
from articles.search.analysis.terms import belongs, is_one, joined, normal, numeral
from articles.search.analysis.wanted import Wanted

SYNONYM = 0.8
LONGEST_NAME = 8  # words

Name = tuple[str, ...]


class Synonyms:
    """The groups, by the first word of each name."""

    def __init__(self, groups: Iterable[Iterable[str]]) -> None:
        self.by_first: dict[str, list[tuple[Name, list[Name]]]] = {}
        for group in groups:
            names = [name for each in group for name in names_of(each) if 0 < len(name) <= LONGEST_NAME]
            for name in names:
                others = [other for other in names if other != name]
                self.by_first.setdefault(name[0], []).append((name, others))
        for known in self.by_first.values():
            known.sort(key=lambda each: -len(each[0]))

    def expanded(self, wanted: list[Wanted]) -> list[Wanted]:
        """Return the things with the words of the other names, wherever the words of a name stand in a row."""
        found: list[Wanted] = []
        at = 0
        while at < len(wanted):
            length, others = self._longest(wanted, at)
            found += _with_names(wanted[at : at + length], others) if others else wanted[at : at + length]
            at += length
        return found

    def _longest(self, wanted: list[Wanted], at: int) -> tuple[int, list[Name]]:
        """Return how many things the longest name at this place takes, and the other names; (1, []) without one."""
        for term in wanted[at].terms:
            for name, _ in self.by_first.get(term, ()):
                if len(wanted) - at >= len(name) and all(
                    part in wanted[at + place].terms for place, part in enumerate(name)
                ):
                    return len(name), [other for _, more in self._same(name) for other in more]
        return 1, []

    def _same(self, name: Name) -> list[tuple[Name, list[Name]]]:
        """Return every group that has the name: MI may stand for several things."""
        return [known for known in self.by_first[name[0]] if known[0] == name]


def names_of(text: str) -> list[Name]:
    """Return the terms of a name; of a name with a hyphen also the whole, since some write it as one word."""
    only = [*written(text)]
    whole = [(joined(only[0].pieces),)] if len(only) == 1 and len(only[0].pieces) > 1 and is_one(only[0]) else []
    return [*dict.fromkeys([name_terms(text), *whole])]


def name_terms(name: str) -> Name:
    """Return the terms of a name, one for each of its words."""
    terms: list[str] = []
    before = None
    for word in written(name):
        if len(word.pieces) > 1 and is_one(word) and any(len(piece.folded) < 3 for piece in word.pieces):
            terms.append(joined(word.pieces))
        elif len(word.pieces) > 1:
            terms += [normal(piece) for piece in word.pieces]
        else:
            _add(terms, before, word)
        before = word
    return tuple(terms)


def _add(terms: list[str], before: Written | None, word: Written) -> None:
    """Add the term of a word of one piece. A number joins the word before it: type2."""
    piece = word.pieces[0]
    number = numeral(before, word)
    if before and before.pieces[-1].folded.isalpha() and belongs(number, piece, before.pieces[-1]):
        terms[-1] += number
    else:
        terms.append(number if number != piece.folded else normal(piece))


def _with_names(typed: list[Wanted], names: list[Name]) -> list[Wanted]:
    """Return the typed things with the words of the names, each word at its place."""
    length = max(len(typed), *map(len, names))
    share = sum(each.share for each in typed) / length
    found = [replace(typed[at * len(typed) // length], share=share) for at in range(length)]
    for name in names:
        for at in range(length):
            term = name[at * len(name) // length]
            others = {other: weight * SYNONYM for other, weight in related(term).items()}
            found[at] = replace(found[at], terms={**others, term: SYNONYM, **found[at].terms}, common=False)
    return found
