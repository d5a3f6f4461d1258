"""What a reader sees of a text, sign by sign: each letter with its marks, each line, item, row and cell."""

import re
from collections.abc import Iterator
from itertools import islice, zip_longest

from articles.text import richtext
from articles.text.plain.plaintext import quoted
from articles.text.richtext.blocks import List, Paragraph, Table
from articles.text.richtext.runs import Run

BULLET = "•"
_WORDS = re.compile(r"\S+|\s+")


class Signs:
    """Signs in reading order with their places; spaces between words count as one, empty lines as none."""

    def __init__(self):
        self.found: list[tuple[tuple, int]] = []
        self._before: tuple | None = ("line", "p")

    def __iter__(self) -> Iterator[tuple[tuple, int]]:
        for sign, place in self.found:
            if sign[0] == "word":
                yield from ((("letter", letter, sign[2]), place) for letter in sign[1])
            else:
                yield sign, place

    def line(self, kind: str = "p") -> None:
        """Begin a line of a paragraph (p) or heading (h3, h4)."""
        self._before = ("line", kind)

    def structure(self, *sign, place: int = 0) -> None:
        """Add an item, row, cell or caption; what follows begins a line."""
        self.found.append((sign, place))
        self.line()

    def text(self, text: str, marks: tuple[str, ...], place: int = 0) -> None:
        for piece in _WORDS.findall(text):
            if piece.isspace():
                self._before = self._before or ("space",)
            else:
                self._add(("word", piece, marks), place)

    def cite(self, key: str, place: int = 0) -> None:
        self._add(("cite", key), place)

    def _add(self, sign: tuple, place: int) -> None:
        if self._before:
            self.found.append((self._before, place))
            self._before = None
        self.found.append((sign, place))


def of_stored(html: str) -> Signs:
    """Return the signs of a stored text."""
    signs = Signs()
    _add_blocks(signs, richtext.parse(html))
    return signs


def _add_blocks(signs: Signs, blocks: list) -> None:
    for block in blocks:
        match block:
            case Paragraph():
                _add_runs(signs, block.runs, block.tag)
            case List():
                for number, item in enumerate(block.items, start=block.start):
                    signs.structure("item", f"{number}." if block.tag == "ol" else BULLET)
                    _add_blocks(signs, item)
                signs.line()
            case Table():
                _add_table(signs, block)


def _add_table(signs: Signs, table: Table) -> None:
    if table.caption:
        signs.structure("caption")
        _add_runs(signs, table.caption, "p")
    for row in (row for group in table.groups for row in group.rows):
        signs.structure("row")
        for cell in row:
            signs.structure("cell", cell.tag, *cell.attributes)
            _add_blocks(signs, cell.blocks)
    signs.line()


def _add_runs(signs: Signs, runs: list[Run], kind: str) -> None:
    signs.line(kind)
    for run in runs:
        match run.kind:
            case "cite":
                signs.cite(run.text)
            case "br":
                signs.line(kind)
            case _:
                signs.text(run.text, run.marks)
    signs.line()


def difference(typed: Signs, stored: Signs) -> tuple[int, str] | None:
    """Return the place and a sentence for the first sign that is not stored as it is typed."""
    ones, others, nothing, last = iter(typed), iter(stored), ((), 0), 0
    for (one, place), (other, _) in zip_longest(ones, others, fillvalue=nothing):
        if one != other:
            return place or last, _sentence(_shown([one, *_next(ones)]), _shown([other, *_next(others)]))
        last = place
    return None


def _sentence(was: str, becomes: str) -> str:
    if was == becomes:
        return f"The line, the marks or the cell of {was} would not be kept as they are typed."
    return f"This would not be kept as it is typed: {was} would become {becomes}."


def _next(signs: Iterator) -> Iterator[tuple]:
    return (sign for sign, _ in islice(signs, 60))


def _shown(signs: list[tuple]) -> str:
    said = "".join(_said(signs)).strip()
    return quoted(said, 40) if said else "nothing"


def _said(signs: list[tuple]) -> Iterator[str]:
    for sign in signs:
        match sign:
            case ("letter", letter, marks):
                yield f"<{marks[-1].split(' ')[0]}>{letter}" if marks and sign is signs[0] else letter
            case ("cite", key):
                yield f"[@{key}]"
            case ("item", label):
                yield f" {label} "
            case _:
                yield " "
