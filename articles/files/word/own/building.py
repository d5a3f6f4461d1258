"""What mammoth made of a text of ours, as sections: with their roles and wordings, lists, figures and cells."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree, html

from articles.files.word.numbers import BULLET
from articles.files.word.own.names import OWN
from articles.files.word.package import Element, W

MARK = "\ue012{}\ue013"
BEGIN, END = "\ue012", "\ue013"


@dataclass
class Written:
    """A section as elements: its general text, and its wordings with their headings, by audience."""

    heading: str
    role: str
    general: list[Element] = field(default_factory=list)
    wordings: dict[str, list[Element]] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)


def mark(document: Element) -> None:
    """Write into each paragraph what it is, so that it is known in the HTML; items of lists become paragraphs."""
    for paragraph in document.iter(f"{W}p"):
        known = {name.removeprefix(OWN): value for name, value in paragraph.attrib.items() if name.startswith(OWN)}
        properties = paragraph.find(f"{W}pPr")
        numbered = properties.find(f"{W}numPr") if properties is not None else None
        if properties is not None and numbered is not None:
            properties.remove(numbered)
        if known:
            run = etree.Element(f"{W}r")
            etree.SubElement(run, f"{W}t").text = MARK.format(json.dumps(known))
            paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, run)


def sections(made: list[Element]) -> Iterator[Written]:
    """Yield the sections of the top elements of the HTML."""
    section = Written("", "")
    into = section.general
    for element in made:
        known = _mark_of(element)
        if element.tag == "h1":
            yield section
            section = Written(" ".join("".join(element.itertext()).split()), known.get("role", ""))
            into = section.general
        elif "wording" in known:
            into = section.wordings.setdefault(known["wording"], [])
            if "heading" in known:
                section.headings[known["wording"]] = known["heading"]
        else:
            if known:
                element.text = f"{MARK.format(json.dumps(known))}{element.text or ''}"
            into.append(element)
    yield section


def body(elements: list[Element]) -> str:
    """Return the HTML of these blocks."""
    flow = Flow(html.Element("div"))
    for number, element in enumerate(elements):
        following = elements[number + 1] if number + 1 < len(elements) else None
        if element.get("class") == "caption" and following is not None and following.tag == "table":
            element.tag = "caption"
            following.insert(0, element)
        else:
            flow.add(element)
    return "".join(html.tostring(one, encoding="unicode", with_tail=False) for one in flow.into)


class Open(NamedTuple):
    """A list that may go on: its element, its number in Word, its depth there, and the number of its next item."""

    element: Element
    key: str
    depth: int
    next: int


class Flow:
    """Puts blocks into an element, in their order; items become lists within lists."""

    def __init__(self, into: Element) -> None:
        self.into = into
        self.open: list[Open] = []
        self.family: set[str] = set()  # lists within the outermost one: an item that moves outwards keeps its list

    def add(self, element: Element) -> None:
        known = _mark_of(element)
        if "figure" in known:
            self._close()
            self.into.append(html.Element("figure", {"data-figure": known["figure"]}))
        if element.tag == "table":
            self._close()
            _table(element)
            self.into.append(element)
        elif "".join(element.itertext()).strip():
            self._words(element, known)

    def _words(self, element: Element, known: dict[str, str]) -> None:
        if element.tag in ("h2", "h3", "h4", "h5", "h6"):
            element.tag = "h3" if element.tag == "h2" else "h4"
        if "item" in known and element.tag == "p":
            key, depth, number = known["item"].split(" ")
            self._item(element, key, int(depth), number)
        elif "continued" in known and self.open:
            deepest = int(known["continued"])
            while len(self.open) > 1 and self.open[-1].depth > deepest:
                self.open.pop()
            self.open[-1].element[-1].append(element)
        else:
            self._close()
            self.into.append(element)

    def _close(self) -> None:
        self.open.clear()
        self.family.clear()

    def _item(self, element: Element, key: str, depth: int, number: str) -> None:
        while self.open and self.open[-1].depth > depth:
            self.open.pop()
        if self.open and self.open[-1].depth == depth and not self._goes_on(key, number):
            self.open.pop()
        if not self.open:
            self.family.clear()
        if not self.open or self.open[-1].depth < depth:
            place = self.open[-1].element[-1] if self.open else self.into
            begins = 0 if number == BULLET else int(number[:-1])
            made = etree.SubElement(place, "ol", start=str(begins)) if begins else etree.SubElement(place, "ul")
            self.family |= {key} if self.open else set()
            self.open.append(Open(made, key, depth, begins))
        last = self.open[-1]
        etree.SubElement(last.element, "li").append(element)
        self.open[-1] = last._replace(next=last.next + 1)

    def _goes_on(self, key: str, number: str) -> bool:
        last = self.open[-1]
        is_next = number == (BULLET if last.element.tag == "ul" else f"{last.next}.")
        return is_next and (key == last.key or key in self.family)


def _table(table: Element) -> None:
    """Give the cells what their paragraphs say that they are, and a row that begins a body its own one."""
    for row in list(table.iter("tr")):
        is_new = False
        for cell in row:
            inner = list(cell)
            known = _mark_of(inner[0]) if inner else {}
            is_new |= "group" in known
            tag, _blank, scope = known.get("cell", cell.tag).partition(" ")
            cell.tag = tag
            if scope:
                cell.set("scope", scope)
            flow = Flow(cell)
            for child in inner:
                cell.remove(child)
            for number, child in enumerate(inner):
                if not number and known:
                    child.text = f"{MARK.format(json.dumps(known))}{child.text or ''}"
                flow.add(child)
        if is_new and row.getparent().tag != "thead" and row.getprevious() is not None:
            group = html.Element("tbody")
            group.extend([row, *row.itersiblings()])
            table.append(group)


def _mark_of(element: Element) -> dict[str, str]:
    """Return what stands in the mark of an element, and take the mark out."""
    for place in element.iter():
        text = place.text or ""
        if BEGIN in text:
            before, _begin, rest = text.partition(BEGIN)
            inside, _end, after = rest.partition(END)
            place.text = before + after
            found: dict[str, str] = json.loads(inside)
            return found
        if text.strip() or element.tag == "table":
            break
    return {}
