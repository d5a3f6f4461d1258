"""Build blocks from any HTML: sanitise it, and move misplaced text to an allowed place."""

import html as entities
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from articles.text.plain.marks import CITATION_KEY, FIGURE_KEY
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import number as digits
from articles.text.richtext.allowed import (
    BLOCKS,
    HEADINGS,
    MARK_TAGS,
    TABLE_TAGS,
    cell_attributes,
    plain,
    safe_href,
    sanitised,
    small,
)
from articles.text.richtext.blocks import Block, Cell, Group, List, Paragraph, Table, paragraphs
from articles.text.richtext.runs import Run, canonical, spaced

_Marks: TypeAlias = tuple[str, bool, bool, tuple[str, ...]]  # href, strong, em, sub and sup

MAX_LENGTH = 2_000_000
MAX_LIST_DEPTH = 8
MAX_LOOSE_TAGS = 10_000
MAX_DEPTH = 100
_EVENT = re.compile(r'<(/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>|([^<]+)')
_TIDY_TAG = re.compile(r'<(?:(/?)([A-Za-z][A-Za-z0-9-]*)(?:\s+[A-Za-z-]+="[^"<>]*")*\s*>)?')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


class TooLong(ValueError):
    """Raised for a text longer or more deeply nested than any article."""


def parse(html: str, normalise: Callable[[str], str] = str) -> list[Block]:
    """
    Return the blocks of the sanitised text. Raise TooLong as `clean` does.

    `normalise` is applied to each piece of text between tags.
    """
    within_length(len(html))
    if html.count("<") > MAX_LOOSE_TAGS and not _is_tidy(html):
        raise TooLong(_("This text has too many tags that are unclosed or nested too deep. Divide it or simplify it."))
    builder = _Builder(normalise)
    for closing, tag, attributes, characters in events(sanitised(html)):
        if characters:
            builder.text(characters)
        elif closing:
            builder.end()
        else:
            builder.start(tag, attributes)
    builder.part()
    return without_empty_blocks(builder.top)


def within_length(length: int) -> None:
    """Raise TooLong if the length is over MAX_LENGTH."""
    if length > MAX_LENGTH:
        raise TooLong(
            _("This text has {length} characters. Shorten it to {most} or divide it.").format(
                length=digits(length), most=digits(MAX_LENGTH)
            )
        )


def _is_tidy(html: str) -> bool:
    """
    Tell whether every tag is plainly written, closed in order, and nested at most MAX_DEPTH deep.

    The parser's time grows with the square of the depth: 200,000 open tags would take minutes.
    """
    opened: list[str] = []
    for closing, tag in _TIDY_TAG.findall(html):
        if not tag:
            return False
        if closing:
            if not opened or opened.pop() != tag:
                return False
        elif tag not in {"br", "hr", "col", "img"}:
            opened.append(tag)
        if len(opened) > MAX_DEPTH:
            return False
    return not opened


def events(html: str) -> Iterator[tuple[str, str, dict[str, str], str]]:
    """Yield (closing, tag, attributes, text) of serialised HTML, which is quoted, escaped and balanced."""
    for closing, tag, attributes, characters in _EVENT.findall(html):
        values = (
            {name: entities.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)} if attributes else {}
        )
        yield closing, tag, values, entities.unescape(characters)


