"""
A page as a tree of plain data, from which the typesetter makes a PDF.

Each text of the page becomes one string of the data, and none becomes a part of a program. A cell says in which row and
column of its table it stands, as browsers place it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, TypeAlias
from urllib.parse import urljoin

from lxml import html

from articles.models import Section
from articles.text.rendering.visible import BLOCKS

Node: TypeAlias = dict[str, Any]

Role = Section.Role
HEADINGS = {f"h{level}": level for level in range(1, 7)}
MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "sub": "sub", "sup": "sup", "code": "code"}
CONTROLS = ("back", "change", "other-notices")  # by class
LEFT_OUT = " | ".join(
    [
        *(f".//{tag}" for tag in ("nav", "script", "form")),
        *(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]" for name in CONTROLS),
    ]
)
BOXES = {"notice": "notice", "caution": "notice", "disclaimer": "plain"}  # by class
ROLES: dict[str, str] = {
    **dict.fromkeys((Role.KEY_POINTS, Role.SUMMARY), "plain"),
    **dict.fromkeys((Role.URGENT, Role.HELP_NOW, Role.HELP_TODAY), "help"),
}
DEEPEST = 4
WIDEST, HIGHEST = 166, 170  # millimetres of a picture
DOTS = 6  # pixels in a millimetre, about 150 in an inch
TOWARDS = {"L": "ltr", "R": "rtl", "AL": "rtl"}


class Tree:
    """
    Makes the data of one page. `page` is its address, against which links are read.

    `pictures` are the names of the files that the page shows, which the typesetter has to be given.
    """

    def __init__(self, page: str) -> None:
        self.page = page
        self.pictures: list[str] = []
        self.anchors: set[str] = set()
        self.level = 0

    def of(self, text: str) -> list[Node]:
        """Return the blocks of the page. Its lists of links and its controls are left out."""
        root = html.fragment_fromstring(text, create_parent="div")
        for unwanted in root.xpath(LEFT_OUT):
            unwanted.drop_tree()
        linked = {link.get("href", "")[1:] for link in root.iter("a") if link.get("href", "").startswith("#")}
        self.anchors = {one.get("id") for one in root.iter() if one.get("id") in linked}
        return self.blocks(root)

    def blocks(self, element: html.HtmlElement) -> list[Node]:
        """Return the blocks of an element; a run of words between two blocks is a paragraph."""
        found: list[Node] = []
        run = _texts(element.text)
        apart = " · " if "meta" in element.get("class", "").split() else ""  # as the style sheet puts a gap there
        for child in element:
            if child.tag in BLOCKS:
                found += [*_paragraph(run), *self._block(child)]
                run = _texts(child.tail)
            else:
                run += [*([apart] if apart and _paragraph(run) else []), *self._span(child), *_texts(child.tail)]
        return [*found, *_paragraph(run)]

    def _block(self, element: html.HtmlElement) -> list[Node]:
        found = self._plain_block(element)
        if found and element.get("id") in self.anchors:
            found[0] = {"k": "anchor", "id": element.get("id"), "c": [found[0]]}
        if found and (element.get("lang") or element.get("dir")):
            return [{"k": "lang", "lang": _language(element), "dir": _towards(element), "c": found}]
        return found

    def _plain_block(self, element: html.HtmlElement) -> list[Node]:
        if element.tag in HEADINGS:
            return [self._heading(element)]
        if element.tag in ("ul", "ol"):
            items = [self._item(item) for item in element.iterchildren("li")]
            return [{"k": element.tag, "start": int(element.get("start", "1")), "c": items}] if items else []
        if element.tag == "table":
            return [self._table(element)]
        if element.tag == "summary":
            return _paragraph([{"k": "strong", "c": self._inline(element)}])
        if element.tag == "figure" and (image := element.find("img")) is not None:
            return [self._figure(element, image)]
        if element.find("dt") is not None:
            return self._term(element)
        kinds = {BOXES.get(name) for name in element.get("class", "").split()} | {
            ROLES.get(element.get("data-role", ""))
        }
        inner = self.blocks(element)
        box = next(iter(sorted(filter(None, kinds))), "")
        return [{"k": "box", "kind": box, "c": inner}] if box and inner else inner

    def _heading(self, element: html.HtmlElement) -> Node:
        """Return a heading. The title is no heading of the PDF, and no level is left out below it."""
        depth = HEADINGS[element.tag] - 1
        if depth == 0:
            return {"k": "title", "c": self._inline(element)}
        self.level = min(depth, self.level + 1, DEEPEST)
        return {"k": "heading", "level": self.level, "c": self._inline(element)}

    def _figure(self, element: html.HtmlElement, image: html.HtmlElement) -> Node:
        """Return a picture, in its widest file and as large as fits, with the words below it."""
        wide, high = int(image.get("width", "1")), int(image.get("height", "1"))
        sets = [part.split()[0] for part in image.get("srcset", "").split(",") if part.strip()]
        name = (sets or [image.get("src", "")])[-1].rpartition("/")[2]
        self.pictures.append(name)
        shown = min(WIDEST, wide / DOTS, HIGHEST * wide / high)
        image.drop_tree()
        for link in element.xpath(".//figcaption//a"):
            link.drop_tree()
        return {
            "k": "picture",
            "name": name,
            "alt": image.get("alt", ""),
            "width": f"{shown:.1f}",
            "c": self.blocks(element),
        }

    def _item(self, element: html.HtmlElement) -> Node:
        return {"k": "item", "c": self._block(element)}

    def _term(self, element: html.HtmlElement) -> list[Node]:
        """Return a term and what it means, as one paragraph if the meaning has no blocks of its own."""
        found: list[Node] = []
        for part in element.iterchildren("dt", "dd"):
            if part.tag == "dt":
                found += _paragraph([{"k": "strong", "c": [*self._inline(part), ":"]}])
                continue
            first, *others = self.blocks(part) or [{"k": "p", "c": []}]
            if found and first["k"] == "p":
                found[-1]["c"] += [" ", *first["c"]]
                found += others
            else:
                found += [first, *others]
        return found

    def _table(self, element: html.HtmlElement) -> Node:
        named = element.find("caption")
        heads, rows = element.findall("thead/tr"), [*element.findall("tbody/tr"), *element.findall("tfoot/tr")]
        cells = [*self._cells(heads, 0), *self._cells(rows, len(heads))]
        columns = max((cell["x"] + cell["wide"] for cell in cells), default=1)
        return {
            "k": "table",
            "caption": [] if named is None else self._inline(named),
            "columns": columns,
            "heads": len(heads),
            "c": sorted(
                [*cells, *_missing(cells, columns, len(heads) + len(rows))], key=lambda cell: (cell["y"], cell["x"])
            ),
        }

    def _cells(self, rows: list[html.HtmlElement], first: int) -> Iterator[Node]:
        """Yield the cells of a group of rows, each with its place. None reaches below the group."""
        taken: set[tuple[int, int]] = set()
        for y, row in enumerate(rows):
            x = 0
            for cell in row.iterchildren("td", "th"):
                while (y, x) in taken:
                    x += 1
                wide = int(cell.get("colspan", "1"))
                deep = min(int(cell.get("rowspan", "1")), len(rows) - y)
                taken |= set(product(range(y, y + deep), range(x, x + wide)))
                row_header = cell.tag == "th" and cell.get("scope") == "row"
                place = {"x": x, "y": first + y, "wide": wide, "deep": deep}
                yield {**place, "row_header": row_header, "bold": cell.tag == "th", "c": self.blocks(cell)}
                x += wide

    def _inline(self, element: html.HtmlElement) -> list[Node]:
        found = _texts(element.text)
        for child in element:
            found += [*self._span(child), *_texts(child.tail)]
        return found

    def _span(self, element: html.HtmlElement) -> list[Node]:
        if not isinstance(element.tag, str):
            return []
        if element.tag == "br":
            return [{"k": "br"}]
        inner = self._inline(element)
        if element.tag in MARKS:
            inner = [{"k": MARKS[element.tag], "c": inner}]
        elif element.tag == "a" and inner:
            inner = [{**self._to(element.get("href", "")), "c": inner}]
        if inner and (element.get("lang") or element.get("dir")):
            return _apart({"k": "lang", "lang": _language(element), "dir": _towards(element), "c": inner})
        return inner

    def _to(self, href: str) -> Node:
        """Return the target of a link: a place in this text if it has one, else an address."""
        if href.startswith("#"):
            return {"k": "to", "id": href[1:]} if href[1:] in self.anchors else {"k": "span"}
        return {"k": "link", "href": urljoin(self.page, href)} if href else {"k": "span"}


def row_headers(blocks: Iterable[Any]) -> list[list[bool]]:
    """Return for each table, in their order, whether each cell, row by row, is the heading of its row."""
    found: list[list[bool]] = []
    for node in blocks:
        if isinstance(node, dict) and node.get("k") == "table":
            found.append([cell["row_header"] for cell in node["c"]])
        elif isinstance(node, dict):
            found += row_headers(node.get("c", []))
    return found


def _missing(cells: list[Node], columns: int, rows: int) -> list[Node]:
    """Return an empty cell for each place of the table that has none."""
    taken = {
        (y, x)
        for cell in cells
        for y in range(cell["y"], cell["y"] + cell["deep"])
        for x in range(cell["x"], cell["x"] + cell["wide"])
    }
    empty = {"wide": 1, "deep": 1, "row_header": False, "bold": False, "c": []}
    return [{"x": x, "y": y, **empty} for y, x in product(range(rows), range(columns)) if (y, x) not in taken]


def _texts(text: str | None) -> list[Any]:
    return [re.sub(r"[ \t\r\n\f]+", " ", text)] if text else []


def _paragraph(run: list[Any]) -> list[Node]:
    """Return the run as a paragraph, without blanks around it; nothing for blanks."""
    kept = list(run)
    while kept and kept[0] == " ":
        kept.pop(0)
    while kept and kept[-1] == " ":
        kept.pop()
    if kept and isinstance(kept[0], str):
        kept[0] = kept[0].lstrip(" ")
    return [{"k": "p", "c": kept}] if kept else []


def _apart(node: Node) -> list[Any]:
    """Return words with a direction of their own as a box, and the blank that ends them outside of it."""
    if not node["dir"]:
        return [node]
    words = node["c"]
    if not (isinstance(words[-1], str) and words[-1].endswith(" ")):
        return [{**node, "k": "isolated"}]
    return [{**node, "k": "isolated", "c": [*words[:-1], words[-1].rstrip(" ")]}, " "]


def _language(element: html.HtmlElement) -> str:
    return element.get("lang", "").partition("-")[0].lower()


def _towards(element: html.HtmlElement) -> str:
    """Return the direction of an element, "ltr" or "rtl"; with "auto" that of its first letter that has one."""
    towards = element.get("dir", "")
    if towards == "auto":
        letters = (unicodedata.bidirectional(letter) for letter in element.text_content())
        towards = next((TOWARDS[kind] for kind in letters if kind in TOWARDS), "")
    return towards if towards in ("ltr", "rtl") else ""
