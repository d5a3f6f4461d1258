"""The visible text of a page. Its digest is signed with a version."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import count, repeat

from lxml import html

# fmt: off
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "dd", "details", "div", "dl", "dt", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main",
    "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})
NEVER_SEEN = frozenset({"head", "link", "meta", "noscript", "script", "style", "template", "title"})
# fmt: on
CELLS = frozenset({"td", "th"})
RAISED = {"sup": "^", "sub": "_"}

_AFTER_NUMBER = "\0"  # never in HTML; keeps the item on the line of its number
_NUMBERED = re.compile(rf"{_AFTER_NUMBER}\s*")


def visible_text(text: str) -> str:
    """
    Return the text of the HTML in reading order, in NFC: a line per block or line break, tabs between cells.

    It includes the alternative texts of pictures, citation numbers, references and the numbers of ordered lists. A
    superscript or subscript is marked by ^ or _, for 10⁶ is not 106. Names for screen readers (`aria-label`) are left
    out. Visually hidden text is included: "Important: ", and the heading of the section in the name of a table.
    """
    return visible(html.fragment_fromstring(text, create_parent="div"))


def visible(element: html.HtmlElement) -> str:
    """Return the visible text of a parsed element, as `visible_text` does."""
    pieces: list[str] = []
    _collect(element, pieces, "\n")
    text = _NUMBERED.sub(" ", unicodedata.normalize("NFC", "".join(pieces)))
    rows = ("\t".join(" ".join(cell.split()) for cell in line.split("\t")) for line in text.split("\n"))
    return "\n".join(row for row in rows if row.strip())


def _collect(element: html.HtmlElement, pieces: list[str], breaks: str, number: str = "") -> None:
    """Add the text of the element. `breaks` separates blocks: a space in a cell, elsewhere a new line."""
    tag = element.tag
    if not isinstance(tag, str) or tag in NEVER_SEEN or "hidden" in element.attrib:
        return
    is_block = tag in BLOCKS
    if tag in CELLS:
        pieces.append("\t" * (element.getprevious() is not None))
        breaks = " "
    elif tag in RAISED and "citation" not in element.get("class", ""):
        pieces.append(RAISED[tag])
    elif is_block or tag == "br":
        pieces.append(breaks + number)
    if tag == "img":
        _add(element.get("alt"), pieces)
    _add(element.text, pieces)
    numbers = _numbers(element) if tag == "ol" else repeat("")
    for child in element:
        _collect(child, pieces, breaks, next(numbers) if child.tag == "li" else "")
        _add(child.tail, pieces)
    if is_block:
        pieces.append(breaks)


def _numbers(element: html.HtmlElement) -> Iterator[str]:
    start = element.get("start", "")
    first = int(start) if re.fullmatch("[0-9]{1,9}", start) else 1
    return (f"{number}.{_AFTER_NUMBER}" for number in count(first))


def _add(text: str | None, pieces: list[str]) -> None:
    if text:
        pieces.append(text.replace("\n", " ").replace("\t", " "))  # they separate blocks and cells
