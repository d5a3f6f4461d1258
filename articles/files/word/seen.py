"""
What a reader of the Word file sees, read a first time and by itself: block by block, cell by cell.

It refuses what the second reading, by mammoth, would show otherwise or not at all, with the place and the words. The
words that it returns are compared with those of the article that was made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.files.imported import BadFile, Faults
from articles.files.word.cited.fields import fields
from articles.files.word.numbers import Numbers
from articles.files.word.package import MC, Element, R, W
from articles.files.word.styles import Look, Styles
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.richtext.words import CITED, LEVEL, LOWERED, RAISED

PASSED = {
    f"{W}{name}"
    for name in (
        "pPr", "rPr", "proofErr", "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "sectPr",
        "permStart", "permEnd", "lastRenderedPageBreak", "commentReference", "annotationRef", "fldChar", "instrText",
        "softHyphen", "sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "footnoteRef", "endnoteRef", "tblPr", "tblGrid",
        "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart",
        "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd", "tblPrEx",
    )
}  # fmt: skip
THROUGH = {f"{W}{name}" for name in ("sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo", "fldSimple")}
DELETED = {f"{W}{name}" for name in ("del", "moveFrom")}
TRACKED = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")}
NOTES = {f"{W}footnoteReference", f"{W}endnoteReference"}
MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MARKS = {"superscript": RAISED, "subscript": LOWERED}
HEADINGS = {f"heading {level}": level for level in range(1, 10)}


@dataclass(frozen=True)
class Cell:
    """A cell of a table: where it begins, counted from 1, how far it reaches, and what stands in it."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass
class Block:
    """A paragraph, an item of a list with its number or •, a heading with its level, or a table with its cells."""

    kind: str
    text: str = ""
    level: int = 0
    number: str = ""
    depth: int = 0
    style: str = ""
    cells: list[Cell] = field(default_factory=list)


def begins(text: str) -> str:
    """Return the name of the place of a paragraph."""
    plain = "".join(sign for sign in text if sign not in {RAISED, LOWERED, LEVEL})
    return _("the paragraph that begins {words}").format(words=quoted(" ".join(plain.split())[:60]))


@dataclass
class Seen:
    """What stands in a text: its blocks, what else was noticed, and its faults."""

    blocks: list[Block] = field(default_factory=list)
    is_tracked: bool = False
    has_capitals: bool = False
    numbered_headings: bool = False
    letters: bool = False
    links_within: bool = False
    underlined: bool = False
    highlighted: bool = False
    numbers: list[str] = field(default_factory=list)  # what stands before each item, also in cells, in their order
    left_out: set[str] = field(default_factory=set)


