"""
The plain text of a body, as `richtext.plain` writes it, with its lines and the places of its citations.

Readers see no citation keys, so the plain text has none. Whoever asks which sentence is supported needs their places.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from articles.text import richtext
from articles.text.richtext.blocks import Block, List, Paragraph, Table
from articles.text.richtext.runs import Run

CAPTION, ITEM, ROW, HEAD = "caption", "item", "row", "head"


@dataclass(frozen=True)
class Line:
    """
    A line of the plain text, from `start` to `end`, and where citations stand: the end of what they follow.

    `kind`: the tag of a paragraph or heading, or `item`, `caption`, `row`, or `head` for a row of column headers.
    `block` counts the blocks of the body: the items of a list and the rows of a table have the same number.
    """

    kind: str
    block: int
    start: int
    end: int
    cites: tuple[tuple[int, str], ...]

    @property
    def is_heading(self) -> bool:
        return self.kind[0] == "h" and self.kind[1:].isdigit()


@dataclass(frozen=True)
class Cited:
    plain: str
    lines: tuple[Line, ...]


@dataclass
class _Piece:
    kind: str
    text: str
    cites: list[tuple[int, str]]


@lru_cache(maxsize=1024)
def cited(html: str) -> Cited:
    """Return the plain text of a body with its lines. Raise TooLong as `richtext.clean` does."""
    lines: list[Line] = []
    pieces: list[str] = []
    start = 0
    for number, block in enumerate(richtext.plain_blocks(html)):
        for piece in _pieces([block]):
            pieces.append(piece.text)
            end = start + len(piece.text)
            cites = tuple((start + place, key) for place, key in piece.cites)
            lines.append(Line(piece.kind, number, start, end, cites))
            start = end + 1
    return Cited("\n".join(pieces), tuple(lines))


def _pieces(blocks: list[Block]) -> Iterator[_Piece]:
    for block in blocks:
        match block:
            case Paragraph(tag="figure"):
                pass
            case Paragraph():
                yield _Piece(block.tag, *_visible(block.runs))
            case List():
                for item in block.items:
                    for piece in _pieces(item):
                        piece.kind = ITEM if piece.kind == "p" else piece.kind
                        yield piece
            case Table():
                yield from (_Piece(CAPTION, piece.text, piece.cites) for piece in _pieces(block.captions))
                yield from _rows(block)


def _rows(table: Table) -> Iterator[_Piece]:
    for row in (row for group in table.groups for row in group.rows):
        kind = HEAD if all(cell.tag == "th" for cell in row) else ROW
        yield _joined("\t", [_joined(" ", [*_pieces(cell.blocks)], kind) for cell in row], kind)


def _joined(glue: str, pieces: list[_Piece], kind: str) -> _Piece:
    texts = [piece.text.replace("\n", " ") for piece in pieces]
    starts = accumulate((len(text) + 1 for text in texts), initial=0)
    cites = [(start + place, key) for start, piece in zip(starts, pieces, strict=False) for place, key in piece.cites]
    return _Piece(kind, glue.join(texts), cites)


def _visible(runs: list[Run]) -> tuple[str, list[tuple[int, str]]]:
    """Return the text of a paragraph without citations, and where each stood."""
    raw = "".join({"cite": "\0", "br": "\n"}.get(run.kind, run.text) for run in runs)
    keys = iter([run.text for run in runs if run.kind == "cite"])
    text, cites, last = "", [], 0
    for found in richtext.CITED.finditer(raw):
        text += raw[last : found.start()]
        cites += [(len(text), next(keys)) for _ in range(found[0].count("\0"))]
        text += richtext.gap(found)
        last = found.end()
    text += raw[last:]
    shown = text.strip(" ")
    before = len(text) - len(text.lstrip(" "))
    return shown, [(min(max(place - before, 0), len(shown)), key) for place, key in cites]
