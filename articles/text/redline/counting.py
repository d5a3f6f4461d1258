"""Count the changes that a marked text shows, by sort, and number the places where they are."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy
from lxml import html

from articles.text.redline.tokens import has_dose

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
    "reference": ngettext_lazy("%(number)d reference", "%(number)d references", "number"),
    "people": ngettext_lazy("%(number)d list of people", "%(number)d lists of people", "number"),
    "ai": ngettext_lazy(
        "%(number)d statement on artificial intelligence", "%(number)d statements on artificial intelligence", "number"
    ),
    "topics": ngettext_lazy("%(number)d list of topics", "%(number)d lists of topics", "number"),
    "disclaimer": ngettext_lazy("%(number)d list of disclaimers", "%(number)d lists of disclaimers", "number"),
    "fact": ngettext_lazy("%(number)d other signed detail", "%(number)d other signed details", "number"),
    "number": ngettext_lazy(
        "%(number)d renumbered citation or table", "%(number)d renumbered citations or tables", "number"
    ),
    "others": ngettext_lazy(
        "%(number)d change for other readers only", "%(number)d changes for other readers only", "number"
    ),
}
BY_TAG = {"tr": "row", "table": "table", "td": "cell", "th": "cell", "li": "item", "ul": "list", "ol": "list"}
HEADINGS = {"h1", "h2", "h3", "h4", "caption"}
CELLS = {"td", "th"}
PLACES = {"p", "li", "td", "th", "div", "blockquote", "section", "dd", *HEADINGS}
HIDDEN = {"visually-hidden", "unseen"}  # words that only name a change


def numbered(marked: str) -> tuple[str, dict[str, int]]:
    """
    Return the text with an id and links to its neighbours at each place with changes, and the changes by sort.

    An element with `data-sort` is one change of this sort, whatever is marked in it. One with `data-place` gives its
    sort to every change in it. One with `data-counted` is counted elsewhere. Otherwise a removed and an added stretch
    side by side are one change. Each table is in a box of its own that scrolls and that the Tab key reaches.
    """
    text = html.fragment_fromstring(marked, create_parent="div")
    counts = count(number_places(text))
    return inside(text), counts


class Found(NamedTuple):
    """A change in a marked text: its sort, the number of the place that it is in, and its first element."""

    sort: str
    place: int
    element: html.HtmlElement


def number_places(text: html.HtmlElement) -> list[Found]:
    """Number the places with changes in the marked text, as `numbered`, and return the changes in reading order."""
    found = [(_sort(change), _place(change), change) for change in list(_changes(text))]
    places = {place: number for number, place in enumerate(dict.fromkeys(place for _, place, _ in found), start=1)}
    for place, number in places.items():
        _link(place, number, len(places))
    for number, table in enumerate(list(text.iter("table")), start=1):
        _in_a_box(table, number)
    return [Found(sort, places[place], change) for sort, place, change in found]


def count(found: Iterable[Found]) -> dict[str, int]:
    """Return the number of changes of each sort, in the order of SORTS."""
    counts = Counter(change.sort for change in found)
    return {sort: counts[sort] for sort in SORTS if counts[sort]}


def inside(element: html.HtmlElement) -> str:
    """Return the HTML within an element."""
    return "".join(html.tostring(child, encoding="unicode") for child in element)


def in_words(counts: dict[str, int]) -> str:
    """Return the number of changes by sort: 3 changes: 1 dose, 2 phrases. Without any: No changes."""
    number = sum(counts.values())
    if not number:
        return _("No changes")
    named = ", ".join(SORTS[sort] % {"number": count} for sort, count in counts.items())
    words = ngettext("{number} change: {sorts}", "{number} changes: {sorts}", number)
    return words.format(number=number, sorts=named)


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


def _sort(change: html.HtmlElement) -> str:
    if sort := change.get("data-sort"):
        return sort
    around = [change, *change.iterancestors()]
    given = next((element.get("data-place") for element in around if element.get("data-place")), None)
    if given:
        return given
    tags = {element.tag for element in around}
    if "data-change" in change.attrib:
        return BY_TAG.get(change.tag, "heading" if change.tag in HEADINGS else "paragraph")
    if any("citation" in element.get("class", "") for element in [*around, *_beside(change)]):
        return "number"
    if has_dose(" ".join(map(words, both(change)))):
        return "dose"
    return "cell" if tags & CELLS else "heading" if tags & HEADINGS else "phrase"


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
    for other, name in ((number - 1, _("Previous change")), (number + 1, _("Next change"))):
        if 1 <= other <= last:
            way = "previous" if other < number else "next"
            links.append(html.Element("a", {"href": f"#change-{other}", "class": way, "aria-label": name}))
    if len(links):
        _end_of(place).append(links)


def _in_a_box(table: html.HtmlElement, number: int) -> None:
    label = _("Table {number} on this page").format(number=number)
    box = html.Element("div", {"class": "table-box", "role": "region", "tabindex": "0", "aria-label": label})
    table.addprevious(box)
    box.tail, table.tail = table.tail, None
    box.append(table)


def _end_of(place: html.HtmlElement) -> html.HtmlElement:
    """Return the element in which words can stand at the end of the place."""
    inside = {"tr": CELLS, "table": CELLS, "ul": {"li"}, "ol": {"li"}}.get(place.tag)
    return [element for element in place.iter() if element.tag in inside][-1] if inside else place
