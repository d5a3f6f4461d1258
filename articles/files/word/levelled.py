"""A Word file made ready for mammoth: what it would read otherwise than Word shows it is written out first."""

import copy
import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from articles.files.word.cited.fields import fields
from articles.files.word.package import PACKAGE, Element, Package, W
from articles.files.word.styles import Styles, is_on

CITE = "\ue010{}\ue011"
XML = "{http://www.w3.org/XML/1998/namespace}"
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
HEAD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


class Levelled:
    """
    A copy of the text with its citations as marks, its notes at the ends of their sections, and whole rows of tables.

    `headed` are the numbers of the tables whose first row was made a row of headers, as it looks like one.
    """

    def __init__(
        self,
        package: Package,
        document: Element,
        styles: Styles,
        notes: dict[tuple[str, str], Element],
        keys: dict[Element, list[str]],
        *,
        is_ours: bool = False,
    ) -> None:
        self.is_ours = is_ours
        self.package, self.styles, self.notes = package, styles, notes
        self.headed: list[int] = []
        self.links: dict[str, tuple[str, str, str]] = dict(package.of_text)
        places = {id(run): number for number, run in enumerate(document.iter())}
        cited = {places[id(run)]: found for run, found in keys.items()}
        self.document = copy.deepcopy(document)
        marked = {run: cited[number] for number, run in enumerate(self.document.iter()) if number in cited}
        body = self.document.find(f"{W}body")
        self._fields(body, marked)
        for name in ("fldSimple", "smartTag", "customXml"):
            etree.strip_tags(body, W + name)
        for paragraph in list(body.iter(f"{W}p")):
            self._paragraph(paragraph)
        self._notes(body)
        for number, table in enumerate((one for one in body.iter(f"{W}tbl")), start=1):
            self._table(table, number)

    def _fields(self, body: Element, marked: dict[Element, list[str]]) -> None:
        for one in fields(body):
            first = one.result[0] if one.result else None
            if one.is_list or one.is_contents or first in marked:
                for run in one.result:
                    for child in [child for child in run if child.tag not in (f"{W}fldChar", f"{W}instrText")]:
                        run.remove(child)
            if first is not None and first in marked:
                text = etree.SubElement(first, f"{W}t")
                text.text = "".join(CITE.format(key) for key in marked[first])

    def _paragraph(self, paragraph: Element) -> None:
        chain = self.styles.chain(self.styles.of_paragraph(paragraph))
        for row in chain:
            name = self.styles.name(row.get(f"{W}styleId", ""))
            if re.fullmatch(r"heading [1-9]|title|caption", name):
                self._set(paragraph, "pPr", "pStyle", row.get(f"{W}styleId", ""))
                break
        for run in paragraph.iter(f"{W}r"):
            look = self.styles.look(run, paragraph)
            if look.raised:
                self._set(run, "rPr", "vertAlign", look.raised)
        numbering = self.styles.numbering(paragraph)
        properties = paragraph.find(f"{W}pPr")
        if numbering and properties is not None:
            found = properties.find(f"{W}numPr")
            if found is not None:
                properties.remove(found)
            own = etree.SubElement(properties, f"{W}numPr")
            etree.SubElement(own, f"{W}ilvl").set(f"{W}val", str(numbering[1]))
            etree.SubElement(own, f"{W}numId").set(f"{W}val", numbering[0])

    @staticmethod
    def _set(element: Element, properties: str, name: str, value: str) -> None:
        own = element.find(W + properties)
        if own is None:
            own = etree.Element(W + properties)
            element.insert(0, own)
        child = own.find(W + name)
        if child is None:
            child = etree.SubElement(own, W + name)
        child.set(f"{W}val", value)

    def _notes(self, body: Element) -> None:
        """Put each note behind the last paragraph of its section, and its number where the text refers to it."""
        count = 0
        waiting: list[Element] = []
        for block in list(self._top(body)):
            if self._is_heading(block) and waiting:
                self._put(block, waiting)
            for one in list(block.iter(f"{W}footnoteReference", f"{W}endnoteReference")):
                note = self.notes.get((one.tag.removeprefix(W), one.get(f"{W}id", "")))
                if note is None:
                    continue
                count += 1
                run = one.getparent()
                self._set(run, "rPr", "vertAlign", "superscript")
                text = etree.Element(f"{W}t")
                text.text = str(count)
                run.replace(one, text)
                waiting.append(self._as_paragraph(note, count))
        if waiting:
            end = etree.SubElement(body, f"{W}p")
            self._put(end, waiting)

    def _put(self, before: Element, waiting: list[Element]) -> None:
        for paragraph in waiting:
            before.addprevious(paragraph)
        waiting.clear()

    def _top(self, parent: Element) -> Iterator[Element]:
        for child in parent:
            if child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo"):
                yield from self._top(child)
            elif child.tag in (f"{W}p", f"{W}tbl"):
                yield child

    def _is_heading(self, block: Element) -> bool:
        chain = self.styles.chain(self.styles.of_paragraph(block)) if block.tag == f"{W}p" else []
        return any(self.styles.name(row.get(f"{W}styleId", "")).startswith("heading ") for row in chain) and bool(
            "".join(block.itertext()).strip()
        )

    def _as_paragraph(self, note: Element, number: int) -> Element:
        made = etree.Element(f"{W}p")
        run = etree.SubElement(made, f"{W}r")
        self._set(run, "rPr", "vertAlign", "superscript")
        etree.SubElement(run, f"{W}t").text = str(number)
        for paragraph in note.iterfind(f"{W}p"):
            space = etree.SubElement(etree.SubElement(made, f"{W}r"), f"{W}t")
            space.set(f"{XML}space", "preserve")
            space.text = " "
            for child in copy.deepcopy(paragraph):
                if child.tag != f"{W}pPr":
                    made.append(child)
        for run in made.iter(f"{W}r"):
            for mark in [one for one in run if one.tag in (f"{W}footnoteRef", f"{W}endnoteRef")]:
                run.remove(mark)
            look = self.styles.look(run, made)
            if look.raised and run is not made[0]:
                self._set(run, "rPr", "vertAlign", look.raised)
        etree.strip_tags(made, f"{W}hyperlink")  # its addresses are those of another part
        return made

    def _table(self, table: Element, number: int) -> None:
        rows = list(table.iter(f"{W}tr"))
        for row in rows:
            self._fill(row)
        has_header = any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows)
        if rows and not self.is_ours and not has_header and self._looks_headed(table):
            properties = rows[0].find(f"{W}trPr")
            if properties is None:
                properties = etree.Element(f"{W}trPr")
                rows[0].insert(0, properties)
            etree.SubElement(properties, f"{W}tblHeader")
            self.headed.append(number)

    def _fill(self, row: Element) -> None:
        """Write the cells out that a row leaves free before and behind its own."""
        for name, place in (("gridBefore", 0), ("gridAfter", 1)):
            found = row.find(f"{W}trPr/{W}{name}")
            if found is None or not found.get(f"{W}val", "").isdigit():
                continue
            cell = etree.Element(f"{W}tc")
            self._set(cell, "tcPr", "gridSpan", found.get(f"{W}val", "1"))
            etree.SubElement(cell, f"{W}p")
            cells = row.findall(f"{W}tc")
            if place or not cells:
                row.append(cell)
            else:
                cells[0].addprevious(cell)

    def _looks_headed(self, table: Element) -> bool:
        """Tell whether Word shows the first row otherwise than the rest: by the style of the table, or all in bold."""
        rows = table.findall(f"{W}tr")
        if len(rows) < 2:
            return False
        style, look = table.find(f"{W}tblPr/{W}tblStyle"), table.find(f"{W}tblPr/{W}tblLook")
        chain = self.styles.chain(style.get(f"{W}val", "")) if style is not None else []
        by_style = any(one.get(f"{W}type") == "firstRow" for row in chain for one in row.iterfind(f"{W}tblStylePr"))
        if look is not None and by_style:
            value = look.get(f"{W}val", "0")
            bits = int(value, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", value) else 0
            return look.get(f"{W}firstRow") in ("1", "true") or bool(bits & 0x20 and look.get(f"{W}firstRow") is None)
        return _all_bold(rows[0]) and not _all_bold(rows[1])

    def file(self) -> io.BytesIO:
        """Return a Word file of the text, its styles and its lists alone."""
        made = io.BytesIO()
        relations = etree.Element(f"{PACKAGE}Relationships", nsmap={None: PACKAGE[1:-1]})  # type: ignore[dict-item]  # None is the default
        parts = {"styles": self.package.related("styles"), "numbering": self.package.related("numbering")}
        types = [f'<Override PartName="/word/document.xml" ContentType="{HEAD}.document.main+xml"/>']
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
            for name, root in parts.items():
                if root is not None:
                    archive.writestr(f"word/{name}.xml", etree.tostring(root))
                    self._relate(relations, f"made-{name}", name, f"{name}.xml", "Internal")
                    types.append(f'<Override PartName="/word/{name}.xml" ContentType="{HEAD}.{name}+xml"/>')
            for key, (kind, target, mode) in self.links.items():
                if kind == "hyperlink" and mode == "External":
                    self._relate(relations, key, kind, target, mode)
            archive.writestr("word/document.xml", etree.tostring(self.document))
            archive.writestr("word/_rels/document.xml.rels", etree.tostring(relations))
            archive.writestr(
                "_rels/.rels",
                f'<Relationships xmlns="{PACKAGE[1:-1]}"><Relationship Id="rId1" Type="{TYPE}officeDocument" '
                'Target="word/document.xml"/></Relationships>',
            )
            archive.writestr(
                "[Content_Types].xml",
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Default Extension="xml" ContentType="application/xml"/>{"".join(types)}</Types>',
            )
        made.seek(0)
        return made

    @staticmethod
    def _relate(relations: Element, key: str, kind: str, target: str, mode: str) -> None:
        row = etree.SubElement(relations, f"{PACKAGE}Relationship")
        for name, value in (("Id", key), ("Type", TYPE + kind), ("Target", target), ("TargetMode", mode)):
            row.set(name, value)


def _all_bold(row: Element) -> bool:
    runs = [run for run in row.iter(f"{W}r") if "".join(run.itertext()).strip()]
    return bool(runs) and all(is_on(run.find(f"{W}rPr/{W}b")) for run in runs)
