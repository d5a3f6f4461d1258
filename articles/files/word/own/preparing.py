"""
A text of ours made ready for both readings of Word files: what is no text is taken out, and known again later.

What a paragraph is stands in attributes of it, which are no part of Word. Lines of information are left out; those that
somebody changed or wrote anew are said.
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from articles.files.imported import BadFile, Faults, ImportedFigure
from articles.files.word.numbers import Numbers
from articles.files.word.own import names
from articles.files.word.own.names import OWN
from articles.files.word.own.part import Part, digest_of
from articles.files.word.package import Element, Package, R, W
from articles.files.word.styles import Styles
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/"
DELETED = (f"{W}del", f"{W}moveFrom")
BELOW_A_FIGURE = {
    names.FIGURE_CAPTION.lower(): "caption",
    names.FIGURE_SOURCE.lower(): "source",
    names.FIGURE_LICENCE.lower(): "licence",
}
CONTINUED = {name.lower(): depth for name, depth in names.CONTINUED.items()}
SCOPES = {name.lower(): scope for scope, name in names.SCOPES.items()}


@dataclass
class Prepared:
    """What stood in a text beside its words: the figures, and sentences about what is left out."""

    figures: dict[str, ImportedFigure] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class Preparing:
    """Prepares the body of a text of ours."""

    def __init__(self, package: Package, styles: Styles, part: Part, faults: Faults) -> None:
        self.package, self.styles, self.part, self.faults = package, styles, part, faults
        self.made = Prepared()
        self.heading: Element | None = None  # the one that a line about its section follows
        self.wording: Element | None = None
        self.figure = ""

    def prepare(self, body: Element, numbers: Numbers) -> Prepared:
        """Change the body, and return what was taken out of it."""
        etree.strip_tags(body, f"{W}dir")  # lxml's: amounts in a text from right to left
        for paragraph in list(body.iter(f"{W}p")):
            numbered = self.numbers_of(paragraph, numbers)
            if next(paragraph.iterancestors(f"{W}tc"), None) is None:
                self._paragraph(paragraph)
            style = self.styles.name(self.styles.of_paragraph(paragraph))
            if style in CONTINUED:
                paragraph.set(f"{OWN}continued", str(CONTINUED[style]))
            if numbered and paragraph.getparent() is not None:
                paragraph.set(f"{OWN}item", numbered)
        for table in body.iter(f"{W}tbl"):
            self._table(table)
        for link in body.iter(f"{W}hyperlink"):
            self._link(link)
        return self.made

    def numbers_of(self, paragraph: Element, numbers: Numbers) -> str:
        """Return list, depth and number of an item, parted by blanks; empty for other paragraphs."""
        listed = self.styles.numbering(paragraph)
        numbered = numbers.next(listed)
        return f"{listed[0]} {numbered.depth} {numbered.number}" if numbered and listed else ""

    def _paragraph(self, paragraph: Element) -> None:
        style, words = self.styles.name(self.styles.of_paragraph(paragraph)), words_of(paragraph)
        heading, figure = self.heading, self.figure
        if words or style == names.FIGURE.lower():
            self.heading, self.figure = None, ""
        if style in names.SILENT:
            if words and digest_of(words) not in self.part.said:
                said = _("This line of information is not imported: {words}.")
                self.made.remarks.append(said.format(words=quoted(words[:300])))
            paragraph.getparent().remove(paragraph)
        elif style == names.ROLE.lower() and words:
            self._role(paragraph, heading, words)
        elif style == names.WORDING.lower() and words:
            self._wording(paragraph, words)
        elif style == names.WORDING_HEADING.lower() and words and self.wording is not None:
            self.wording.set(f"{OWN}heading", words)
            paragraph.getparent().remove(paragraph)
        elif style in BELOW_A_FIGURE and words and figure:
            self._below(figure, BELOW_A_FIGURE[style], words)
            self.figure = figure
            paragraph.getparent().remove(paragraph)
        else:
            self._text(paragraph, style, words)

    def _text(self, paragraph: Element, style: str, words: str) -> None:
        if style == "heading 1" and words:
            self.heading, self.wording = paragraph, None
        for drawing in list(paragraph.iter(f"{W}drawing")):
            self._drawing(drawing, paragraph)

    def _role(self, paragraph: Element, heading: Element | None, words: str) -> None:
        role = names.role_of(words)
        if heading is None or not role:
            choices = ", ".join(quoted(label) for label in names.labels_for(self.part.front.language).roles.values())
            said = _("The line {words} gives no section a role. It stands below a heading, with one of {choices}.")
            self.faults.note(BadFile(0, said.format(words=quoted(words), choices=choices)))
            return
        heading.set(f"{OWN}role", role)
        self.heading = heading
        paragraph.getparent().remove(paragraph)

    def _wording(self, paragraph: Element, words: str) -> None:
        line = words.casefold()
        key = self.part.wordings.get(line) or self.part.wordings.get(line.rpartition(": ")[2], "")
        if not key or key == self.part.front.written_for:
            others = sorted({*self.part.wordings.values()} - {self.part.front.written_for})
            said = _("The line {words} names no other audience. Choose one of {choices}.")
            self.faults.note(BadFile(0, said.format(words=quoted(words), choices=", ".join(others))))
            return
        paragraph.set(f"{OWN}wording", key)
        self.wording = paragraph

    def _drawing(self, drawing: Element, paragraph: Element) -> None:
        named = next(drawing.iter(f"{DRAWING}wordprocessingDrawing}}docPr"), None)
        key = named.get("name", "").removeprefix("Figure ") if named is not None else ""
        if key not in self.part.figures or paragraph.get(f"{OWN}figure"):
            return  # the reading refuses it
        if key not in self.made.figures:
            data = self._picture(drawing, key)
            if data is None:
                return
            alt = named.get("descr", "") if named is not None else ""
            self.made.figures[key] = ImportedFigure(key, alt, "", "", "", base64.b64encode(data).decode())
        drawing.getparent().remove(drawing)
        paragraph.set(f"{OWN}figure", key)
        self.figure = key

    def _picture(self, drawing: Element, key: str) -> bytes | None:
        """Return the file of a picture: the original if it is still there, else the one that Word shows."""
        if (original := self.part.figures[key]) and (data := self.package.read(original)) is not None:
            return data
        shown = next(drawing.iter(f"{DRAWING}main}}blip"), None)
        _kind, target, mode = self.package.of_text.get(
            shown.get(f"{R}embed", "") if shown is not None else "", ("", "", "External")
        )
        return self.package.read(target) if mode == "Internal" else None

    def _below(self, key: str, name: str, words: str) -> None:
        figure = self.made.figures[key]
        before = getattr(figure, name)
        if before and before != words:
            said = _("The figure {key} has two texts below it: {words} was taken, and {other} was not.")
            self.made.remarks.append(said.format(key=quoted(key), words=quoted(before), other=quoted(words)))
        elif not before:
            self.made.figures[key] = figure.with_words(name, words)

    def _table(self, table: Element) -> None:
        for row in table.iter(f"{W}tr"):
            for after in row.findall(f"{W}trPr/{W}gridAfter"):
                after.getparent().remove(after)
            first = next(row.iter(f"{W}p"), None)
            above = row.find(f"{W}tblPrEx/{W}tblBorders/{W}top")
            if above is not None and above.get(f"{W}val") == names.NEW_GROUP and first is not None:
                first.set(f"{OWN}group", "new")
            for cell in row.iter(f"{W}tc"):
                self._cell(cell)

    def _cell(self, cell: Element) -> None:
        first = cell.find(f"{W}p")
        style = self.styles.name(self.styles.of_paragraph(first)) if first is not None else ""
        if style in SCOPES:
            first.set(f"{OWN}cell", f"th {SCOPES[style]}".strip())
        elif style == names.CELL.lower():
            first.set(f"{OWN}cell", "td")

    def _link(self, link: Element) -> None:
        """Let a link that Word has to know whole lead within the site again."""
        within, address = link.get(f"{W}tooltip", ""), self.part.site
        _kind, target, _mode = self.package.of_text.get(link.get(f"{R}id", ""), ("", "", ""))
        is_place = within.startswith("#") and (link.get(f"{W}anchor") or target.startswith("#"))
        if is_place or (within.startswith("/") and target == address + within):
            key = f"within-{len(self.package.of_text)}"
            self.package.of_text[key] = ("hyperlink", within, "External")
            link.set(f"{R}id", key)
            link.attrib.pop(f"{W}anchor", None)


def words_of(paragraph: Element) -> str:
    """Return the words of a paragraph as they stand after all changes, without its marks."""
    return " ".join("".join(_words(paragraph)).split())


def _words(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            yield " "
        elif child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag not in DELETED:
            yield from _words(child)
