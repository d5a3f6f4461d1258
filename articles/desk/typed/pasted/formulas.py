"""MathML as text: fractions with a slash, raised and lowered letters. A formula that needs more has no text."""

import html as entities

from lxml import etree

_ROWS = {"math", "mrow", "mstyle", "semantics", "mpadded"}
_LETTERS = {"mi", "mn", "mo", "mtext"}
_SCRIPTS = {"msup": "sup", "msub": "sub"}


def as_text(element: etree._Element) -> str | None:
    """Return HTML that says what the formula says; None if that takes more than one line of text."""
    tag = str(element.tag).rpartition(":")[2]
    children = [child for child in element if str(child.tag).rpartition(":")[2] not in ("annotation", "annotation-xml")]
    if tag in _LETTERS:
        return entities.escape(" ".join("".join(map(str, element.itertext())).split()))
    if tag == "mspace":
        return " "
    parts = [as_text(child) for child in children]
    if any(part is None for part in parts):
        return None
    if tag in _ROWS:
        return "".join(filter(None, parts))
    if tag == "mfrac" and len(parts) == 2:
        return "/".join(_in_brackets(child, part or "") for child, part in zip(children, parts, strict=True))
    if tag in _SCRIPTS and len(parts) == 2:
        return f"{parts[0]}<{_SCRIPTS[tag]}>{parts[1]}</{_SCRIPTS[tag]}>"
    return None


def _in_brackets(element: etree._Element, text: str) -> str:
    is_one = str(element.tag).rpartition(":")[2] in ("mi", "mn")
    return text if is_one or (len(element) == 1 and text.isalnum()) else f"({text})"
