"""
The statements of a text: what can be quoted of it on its own, without another meaning.

A paragraph can, unless it goes on from the one before. An item of a list says what the whole paragraph before the list
makes of it, such as “Do not take it with:”, so that belongs to it, also if another list is between them. A row of a
table says nothing without its headers, so no row is quoted: only the caption.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from articles.text import richtext
from articles.text.richtext.blocks import Block, List, Paragraph, Table

HEADINGS = ("h2", "h3", "h4", "h5", "h6")
T = TypeVar("T")
COLONS = (":", "：")
SHORT = 120  # characters of a paragraph that may say too little alone
BARE = 20  # characters of a line such as “Examples are:”, which says nothing alone
_ENDED = re.compile(r"[.!?…。！？｡।؟۔][\"'”’»)\]』」）]*$")


@dataclass(frozen=True)
class Statement:
    """
    A line of a text that can be quoted, after what it depends on: headings within the text, and whole paragraphs.

    `also` are words that lead to the statement without being quoted, those of a table's rows.
    """

    line: str
    after: tuple[str, ...] = ()
    also: str = ""


class Above(Generic[T]):
    """
    What stands over a place of a text: its headings, each after the paragraphs that lead to it and to those like it.

    “Do not take any of these:” says what all headings below it mean, up to the next higher one.
    """

    def __init__(self) -> None:
        self._leads: dict[str, tuple[T, ...]] = {}
        self._headings: dict[str, tuple[T, ...]] = {}

    def add(self, tag: str, heading: T, lead: tuple[T, ...] = ()) -> None:
        """Add a heading of this level, which ends those of its own and of lower levels."""
        self._leads = {level: line for level, line in self._leads.items() if level <= tag}
        self._headings = {level: line for level, line in self._headings.items() if level < tag}
        self._headings[tag] = (heading,)
        if lead:
            self._leads[tag] = lead

    @property
    def all(self) -> tuple[T, ...]:
        levels = sorted({*self._leads, *self._headings})
        both = [each.get(level, ()) for level in levels for each in (self._leads, self._headings)]
        return tuple(one for each in both for one in each)


def statements(html: str) -> list[Statement]:
    """Return the statements of a text in their order, as `richtext.plain` writes them."""
    return [*_of(richtext.plain_blocks(html), ())]


def depends(line: str, before: str) -> bool:
    """
    Tell whether a paragraph may say something else without the one before it, as in “Avoid:”, “ibuprofen”.

    A short one before that ends no sentence is like a heading. One that leads to others, as “Examples:”, needs its own.
    """
    leads = line.endswith(COLONS) and (len(before) <= SHORT or len(line) <= BARE)
    return leads_on(before) or (bool(before) and (line[:1].islower() or leads))


def leads_on(line: str) -> bool:
    """Tell whether a paragraph says what comes after it means: it ends with a colon, or is short and unfinished."""
    return bool(line) and (line.endswith(COLONS) or (len(line) <= SHORT and not _ENDED.search(line)))


def _of(blocks: list[Block], after: tuple[str, ...]) -> Iterator[Statement]:
    above: Above[str] = Above()
    leads: tuple[str, ...] = ()
    before = ""
    for block in blocks:
        match block:
            case Paragraph(tag=tag) if tag in HEADINGS:
                above.add(tag, _line(block), (*leads, before) if leads_on(before) else ())
                yield Statement(_line(block), (*after, *above.all[:-1]))
                leads, before = (), ""
            case Paragraph() if _line(block):
                leads, before = _leads(_line(block), before, leads), _line(block)
                yield Statement(before, (*after, *above.all, *leads))
            case List() | Table():
                leads, before = (*leads, *filter(None, [before])), ""
                yield from _of_many(block, (*after, *above.all, *leads))


def _leads(line: str, before: str, leads: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a paragraph depends on, after a paragraph or, if that is empty, after a list with these leads."""
    if depends(line, before):
        return (*leads, before)
    return leads if not before and line[:1].islower() else ()


def _of_many(block: List | Table, after: tuple[str, ...]) -> Iterator[Statement]:
    if isinstance(block, List):
        for item in block.items:
            yield from _of(item, after)
    else:
        rows = " ".join(richtext.lines([Table(groups=block.groups)]))
        yield Statement(" ".join(richtext.lines(block.captions)), after, rows)


def _line(block: Paragraph) -> str:
    return " ".join(richtext.lines([block])).strip()
