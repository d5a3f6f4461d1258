"""Figures as pictures of Word, each with its alternative text, and the words below it."""

import hashlib
import io
from typing import Any, NamedTuple

from PIL import Image

from articles.files.exporting.documents.docx.texts import Relations
from articles.files.exporting.documents.docx.xml import SPACES, Element, element, paragraph, run
from articles.files.word.own import names
from articles.text.rendering.numbered.figures import ENDINGS

INCH, DOTS = 914_400, 150  # units of Word, and pixels of a picture, in an inch
WIDEST, HIGHEST = 6 * INCH, 7 * INCH
DECORATIVE = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"


class Shown(NamedTuple):
    """A picture's file as it is packed: its name, its bytes, and the name of its original if Word cannot show that."""

    name: str
    data: bytes
    original: str
    original_data: bytes


def shown(figure: dict[str, Any], pictures: dict[str, bytes]) -> Shown | None:
    """Return the widest file of a figure that is there; a WebP, which older Words cannot show, is a PNG for Word."""
    files = sorted(figure["files"], key=lambda file: file["width"], reverse=True)
    found = next((pictures[file["sha256"]] for file in files if file["sha256"] in pictures), None)
    if found is None:
        return None
    ending = ENDINGS.get(figure["media_type"], "bin")
    name = f"media/{hashlib.sha256(found).hexdigest()[:16]}"
    if ending != "webp":
        return Shown(f"word/{name}.{ending}", found, "", b"")
    made = io.BytesIO()
    Image.open(io.BytesIO(found), formats=["WEBP"]).save(made, "PNG")
    return Shown(f"word/{name}.png", made.getvalue(), f"customXml/{name}.webp", found)


def paragraphs(figure: dict[str, Any], picture: Shown, number: int, relations: Relations) -> list[Element]:
    """Return the paragraphs of a figure: the picture, its caption, where it is from, and its licence."""
    target = relations.to("image", picture.name.removeprefix("word/"))
    wide, high = _size(figure)
    drawing = element(
        "w:drawing",
        None,
        element(
            "wp:inline",
            {"distT": "0", "distB": "0", "distL": "0", "distR": "0"},
            element("wp:extent", {"cx": str(wide), "cy": str(high)}),
            _named(figure, number),
            element("wp:cNvGraphicFramePr", None, element("a:graphicFrameLocks", {"noChangeAspect": "1"})),
            element("a:graphic", None, _graphic(figure, target, number, wide, high)),
        ),
    )
    found = [paragraph("Figure", element("w:r", None, drawing))]
    for style, name in ((names.FIGURE_CAPTION, "caption"), (names.FIGURE_SOURCE, "source")):
        if figure[name]:
            found.append(paragraph(style.replace(" ", ""), run(figure[name])))
    if figure["licence"]:
        found.append(paragraph(names.FIGURE_LICENCE.replace(" ", ""), run(figure["licence"])))
    return found


def _named(figure: dict[str, Any], number: int) -> Element:
    made = element("wp:docPr", {"id": str(number), "name": f"Figure {figure['key']}", "descr": figure["alt"]})
    if not figure["alt"]:
        decorative = element("adec:decorative", {"val": "1"})
        made.append(element("a:extLst", None, element("a:ext", {"uri": DECORATIVE}, decorative)))
    return made


def _graphic(figure: dict[str, Any], target: str, number: int, wide: int, high: int) -> Element:
    fill = element(
        "pic:blipFill",
        None,
        element("a:blip", {"r:embed": target}),
        element("a:stretch", None, element("a:fillRect")),
    )
    place = element(
        "a:xfrm", None, element("a:off", {"x": "0", "y": "0"}), element("a:ext", {"cx": str(wide), "cy": str(high)})
    )
    shape = element("pic:spPr", None, place, element("a:prstGeom", {"prst": "rect"}, element("a:avLst")))
    named = element("pic:cNvPr", {"id": str(number), "name": figure["key"]})
    return element(
        "a:graphicData",
        {"uri": SPACES["pic"]},
        element("pic:pic", None, element("pic:nvPicPr", None, named, element("pic:cNvPicPr")), fill, shape),
    )


def _size(figure: dict[str, Any]) -> tuple[int, int]:
    """Return how wide and high the picture is shown."""
    wide, high = figure["width"] * INCH // DOTS, figure["height"] * INCH // DOTS
    part = min(1, WIDEST / wide, HIGHEST / high)
    return round(wide * part), round(high * part)
