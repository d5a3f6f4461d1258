"""The stored HTML of a text as paragraphs and tables of Word."""

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import count, groupby
from typing import Any, NamedTuple

from articles.files.exporting.documents.docx.styles import Lists, key_of
from articles.files.exporting.documents.docx.xml import Element, element, paragraph, run, text, val
from articles.files.exporting.documents.markdown import CannotBeWritten
from articles.files.word.own import names
from articles.text import richtext
from articles.text.citations import ranges
from articles.text.plain.translated import gettext as _
from articles.text.rendering.quantities import QUANTITY
from articles.text.richtext.blocks import Block, Cell, List, Paragraph, Table
from articles.text.richtext.runs import Run

HEADINGS = {"p": "", "h3": "Heading2", "h4": "Heading3"}
WIDE = 9_000  # twentieths of a point: the width of a table
DEEPEST = 8
SCHEMA = "https://github.com/citation-style-language/schema/raw/master/csl-citation.json"


class Relations:
    """The relations of the text part: links and parts, each once."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], str] = {}

    def to(self, kind: str, target: str) -> str:
        """Return the id of the relation."""
        return self.rows.setdefault((kind, target), f"rId{len(self.rows) + 1}")


class Around(NamedTuple):
    """
    Where a block stands: within a list so deep (from 0) with this number, in a cell, or beside the band of a wording.

    A `kept` one stays on the page of the next.
    """

    item: Element | None = None
    depth: int = -1
    within: str = ""
    style: str = ""
    worded: bool = False
    kept: bool = False


class Texts:
    """
    Writes the texts of one article.

    `works` are its references as CSL-JSON, `numbers` their numbers, `anchors` the places of its sections, and `figures`
    the paragraphs of each figure. A `turned` text is written from right to left.
    """

    def __init__(
        self,
        works: dict[str, Any],
        numbers: dict[str, int],
        anchors: Iterable[str],
        figures: dict[str, list[Element]],
        site: str,
        relations: Relations,
        *,
        turned: bool,
    ) -> None:
        self.turned = turned
        self.works, self.numbers, self.figures, self.site = works, numbers, figures, site
        self.anchors = {f"#s-{key}": place_of(key) for key in anchors}
        self.lists, self.relations = Lists(), relations
        self._citations = count(1)

    def write(self, stored: str, *, worded: bool = False) -> Iterator[Element]:
        """Yield the elements of a stored text; `worded` is that of a wording. Raise CannotBeWritten with a sentence."""
        yield from self._blocks(richtext.parse(stored), Around(worded=worded))

    def _blocks(self, blocks: list[Block], around: Around) -> Iterator[Element]:
        for number, block in enumerate(blocks):
            if isinstance(block, Paragraph) and block.figure:
                yield from self._figure(block.figure)
            elif isinstance(block, Paragraph):
                yield self._paragraph(block, around._replace(item=None if number else around.item))
            elif isinstance(block, List):
                is_first = not any(isinstance(other, List) for other in blocks[:number])
                yield from self._list(block, around, is_first=is_first)
            else:
                yield from self._table(block)

    def _figure(self, key: str) -> Iterator[Element]:
        if key not in self.figures:
            raise CannotBeWritten(_("the figure “{key}” is missing.").format(key=key))
        yield from map(deepcopy, self.figures[key])

    def _paragraph(self, block: Paragraph, around: Around) -> Element:
        style = around.style or HEADINGS[block.tag] or "Normal"
        properties: list[Element] = []
        if around.kept:
            properties.append(element("w:keepNext"))
        if around.item is not None:
            style = around.style or "ListParagraph"
            properties.append(deepcopy(around.item))
        elif around.depth >= 0:
            style = key_of(next(name for name, depth in names.CONTINUED.items() if depth == around.depth))
        if around.worded:
            side = {"w:val": "single", "w:sz": "12", "w:space": "6", "w:color": "9DC3E6"}
            properties.append(element("w:pBdr", None, element("w:left", side)))
        return paragraph(style, *self._runs(block.runs), properties=tuple(properties))

    def _list(self, block: List, around: Around, *, is_first: bool) -> Iterator[Element]:
        depth = around.depth + 1
        if depth > DEEPEST:
            raise CannotBeWritten(_("a list of Word is at most nine levels deep."))
        if around.within and is_first:
            number = self.lists.within(around.within, block.tag, depth, block.start)
        else:
            number = self.lists.new(block.tag, depth, block.start)
        place = element("w:numPr", None, val("w:ilvl", str(depth)), val("w:numId", number))
        for item in block.items:
            if not isinstance(item[0], Paragraph):
                raise CannotBeWritten(_("an item of a list of Word begins with words of its own."))
            yield from self._blocks(item, around._replace(item=place, depth=depth, within=number))

    def _table(self, block: Table) -> Iterator[Element]:
        if block.caption:
            yield paragraph("Caption", *self._runs(block.caption))
        rows = [(group, number) for group in block.groups for number in range(len(group.rows))]
        laid = [places for group in block.groups for places in laid_out(group.rows)]
        columns = max(place.column + place.wide for row in laid for place in row)
        made = element("w:tbl", None, _table_look(turned=self.turned), _grid(columns))
        is_first_body = True
        for (group, number), places in zip(rows, laid, strict=True):
            begins = group.tag == "tbody" and number == 0
            is_head = group.tag == "thead"
            made.append(self._row(places, columns, is_head=is_head, is_new=begins and not is_first_body))
            is_first_body &= not begins
        yield made
        yield _apart()

    def _row(self, places: list["Place"], columns: int, *, is_head: bool, is_new: bool) -> Element:
        made = element("w:tr")
        if is_new:
            line = {"w:val": names.NEW_GROUP, "w:sz": "12", "w:space": "0", "w:color": "44546A"}
            made.append(element("w:tblPrEx", None, element("w:tblBorders", None, element("w:top", line))))
        end = max((place.column + place.wide for place in places), default=0)
        more = [val("w:gridAfter", str(columns - end))] if end < columns else []
        head = [element("w:tblHeader")] if is_head else []
        made.append(element("w:trPr", None, *more, element("w:cantSplit"), *head))
        made.extend(self._cell(place, is_head=is_head) for place in places)
        return made

    def _cell(self, place: "Place", *, is_head: bool) -> Element:
        cell = place.cell
        width = element("w:tcW", {"w:w": "0", "w:type": "auto"})
        spans = [val("w:gridSpan", str(place.wide))] if place.wide > 1 else []
        if cell is None or place.is_spanned:
            spans.append(val("w:vMerge", "continue" if cell is None else "restart"))
        shade = [element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": "E7ECF4"})]
        is_header = cell is not None and cell.tag == "th"
        properties = element("w:tcPr", None, width, *spans, *(shade if is_header else []))
        scope = dict(cell.attributes).get("scope", "") if cell is not None else ""
        style = key_of(names.SCOPES[scope] if is_header else names.CELL)
        inner = list(self._blocks(cell.blocks, Around(style=style, kept=is_head))) if cell is not None else []
        if not inner or inner[-1].tag != element("w:p").tag:
            inner.append(paragraph(style))
        return element("w:tc", None, properties, *inner)

    def _runs(self, runs: list[Run]) -> Iterator[Element]:
        for link, linked in groupby(runs, key=lambda one: next((m for m in one.marks if m.startswith("a ")), "")):
            if link:
                yield self._link(link.removeprefix("a "), list(self._spans(linked, in_link=True)))
            else:
                yield from self._spans(linked)

    def _link(self, address: str, inner: list[Element]) -> Element:
        if address in self.anchors:
            return element("w:hyperlink", {"w:anchor": self.anchors[address], "w:tooltip": address}, *inner)
        if address.startswith(("/", "#")):
            whole = f"{self.site}{address}" if address.startswith("/") else address
            return element("w:hyperlink", {"r:id": self.relations.to("hyperlink", whole), "w:tooltip": address}, *inner)
        return element("w:hyperlink", {"r:id": self.relations.to("hyperlink", address)}, *inner)

    def _spans(self, runs: Iterable[Run], *, in_link: bool = False) -> Iterator[Element]:
        for is_cite, group in groupby(runs, key=lambda one: one.kind == "cite"):
            if is_cite:
                yield from self._citation([one.text for one in group])
                continue
            for one in group:
                for words, is_amount in _amounts(one.text) if self.turned else [(one.text, False)]:
                    made = element("w:r", None, *_properties(one.marks, in_link=in_link))
                    made.append(element("w:br") if one.kind == "br" else text(words))
                    yield element("w:dir", {"w:val": "ltr"}, made) if is_amount else made

    def _citation(self, keys: list[str]) -> Iterator[Element]:
        """Yield a citation as Zotero leaves it in a text, with the numbers that the page shows."""
        found = [self.numbers[key] for key in keys if key in self.numbers]
        parts = [str(first) if first == last else f"{first}–{last}" for first, last in ranges(found)]
        shown = f"[{','.join(parts)}]"
        data = {
            "citationID": f"imp{next(self._citations):05}",
            "properties": {"formattedCitation": shown, "plainCitation": shown, "noteIndex": 0},
            "citationItems": [
                {
                    "id": key,
                    "uris": [f"{names.NAMESPACE}:{key}"],
                    "itemData": {**self.works.get(key, {}), "id": key},
                }
                for key in keys
            ],
            "schema": SCHEMA,
        }
        code = f" ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps(data, ensure_ascii=False)} "
        yield _mark("begin")
        yield element("w:r", None, text(code, "w:instrText"))
        yield _mark("separate")
        yield run(shown, val("w:vertAlign", "superscript"))
        yield _mark("end")


class Place(NamedTuple):
    """A cell in its row: its column, how wide it is, and whether it reaches into the next row; or one from above."""

    column: int
    wide: int
    cell: Cell | None
    is_spanned: bool


def laid_out(rows: list[list[Cell]]) -> list[list[Place]]:
    """Return the cells of each row of a group as browsers lay them out, those that reach down from above among them."""
    above: dict[int, tuple[int, int]] = {}  # by column: how wide, and how many rows more
    found = []
    for row in rows:
        places: list[Place] = []
        column, reach = 0, above
        above = {}
        waiting = list(row)
        while waiting or any(start >= column for start in reach):
            if column in reach:
                wide, more = reach[column]
                places.append(Place(column, wide, None, is_spanned=True))
                if more > 1:
                    above[column] = (wide, more - 1)
            elif waiting:
                cell = waiting.pop(0)
                spans = dict(cell.attributes)
                wide, high = int(spans.get("colspan", 1)), int(spans.get("rowspan", 1))
                if any(column < start < column + wide for start in reach):
                    raise CannotBeWritten(_("cells of a table overlap."))
                places.append(Place(column, wide, cell, is_spanned=high > 1))
                if high > 1:
                    above[column] = (wide, high - 1)
            else:
                raise CannotBeWritten(_("a row of a table leaves a place free within it."))
            column += wide
        found.append(places)
    if above:
        raise CannotBeWritten(_("a cell of a table reaches below its rows."))
    return found


def place_of(key: str) -> str:
    """Return the name of the bookmark of a section."""
    return f"s_{key}"


def _amounts(words: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text written from right to left, and whether each is an amount, which is not."""
    at = 0
    for found in QUANTITY.finditer(words):
        if not found.group().isdigit():
            if found.start() > at:
                yield words[at : found.start()], False
            yield found.group(), True
            at = found.end()
    if at < len(words):
        yield words[at:], False


