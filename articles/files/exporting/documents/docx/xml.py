"""Elements of WordprocessingML, as short as they can be written."""

from typing import Any

from lxml import etree

Element = Any  # lxml's stubs know no type for an element that is public

SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
}
PRESERVED = "{http://www.w3.org/XML/1998/namespace}space"


def name(written: str) -> str:
    """Return the full name of one with a prefix: w:p."""
    prefix, colon, local = written.partition(":")
    return f"{{{SPACES[prefix]}}}{local}" if colon else written


def element(tag: str, attributes: dict[str, str] | None = None, *inner: Element) -> Element:
    """Return an element; its names have prefixes of `SPACES`, or none."""
    named = {name(key): value for key, value in (attributes or {}).items()}
    made = etree.Element(name(tag), named, nsmap=SPACES)
    made.extend(inner)
    return made


def val(tag: str, value: str) -> Element:
    """Return an element that has only a value: <w:jc w:val="center"/>."""
    return element(tag, {"w:val": value})


def text(words: str, tag: str = "w:t") -> Element:
    made = element(tag)
    made.text = words
    if words != " ".join(words.split()):
        made.set(PRESERVED, "preserve")
    return made


def run(words: str, *properties: Element) -> Element:
    """Return a run of words with these properties."""
    return element("w:r", None, *([element("w:rPr", None, *properties)] if properties else []), text(words))


def paragraph(style: str, *inner: Element, properties: tuple[Element, ...] = ()) -> Element:
    """Return a paragraph of this style, which is named as in `styles.KEYS`; its properties are in Word's order."""
    return element("w:p", None, element("w:pPr", None, val("w:pStyle", style), *properties), *inner)


def written(root: Element) -> bytes:
    """Return the part of a package."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"] if root.tag.startswith(f"{{{SPACES['w']}}}") else [])
    made: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return made
