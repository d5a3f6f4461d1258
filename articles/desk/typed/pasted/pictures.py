"""Pictures of a paste: those that are figures of the article become these, and all others are named."""

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from lxml import html

_OURS = re.compile(r"/figures/([0-9a-f]{64})\.(?:png|jpg|webp)\Z")
_NO_FIGURE = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table"}  # hold text, and no figure in it


def is_one(element: html.HtmlElement) -> bool:
    """Tell whether the element is a picture; one of Word's drawings is, if it holds the file of a picture."""
    if element.tag.startswith("v:"):
        return next(element.iter("v:imagedata"), None) is not None
    return element.tag in ("img", "picture", "svg")


def name_of(element: html.HtmlElement) -> str:
    """Return the words by which an author knows the picture: what it shows, else the name of its file."""
    inside = next(element.iter("img", "v:imagedata"), element)
    title = inside.find("title")
    said = [inside.get(name) for name in ("alt", "o:title", "aria-label", "title")]
    said += [title.text if title is not None else "", _file_of(inside.get("src") or "")]
    return next((each for each in said if each and each.strip()), "")


def _file_of(src: str) -> str:
    """Return the name of a file; none for a picture that has no file of its own."""
    try:
        parts = urlsplit(src.strip())
    except ValueError:
        return ""
    return "" if parts.scheme in ("data", "blob", "cid") else unquote(parts.path).rpartition("/")[2]


def place_ours(body: html.HtmlElement, figures: Mapping[str, str]) -> None:
    """
    Put the place of a figure where the paste has the picture of one, after the paragraph, list or table around it.

    `figures` has the key of the article's figure for the SHA-256 of each file of its picture.
    """
    for element in list(body.iter("figure")):
        is_place = not len(element) and not (element.text or "").strip()
        if _is_place(element) and not (is_place and element.get("data-figure") in figures.values()):
            del element.attrib["data-figure"]  # of another page, with another meaning
    for picture in list(body.iter("img")):
        found = _OURS.search((picture.get("src") or "").partition("?")[0])
        key = figures.get(found[1]) if found else None
        if key and body in picture.iterancestors():
            _place(next(picture.iterancestors("figure"), picture), key, body)


def _place(element: html.HtmlElement, key: str, body: html.HtmlElement) -> None:
    """Put the place of a figure in the place of its picture, or after all that cannot hold one."""
    placed = html.Element("figure", {"data-figure": key})
    before = next((each for each in _above(element, body) if each.tag in _NO_FIGURE), element)
    while before is not element and not (before.tail or "").strip() and _is_place(before.getnext()):
        before = before.getnext()  # several pictures of one paragraph stay in their order
    before.addnext(placed)
    placed.tail, before.tail = before.tail, None
    element.drop_tree()


def _above(element: html.HtmlElement, body: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the elements around this one within the body, from the outermost in."""
    around = list(element.iterancestors())
    return around[: around.index(body)][::-1]


def _is_place(element: html.HtmlElement | None) -> bool:
    return element is not None and element.tag == "figure" and "data-figure" in element.attrib
