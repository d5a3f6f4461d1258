"""The styles of the Word files, and the definitions of their lists."""

from collections.abc import Iterator

from articles.files.exporting.documents.docx.xml import Element, element, val
from articles.files.word.own import names
from articles.text.languages import direction

FONT = "Calibri"
DARK, GREY, LIGHT = "1F3864", "595959", "F2F5FA"
COUNTRIES = {"en": "en-GB", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "nl": "nl-NL", "ar": "ar-SA"}
DEPTHS = range(9)
STEP = 425  # twentieths of a point by which a list within a list stands further in
SIGNS = "•–▪"

Look = tuple[str, ...]  # elements as (name, value), written name=value


def key_of(name: str) -> str:
    """Return the id of a style, made of its name."""
    return name.title().replace(" ", "") if name[:1].islower() else name.replace(" ", "")


def tag_of(language: str) -> str:
    """Return the language as Word names it, with a country."""
    return COUNTRIES.get(language, language)


def styles(language: str) -> Element:
    """Return the part of styles for a text in this language."""
    return element("w:styles", None, _defaults(language), *_paragraphs(language), *_characters(), *_tables())


def _defaults(language: str) -> Element:
    fonts = {f"w:{place}": FONT for place in ("ascii", "hAnsi", "eastAsia", "cs")}
    tag = tag_of(language)
    spoken = {"w:val": tag, "w:eastAsia": tag, "w:bidi": tag if direction(language) else "ar-SA"}
    run = element(
        "w:rPr", None, element("w:rFonts", fonts), val("w:sz", "22"), val("w:szCs", "22"), element("w:lang", spoken)
    )
    spacing = element("w:spacing", {"w:after": "120", "w:line": "264", "w:lineRule": "auto"})
    return element(
        "w:docDefaults",
        None,
        element("w:rPrDefault", None, run),
        element("w:pPrDefault", None, element("w:pPr", None, spacing)),
    )


def _paragraphs(language: str) -> Iterator[Element]:
    turned = (element("w:bidi"),) if direction(language) else ()
    yield element(
        "w:style",
        {"w:type": "paragraph", "w:default": "1", "w:styleId": "Normal"},
        val("w:name", "Normal"),
        element("w:qFormat"),
        *([element("w:pPr", None, *turned)] if turned else []),
    )
    yield _style("Title", _spaced(0, 120), _look(bold=True, size=40, colour=DARK))
    for level, (size, before) in enumerate(((30, 360), (26, 240), (23, 200)), start=1):
        yield _style(
            f"heading {level}", (*_kept(), _space(before, 80), val("w:outlineLvl", str(level - 1))),
            _look(bold=True, size=size, colour=DARK), following="Normal",
        )  # fmt: skip
    yield _style("caption", (*_kept(), _space(160, 60)), _look(bold=True, size=20))
    yield _style("List Paragraph", (_space(0, 60),), ())
    for name, depth in names.CONTINUED.items():
        yield _style(name, (_space(0, 60), element("w:ind", {"w:left": str(STEP * (depth + 1))})), ())
    yield _style(names.ROLE, (*_kept(), _space(0, 80)), _look(bold=True, size=19, colour="9A3B00"))
    yield _style(names.WORDING, _band(), _look(bold=True, size=22, colour=DARK), "Heading2", following="Normal")
    yield _style(names.WORDING_HEADING, (*_kept(), _space(60, 80)), _look(bold=True, size=28, colour=DARK))
    yield _style(names.FIGURE, (element("w:keepNext"), _space(160, 60)), ())
    yield _style(names.FIGURE_CAPTION, (element("w:keepNext"), _space(0, 40)), _look(bold=True, size=20))
    yield _style(names.FIGURE_SOURCE, (element("w:keepNext"), _space(0, 0)), _look(size=18, colour=GREY))
    yield _style(names.FIGURE_LICENCE, (_space(0, 160),), _look(size=18, colour=GREY))
    yield _style(names.DETAILS, (_space(0, 20),), _look(size=19, colour=GREY))
    yield _style(names.CLOSING_HEADING, (), (), "Heading1", following=key_of(names.CLOSING))
    yield _style(names.CLOSING, (_space(0, 40),), _look(size=19, colour=GREY))
    yield _style(names.REFERENCE, (_space(0, 40),), _look(size=19))
    yield _style(names.CELL, (_space(40, 40),), _look(size=20))
    for name in names.SCOPES.values():
        yield _style(name, (), _look(bold=True), key_of(names.CELL))
    yield _style("header", (_space(0, 0),), _look(size=17, colour=GREY))
    yield _style("footer", (_space(0, 0),), _look(size=17, colour=GREY))


