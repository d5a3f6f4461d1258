"""Pair the columns of two tables, so that a changed dose is visible beside an added column."""

from typing import TypeAlias

from articles.text.redline.align import align, likeness
from articles.text.redline.tokens import tokens, words
from articles.text.richtext.blocks import Cell, Table, paragraphs

Pairs: TypeAlias = list[tuple[int | None, int | None]]
ALIKE = 0.4


def paired_columns(old: Table, new: Table) -> Pairs | None:
    """
    Return the paired column numbers in order, with None for a missing counterpart; None if any cell spans.

    Columns with the same heading are a pair. Without a common heading, they are a pair if their words are alike.
    """
    if not (_is_plain(old) and _is_plain(new)):
        return None
    before, after = _columns(old), _columns(new)
    known = [[column[0] for column in side] for side in (before, after)]

    def weight(one: int, other: int) -> float:
        if known[0][one] == known[1][other]:
            return 1.0 + len(before)  # more than any sum of likeness
        headings = set(known[0]) & set(known[1])
        if known[0][one] in headings or known[1][other] in headings:
            return 0.0
        alike = likeness(frozenset().union(*before[one][1:]), frozenset().union(*after[other][1:]))
        return alike if alike >= ALIKE else 0.0

    return list(align(range(len(before)), range(len(after)), weight))


def _is_plain(table: Table) -> bool:
    rows = [row for group in table.groups for row in group.rows]
    spans = any(name in ("colspan", "rowspan") for row in rows for cell in row for name, _ in cell.attributes)
    return not spans and len({len(row) for row in rows}) == 1


def _columns(table: Table) -> list[list[frozenset[str]]]:
    """Return each column as the words of its cells, from top to bottom."""
    rows = [[_words(cell) for cell in row] for group in table.groups for row in group.rows]
    return [list(column) for column in zip(*rows, strict=True)]


def _words(cell: Cell) -> frozenset[str]:
    return words([token for runs in paragraphs(cell.blocks) for token in tokens(runs)])
