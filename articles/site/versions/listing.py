"""The changes of a marked text as a list: what each is, where it is, and what was there before and after."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from lxml import html

from articles.text.canonical import sha256
from articles.text.redline.counting import both, count, inside, number_places, words
from articles.text.rendering.passages.blocks import lines

LONG = 160  # characters of what is said of a change; the text itself has all of them
HEAD = ("h2", "h3")
ENDED = (".", "!", "?")  # a sentence that leads to a list or table, not a heading or a header
CALLED = {  # one change of each sort
    "dose": _("Dose"),
    "cell": _("Table cell"),
    "row": _("Table row"),
    "table": _("Table"),
    "section": _("Section"),
    "title": _("Title"),
    "heading": _("Heading"),
    "paragraph": _("Paragraph"),
    "item": _("List item"),
    "list": _("List"),
    "phrase": _("Words"),
    "figure": _("Figure"),
    "reference": _("Reference"),
    "people": _("People"),
    "ai": _("Use of artificial intelligence"),
    "topics": _("Topics"),
    "disclaimer": _("Disclaimers"),
    "fact": _("Other signed detail"),
    "number": _("Number of a citation, table or figure"),
    "others": _("Only for other readers"),
}


@dataclass(frozen=True)
class Place:
    """A place of the text with changes: a paragraph, a cell, a section that moved. `key` names its changes."""

    number: int
    where: list[str]
    sorts: list[str]
    words: list[list[str]]  # removed and added ones, for each change
    key: str
    has_dose: bool
    moved: str

    @property
    def called(self) -> str:
        """Return the sorts of the changes, in words. A dose is named also in a row or in a text for other readers."""
        sorts = ", ".join(str(CALLED[sort]) for sort in self.sorts)
        is_named = not self.has_dose or "dose" in self.sorts
        return sorts if is_named else gettext("{sorts}, with a dose").format(sorts=sorts)


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


def places_of(rows: list[Listed]) -> Iterable[Place]:
    """Yield the places in the order of the text, each with all its changes."""
    for number, group in groupby(sorted(rows, key=lambda row: row.place), key=lambda row: row.place):
        changes = [*group]
        yield Place(
            number=number,
            where=[part for part in changes[0].where if not part.endswith(ENDED)],
            sorts=[*dict.fromkeys(row.sort for row in changes)],
            words=[[row.removed, row.added] for row in changes if row.removed or row.added],
            key=sha256("\n".join(row.key for row in changes))[:16],
            has_dose=any(row.has_dose for row in changes),
            moved=" ".join(row.moved for row in changes if row.moved),
        )


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
        if element.get("data-change") in ("added", "removed"):
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