def _characters() -> Iterator[Element]:
    yield element(
        "w:style", {"w:type": "character", "w:styleId": "Hyperlink"}, val("w:name", "Hyperlink"),
        element("w:rPr", None, val("w:color", "0B5394"), val("w:u", "single")),
    )  # fmt: skip


def _tables() -> Iterator[Element]:
    lines = {"w:val": "single", "w:sz": "4", "w:space": "0", "w:color": "8497B0"}
    borders = [element(f"w:{side}", lines) for side in ("top", "left", "bottom", "right", "insideH", "insideV")]
    margins = [element(f"w:{side}", {"w:w": "100", "w:type": "dxa"}) for side in ("left", "right")]
    yield element(
        "w:style",
        {"w:type": "table", "w:styleId": "TableGrid"},
        val("w:name", "Table Grid"),
        element(
            "w:tblPr",
            None,
            element("w:tblBorders", None, *borders),
            element("w:tblCellMar", None, *margins),
        ),
    )


def _style(
    name: str, paragraph: tuple[Element, ...], run: tuple[Element, ...], above: str = "Normal", following: str = ""
) -> Element:
    return element(
        "w:style",
        {"w:type": "paragraph", "w:styleId": key_of(name)},
        val("w:name", name),
        val("w:basedOn", above),
        *([val("w:next", following)] if following else []),
        element("w:qFormat"),
        *([element("w:pPr", None, *paragraph)] if paragraph else []),
        *([element("w:rPr", None, *run)] if run else []),
    )


def _look(*, bold: bool = False, size: int = 0, colour: str = "") -> tuple[Element, ...]:
    return (
        *([element("w:b"), element("w:bCs")] if bold else []),
        *([val("w:color", colour)] if colour else []),
        *([val("w:sz", str(size)), val("w:szCs", str(size))] if size else []),
    )


def _kept() -> tuple[Element, ...]:
    return (element("w:keepNext"), element("w:keepLines"))


def _space(before: int, after: int) -> Element:
    return element("w:spacing", {"w:before": str(before), "w:after": str(after)})


def _spaced(before: int, after: int) -> tuple[Element, ...]:
    return (_space(before, after),)


def _band() -> tuple[Element, ...]:
    """Return the look of the line that begins a wording: a band across the page."""
    side = {"w:val": "single", "w:sz": "24", "w:space": "6", "w:color": "2F75B5"}
    shade = {"w:val": "clear", "w:color": "auto", "w:fill": LIGHT}
    return (
        *_kept(),
        element("w:pBdr", None, element("w:left", side)),
        element("w:shd", shade),
        _space(240, 120),
        element("w:ind", {"w:left": "170"}),
        val("w:outlineLvl", "1"),
    )


class Lists:
    """
    The lists of a text, each with a definition of its own, so that its numbers begin where they should.

    A list within a list is a level of its definition, as Word makes it, unless the level is defined otherwise already.
    """

    def __init__(self) -> None:
        self.found: list[dict[int, tuple[str, int]]] = []  # by depth: ul or ol, and the first number

    def new(self, tag: str, depth: int = 0, start: int = 1) -> str:
        """Return the number of a new list, whose first item stands so deep."""
        self.found.append({depth: (tag, start)})
        return str(len(self.found))

    def within(self, number: str, tag: str, depth: int, start: int) -> str:
        """Return the number of a list within the list of this number: the same if its level there is free or equal."""
        levels = self.found[int(number) - 1]
        return number if levels.setdefault(depth, (tag, start)) == (tag, start) else self.new(tag, depth, start)

    def part(self) -> Element:
        """Return the part of the definitions."""
        made = element("w:numbering")
        made.extend(_definition(str(number), levels) for number, levels in enumerate(self.found, start=1))
        for number in range(1, len(self.found) + 1):
            made.append(element("w:num", {"w:numId": str(number)}, val("w:abstractNumId", str(number))))
        return made


def _definition(key: str, levels: dict[int, tuple[str, int]]) -> Element:
    made = element("w:abstractNum", {"w:abstractNumId": key}, val("w:multiLevelType", "hybridMultilevel"))
    usual = levels[min(levels)][0]
    for depth in DEPTHS:
        tag, start = levels.get(depth, (usual, 1))
        sign = SIGNS[depth % len(SIGNS)] if tag == "ul" else f"%{depth + 1}."
        place = element("w:ind", {"w:left": str(STEP * (depth + 1)), "w:hanging": str(STEP)})
        form = val("w:numFmt", "bullet" if tag == "ul" else "decimal")
        inner = (val("w:start", str(start)), form, val("w:lvlText", sign), val("w:lvlJc", "left"))
        made.append(element("w:lvl", {"w:ilvl": str(depth)}, *inner, element("w:pPr", None, place)))
    return made
