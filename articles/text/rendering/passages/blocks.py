"""The lines of an `<article>` in reading order, each with what it depends on and with its place in the document."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import html

from articles.text.richtext.statements import HEADINGS, Above, depends, leads_on

LINES = frozenset({"p", "li", "td", "th", "caption", "dt", "dd", "figcaption", *HEADINGS})
FIGURE = "figure"
BOXES = frozenset({"ul", "ol", "dl", "table"})
RAISED = {"sup": "^", "sub": "_"}
BESIDE = frozenset({"nav", "script", "style", "template"})
NOT_WORDS = frozenset({"citation", "visually-hidden", "jumps"})  # numbers of citations change with the list


class Piece(NamedTuple):
    """
    A text node: the text of an element, or what follows it. `sign` is a mark that the line has before it.

    `closes` what comes before: behind the number of a citation, the blank before the number is none of the line.
    """

    element: html.HtmlElement
    is_tail: bool
    sign: str = ""
    closes: bool = False

    @property
    def text(self) -> str:
        return (self.element.tail if self.is_tail else self.element.text) or ""


class Letter(NamedTuple):
    """Where a character of a line is: the number of its piece, and the place in the piece's text."""

    piece: int
    at: int


@dataclass(frozen=True)
class Block:
    """
    A paragraph, heading, item of a list or cell of a table: its words on one line, and what they depend on.

    `after` are the headings, the lead of a list, or caption and headers of a cell. `section` is the key of its section.
    `pieces` are its text nodes; a raised number follows ^ and a lowered one _ in the line.
    """

    section: str
    line: str
    after: tuple[str, ...]
    pieces: tuple[Piece, ...] = field(compare=False, repr=False)

    @property
    def element(self) -> html.HtmlElement:
        """Return the paragraph, heading, item or cell."""
        return self.pieces[0].element

    def letters(self) -> list[Letter]:
        """Return the place of each character of the line in the text nodes."""
        return [letter for _, letter in _letters(self.pieces)]


def blocks(article: html.HtmlElement) -> list[Block]:
    """Return the lines of the sections and of the list of references. Nothing else of the page is a line."""
    found: list[Block] = []
    for section in article.xpath(".//section[starts-with(@id, 's-') or @id='references']"):
        found += lines(section, section.get("id", "").removeprefix("s-"))
    return found


def lines(element: html.HtmlElement, section: str = "") -> list[Block]:
    """Return the lines within an element, as lines of this section."""
    return [Block(section, line, after, pieces) for line, after, pieces in _under(element, ())]


_Line = tuple[str, tuple[str, ...], tuple[Piece, ...]]


def _under(element: html.HtmlElement, after: tuple[str, ...]) -> Iterator[_Line]:
    """Yield the lines within an element, which stand after these words."""
    above: Above[str] = Above()
    leads: tuple[str, ...] = ()
    before = ""
    for part in _parts(element):
        if part.tag == FIGURE:  # its words say nothing of what stands around it
            leads, before = (), ""
            for words in part.iter("p"):
                pieces = tuple(_pieces(words))
                if line := _line(pieces):
                    yield line, (*after, *above.all), pieces
            continue
        if part.tag in BOXES:
            leads, before = (*leads, *filter(None, [before])), ""
            yield from _in_box(part, (*after, *above.all, *leads))
            continue
        pieces = tuple(_pieces(part))
        if not (line := _line(pieces)):
            continue
        if part.tag in HEADINGS:
            above.add(part.tag, line, (*leads, before) if leads_on(before) else ())
            yield line, (*after, *above.all[:-1]), pieces
            leads, before = (), ""
        else:
            if depends(line, before):
                leads = (*leads, before)
            elif before or not line[:1].islower():
                leads = ()
            before = line
            yield line, (*after, *above.all, *leads), pieces