def _mark(kind: str) -> Element:
    return element("w:r", None, element("w:fldChar", {"w:fldCharType": kind}))


def _properties(marks: tuple[str, ...], *, in_link: bool) -> list[Element]:
    found = [val("w:rStyle", "Hyperlink")] if in_link else []
    found += [element("w:b"), element("w:bCs")] if "strong" in marks else []
    found += [element("w:i"), element("w:iCs")] if "em" in marks else []
    scripts = [mark for mark in marks if mark in ("sub", "sup")]
    if len(scripts) > 1:
        raise CannotBeWritten(_("a raised sign of Word cannot have a raised or lowered sign."))
    found += [val("w:vertAlign", "superscript" if mark == "sup" else "subscript") for mark in scripts]
    return [element("w:rPr", None, *found)] if found else []


def _apart() -> Element:
    """Return the low paragraph below a table, without which Word would make one table of two."""
    height = element("w:spacing", {"w:before": "0", "w:after": "120", "w:line": "120", "w:lineRule": "exact"})
    return element("w:p", None, element("w:pPr", None, height, element("w:rPr", None, val("w:sz", "8"))))


def _table_look(*, turned: bool) -> Element:
    return element(
        "w:tblPr", None, val("w:tblStyle", "TableGrid"), *([element("w:bidiVisual")] if turned else []),
        element("w:tblW", {"w:w": "5000", "w:type": "pct"}),
        element("w:tblLook", {"w:val": "0000", "w:firstRow": "0", "w:noHBand": "1", "w:noVBand": "1"}),
    )  # fmt: skip


def _grid(columns: int) -> Element:
    return element("w:tblGrid", None, *(element("w:gridCol", {"w:w": str(WIDE // columns)}) for _ in range(columns)))
