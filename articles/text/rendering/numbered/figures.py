"""
Figures: the picture in the widths that screens need, its words, and where it comes from.

All of it is frozen with the text. A file is named by the SHA-256 of its bytes, so what a reader is sent can be compared
with what was signed.
"""

from collections.abc import Iterable
from itertools import count
from typing import Any

from lxml import etree, html

from articles.text.rendering.our_words import Words

ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
COLUMN = 720  # pixels: the widest that the page shows a picture
SHOWN = "(min-width: 46rem) 44rem, calc(100vw - 2rem)"


def address(digest: str, media_type: str) -> str:
    """Return the path of a picture's file."""
    return f"/figures/{digest}.{ENDINGS.get(media_type, 'bin')}"


def finish_figures(sections: Iterable[html.HtmlElement], figures: list[dict[str, Any]], words: Words) -> None:
    """Put each figure into its place in these sections, and number those that show something."""
    known = {figure["key"]: figure for figure in figures}
    numbers = count(1)
    for section in sections:
        for place in list(section.iter("figure")):
            figure = known.get(place.get("data-figure", ""))
            if figure is None:
                _say_missing(place, words)
            else:
                fill(place, figure, next(numbers) if figure["alt"] else 0, words)


def fill(place: html.HtmlElement, figure: dict[str, Any], number: int, words: Words) -> None:
    """Put the picture, its name and its source into the element. A decorative picture has no number."""
    place.attrib.pop("data-figure", None)
    place.set("class", "figure")
    if number:
        place.set("id", f"figure-{number}")
    place.append(image(figure))
    below = etree.SubElement(place, "figcaption")
    name = words.figure.format(number=number) if number else ""
    if said := ". ".join(filter(None, [name, figure["caption"]])):
        etree.SubElement(below, "p", {"class": "figure-name"}).text = said
    credit = etree.SubElement(below, "p", {"class": "figure-source"})
    for said, name in ((words.source, "source"), (words.licence, "licence")):
        called = etree.SubElement(credit, "span", {"class": "credit-name"})
        called.text, called.tail = said, f" {_sentence(figure[name])} "
    widest = figure["files"][-1] if figure["files"] else figure
    if figure["alt"] and widest["width"] > COLUMN:
        link = etree.SubElement(credit, "a", {"href": address(widest["sha256"], figure["media_type"])})
        link.text = words.full_size.format(number=number)


def image(figure: dict[str, Any]) -> etree._Element:
    """Return the picture in its widths, with its alternative text, and its size so that nothing moves as it loads."""
    files = figure["files"]
    fitting = next((file for file in files if file["width"] >= COLUMN), files[-1])
    found = html.Element("img", {"src": address(fitting["sha256"], figure["media_type"]), "alt": figure["alt"]})
    if len(files) > 1:
        each = (f"{address(file['sha256'], figure['media_type'])} {file['width']}w" for file in files)
        found.set("srcset", ", ".join(each))
        found.set("sizes", SHOWN)
    found.set("width", str(figure["width"]))
    found.set("height", str(figure["height"]))
    found.set("loading", "lazy")
    return found


def _say_missing(place: html.HtmlElement, words: Words) -> None:
    place.attrib.pop("data-figure", None)
    place.set("class", "figure missing")
    etree.SubElement(place, "figcaption").text = words.missing_figure


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?", "。")) else f"{words}."
