"""Build blocks from any HTML: sanitised, and every piece of text where it may stand."""

import html as entities
import re
from collections.abc import Callable, Iterator

from articles.text.plain.marks import CITATION_KEY
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
from articles.text.richtext.blocks import Cell, Group, List, Paragraph, Table
from articles.text.richtext.runs import Run, canonical, spaced

MAX_LENGTH = 2_000_000
MAX_LIST_DEPTH = 8
MAX_LOOSE_TAGS = 10_000
MAX_DEPTH = 100
_EVENT = re.compile(r'<(/?)([a-z0-9]+)((?: [a-z-]+="[^"]*")*)>|([^<]+)')
_TIDY_TAG = re.compile(r'<(?:(/?)([A-Za-z][A-Za-z0-9-]*)(?:\s+[A-Za-z-]+="[^"<>]*")*\s*>)?')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


class TooLong(ValueError):
    """The text is longer, or nested deeper, than any article."""


def parse(html: str, settle: Callable[[str], str] = str) -> list:
    """
    Return the sanitised text as a list of Paragraph, List and Table. Raise TooLong as `clean` does.

    `settle` is applied to each piece of text between tags.
    """
    within_length(len(html))
    if html.count("<") > MAX_LOOSE_TAGS and not _is_tidy(html):
        raise TooLong("This text has too many tags that are unclosed or nested too deep. Divide it or simplify it.")
    builder = _Builder(settle)
    for closing, tag, attributes, characters in events(sanitised(html)):
        if characters:
            builder.text(characters)
        elif closing:
            builder.end()
        else:
            builder.start(tag, attributes)
    builder.part()
    return settled(builder.top)


def within_length(length: int) -> None:
    """Refuse what is longer than any article."""
    if length > MAX_LENGTH:
        raise TooLong(f"This text has {length:,} characters. Shorten it to {MAX_LENGTH:,} or divide it.")


def _is_tidy(html: str) -> bool:
    """
    Say whether every tag is plainly written, closed in order, and none lies deep.

    The parser needs time in the square of the depth: 200,000 open tags would keep it busy for minutes.
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
    """Yield (closing, tag, attributes, text) of HTML that a serialiser wrote: quoted, escaped and balanced."""
    for closing, tag, attributes, characters in _EVENT.findall(html):
        values = (
            {name: entities.unescape(value) for name, value in _ATTRIBUTE.findall(attributes)} if attributes else {}
        )
        yield closing, tag, values, entities.unescape(characters)


class _Builder:
    """Take the events of sanitised HTML and put every piece of text into the block where it may stand."""

    def __init__(self, settle: Callable[[str], str]):
        self.settle = settle
        self.top: list = []
        self.here: list | List | Table | Group = self.top  # a list takes blocks
        self.table: Table | None = None
        self.lists = 0
        self.tag = "p"
        self.marks = ("", False, False, ())  # href, strong, em, sub and sup
        self.pieces: list[Run] = []
        self.citing = 0  # how deep in the label of a citation, which is written anew
        self.frames: list[tuple] = []
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
            within_length(self.length)  # one unclosed link may be repeated in every paragraph
            marks = (f"a {href}",) * bool(href) + ("strong",) * strong + ("em",) * em + scripts
            self.pieces.append(Run("text", plain(self.settle(characters)), marks))

    def part(self) -> None:
        """End the paragraph."""
        if self.pieces and (runs := canonical(self.pieces)):
            flow = self._flow()
            flow.append(Paragraph(self.tag if flow is self.top else "p", runs))
        self.pieces = []

    def _flow(self) -> list:
        match self.here:
            case List(items=items):
                if not items:
                    items.append([])
                return items[-1]
            case Table() | Group():
                return self.top
            case blocks:
                return blocks

    def _marked(self, tag: str, attributes: dict[str, str]) -> tuple:
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
        if tag in HEADINGS or tag == "p":
            self.tag = HEADINGS.get(tag, "p")
        elif tag in {"ul", "ol"}:
            self._open_list(tag, attributes)
        elif tag == "li" and isinstance(self.here, List):
            self.here.items.append([])
            self.here = self.here.items[-1]
        elif tag in TABLE_TAGS:
            self._open_table(tag, attributes)

    def _open_list(self, tag: str, attributes: dict[str, str]) -> None:
        in_caption = self.table is not None and self.here is self.table.captions
        if self.lists < MAX_LIST_DEPTH and not in_caption:
            opened = List(tag, small(attributes.get("start")) if tag == "ol" else 1)
            self._flow().append(opened)
            self.here = opened
            self.lists += 1

    def _open_table(self, tag: str, attributes: dict[str, str]) -> None:
        """Open a part of a table where it belongs; a table in a cell or item becomes paragraphs there."""
        match tag, self.here:
            case "table", _ if self.here is self.top:
                self.table = Table()
                self.top.append(self.table)
                self.here = self.table
            case "caption", Table():
                self.here = self.here.captions
            case (("thead" | "tbody" | "tfoot"), Table()):
                self.here = self._group("thead" if tag == "thead" else "tbody")
            case "tr", Table() | Group():
                group = self.here if isinstance(self.here, Group) else self._group("tbody")
                group.rows.append([])
                self.here = group
            case (("td" | "th"), Group(rows=[*_, row])):
                row.append(Cell(tag, cell_attributes(tag, attributes), []))
                self.here = row[-1].blocks

    def _group(self, tag: str) -> Group:
        self.table.groups.append(Group(tag))
        return self.table.groups[-1]


def settled(blocks: list) -> list:
    """Return the blocks without what is empty; a table without rows leaves its caption as a paragraph."""
    kept = []
    for block in blocks:
        match block:
            case List():
                block.items = [item for item in map(settled, block.items) if item]
                kept += [block] if block.items else []
            case Table():
                block.captions = _one_line(block.captions)
                block.groups = _settled_groups(block.groups)
                kept += [block] if block.groups else block.captions
            case _:
                kept.append(block)
    return kept


def _one_line(captions: list[Paragraph]) -> list[Paragraph]:
    runs = [run for paragraph in captions for run in (Run("space", " ", ()), *paragraph.runs)]
    return [Paragraph("p", spaced(runs))] if runs else []


def _settled_groups(groups: list[Group]) -> list[Group]:
    """Return a thead, if there is one and something under it, then each tbody."""
    for group in groups:
        group.rows = [row for row in group.rows if row]
        for cell in (cell for row in group.rows for cell in row):
            cell.blocks = settled(cell.blocks)
    groups = [group for group in groups if group.rows]
    heads = [group for group in groups if group.tag == "thead"]
    head = heads[0] if heads and len(groups) > 1 else None
    bodies = [Group("tbody", group.rows) for group in groups if group is not head]
    return [head, *bodies] if head else bodies