def _parts(element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield the lines and boxes within an element, outermost first."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in BESIDE or "hidden" in child.attrib:
            continue
        if child.tag in LINES or child.tag in BOXES or child.tag == FIGURE:
            yield child
        else:
            yield from _parts(child)


def _in_box(box: html.HtmlElement, after: tuple[str, ...]) -> Iterator[_Line]:
    if box.tag == "table":
        yield from _in_table(box, after)
        return
    for item in box:
        if not isinstance(item.tag, str) or item.tag in BESIDE:
            continue
        pieces = tuple(_pieces(item))
        line = _line(pieces)
        if line:
            yield line, after, pieces
        for inner in (each for each in _parts(item) if each.tag in BOXES or each.tag in LINES):
            if inner.tag in BOXES:
                yield from _in_box(inner, (*after, *filter(None, [line])))


def _in_table(table: html.HtmlElement, after: tuple[str, ...]) -> Iterator[_Line]:
    """Yield caption and cells; a cell stands after the caption and the headers of its column and row."""
    caption = ""
    for each in table.iter("caption"):
        pieces = tuple(_pieces(each))
        if caption := _line(pieces):
            yield caption, after, pieces
    columns: dict[int, tuple[str, ...]] = {}
    hanging: dict[int, tuple[int, tuple[str, ...]]] = {}  # of a cell over several rows: rows left, and its header
    for row in table.iter("tr"):
        heads: tuple[str, ...] = ()
        at = 0
        for cell in (each for each in row if each.tag in ("td", "th")):
            while at in hanging:
                heads += hanging[at][1]
                at += 1
            pieces = tuple(_pieces(cell))
            line, wide = _line(pieces), _number(cell, "colspan")
            is_header = cell.tag == "th"
            if line:
                over = () if is_header and _is_over(cell) else columns.get(at, ())
                yield line, (*after, *filter(None, [caption]), *over, *heads), pieces
            if is_header and _is_over(cell):
                for place in range(at, at + wide):
                    columns[place] = (*columns.get(place, ()), line)
            elif is_header or at == 0:
                heads += (line,)
            if (tall := _number(cell, "rowspan")) > 1:
                named = (line,) if is_header and not _is_over(cell) else ()
                hanging |= dict.fromkeys(range(at, at + wide), (tall, named))
            at += wide
        hanging = {place: (rows - 1, named) for place, (rows, named) in hanging.items() if rows > 1}


def _is_over(cell: html.HtmlElement) -> bool:
    """Tell whether a header is that of a column."""
    row = cell.getparent()
    return cell.get("scope", "") in ("col", "colgroup") or (row is not None and row.getparent().tag == "thead")


def _number(cell: html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1")
    return min(int(value), 100) if value.isascii() and value.isdigit() and int(value) else 1


def _pieces(element: html.HtmlElement, sign: str = "") -> Iterator[Piece]:
    """Yield the text nodes of a line; those of lists and tables within it are lines of their own."""
    yield Piece(element, False, sign)
    for child in element:
        if isinstance(child.tag, str) and not _is_apart(child):
            yield from _pieces(child, RAISED.get(child.tag, " " if child.tag in ("br", "p", "div") else ""))
        yield Piece(child, True, closes=isinstance(child.tag, str) and "citation" in child.get("class", "").split())


def _is_apart(child: html.HtmlElement) -> bool:
    return bool(
        child.tag in BOXES
        or child.tag in BESIDE
        or "hidden" in child.attrib
        or NOT_WORDS.intersection(child.get("class", "").split())
    )


def _line(pieces: tuple[Piece, ...]) -> str:
    """Return the characters of `_letters`, which takes four times as long."""
    line = ""
    for piece in pieces:
        line = (line.rstrip() if piece.closes else line) + piece.sign + piece.text
    return " ".join(line.split())


def _letters(pieces: tuple[Piece, ...]) -> Iterator[tuple[str, Letter]]:
    """Yield each character of the line with its place; blanks in a row are one, at the ends there are none."""
    blank: Letter | None = None
    begun = False
    for number, piece in enumerate(pieces):
        text = piece.sign + piece.text
        blank = None if piece.closes else blank
        for at, character in enumerate(text, start=-len(piece.sign)):
            letter = Letter(number, max(at, 0))
            if character.isspace():
                blank = blank or letter
                continue
            if blank and begun:
                yield " ", blank
            blank, begun = None, True
            yield character, letter
