"""The blocks of a text, and their canonical HTML."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from articles.text.richtext.runs import Run, write_runs, write_tag


@dataclass
class Paragraph:
    """A paragraph or heading; with the tag `figure`, the place of a figure, whose key is its one run."""

    tag: str
    runs: list[Run]

    @property
    def figure(self) -> str:
        """Return the key of the figure that stands here; empty for a paragraph of text."""
        return self.runs[0].text if self.tag == "figure" else ""


@dataclass
class List:
    tag: str
    start: int
    items: list[list["Block"]] = field(default_factory=list)


@dataclass
class Cell:
    tag: str
    attributes: tuple[tuple[str, str], ...]
    blocks: list["Block"]


@dataclass
class Group:
    """A thead or tbody. A row is a list of cells."""

    tag: str
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass
class Table:
    captions: list["Block"] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @property
    def caption(self) -> list[Run]:
        return next(paragraphs(self.captions), [])


Block: TypeAlias = Paragraph | List | Table


def paragraphs(blocks: list[Block]) -> Iterator[list[Run]]:
    """Yield the runs of every paragraph, item, caption and cell in reading order."""
    for block in blocks:
        match block:
            case Paragraph():
                yield block.runs
            case List():
                for item in block.items:
                    yield from paragraphs(item)
            case Table():
                yield from paragraphs(block.captions)
                for group in block.groups:
                    for row in group.rows:
                        for cell in row:
                            yield from paragraphs(cell.blocks)


def write(blocks: list[Block]) -> str:
    """Return the blocks as canonical HTML, a line per block, item and row."""
    return "\n".join(_write_block(block) for block in blocks)


def write_inside(blocks: list[Block], glue: str = "\n") -> str:
    """Return the HTML inside an item or cell. A single paragraph gets no tag."""
    alone = sum(isinstance(block, Paragraph) for block in blocks) == 1
    return glue.join(
        write_runs(block.runs) if alone and isinstance(block, Paragraph) else _write_block(block, glue)
        for block in blocks
    )


def list_attributes(block: List) -> tuple[tuple[str, str], ...]:
    """Return the attributes of the list's tag."""
    return (("start", str(block.start)),) if block.start != 1 else ()


def _write_block(block: Block, glue: str = "\n") -> str:
    match block:
        case Paragraph(tag="figure"):
            return write_runs(block.runs)
        case Paragraph():
            return f"<{block.tag}>{write_runs(block.runs)}</{block.tag}>"
        case List():
            items = [f"<li>{write_inside(item, glue)}</li>" for item in block.items]
            return glue.join([write_tag(block.tag, list_attributes(block)), *items, f"</{block.tag}>"])
        case Table():
            lines = [f"<caption>{write_runs(block.caption)}</caption>"] if block.caption else []
            for group in block.groups:
                rows = ["".join(_write_cell(cell) for cell in row) for row in group.rows]
                lines += [f"<{group.tag}>", *(f"<tr>{row}</tr>" for row in rows), f"</{group.tag}>"]
            return "\n".join(["<table>", *lines, "</table>"])


def _write_cell(cell: Cell) -> str:
    return f"{write_tag(cell.tag, cell.attributes)}{write_inside(cell.blocks, '')}</{cell.tag}>"
