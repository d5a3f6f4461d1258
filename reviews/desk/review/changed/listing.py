"""The changes of a marked text as a list: what each is, where it is, and what was there before and after."""

import re
from collections import Counter
from typing import NamedTuple

from lxml import html

from articles.text.canonical import sha256
from articles.text.redline.counting import both, count, inside, number_places, words
from articles.text.rendering.passages.blocks import lines

LONG = 160  # characters of what is said of a change; the text itself has all of them
HEAD = ("h2", "h3")


class Listed(NamedTuple):
    """
    A change: its sort, the number of its place, the headings, lead or headers it is under, and its words.

    `removed` and `added` are empty for a change without words, such as a move. `key` is the same as long as the change
    is: it names it among all changes between these two texts. `has_dose`: it changes a dose. `moved` says from which
    place to which a section moved.
    """

    sort: str
    place: int
    where: tuple[str, ...]
    removed: str
    added: str
    key: str
    has_dose: bool
    moved: str


def listed(marked: str) -> tuple[str, dict[str, int], list[Listed]]:
    """Return the text with numbered places and the changes by sort, as `numbered` does, and the list of changes."""
    text = html.fragment_fromstring(marked, create_parent="div")
    after = _after(text)
    found = number_places(text)
    seen: Counter[str] = Counter()
    rows = []
    for change in found:
        where = _where(change.element, after)
        removed, added = _said(change.element)
        name = sha256("\n".join((change.sort, *where, removed, added)))[:16]
        seen[name] += 1
        more = change.has_dose, _moved(change.element)
        rows.append(Listed(change.sort, change.place, where, _cut(removed), _cut(added), f"{name}{seen[name]}", *more))
    return inside(text), count(found), rows


def _after(text: html.HtmlElement) -> dict[html.HtmlElement, tuple[str, ...]]:
    """Return for each line what it depends on, by its element."""
    parts = [part for part in text.iter("section", "div") if part.find("h2") is not None or part.find("h3") is not None]
    return {block.element: block.after for part in [text, *parts] for block in lines(part)}


def _where(element: html.HtmlElement, after: dict[html.HtmlElement, tuple[str, ...]]) -> tuple[str, ...]:
    for around in (element, *element.iterancestors()):
        if around in after:
            return after[around]
        if around.tag in ("section", "div") and (head := _heading(around)):
            return (head,)
    return ()


def _heading(part: html.HtmlElement) -> str:
    head = next((child for child in part if child.tag in HEAD), None)
    return " ".join(words(head).split()) if head is not None else ""


def _said(element: html.HtmlElement) -> tuple[str, str]:
    """Return the words that were removed and those that were added."""
    removed = [node for node in both(element) if node.tag == "del"]
    added = [node for node in both(element) if node.tag == "ins"]
    if not removed and not added:
        removed, added = list(element.iter("del")), list(element.iter("ins"))
        if element.get("data-change"):
            removed, added = ([element], []) if element.get("data-change") == "removed" else ([], [element])
    return _text(removed), _text(added)


def _moved(element: html.HtmlElement) -> str:
    said = element.xpath("self::p[@data-moved] | ./p[@data-moved]")
    return words(said[0]).strip() if said else ""


def _text(nodes: list[html.HtmlElement]) -> str:
    cells = [cell for node in nodes for cell in (node.iter("td", "th") if node.tag in ("tr", "table") else [node])]
    return " · ".join(text for text in (" ".join(words(cell).split()) for cell in cells) if text)


def _cut(text: str) -> str:
    return text if len(text) <= LONG else re.sub(r"\s+\S*$", "", text[:LONG]) + " …"
