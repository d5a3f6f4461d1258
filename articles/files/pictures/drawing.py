"""
Draw an SVG as PNG, by typst.

An SVG that could show less than its author sees is refused: with parts that are not drawn, such as text in HTML, with
parts in other files, with scripts and animations, and with letters that no font here has.
"""

import json
from pathlib import Path
from typing import Any

import typst
from lxml import etree

from articles.files.pictures.refused import Refused
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop

MOST_ELEMENTS = 50_000
MOST_DEPTH = 100
WIDTH = 1600  # pixels of the drawn picture
FONTS = Path("/usr/share/fonts/truetype/dejavu")  # those of the PDFs
NO_LETTER = "could not be displayed with"
NOT_DRAWN = {
    "foreignObject": gettext_noop(
        "This SVG has words in a form that cannot be drawn here (foreignObject). Export the picture as PNG."
    ),
    "script": gettext_noop("This SVG has a program in it. Export the picture as PNG."),
    "handler": gettext_noop("This SVG has a program in it. Export the picture as PNG."),
    "animate": gettext_noop("This SVG is an animation. Export one picture of it as PNG."),
    "animateTransform": gettext_noop("This SVG is an animation. Export one picture of it as PNG."),
    "animateMotion": gettext_noop("This SVG is an animation. Export one picture of it as PNG."),
    "set": gettext_noop("This SVG is an animation. Export one picture of it as PNG."),
}
ELSEWHERE = gettext_noop(
    "This SVG takes a part from elsewhere ({address}), which would be missing. Export the picture as PNG."
)
IN_OUR_FONTS = gettext_noop("Letters are drawn in fonts of this site. Compare the picture with your file.")
PICTURE = """#let data = json(bytes(sys.inputs.data))
#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(data.svg), format: "svg", width: data.width * 1pt)"""
LETTERS = """#let data = json(bytes(sys.inputs.data))
#set document(title: "-")
#set text(font: ("Libertinus Serif", "DejaVu Sans"))
#data.letters"""


def drawn(data: bytes, said: list[str]) -> bytes:
    """Return the SVG as PNG. Raise Refused for one that could show less here than its author sees."""
    root = _parsed(data)
    _check_parts(root)
    letters = "".join(text for element in root.iter("{*}text") for text in element.itertext()).strip()
    if letters:
        _check_letters(letters)
        said.append(_(IN_OUR_FONTS))
    return _compiled(PICTURE, {"svg": etree.tostring(root, encoding="unicode"), "width": WIDTH}, format="png", ppi=72)


def _parsed(data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise Refused(_("The file is damaged or no valid SVG. Export the picture again.")) from None
    if etree.QName(root).localname != "svg":
        raise Refused(_("This is no PNG, JPEG, WebP or SVG file. Export the picture as PNG or JPEG."))
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _entity in declared.iterentities()):
        raise Refused(_("This SVG uses abbreviations of its own (entities). Export the picture as PNG."))
    return root


def _check_parts(root: Any) -> None:
    waiting, count = [(root, 1)], 0
    while waiting:
        element, depth = waiting.pop()
        count += 1
        if count > MOST_ELEMENTS or depth > MOST_DEPTH:
            raise Refused(_("This SVG has too many parts to be drawn here. Export the picture as PNG."))
        if isinstance(element.tag, str):
            _check_part(element)
        waiting += [(child, depth + 1) for child in element]


def _check_part(element: Any) -> None:
    name = etree.QName(element).localname
    if name in NOT_DRAWN:
        raise Refused(_(NOT_DRAWN[name]))
    for attribute, value in element.attrib.items():
        local = etree.QName(attribute).localname.lower()
        if local.startswith("on"):
            raise Refused(_(NOT_DRAWN["script"]))
        is_link = name == "a"  # a link of the drawing leads nowhere in a picture
        if local in ("href", "src") and not is_link and not value.strip().startswith(("#", "data:image/")):
            raise Refused(_(ELSEWHERE).format(address=quoted(value)))
        _check_style(value)
    if name == "style":
        _check_style("".join(element.itertext()))


def _check_style(text: str) -> None:
    """Refuse styles that take a part from elsewhere."""
    lower = text.lower()
    for found in lower.split("url(")[1:]:
        if not found.lstrip(" \t\n\"'").startswith(("#", "data:image/")):
            raise Refused(_(ELSEWHERE).format(address=quoted(found.split(")")[0])))
    if "@import" in lower or "@font-face" in lower:
        raise Refused(_("This SVG brings styles or fonts from elsewhere. Export the picture as PNG."))


def _check_letters(letters: str) -> None:
    try:
        _compiled(LETTERS, {"letters": letters}, format="pdf", pdf_standards=["ua-1"])
    except typst.TypstError as error:
        if NO_LETTER in str(error):
            raise Refused(_("No font here has some letters of this SVG. Export the picture as PNG.")) from None
        raise


def _compiled(program: str, data: dict[str, Any], **options: Any) -> bytes:
    try:
        made = typst.compile(
            program.encode(), font_paths=_fonts(), sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, **options
        )
    except typst.TypstError as error:
        if NO_LETTER in str(error):
            raise
        raise Refused(_("This SVG cannot be drawn here. Export the picture as PNG.")) from None
    return bytes(made)


def _fonts() -> typst.Fonts:
    paths = [str(FONTS)] if FONTS.is_dir() else []
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=paths)
