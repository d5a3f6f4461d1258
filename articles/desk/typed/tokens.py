"""The tokens of a text as a reader sees it: each letter with its marks, each line, item, row and cell."""

import re
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import NamedTuple

from articles.text import richtext
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.richtext.blocks import Block, List, Paragraph, Table
from articles.text.richtext.runs import Run, write_run

BULLET = "•"
_WORDS = re.compile(r"\S+|\s+")


class Token(NamedTuple):
    """
    A token of one of these kinds: word, letter, space, cite, line, item, caption, row, cell, figure or end.

    `text` is the word, the letter, the key of the citation or figure, the tag of the line or cell, or the label of the
    item.
    """

    kind: str
    text: str = ""
    marks: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


class Tokens:
    """Tokens in reading order with their offsets. Spaces between words count as one, and empty lines do not count."""

    def __init__(self) -> None:
        self.found: list[tuple[Token, int]] = []
        self._before: Token | None = Token("line", "p")

    def __iter__(self) -> Iterator[tuple[Token, int]]:
        for token, place in self.found:
            if token.kind == "word":
                yield from ((Token("letter", letter, token.marks), place) for letter in token.text)
            else:
                yield token, place

    def line(self, tag: str = "p") -> None:
        """Begin a line of a paragraph (p) or heading (h3, h4)."""
        self._before = Token("line", tag)

    def structure(self, token: Token, place: int = 0) -> None:
        """Add an item, row, cell or caption, and begin a line."""
        self.found.append((token, place))
        self.line()

    def text(self, text: str, marks: tuple[str, ...], place: int = 0) -> None:
        for piece in _WORDS.findall(text):
            if piece.isspace():
                self._before = self._before or Token("space")
            else:
                self._add(Token("word", piece, marks), place)

    def cite(self, key: str, place: int = 0) -> None:
        self._add(Token("cite", key), place)

    def _add(self, token: Token, place: int) -> None:
        if self._before:
            self.found.append((self._before, place))
            self._before = None
        self.found.append((token, place))


def of_stored(html: str) -> Tokens:
    """Return the tokens of a stored text."""
    tokens = Tokens()
    _add_blocks(tokens, richtext.parse(html))
    return tokens


def _add_blocks(tokens: Tokens, blocks: list[Block]) -> None:
    for block in blocks:
        match block:
            case Paragraph(tag="figure"):
                tokens.structure(Token("figure", block.figure))
            case Paragraph():
                _add_runs(tokens, block.runs, block.tag)
            case List():
                for number, item in enumerate(block.items, start=block.start):
                    tokens.structure(Token("item", f"{number}." if block.tag == "ol" else BULLET))
                    _add_blocks(tokens, item)
                tokens.line()
            case Table():
                _add_table(tokens, block)


def _add_table(tokens: Tokens, table: Table) -> None:
    if table.caption:
        tokens.structure(Token("caption"))
        _add_runs(tokens, table.caption, "p")
    for row in (row for group in table.groups for row in group.rows):
        tokens.structure(Token("row"))
        for cell in row:
            tokens.structure(Token("cell", cell.tag, attributes=cell.attributes))
            _add_blocks(tokens, cell.blocks)
    tokens.line()


def _add_runs(tokens: Tokens, runs: list[Run], tag: str) -> None:
    tokens.line(tag)
    for run in runs:
        match run.kind:
            case "cite":
                tokens.cite(run.text)
            case "br":
                tokens.line(tag)
            case _:
                tokens.text(run.text, run.marks)
    tokens.line()


def difference(typed: Tokens, stored: Tokens) -> tuple[int, str] | None:
    """Return the offset of the first token that is not stored as typed, and a sentence about it."""
    if [token for token, _place in typed.found] == [token for token, _place in stored.found]:
        return None  # word by word; only where words are parted otherwise do the letters have to be compared
    ones, others, end, last = iter(typed), iter(stored), (Token("end"), 0), 0
    for (one, place), (other, _place) in zip_longest(ones, others, fillvalue=end):
        if one != other:
            return place or last, _sentence(_shown([one, *_next(ones)]), _shown([other, *_next(others)]))
        last = place
    return None


def _sentence(before: str, after: str) -> str:
    if before == after:
        return _("The line break, formatting or table cell at {before} would not be kept as it is typed.").format(
            before=before
        )
    return _("This would not be kept as it is typed: {before} would become {after}.").format(before=before, after=after)


def _next(tokens: Iterator[tuple[Token, int]]) -> Iterator[Token]:
    return (token for token, _ in islice(tokens, 60))


def _shown(tokens: list[Token]) -> str:
    text = "".join(_texts(tokens)).strip()
    return quoted(text, 40) if text else _("nothing")


def _texts(tokens: list[Token]) -> Iterator[str]:
    for number, token in enumerate(tokens):
        match token.kind:
            case "letter":
                is_marked = token.marks and number == 0
                yield f"<{token.marks[-1].split(' ')[0]}>{token.text}" if is_marked else token.text
            case "cite":
                yield f"[@{token.text}]"
            case "item":
                yield f" {token.text} "
            case "figure":
                yield f" {write_run(Run('figure', token.text, ()))} "
            case _:
                yield " "