class Reader:
    """Reads the body of a text."""

    def __init__(
        self,
        body: Element,
        styles: Styles,
        numbers: Numbers,
        notes: dict[tuple[str, str], Element],
        faults: Faults,
        *,
        is_ours: bool = False,
    ) -> None:
        self.plain_headings = 1 if is_ours else 9  # down to this level, below the title
        self.body, self.styles, self.numbers, self.notes, self.faults = body, styles, numbers, notes, faults
        self.seen = Seen()
        self.cited: dict[Element, list[str]] = {}
        self.silent: set[Element] = set()
        self.tables = 0
        self.noted: list[tuple[int, Element]] = []  # notes of the section, which stand at its end
        self.count = 0

    def read(self, keys: dict[Element, list[str]]) -> Seen:
        """Return what stands in the text. `keys` are those of the works of each citation, by its first run."""
        for one in fields(self.body):
            if one.is_list or one.is_contents:
                self.silent.update(one.result)
                self.seen.left_out.add("list" if one.is_list else "contents")
            elif one.result and one.result[0] in keys:
                self.cited[one.result[0]] = keys[one.result[0]]
                self.silent.update(one.result)
        for block in self._blocks(self.body):
            if block.kind == "heading":
                self._notes()
            self.seen.blocks.append(block)
        self._notes()
        return self.seen

    def _notes(self) -> None:
        for number, note in self.noted:
            text = " ".join(self._text(paragraph, paragraph) for paragraph in note.iterfind(f"{W}p"))
            self.seen.blocks.append(Block("text", f"{RAISED}{number}{LEVEL} {text}"))
        self.noted.clear()

    def _refuse(self, sentence: str, **words: str) -> None:
        self.faults.note(BadFile(0, sentence.format(**words)))

    def _blocks(self, parent: Element) -> Iterator[Block]:
        for child in parent:
            self.seen.is_tracked |= child.tag in TRACKED
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag in THROUGH:
                yield from self._blocks(child)
            elif child.tag not in PASSED | DELETED:
                self._refuse(_("The file holds a part that cannot be imported: {name}."), name=_named(child))

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        text = self._text(paragraph, paragraph)
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self.seen.is_tracked = True
            self._refuse(
                _("The end of {place} is deleted as a tracked change. Accept all changes in Word, and import again."),
                place=begins(text),
            )
        numbered = self.numbers.next(self.styles.numbering(paragraph))  # an item without words has a number too
        if not text.strip():
            return
        names = [self.styles.name(row.get(f"{W}styleId", "")) for row in self._styles(paragraph)]
        level = next((HEADINGS[name] for name in names if name in HEADINGS), 0)
        style = names[0] if names else ""
        self.seen.letters |= bool(numbered and not numbered.is_plain and not level)
        if level or style == "title":
            if level <= self.plain_headings and (CITED[0] in text or RAISED in text or LOWERED in text):
                self._refuse(
                    _("Headings are plain text: take citations, notes, raised and lowered signs out of {place}."),
                    place=begins(text),
                )
            self.seen.numbered_headings |= bool(numbered)
            yield Block("heading" if level else "title", text, level=level, style=style)
        elif numbered:
            self.seen.numbers.append(numbered.number)
            yield Block("item", text, number=numbered.number, depth=numbered.depth, style=style)
        else:
            yield Block("text", text, style=style)

    def _styles(self, paragraph: Element) -> list[Element]:
        return self.styles.chain(self.styles.of_paragraph(paragraph))

    def _table(self, table: Element) -> Iterator[Block]:
        self.tables += 1
        name = self.tables
        cells: list[Cell] = []
        open_cells: dict[int, int] = {}
        rows = [row for row in table.iter(f"{W}tr") if _table_of(row) is table]
        for number, row in enumerate(rows, start=1):
            if row.find(f"{W}trPr/{W}del") is not None or row.find(f"{W}trPr/{W}ins") is not None:
                self.seen.is_tracked = True
                self._refuse(
                    _("Row {row} of table {table} is a tracked change. Accept all changes in Word, and import again."),
                    row=str(number), table=str(name),
                )  # fmt: skip
            column = 1 + _spans(row, "gridBefore")
            for cell in (cell for cell in row.iter(f"{W}tc") if _row_of(cell) is row):
                wide = _value(cell.find(f"{W}tcPr/{W}gridSpan")) or 1
                text = self._cell(cell, name, number, column)
                merged = cell.find(f"{W}tcPr/{W}vMerge")
                if merged is not None and merged.get(f"{W}val", "continue") != "restart" and column in open_cells:
                    if text:
                        self._refuse(
                            _("Table {table}, row {row}, column {column} hides words in a merged cell: {words}."),
                            table=str(name), row=str(number), column=str(column), words=quoted(text),
                        )  # fmt: skip
                    at = open_cells[column]
                    cells[at] = Cell(cells[at].row, cells[at].column, cells[at].rows + 1, wide, cells[at].text)
                else:
                    open_cells.pop(column, None)
                    if merged is not None:
                        open_cells[column] = len(cells)
                    cells.append(Cell(number, column, 1, wide, text))
                column += wide
        if any(cell.text for cell in cells):
            yield Block("table", cells=cells, number=str(name))

    def _cell(self, cell: Element, table: int, row: int, column: int) -> str:
        place = _("table {table}, row {row}, column {column}").format(table=table, row=row, column=column)
        if cell.find(f".//{W}tbl") is not None:
            self._refuse(_("There is a table within {place}. Take it out of the cell."), place=place)
            return ""
        texts = []
        for paragraph in cell.iter(f"{W}p"):
            text = self._text(paragraph, paragraph, place)
            numbered = self.numbers.next(self.styles.numbering(paragraph))
            if numbered and text.strip():
                self.seen.numbers.append(numbered.number)
            self.seen.letters |= bool(numbered and not numbered.is_plain)
            texts.append(f"{numbered.number} {text}" if numbered and text.strip() else text)
        return " ".join(" ".join(texts).split())

    def _text(self, parent: Element, paragraph: Element, place: str = "") -> str:
        """Return the words of a paragraph as they are shown, with marks around raised and lowered ones."""
        pieces, level = [], ""
        for text, look in self._runs(parent, paragraph, place):
            here = MARKS.get(look.raised, "")
            if here != level:
                pieces += [LEVEL * bool(level), here]
                level = here
            pieces.append(text)
        return characters.normalised("".join([*pieces, LEVEL * bool(level)]))

    def _runs(self, parent: Element, paragraph: Element, place: str) -> Iterator[tuple[str, Look]]:
        for child in parent:
            self.seen.is_tracked |= child.tag in TRACKED
            if child.tag == f"{W}r":
                yield from self._run(child, paragraph, place)
            elif child.tag == f"{W}hyperlink" or child.tag in THROUGH:
                self.seen.links_within |= child.tag == f"{W}hyperlink" and not child.get(f"{R}id")
                yield from self._runs(child, paragraph, place)
            elif child.tag not in PASSED | DELETED:
                self._foreign(child, paragraph, place)

    def _run(self, run: Element, paragraph: Element, place: str) -> Iterator[tuple[str, Look]]:
        look = self.styles.look(run, paragraph)
        self.seen.underlined |= _is_set(run.find(f"{W}rPr/{W}u"))
        self.seen.highlighted |= _is_set(run.find(f"{W}rPr/{W}highlight"))
        if run in self.cited:
            yield "".join(CITED.format(key) for key in self.cited[run]), Look()
        if run in self.silent:
            return
        for child in run:
            if child.tag in NOTES:
                yield self._note(child), Look(raised="superscript")
                continue
            text = self._sign(child, paragraph, place)
            if text.strip():
                self._check(text, look, paragraph, place)
            if text:
                yield text, look

    def _sign(self, child: Element, paragraph: Element, place: str) -> str:
        """Return what is shown for a part of a run."""
        name = child.tag.removeprefix(W)
        if name == "t":
            return child.text or ""
        if name in ("tab", "ptab", "cr", "br"):
            return " "
        if name == "noBreakHyphen":
            return "\u2011"
        if child.tag not in PASSED or child.find(f"{W}ffData/{W}checkBox") is not None:
            self._foreign(child, paragraph, place)
        return ""

    def _note(self, child: Element) -> str:
        """Return the number of a note, which is put off until the end of its section."""
        note = self.notes.get((child.tag.removeprefix(W), child.get(f"{W}id", "")))
        if note is None:
            self._refuse(_("A note that the text refers to is missing in the file."))
            return ""
        self.count += 1
        self.noted.append((self.count, note))
        return str(self.count)

    def _check(self, text: str, look: Look, paragraph: Element, place: str) -> None:
        """Note what would be shown otherwise on a page."""
        where = place or begins(_plain(paragraph))
        words = quoted(text)
        if look.hidden:
            self._refuse(_("Hidden text would be shown: {words} in {place}. Delete it."), words=words, place=where)
        elif look.struck:
            self._refuse(_("Struck out text would be shown: {words} in {place}. Delete it."), words=words, place=where)
        elif look.font:
            self._refuse(
                _("{words} in {place} is set in the font {font}, which shows other signs. Type the signs themselves."),
                words=words, place=where, font=look.font,
            )  # fmt: skip
        elif look.moved:
            self._refuse(
                _("{words} in {place} is raised or lowered by points. Make it superscript or subscript."),
                words=words, place=where,
            )  # fmt: skip
        elif fault := characters.first_fault(characters.normalised(text)):
            self.faults.note(BadFile(0, f"{where[:1].upper()}{where[1:]}: {fault.sentence}"))
        self.seen.has_capitals |= look.capitals and text != text.upper()

    def _foreign(self, child: Element, paragraph: Element, place: str) -> None:
        where = place or begins(_plain(paragraph))
        self._refuse(_("{thing} in {place} cannot be imported."), thing=_thing(child), place=where)


