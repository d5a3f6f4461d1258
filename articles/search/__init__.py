"""
Search over what readers may read of the articles on lists: title, headings and texts for every audience, the people
named and the references as they are printed.

The words of a text are taken from its frozen form once in each process and kept; nothing is written. An article is
found when all words of the query stand in it, whatever their case or accents, whole or as the beginning of a longer
one; numbers and short words only whole.
"""

import datetime
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import NamedTuple

from articles.models import Article
from articles.review_process import review_process
from articles.search.passages import Line, Passages, passages_of
from articles.search.snippets import line_with_most, marked
from articles.search.words import occurrences, words_of

__all__ = ["LONGEST", "Hit", "search", "words_of"]

LONGEST = 200  # characters of a query that count
MOST = 20


@dataclass(frozen=True)
class Hit:
    """
    An article found: `why` is a piece of it with the words in <mark>, safe to show as it is, and `part` what it is of.

    `readers` is the label of those whose page has the words, and `audience` their key, where not everybody's has.
    """

    title: str
    slug: str
    language: str
    approved: datetime.datetime
    why: str
    part: str
    audience: str
    readers: str
    has_concern: bool
    has_correction: bool


def search(query: str, most: int = MOST) -> tuple[list[Hit], bool]:
    """
    Return the articles of which some reader's page has all words of the query, best first, and whether there are more.

    Best is what has the words in its title, then what has them more often, then the order of titles. What may not be
    named on lists is never looked at. Two queries, whatever the size of the library; one when the words are at hand.
    """
    wanted = words_of(query[:LONGEST])
    if not wanted:
        return [], False
    listed = _listed()
    texts = passages_of([(row.version, row.digest) for row in listed])
    scored = [
        (score, texts[row.version].folded_title, row.version, row)
        for row in listed
        if (score := _score(wanted, texts[row.version])) and _found_for(texts[row.version], wanted)
    ]
    best = nsmallest(most, scored)
    return [_hit(row, texts[row.version], wanted) for *_, row in best], len(scored) > most


class _Row(NamedTuple):
    version: int
    digest: str
    title: str
    slug: str
    language: str
    approved: datetime.datetime
    has_concern: bool
    has_correction: bool


def _listed() -> list[_Row]:
    """Return what may be named on lists; plain values, for there may be thousands."""
    version = "published_version"
    columns = [f"{version}__{column}" for column in ("digest", "title", "article__slug", "language")]
    approved = review_process().approved_at(version)
    rows = Article.objects.in_lists(policies=True).values_list(
        version, *columns, approved, "has_concern", "has_correction"
    )
    return [_Row(*row) for row in rows]


def _score(wanted: list[str], passages: Passages) -> tuple[int, int] | None:
    """Return the place of a text among the others, the least first; nothing where a word is missing."""
    often = [_often(word, passages.folded) for word in wanted]
    if not all(many or _often(word, passages.beside) for word, many in zip(wanted, often, strict=True)):
        return None
    in_title = sum(1 for word in wanted if _often(word, passages.folded_title))
    return -in_title, -sum(often)


def _often(word: str, folded: str) -> int:
    """Return how often the word stands in the text; ten times are enough."""
    return sum(1 for _ in islice(occurrences(word, folded), 10))


def _hit(row: _Row, passages: Passages, wanted: list[str]) -> Hit:
    audience, lines = _found_for(passages, wanted)
    line = line_with_most(lines, wanted)
    return Hit(
        row.title,
        row.slug,
        row.language,
        row.approved,
        marked(line.text, wanted),
        line.part,
        audience,
        dict(passages.audiences).get(audience, ""),
        row.has_concern,
        row.has_correction,
    )


def _found_for(passages: Passages, wanted: list[str]) -> tuple[str, list[Line]] | None:
    """
    Return whose page has all the words, and the lines of it; no audience where everybody's has them in the same lines.

    Those for whom the text is written come first. Nothing where no page has all of them.
    """
    everybody = {key for key, _ in passages.audiences}
    common = [line for line in passages.lines if line.readers >= everybody]
    if _has_all(passages.folded_title, common, wanted):
        return "", common
    for key, _ in passages.audiences:
        lines = [line for line in passages.lines if key in line.readers]
        if _has_all(passages.folded_title, lines, wanted):
            return key, lines
    return None


def _has_all(folded_title: str, lines: list[Line], wanted: list[str]) -> bool:
    folded = "\n".join([folded_title, *(line.folded for line in lines)])
    return all(next(occurrences(word, folded), None) is not None for word in wanted)
