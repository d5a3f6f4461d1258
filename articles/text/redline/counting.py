"""Count the changes that a marked text shows, by sort, and number the places where they are."""

import copy
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from lxml import html

from articles.text.plain.doses import counts, doses, has_dose, is_about_doses
from articles.text.rendering.numbered.tables import mark_headings

SORTS = {  # in the order in which they are named
    "dose": ngettext_lazy("%(number)d dose", "%(number)d doses", "number"),
    "cell": ngettext_lazy("%(number)d table cell", "%(number)d table cells", "number"),
    "row": ngettext_lazy("%(number)d table row", "%(number)d table rows", "number"),
    "table": ngettext_lazy("%(number)d table", "%(number)d tables", "number"),
    "section": ngettext_lazy("%(number)d section", "%(number)d sections", "number"),
    "title": ngettext_lazy("%(number)d title", "%(number)d titles", "number"),
    "heading": ngettext_lazy("%(number)d heading", "%(number)d headings", "number"),
    "paragraph": ngettext_lazy("%(number)d paragraph", "%(number)d paragraphs", "number"),
    "item": ngettext_lazy("%(number)d list item", "%(number)d list items", "number"),
    "list": ngettext_lazy("%(number)d list", "%(number)d lists", "number"),
    "phrase": ngettext_lazy("%(number)d phrase", "%(number)d phrases", "number"),
    "figure": ngettext_lazy("%(number)d figure", "%(number)d figures", "number"),
    "reference": ngettext_lazy("%(number)d reference", "%(number)d references", "number"),
    "people": ngettext_lazy("%(number)d list of people", "%(number)d lists of people", "number"),
    "ai": ngettext_lazy(
        "%(number)d statement on artificial intelligence", "%(number)d statements on artificial intelligence", "number"
    ),
    "topics": ngettext_lazy("%(number)d list of topics", "%(number)d lists of topics", "number"),
    "disclaimer": ngettext_lazy("%(number)d list of disclaimers", "%(number)d lists of disclaimers", "number"),
    "fact": ngettext_lazy("%(number)d other signed detail", "%(number)d other signed details", "number"),
    "number": ngettext_lazy(
        "%(number)d renumbered citation, table or figure",
        "%(number)d renumbered citations, tables or figures",
        "number",
    ),
    "others": ngettext_lazy(
        "%(number)d change for other readers only", "%(number)d changes for other readers only", "number"
    ),
}
BY_TAG = {"tr": "row", "table": "table", "td": "cell", "th": "cell", "li": "item", "ul": "list", "ol": "list"}
HEADINGS = {"h1", "h2", "h3", "h4", "caption"}
CELLS = {"td", "th"}
WHOLE = {"row", "table", "section", "paragraph", "item", "list", "figure"}  # a change of such a sort may contain a dose
PLACES = {"p", "li", "td", "th", "div", "blockquote", "section", "dd", *HEADINGS}
HIDDEN = {"visually-hidden", "unseen"}  # words that only name a change
BESIDE = {*HIDDEN, "jumps", "citation"}  # no words of the line


def numbered(marked: str) -> tuple[str, dict[str, int], int]:
    """
    Return the text with an id and links to its neighbours at each place with changes, the changes by sort, and the
    number of places.

    An element with `data-sort` is one change of this sort, whatever is marked in it. One with `data-place` gives its
    sort to every change in it. One with `data-counted` is counted elsewhere. Otherwise a removed and an added stretch
    side by side are one change. Each table is in a box of its own that scrolls and that the Tab key reaches.
    """
    text = html.fragment_fromstring(marked, create_parent="div")
    found = number_places(text)
    return inside(text), count(found), len({change.place for change in found})


class Found(NamedTuple):
    """
    A change in a marked text: its sort, the number of the place that it is in, and its first element.

    `has_dose` tells whether it changes a dose, whatever its sort.
    """

    sort: str
    place: int
    element: html.HtmlElement
    has_dose: bool


def number_places(text: html.HtmlElement) -> list[Found]:
    """Number the places with changes in the marked text, as `numbered`, and return the changes in reading order."""
    lines: dict[html.HtmlElement, _Line] = {}
    found = []
    for change in list(_changes(text)):
        place = _place(change)
        line = lines.setdefault(place, _Line(place))
        found.append((*_sort(change, line), place, change))
    places = {place: number for number, place in enumerate(lines, start=1)}
    for place, number in places.items():
        _link(place, number, len(places))
    for number, table in enumerate(list(text.iter("table")), start=1):
        _in_a_box(table, number)
    return [Found(sort, places[place], change, is_dose) for sort, is_dose, place, change in found]


