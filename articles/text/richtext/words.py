"""The words of a text as readers see them, for comparing an imported or typed text with its source."""

from collections.abc import Iterator

from articles.text.richtext.blocks import Block, List, Paragraph, Table
from articles.text.richtext.runs import Run

BULLET = "•"
RAISED, LOWERED, LEVEL = "\ue001", "\ue002", "\ue003"  # begin and end a superscript or subscript; never in a text
CITED = "\ue004{}\ue005"
FIGURE = "\ue006{}\ue007"


def words(blocks: list[Block]) -> tuple[list[str], list[str]]:
    """Return the words of the blocks, and those of the table captions. Bullets and numbers of lists are words."""
    captions: list[str] = []
    text = " ".join(_texts(blocks, captions, top=True))
    return text.split(), " ".join(captions).split()


def _texts(blocks: list[Block], captions: list[str], *, top: bool = False) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(tag="figure"):
                yield FIGURE.format(block.figure)
            case Paragraph():
                text = written(block.runs)
                if top and text.startswith("Table:"):
                    captions.append(text.removeprefix("Table:"))
                else:
                    yield text
            case List():
                for number, item in enumerate(block.items, start=block.start):
                    yield f"{number}." if block.tag == "ol" else BULLET
                    yield from _texts(item, captions)
            case Table():
                captions.append(written(block.caption))
                for cell in (cell for group in block.groups for row in group.rows for cell in row):
                    yield from _texts(cell.blocks, captions)


def written(runs: list[Run]) -> str:
    """Return the runs as one text in which superscripts, subscripts and citations are marked."""
    pieces: list[str] = []
    level = ""
    for run in runs:
        here = "".join({"sup": RAISED, "sub": LOWERED}.get(mark, "") for mark in run.marks)
        if here != level:
            pieces += [LEVEL * bool(level), here]
            level = here
        pieces.append({"cite": CITED.format(run.text), "br": " "}.get(run.kind, run.text))
    return "".join([*pieces, LEVEL * bool(level)])
