"""The stored HTML of a text as elements of JATS."""

import copy
from collections.abc import Iterable
from itertools import count
from typing import Any

from lxml import etree, html

Element = Any  # lxml's stubs know no type for an element that is public

XLINK = "{http://www.w3.org/1999/xlink}"
MARKS = {"strong": "bold", "em": "italic", "sub": "sub", "sup": "sup"}
SPANS = ("colspan", "rowspan", "scope")


class Texts:
    """Writes the texts of one article. `keys` are those of its references, `site` is where its paths begin."""

    def __init__(self, keys: Iterable[str], figures: dict[str, Element], site: str) -> None:
        self.ids = {key: f"r{number}" for number, key in enumerate(keys, start=1)}
        self.figures, self.site = figures, site
        self._tables, self._shown = count(1), count(1)

    def write(self, stored: str, into: Element) -> None:
        """Append the blocks of a stored text; a heading within it begins a section within the section."""
        if not stored:
            return
        places = {0: into}
        for block in html.fragment_fromstring(stored, create_parent="div"):
            if block.tag in ("h3", "h4"):
                level = int(block.tag[1])
                above = places[max(depth for depth in places if depth < level)]
                places = {depth: place for depth, place in places.items() if depth < level}
                places[level] = etree.SubElement(above, "sec", {"specific-use": block.tag})
                self._inline(block, etree.SubElement(places[level], "title"))
            else:
                self._block(block, places[max(places)])

    def _block(self, block: Element, into: Element) -> None:
        if block.tag in ("ul", "ol"):
            self._list(block, into)
        elif block.tag == "table":
            self._table(block, into)
        elif block.tag == "figure":
            into.append(self._figure(block.get("data-figure", "")))
        else:
            self._inline(block, etree.SubElement(into, "p"))

    def _figure(self, key: str) -> Element:
        """Return the figure, with an id of its own each time that it is shown."""
        made = copy.deepcopy(self.figures[key])
        made.set("id", f"f{next(self._shown)}")
        return made

    def _list(self, block: Element, into: Element) -> None:
        """A list of JATS has no first number, so each item of a numbered one has its number as label."""
        made = etree.SubElement(into, "list", {"list-type": "order" if block.tag == "ol" else "bullet"})
        for number, item in enumerate(block.iterchildren("li"), start=int(block.get("start", "1"))):
            row = etree.SubElement(made, "list-item")
            if block.tag == "ol":
                etree.SubElement(row, "label").text = str(number)
            inner = [child for child in item if child.tag in ("p", "ul", "ol", "table", "figure")]
            if not inner or (item.text or "").strip() or item[0] not in inner:
                self._inline(item, etree.SubElement(row, "p"), without=inner)
            for child in inner:
                self._block(child, row)

    def _table(self, block: Element, into: Element) -> None:
        wrap = etree.SubElement(into, "table-wrap", {"id": f"t{next(self._tables)}"})
        caption = block.find("caption")
        if caption is not None:
            self._inline(caption, etree.SubElement(etree.SubElement(wrap, "caption"), "p"))
        table = etree.SubElement(wrap, "table")
        for group in block.iterchildren("thead", "tbody"):
            rows = etree.SubElement(table, group.tag)
            for row in group:
                made = etree.SubElement(rows, "tr")
                for cell in row:
                    named = {name: cell.get(name) for name in SPANS if cell.get(name)}
                    self._cell(cell, etree.SubElement(made, cell.tag, named))

    def _cell(self, cell: Element, into: Element) -> None:
        inner = [child for child in cell if child.tag in ("p", "ul", "ol")]
        self._inline(cell, into, without=inner)
        for child in inner:
            self._block(child, into)

    def _inline(self, element: Element, into: Element, without: Iterable[Element] = ()) -> None:
        """Append the words of an element and what stands among them, but for the blocks `without`."""
        left = list(without)
        _say(into, element.text or "")
        for child in element:
            if child not in left:
                self._span(child, into)
                _say(into, child.tail or "")

    def _span(self, child: Element, into: Element) -> None:
        if child.tag == "br":
            in_cell = into.tag in ("td", "th", "title")  # nowhere else does JATS know a break
            etree.SubElement(into, "break" if in_cell else "x").text = None if in_cell else "\n"
        elif child.tag == "cite":
            key = child.get("data-ref", "")
            made = etree.SubElement(into, "xref", {"ref-type": "bibr", "rid": self.ids[key]})
            made.text = str([*self.ids].index(key) + 1)
        elif child.tag == "a":
            address = child.get("href", "")
            address = f"{self.site}{address}" if address.startswith("/") else address
            self._inline(child, etree.SubElement(into, "ext-link", {"ext-link-type": "uri", f"{XLINK}href": address}))
        else:
            self._inline(child, etree.SubElement(into, MARKS.get(child.tag, "named-content")))


def _say(into: Element, text: str) -> None:
    """Append words behind what an element holds already."""
    if len(into):
        into[-1].tail = (into[-1].tail or "") + text
    else:
        into.text = (into.text or "") + text