class _Builder:
    """Builds blocks from the events of sanitised HTML. Each text goes into a block that may hold it."""

    def __init__(self, normalise: Callable[[str], str]) -> None:
        self.normalise = normalise
        self.top: list[Block] = []
        self.here: list[Block] | List | Table | Group = self.top
        self.table: Table | None = None
        self.lists = 0
        self.tag = "p"
        self.marks: _Marks = ("", False, False, ())
        self.pieces: list[Run] = []
        self.citing = 0  # open tags in the label of a citation, which is dropped
        self.frames: list[tuple[Any, ...]] = []  # the state to restore at each closing tag
        self.length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        block = tag in BLOCKS
        if block:
            self.citing = 0
            self.part()
        if tag not in {"br", "hr"}:
            self.frames.append((block, self.here, self.table, self.lists, self.tag, self.marks))
        if self.citing:
            self.citing += tag != "br"
        elif block:
            self._open_block(tag, attributes)
        elif tag == "br":
            self.pieces.append(Run("br", "", ()))
        elif tag == "cite":
            if CITATION_KEY.fullmatch(key := attributes.get("data-ref", "").strip()):
                self.pieces.append(Run("cite", key, ()))
                self.citing = 1
        else:
            self.marks = self._marked(tag, attributes)

    def end(self) -> None:
        block, *before = self.frames.pop()
        if block:
            self.part()
        self.here, self.table, self.lists, self.tag, self.marks = before
        self.citing = max(0, self.citing - 1)

    def text(self, characters: str) -> None:
        if not self.citing:
            href, strong, em, scripts = self.marks
            self.length += len(characters) + len(href)
            within_length(self.length)  # an unclosed link may be repeated in each paragraph
            marks = (f"a {href}",) * bool(href) + ("strong",) * strong + ("em",) * em + scripts
            self.pieces.append(Run("text", plain(self.normalise(characters)), marks))

    def part(self) -> None:
        """End the paragraph."""
        if self.pieces and (runs := canonical(self.pieces)):
            flow = self._flow()
            flow.append(Paragraph(self.tag if flow is self.top else "p", runs))
        self.pieces = []

    def _flow(self) -> list[Block]:
        """Return the list of blocks to which the next block is added."""
        match self.here:
            case List(items=items):
                if not items:
                    items.append([])
                return items[-1]
            case Table() | Group():
                return self.top
            case blocks:
                return blocks

    def _marked(self, tag: str, attributes: dict[str, str]) -> _Marks:
        href, strong, em, scripts = self.marks
        match MARK_TAGS.get(tag, tag):
            case "a":
                href = href or safe_href(attributes.get("href"))
            case "strong":
                strong = True
            case "em":
                em = True
            case script:
                scripts = (*scripts, script)[:2]
        return href, strong, em, scripts

    def _open_block(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "figure":
            self._place_figure(attributes.get("data-figure", "").strip())
        elif tag in HEADINGS or tag == "p":
            self.tag = HEADINGS.get(tag, "p")
        elif tag in {"ul", "ol"}:
            self._open_list(tag, attributes)
        elif tag == "li" and isinstance(self.here, List):
            self.here.items.append([])
            self.here = self.here.items[-1]
        elif tag in TABLE_TAGS:
            self._open_table(tag, attributes)

    def _place_figure(self, key: str) -> None:
        """Place a figure between the blocks of the text: within a list or table it comes after that."""
        if FIGURE_KEY.fullmatch(key):
            self.top.append(Paragraph("figure", [Run("figure", key, ())]))

    def _open_list(self, tag: str, attributes: dict[str, str]) -> None:
        in_caption = self.table is not None and self.here is self.table.captions
        if self.lists < MAX_LIST_DEPTH and not in_caption:
            opened = List(tag, small(attributes.get("start")) if tag == "ol" else 1)
            self._flow().append(opened)
            self.here = opened
            self.lists += 1

    def _open_table(self, tag: str, attributes: dict[str, str]) -> None:
        """Open a part of a table in its place. A table inside a cell or item becomes paragraphs."""
        match tag, self.here:
            case "table", _ if self.here is self.top:
                self.table = Table()
                self.top.append(self.table)
                self.here = self.table
            case "caption", Table() as table:
                self.here = table.captions
            case (("thead" | "tbody" | "tfoot"), Table() as table):
                self.here = _add_group(table, "thead" if tag == "thead" else "tbody")
            case "tr", (Table() | Group()) as place:
                group = place if isinstance(place, Group) else _add_group(place, "tbody")
                group.rows.append([])
                self.here = group
            case (("td" | "th"), Group(rows=[*_, row])):
                row.append(Cell(tag, cell_attributes(tag, attributes), []))
                self.here = row[-1].blocks


def _add_group(table: Table, tag: str) -> Group:
    table.groups.append(Group(tag))
    return table.groups[-1]


def without_empty_blocks(blocks: list[Block]) -> list[Block]:
    """Return the blocks that are not empty. A table without rows leaves its caption as a paragraph."""
    kept: list[Block] = []
    for block in blocks:
        match block:
            case List():
                block.items = [item for item in map(without_empty_blocks, block.items) if item]
                if block.items:
                    kept.append(block)
            case Table():
                block.captions = _one_line(block.captions)
                block.groups = _without_empty_rows(block.groups)
                kept += [block] if block.groups else block.captions
            case _:
                kept.append(block)
    return kept


def _one_line(captions: list[Block]) -> list[Block]:
    runs = [run for paragraph in paragraphs(captions) for run in (Run("space", " ", ()), *paragraph)]
    return [Paragraph("p", spaced(runs))] if runs else []


def _without_empty_rows(groups: list[Group]) -> list[Group]:
    """Return the first thead, if other groups follow, then each tbody."""
    for group in groups:
        group.rows = [row for row in group.rows if row]
        for cell in (cell for row in group.rows for cell in row):
            cell.blocks = without_empty_blocks(cell.blocks)
    groups = [group for group in groups if group.rows]
    heads = [group for group in groups if group.tag == "thead"]
    head = heads[0] if heads and len(groups) > 1 else None
    bodies = [Group("tbody", group.rows) for group in groups if group is not head]
    return [head, *bodies] if head else bodies