def _is_set(element: Element | None) -> bool:
    return element is not None and element.get(f"{W}val", "none") not in ("none", "0", "false")


def _thing(element: Element) -> str:
    """Return in words what an element is that cannot be imported."""
    inner = {etree_name(one) for one in element.iter()}
    if element.tag.startswith(MATHS):
        return _("An equation (write it as text, such as 10⁹/L)")
    if "txbxContent" in inner:
        return _("A text box (move its words into the text)")
    if inner & {"blip", "imagedata"}:
        return _("A picture (leave it out, and add it on the draft’s page “Figures”)")
    if inner & {"sym"}:
        return _("A sign of a font of symbols (type the sign itself)")
    if "checkBox" in inner:
        return _("A box to tick (write ☐ or ☒)")
    if element.tag in (f"{W}bdo", f"{W}dir", f"{W}ruby"):
        return _("Text in another direction, or with a reading above it")
    if element.tag.startswith(MC) or inner & {"drawing", "pict", "object"}:
        return _("A drawing or an object of another program")
    return _("A part that is not known ({name})").format(name=_named(element))


def etree_name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _named(element: Element) -> str:
    return etree_name(element) or "?"


def _plain(paragraph: Element) -> str:
    return "".join(one.text or "" for one in paragraph.iter(f"{W}t"))


def _value(element: Element | None) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return int(value) if value.isdigit() and len(value) < 4 else 0


def _spans(row: Element, name: str) -> int:
    return _value(row.find(f"{W}trPr/{W}{name}"))


def _table_of(row: Element) -> Element:
    return next(row.iterancestors(f"{W}tbl"))


def _row_of(cell: Element) -> Element:
    return next(cell.iterancestors(f"{W}tr"))
