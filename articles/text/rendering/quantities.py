"""
Amounts in a text that is written from right to left.

Without a direction of its own, “38 °C” is shown as C° 38 there, “5–10 mg” as mg 10–5, and “< 2 cm” with its sign turned
round. So each amount is isolated, and reads as it does in a text from left to right. No letter is added.
"""

import re

from lxml import html

_NUMBER = r"[0-9]+(?:[.,/:][0-9]+)*"
_UNIT = r"(?:°\s?)?[A-Za-zµμΩ][A-Za-zµμΩ0-9²³⁻¹%·/]*|[%‰°]"
QUANTITY = re.compile(
    rf"(?<![\w.,])(?:[<>≤≥±≈~+−-]\s?)?{_NUMBER}(?:\s?[–—×x-]\s?{_NUMBER})*(?:\s?(?:{_UNIT}))?(?![0-9A-Za-z])"
)
LEFT_ALONE = frozenset({"bdi", "cite", "code", "a"})


def isolate_quantities(element: html.HtmlElement) -> None:
    """Put each amount of the element's text, and of what is in it, into a <bdi> that runs from left to right."""
    for child in list(element):
        if isinstance(child.tag, str) and child.tag not in LEFT_ALONE and not child.get("lang"):
            isolate_quantities(child)
        pieces = _pieces(child.tail or "")
        if pieces:
            child.tail, at = pieces[0], element.index(child) + 1
            for place, isolated in enumerate(pieces[1]):
                element.insert(at + place, isolated)
    if pieces := _pieces(element.text or ""):
        element.text = pieces[0]
        for place, isolated in enumerate(pieces[1]):
            element.insert(place, isolated)


def _pieces(text: str) -> tuple[str, list[html.HtmlElement]] | None:
    """Return the text before the first amount, and each amount with the text after it; None without an amount."""
    found = [match for match in QUANTITY.finditer(text) if not match.group().isdigit()]
    if not found:
        return None
    isolated: list[html.HtmlElement] = []
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=True):
        one = html.Element("bdi", {"dir": "ltr"})
        one.text, one.tail = match.group(), text[match.end() : end]
        isolated.append(one)
    return text[: found[0].start()], isolated
