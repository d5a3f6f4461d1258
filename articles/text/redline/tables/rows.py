"""Pair the rows of two tables. A dose never moves into another row."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

from articles.text.redline.align import Weight, likeness
from articles.text.redline.tokens import tokens, words
from articles.text.richtext.blocks import Cell, Group, Table, paragraphs, write_inside

Row: TypeAlias = list[Cell]


class Known(NamedTuple):
    """The identity of a row: the heading row above it, the cell that spans down to it, its first cell."""

    heading: str
    span: str
    first: str


class Features(NamedTuple):
    """The features of a row that are compared."""

    known: Known
    shape: tuple[Any, ...]
    words: frozenset[str]
    beside: frozenset[str]  # the words of all cells but the first
    cells: tuple[str, ...]


def columns(table: Table) -> int:
    """Return the number of columns, counting spans."""
    rows = (row for group in table.groups for row in group.rows)
    return max(sum(int(dict(cell.attributes).get("colspan", 1)) for cell in row) for row in rows)


def row_weight(old: Group, new: Group) -> Weight:
    """
    Return the weight by which an old and a new row are the same.

    Rows with the same first cell are a pair. If the number of rows with this cell changed, the other cells must be
    alike as well. Rows with different first cells are a pair only if all other cells are equal, or if
    they have one cell each and are alike. All other rows are shown as removed and added.
    """
    olds, news = features(old), features(new)
    old_names, new_names = (Counter(row.known for row in side) for side in (olds, news))

    def weight(old_index: int, new_index: int) -> float:
        one, other = olds[old_index], news[new_index]
        if one.shape != other.shape:
            return 0.0
        alike = likeness(one.words, other.words)
        if one.known == other.known:
            if one.cells == other.cells:
                return 3.0
            is_sure = old_names[one.known] == new_names[one.known] or likeness(one.beside, other.beside) >= 0.5
            return 1.0 + alike if is_sure else 0.0
        if new_names[one.known] or old_names[other.known]:
            return 0.0
        return 0.5 + alike / 2 if _renamed(one, other, alike) else 0.0

    return weight


def _renamed(one: Features, other: Features, alike: float) -> bool:
    if one.known[:2] != other.known[:2]:
        return False
    return alike >= 0.4 if len(one.cells) == 1 else one.cells[1:] == other.cells[1:]


def features(group: Group) -> list[Features]:
    """Return the compared features of each row."""
    known = _known(group.rows)
    return [Features(*row) for row in zip(known, *zip(*map(_traits, group.rows), strict=True), strict=True)]


def _traits(row: Row) -> tuple[tuple[Any, ...], frozenset[str], frozenset[str], tuple[str, ...]]:
    shape = tuple((cell.tag, cell.attributes) for cell in row)
    beside = _words(row[1:])
    return shape, _words(row[:1]) | beside, beside, tuple(write_inside(cell.blocks, "") for cell in row)


def _words(cells: Row) -> frozenset[str]:
    return words([token for cell in cells for runs in paragraphs(cell.blocks) for token in tokens(runs)])


def _known(rows: list[Row]) -> Iterator[Known]:
    heading = span = ""
    spanned = 0
    for row in rows:
        first = first_cell(row)
        if len(row) == 1 and not spanned:
            heading, name = first, Known("", "", first)
        else:
            name = Known(heading, span if spanned else "", first)
        yield name
        if spanned:
            spanned -= 1
        else:
            span, spanned = first, int(dict(row[0].attributes).get("rowspan", 1)) - 1


def first_cell(row: Row) -> str:
    """Return the text of the first cell, which identifies a row."""
    pieces = (run.text for runs in paragraphs(row[0].blocks) for run in runs if run.kind != "cite")
    return " ".join("".join(pieces).split())
