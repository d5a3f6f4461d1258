"""Lists of Word: paragraphs that say in their style that they are items, each with its bullet or number as text."""

import re

from lxml import etree, html

from articles.desk.typed.pasted.said import Said, words_of
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop

_LEVEL = re.compile(r"mso-list\s*:\s*\S+\s+level(\d+)", re.IGNORECASE)
_IGNORE = re.compile(r"mso-list\s*:\s*Ignore", re.IGNORECASE)
_NUMBER = re.compile(r"\(?(\d{1,3})[.)]?")
_LETTER = re.compile(r"\(?(?:[A-Za-z]|[ivxlcIVXLC]{1,6})[.)]")
LETTERED = gettext_noop("Items with letters or Roman numbers ({words}) have numbers now.")


def of_word(body: html.HtmlElement, said: Said) -> None:
    """Put the items of each list of Word into a list."""
    for paragraph in list(body.iter("p")):
        if paragraph.getparent() is not None and _level(paragraph) and not _follows_an_item(paragraph):
            _gather(paragraph, said)


def _level(element: etree._Element | None) -> int:
    """Return the depth of an item, from 1 on; 0 for anything else."""
    if element is None or element.tag != "p":
        return 0
    found = _LEVEL.search(element.get("style") or "")
    return min(int(found[1]), 8) if found else 0


def _follows_an_item(paragraph: html.HtmlElement) -> bool:
    before = paragraph.getprevious()
    return before is not None and bool(_level(before)) and not (before.tail or "").strip()


def _gather(first: html.HtmlElement, said: Said) -> None:
    items = [first]
    while not (items[-1].tail or "").strip() and _level(after := items[-1].getnext()):
        items.append(after)
    place = html.Element("div")
    first.addprevious(place)
    opened: list[tuple[int, html.HtmlElement]] = []
    for item in items:
        level, tag, start = _level(item), *_kind(item, said)
        while opened and opened[-1][0] > level:
            opened.pop()
        if opened and opened[-1][0] == level and opened[-1][1].tag != tag:
            opened.pop()
        if not opened or opened[-1][0] < level:
            around = opened[-1][1][-1] if opened else place
            added = etree.SubElement(around, tag, {"start": str(start)} if start > 1 else {})
            opened.append((level, added))
        item.tail = None
        item.tag = "li"
        item.attrib.pop("style", None)
        opened[-1][1].append(item)


def _kind(item: html.HtmlElement, said: Said) -> tuple[str, int]:
    """Take the bullet or number off an item; return the tag of its list, and its number."""
    sign = ""
    for mark in list(item.iter()):
        if _IGNORE.search(mark.get("style") or ""):
            sign += " ".join(words_of(mark).split())
            mark.drop_tree()
    if found := _NUMBER.fullmatch(sign):
        return "ol", int(found[1]) if 1 <= int(found[1]) <= 100 else 1
    if _LETTER.fullmatch(sign) and not sign.startswith("o "):
        said.add(_(LETTERED), sign)
        return "ol", 1
    return "ul", 1