def count(found: Iterable[Found]) -> dict[str, int]:
    """Return the number of changes of each sort, in the order of SORTS."""
    counts = Counter(change.sort for change in found)
    return {sort: counts[sort] for sort in SORTS if counts[sort]}


def inside(element: html.HtmlElement) -> str:
    """Return the HTML within an element."""
    return "".join(html.tostring(child, encoding="unicode") for child in element)


def in_words(counts: dict[str, int], places: int = 0) -> str:
    """
    Return the number of changes by sort: 3 changes: 1 dose, 2 phrases. Without any: No changes.

    If they are in fewer `places`, these are said too: a page leads from place to place, not from change to change.
    """
    number = sum(counts.values())
    if not number:
        return _("No changes")
    named = ", ".join(SORTS[sort] % {"number": count} for sort, count in counts.items())
    words = ngettext("{number} change: {sorts}", "{number} changes: {sorts}", number)
    if places and places != number:
        words = ngettext(
            "{number} changes in {places} place: {sorts}", "{number} changes in {places} places: {sorts}", places
        )
    return words.format(number=number, places=places, sorts=named)


def _changes(text: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield each change in reading order; nothing inside of one that is counted as a whole."""
    waiting = [text]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str) or "data-counted" in element.attrib:
            continue
        is_whole = "data-sort" in element.attrib or "data-change" in element.attrib
        if is_whole or (element.tag in ("ins", "del") and not _continues(element)):
            yield element
        if not is_whole and element.tag not in ("ins", "del"):
            waiting += reversed(element)


def _continues(element: html.HtmlElement) -> bool:
    """Tell whether an added stretch takes the place of the removed one right before it."""
    before = element.getprevious()
    return element.tag == "ins" and before is not None and before.tag == "del" and not (before.tail or "").strip()


def _sort(change: html.HtmlElement, line: "_Line") -> tuple[str, bool]:
    """Return the sort of a change, and whether it changes a dose."""
    if sort := change.get("data-sort"):
        return sort, sort in WHOLE and _contains_dose(change)
    around = [change, *change.iterancestors()]
    given = next((element.get("data-place") for element in around if element.get("data-place")), None)
    tags = {element.tag for element in around}
    if "data-change" in change.attrib:
        sort = BY_TAG.get(change.tag, "heading" if change.tag in HEADINGS else "paragraph")
        return given or sort, _contains_dose(change)
    if any("citation" in element.get("class", "") for element in [*around, *_beside(change)]):
        return given or "number", False
    if line.has_dose(change):
        return given or "dose", True
    return given or ("cell" if tags & CELLS else "heading" if tags & HEADINGS else "phrase"), False


def _contains_dose(change: html.HtmlElement) -> bool:
    return any(has_dose(words(stretch)) for stretch in change.iter("ins", "del"))


class _Line:
    """The line of a place with changes, as it was and as it is: the doses in both, each read once."""

    def __init__(self, place: html.HtmlElement) -> None:
        self.place = place
        self._pieces: list[tuple[str, html.HtmlElement | None]] = []
        self._doses: dict[str, list[tuple[int, int]]] = {}

    def has_dose(self, change: html.HtmlElement) -> bool:
        """Tell whether the change is in a dose of the line: “once” for “twice” in “twice a day”."""
        stretches = both(change)
        if any(counts(words(stretch)) for stretch in stretches) and any(map(is_about_doses, self._heads())):
            return True
        return any(self._meets(stretch) for stretch in stretches)

    def _meets(self, stretch: html.HtmlElement) -> bool:
        start = at = 0
        end, written = -1, []
        for text, within in self._read():
            if within is not None and within.tag != stretch.tag:
                continue
            if within is stretch:
                start, end = (at if end < 0 else start), at + len(text)
            written.append(text)
            at += len(text)
        if stretch.tag not in self._doses:
            self._doses[stretch.tag] = doses("".join(written), " ".join(self._beside()))
        return any(first < end and start < last for first, last in self._doses[stretch.tag])

    def _read(self) -> list[tuple[str, html.HtmlElement | None]]:
        if not self._pieces:
            self._pieces = list(_pieces(self.place, None))
        return self._pieces

    def _beside(self) -> list[str]:
        """Return the words of the other cells in the row, if the place is a cell."""
        row = self.place.getparent() if self.place.tag in CELLS else None
        return [words(cell) for cell in row if cell is not self.place] if row is not None else []

    def _heads(self) -> list[str]:
        """Return the heads of the column and of the row that the place is in, if it is a cell of a plain table."""
        if self.place.tag not in CELLS:
            return []
        row = self.place.getparent()
        first = next(next(row.iterancestors("table")).iter("tr"))
        is_plain = len(first) == len(row) and not any("colspan" in cell.attrib for cell in (*first, *row))
        heads = [first[row.index(self.place)]] if is_plain else []
        return [words(cell) for cell in (*heads, row[0]) if cell is not self.place]


def _pieces(
    element: html.HtmlElement, within: html.HtmlElement | None
) -> Iterator[tuple[str, html.HtmlElement | None]]:
    """Yield each text of a place with the added or removed stretch that it is in; a line break parts its blocks."""
    within = element if within is None and element.tag in ("ins", "del") else within
    yield element.text or "", within
    for child in element:
        if isinstance(child.tag, str) and child.get("class") not in BESIDE:
            apart = "\n" if child.tag in PLACES or child.tag in BY_TAG or child.tag == "br" else ""
            yield apart, within
            yield from _pieces(child, within)
            yield apart, within
        yield child.tail or "", within


def both(change: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the removed stretch and the added one that takes its place."""
    after = change.getnext()
    return [change, after] if after is not None and _continues(after) else [change]


def _beside(change: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Yield the elements in a change that has no words of its own, such as a citation."""
    for part in both(change):
        own = [part.text or "", *(child.tail or "" for child in part)]
        if not "".join(own).strip():
            yield from (child for child in part if child.get("class") not in HIDDEN)


def words(element: html.HtmlElement) -> str:
    """Return the words of a stretch, without those that name the change."""
    pieces = [element.text or ""]
    for child in element:
        pieces += ["" if child.get("class") in HIDDEN else words(child), child.tail or ""]
    return "".join(pieces)


def _place(change: html.HtmlElement) -> html.HtmlElement:
    """Return the block that the change is in."""
    around = [change, *change.iterancestors()]
    return next((element for element in around if element.tag in PLACES or "data-change" in element.attrib), change)


def _link(place: html.HtmlElement, number: int, last: int) -> None:
    """Give the place its id, and links to the change before it and the one after."""
    place.set("id", f"change-{number}")
    place.set("class", f"{place.get('class', '')} changed-here".strip())
    links = html.Element("span", {"class": "jumps"})
    for other, name in ((number - 1, _("Previous place with changes")), (number + 1, _("Next place with changes"))):
        if 1 <= other <= last:
            way = "previous" if other < number else "next"
            links.append(html.Element("a", {"href": f"#change-{other}", "class": way, "aria-label": name}))
    if len(links):
        _end_of(place).append(links)


def _in_a_box(table: html.HtmlElement, number: int) -> None:
    """Put the table into a box that scrolls; its headings and its name are those that readers are told."""
    label = _("Table {number} on this page").format(number=number)
    mark_headings(table)
    if table.find("caption") is None:
        table.set("aria-label", ". ".join(filter(None, [label, _heading_over(table)])))
    box = html.Element("div", {"class": "table-box", "role": "region", "tabindex": "0", "aria-label": label})
    table.addprevious(box)
    box.tail, table.tail = table.tail, None
    box.append(table)


def _heading_over(table: html.HtmlElement) -> str:
    """Return the heading of the section that the table is in, as it is now."""
    parts = (part for part in table.iterancestors() if part.find("h2") is not None)
    heading = next((copy.deepcopy(part.find("h2")) for part in parts), None)
    if heading is None:
        return ""
    for removed in list(heading.iter("del")):
        removed.drop_tree()
    return " ".join(words(heading).split())


def _end_of(place: html.HtmlElement) -> html.HtmlElement:
    """Return the element in which words can stand at the end of the place."""
    inside = {"tr": CELLS, "table": CELLS, "ul": {"li"}, "ol": {"li"}}.get(place.tag)
    return [element for element in place.iter() if element.tag in inside][-1] if inside else place
