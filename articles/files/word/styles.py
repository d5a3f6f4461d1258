"""What a run looks like: its own properties over those of its styles, as Word adds them up."""

from typing import NamedTuple

from articles.files.word.package import Element, W

OFF = {"0", "false", "off"}
SYMBOLS = ("symbol", "wingdings", "webdings", "zapf dingbats", "mt extra")


class Look(NamedTuple):
    """The properties that change what a reader of the Word file sees."""

    raised: str = ""  # "superscript" or "subscript"
    struck: bool = False
    hidden: bool = False
    capitals: bool = False
    moved: bool = False  # raised or lowered by a number of points
    font: str = ""


def is_on(element: Element | None) -> bool | None:
    """Return whether a property is on; None if it is not set."""
    if element is None:
        return None
    return element.get(f"{W}val", "true") not in OFF


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: Element | None) -> None:
        rows = root.iterfind(f"{W}style") if root is not None else ()
        self._by_id = {row.get(f"{W}styleId", ""): row for row in rows}
        self._defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if root is not None else None
        self._default_paragraph = next(
            (
                key
                for key, row in self._by_id.items()
                if row.get(f"{W}type") == "paragraph" and row.get(f"{W}default") in ("1", "true")
            ),
            "",
        )

    @property
    def names(self) -> set[str]:
        """The names of all styles in lower case."""
        return {self.name(key) for key in self._by_id}

    def name(self, key: str) -> str:
        """Return the name of a style in lower case, or ""."""
        row = self._by_id.get(key)
        named = row.find(f"{W}name") if row is not None else None
        return str(named.get(f"{W}val", "")).lower() if named is not None else ""

    def chain(self, key: str) -> list[Element]:
        """Return the style and those that it is based on, the nearest first."""
        found: list[Element] = []
        while key in self._by_id and self._by_id[key] not in found and len(found) < 30:
            found.append(self._by_id[key])
            based = self._by_id[key].find(f"{W}basedOn")
            key = based.get(f"{W}val", "") if based is not None else ""
        return found

    def numbering(self, paragraph: Element) -> tuple[str, int] | None:
        """Return (number of the list, level) of a paragraph; None if it is in no list."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        rows = [own] if own is not None else []
        rows += [
            found
            for row in self.chain(self.of_paragraph(paragraph))
            if (found := row.find(f"{W}pPr/{W}numPr")) is not None
        ]
        key, level = "", ""
        for row in rows:
            number, depth = row.find(f"{W}numId"), row.find(f"{W}ilvl")
            key = key or (number.get(f"{W}val", "") if number is not None else "")
            level = level or (depth.get(f"{W}val", "") if depth is not None else "")
        return (key, int(level) if level.isdigit() else 0) if key not in ("", "0") else None

    def of_paragraph(self, paragraph: Element) -> str:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return style.get(f"{W}val", "") if style is not None else self._default_paragraph

    def look(self, run: Element, paragraph: Element) -> Look:
        """Return how the text of a run is shown."""
        own = run.find(f"{W}rPr")
        named = own.find(f"{W}rStyle") if own is not None else None
        character = self.chain(named.get(f"{W}val", "")) if named is not None else []
        layers = [own, *(row.find(f"{W}rPr") for row in [*character, *self.chain(self.of_paragraph(paragraph))])]
        layers = [row for row in [*layers, self._defaults] if row is not None]

        def first(name: str) -> Element | None:
            return next((row.find(W + name) for row in layers if row.find(W + name) is not None), None)

        raised, moved = first("vertAlign"), first("position")
        fonts = first("rFonts")
        names = fonts.attrib.values() if fonts is not None else ()
        value = raised.get(f"{W}val", "") if raised is not None else ""
        return Look(
            raised=value if value in ("superscript", "subscript") else "",
            struck=bool(is_on(first("strike"))) or bool(is_on(first("dstrike"))),
            hidden=bool(is_on(first("vanish"))) or bool(is_on(first("specVanish"))),
            capitals=bool(is_on(first("caps"))) or bool(is_on(first("smallCaps"))),
            moved=moved is not None and moved.get(f"{W}val", "0") not in ("0", ""),
            font=next((name for name in names if name.lower().startswith(SYMBOLS)), ""),
        )
