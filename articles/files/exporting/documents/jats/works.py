"""A cited work as an element-citation of JATS, element by element: readers of JATS drop mixed citations."""

import json
from typing import Any

from lxml import etree

from articles.files.exporting.documents.jats.texts import XLINK, Element

KINDS = {
    "article-journal": "journal",
    "article-magazine": "journal",
    "article-newspaper": "newspaper",
    "book": "book",
    "chapter": "book",
    "paper-conference": "conference",
    "report": "report",
    "webpage": "webpage",
    "thesis": "thesis",
    "dataset": "data",
    "software": "software",
    "patent": "patent",
}
TEXTS = {
    "container-title": "source",
    "volume": "volume",
    "issue": "issue",
    "edition": "edition",
    "publisher": "publisher-name",
    "publisher-place": "publisher-loc",
}
PEOPLE = ("author", "editor", "translator")


def work(row: dict[str, Any], identity: str) -> Element:
    """Return the reference of a frozen text."""
    csl = json.loads(row["csl"])
    made = etree.Element("ref", id=identity)
    cited = etree.SubElement(made, "element-citation", {"publication-type": KINDS.get(csl.get("type"), "other")})
    for role in PEOPLE:
        if csl.get(role):
            _people(csl[role], etree.SubElement(cited, "person-group", {"person-group-type": role}))
    whole = "container-title" not in csl
    if title := csl.get("title"):
        name = "source" if whole else "chapter-title" if csl.get("type") == "chapter" else "article-title"
        etree.SubElement(cited, name).text = str(title)
    for name, element in TEXTS.items():
        if value := csl.get(name):
            etree.SubElement(cited, element).text = str(value)
    _dates(csl, cited)
    _pages(csl, cited)
    for name in ("DOI", "PMID"):
        if value := csl.get(name):
            etree.SubElement(cited, "pub-id", {"pub-id-type": name.lower()}).text = str(value)
    if address := csl.get("URL"):
        etree.SubElement(cited, "ext-link", {"ext-link-type": "uri", f"{XLINK}href": str(address)}).text = str(address)
    return made


def _people(people: list[dict[str, Any]], into: Element) -> None:
    for one in people:
        if one.get("literal"):
            etree.SubElement(into, "collab").text = one["literal"]
            continue
        name = etree.SubElement(into, "name")
        family = " ".join(filter(None, [one.get("non-dropping-particle"), one.get("family")]))
        etree.SubElement(name, "surname").text = family
        given = " ".join(filter(None, [one.get("given"), one.get("dropping-particle")]))
        for element, value in (("given-names", given), ("suffix", one.get("suffix"))):
            if value:
                etree.SubElement(name, element).text = value


def _dates(csl: dict[str, Any], into: Element) -> None:
    issued = csl.get("issued") or {}
    for element, number in zip(("year", "month", "day"), (issued.get("date-parts") or [[]])[0], strict=False):
        etree.SubElement(into, element).text = str(number)
    if words := issued.get("literal"):
        etree.SubElement(into, "year").text = str(words)
    read = (csl.get("accessed") or {}).get("date-parts") or []
    if read:
        day = "-".join(f"{number:02}" for number in read[0])
        etree.SubElement(into, "date-in-citation", {"content-type": "access-date"}).text = day


def _pages(csl: dict[str, Any], into: Element) -> None:
    pages = str(csl.get("page") or "")
    first, dash, last = pages.replace("–", "-").partition("-")
    if first.isalnum() and (last.isalnum() or not dash):
        etree.SubElement(into, "fpage").text = first
        if last:
            whole = first[: len(first) - len(last)] + last if first.isdigit() and last.isdigit() else last
            etree.SubElement(into, "lpage").text = whole
    elif pages:
        etree.SubElement(into, "page-range").text = pages
    elif number := csl.get("number"):
        etree.SubElement(into, "elocation-id").text = str(number)
