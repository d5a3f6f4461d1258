"""What a Word file says around an article: its details, the list of works, its review; the head and foot of pages."""

from copy import deepcopy
from typing import Any

from lxml import html

from articles.files.exporting.documents.docx.styles import Lists, key_of
from articles.files.exporting.documents.docx.xml import Element, element, paragraph, run, val
from articles.files.word.own import names
from articles.files.word.own.names import Labels
from articles.text.rendering.citing import listed
from articles.text.rendering.our_words import Words

MARKS = {"b": ("w:b",), "strong": ("w:b",), "i": ("w:i",), "em": ("w:i",)}
PAGE = {"w:w": "11906", "w:h": "16838"}
MARGINS = {f"w:{side}": "1304" for side in ("top", "right", "bottom", "left")} | {
    "w:header": "624", "w:footer": "624", "w:gutter": "0",
}  # fmt: skip
Facts = list[tuple[str, str]]


def details(facts: Facts, advice: str) -> list[Element]:
    """Return the lines below the title: who wrote the article, what it is about, and how to edit it."""
    made = [_fact(names.DETAILS, name, value) for name, value in facts if value]
    line = {"w:val": "single", "w:sz": "4", "w:space": "6", "w:color": "A6A6A6"}
    below = (
        element("w:pBdr", None, element("w:bottom", line)),
        element("w:spacing", {"w:before": "0", "w:after": "240"}),
    )
    said = run(advice, element("w:i"), element("w:iCs"))
    return [*made, paragraph(key_of(names.DETAILS), said, properties=below)]


def closing(facts: Facts, disclaimers: Facts, labels: Labels) -> list[Element]:
    """Return the last page: the version, its digest and who signed it; and the disclaimers that readers are shown."""
    made = [_heading(labels.approval, element("w:pageBreakBefore"))]
    made += [_fact(names.CLOSING, name, value) for name, value in facts if value]
    if disclaimers:
        made.append(_heading(labels.disclaimers))
        made += [_fact(names.CLOSING, name, value) for name, value in disclaimers]
    return made


def references(content: dict[str, Any], numbers: dict[str, int], lists: Lists, words: Words) -> list[Element]:
    """Return the works in the order of their numbers, as the page lists them; then those that no text cites."""
    rows = {row["key"]: row for row in content["references"]}
    if not rows:
        return []
    made = [_heading(words.references)]
    number = lists.new("ol")
    place = element("w:numPr", None, val("w:ilvl", "0"), val("w:numId", number))
    for key in sorted(numbers, key=lambda one: numbers[one]):
        if key in rows:
            entry = listed(rows[key]["csl"], rows[key].get("although_retracted", ""), words)
            inner = _runs(html.fragment_fromstring(entry, create_parent="p"))
            made.append(paragraph(key_of(names.REFERENCE), *inner, properties=(deepcopy(place),)))
    return made


def head(title: str, status: str) -> Element:
    """Return the head of each page: the title, and the state of the text."""
    tabs = element("w:tabs", None, element("w:tab", {"w:val": "right", "w:pos": "9298"}))
    inner = [run(title), element("w:r", None, element("w:tab")), run(status, element("w:b"), element("w:bCs"))]
    return element("w:hdr", None, paragraph("Header", *inner, properties=(tabs,)))


def foot(said: str) -> Element:
    """Return the foot of each page: what is said, and the number of the page."""
    tabs = element("w:tabs", None, element("w:tab", {"w:val": "right", "w:pos": "9298"}))
    numbers = [_field("PAGE"), run(" / "), _field("NUMPAGES")]
    inner = [run(said), element("w:r", None, element("w:tab")), *numbers]
    return element("w:ftr", None, paragraph("Footer", *inner, properties=(tabs,)))


def page() -> Element:
    """Return the size of the pages, with their head and foot."""
    return element(
        "w:sectPr",
        None,
        element("w:headerReference", {"w:type": "default", "r:id": "rIdHeader"}),
        element("w:footerReference", {"w:type": "default", "r:id": "rIdFooter"}),
        element("w:pgSz", PAGE),
        element("w:pgMar", MARGINS),
    )


def said_in(elements: list[Element]) -> list[str]:
    """Return the words of each paragraph of these."""
    return ["".join(one.text or "" for one in made.iter(element("w:t").tag)) for made in elements]


def _field(code: str) -> Element:
    return element("w:fldSimple", {"w:instr": code}, run("1"))


def _heading(words: str, *properties: Element) -> Element:
    return paragraph(key_of(names.CLOSING_HEADING), run(words), properties=properties)


def _fact(style: str, name: str, value: str) -> Element:
    return paragraph(key_of(style), run(f"{name}: ", element("w:b"), element("w:bCs")), run(value))


def _runs(made: html.HtmlElement, *marks: str) -> list[Element]:
    """Return the runs of a work as it is listed: bold and italic words, raised and lowered signs; links are words."""
    found = [run(made.text, *_properties(marks))] if made.text else []
    for child in made:
        found += _runs(child, *marks, child.tag)
        found += [run(child.tail, *_properties(marks))] if child.tail else []
    return found


def _properties(marks: tuple[str, ...]) -> list[Element]:
    found = [element(name) for name in dict.fromkeys(name for mark in marks for name in MARKS.get(mark, ()))]
    raised = [mark for mark in marks if mark in ("sub", "sup")]
    return [*found, *[val("w:vertAlign", "superscript" if raised[-1] == "sup" else "subscript") for _ in raised[-1:]]]
