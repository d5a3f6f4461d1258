"""Compare what Word shows, as it was read by ourselves, with the article that was made of it: block by block."""

from collections.abc import Iterator
from itertools import zip_longest

from articles.files.imported import BadFile, ImportedSection
from articles.files.word.seen import Block, begins
from articles.text import richtext
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.richtext.blocks import Block as Made
from articles.text.richtext.blocks import Cell, List, Paragraph, Table
from articles.text.richtext.words import BULLET, LEVEL, LOWERED, RAISED, words, written

SIGNS = str.maketrans(dict.fromkeys([RAISED, LOWERED, LEVEL, "\u00ad"]))
Cells = dict[tuple[int, int], str]


def level(text: str) -> str:
    """Return the text without the marks of raised and lowered signs."""
    return text.translate(SIGNS)


def compare(shown: list[Block], sections: list[ImportedSection]) -> None:
    """Raise BadFile with the place of the first difference, if there is one."""
    of_word = [_of_word(block) for block in shown]
    of_page = [each for section in sections for each in _of_section(section)]
    for number, (block, page) in enumerate(zip_longest(of_word, of_page)):
        if block == page:
            continue
        if block and page and isinstance(block[1], dict) and isinstance(page[1], dict):
            raise BadFile(0, _of_cells(shown[number].number, block[1], page[1]))
        where = begins(shown[number].text) if number < len(shown) and shown[number].text else _("the end of the file")
        said = _("{place} would be changed by the import: {words} would become {other}. Write it in Word another way.")
        place = where[:1].upper() + where[1:]
        raise BadFile(0, said.format(place=place, words=_said(block), other=_said(page)))


def _said(one: tuple[str, str | Cells] | None) -> str:
    return quoted(level(one[1])[:80]) if one and isinstance(one[1], str) else _("something else")


def _of_cells(table: str, of_word: Cells, of_page: Cells) -> str:
    for row, column in sorted({*of_word, *of_page}):
        one, other = of_word.get((row, column), ""), of_page.get((row, column), "")
        if one != other:
            said = _("Table {table}, row {row}, column {column}: {words} would become {other}.")
            return said.format(
                table=table, row=row, column=column, words=quoted(level(one)), other=quoted(level(other))
            )
    raise ValueError("The cells are the same.")


def _of_word(block: Block) -> tuple[str, str | Cells]:
    if block.kind == "table":
        return "table", {(cell.row, cell.column): _plain(cell.text) for cell in block.cells if cell.text}
    if block.kind == "heading":
        return "text", _plain(block.text)
    return "text", _plain(f"{block.number} {block.text}")


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())


def _of_section(section: ImportedSection) -> Iterator[tuple[str, str | Cells]]:
    if section.heading:
        yield "text", _plain(section.heading)
    for body in (section.body, *section.wordings.values()):
        yield from _of_page([block for block in richtext.parse(body) if not getattr(block, "figure", "")])


def _of_page(blocks: list[Made]) -> Iterator[tuple[str, str | Cells]]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield "text", _plain(written(block.runs))
        elif isinstance(block, List):
            yield from _of_list(block)
        else:
            if caption := _plain(written(block.caption)):
                yield "text", caption
            yield "table", _cells(block)


def _of_list(block: List) -> Iterator[tuple[str, str | Cells]]:
    for number, item in enumerate(block.items, start=block.start):
        before = f"{number}." if block.tag == "ol" else BULLET
        for each in _of_page(item):
            if before and isinstance(each[1], str):
                each, before = ("text", _plain(f"{before} {each[1]}")), ""
            yield each


def _cells(table: Table) -> Cells:
    """Return the words of each cell by its row and column, both counted from 1, as a browser lays the cells out."""
    found: Cells = {}
    taken: set[tuple[int, int]] = set()
    rows = [row for group in table.groups for row in group.rows]
    for number, row in enumerate(rows, start=1):
        column = 1
        for cell in row:
            while (number, column) in taken:
                column += 1
            high, wide = _span(cell, "rowspan"), _span(cell, "colspan")
            taken |= {(number + down, column + right) for down in range(high) for right in range(wide)}
            if text := " ".join(words(cell.blocks)[0]):
                found[number, column] = text
            column += wide
    return found


def _span(cell: Cell, name: str) -> int:
    return int(dict(cell.attributes).get(name, 1))
