"""What changed between two frozen contents as one audience reads them: title, sections and references."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import escape
from lxml import etree, html

from articles import richtext
from articles.citations import format_reference, number_keys
from articles.redline import changed, plain_redline, redline
from articles.rendering.sections import Shown, choose

WORDS = {"ins": "added", "del": "removed"}


@dataclass(frozen=True)
class Section:
    """A section of both texts, its changes marked. `state` is changed, new, removed or same."""

    heading: str
    html: str
    state: str


@dataclass(frozen=True)
class Comparison:
    """Both texts in one: the marked title, the sections in the new order, and the marked references."""

    title: str
    sections: list[Section]
    references: list[str]

    @property
    def any(self) -> bool:
        marked = [self.title, *self.references]
        return any(section.state != "same" for section in self.sections) or any(map(changed, marked))


def compare(old: dict, new: dict, audience: str) -> Comparison:
    """
    Return what changed for this audience. Each change is said in hidden words too, for who does not see the marks.

    Citations have the numbers of their references: what went keeps the number it had.
    """
    before, after = _Side(old, audience), _Side(new, audience)
    return Comparison(
        title=_said(plain_redline(old["title"], new["title"])),
        sections=list(_sections(before, after)),
        references=[_said(_reference(before, after, key)) for key in _in_order(list(before.works), list(after.works))],
    )


class _Side:
    """One of the two texts: its sections as shown, and its references by number."""

    def __init__(self, content: dict, audience: str):
        self.shown = {one.key: one for one in choose(content, audience)}
        cited = (key for one in self.shown.values() for key in richtext.cited_keys(one.body))
        works = {row["key"]: row["csl"] for row in content["references"]}
        self.numbers = number_keys(key for key in cited if key in works)
        self.works = {key: format_reference(json.loads(works[key])) for key in self.numbers}


def _sections(old: _Side, new: _Side) -> Iterator[Section]:
    for key in _in_order(list(old.shown), list(new.shown)):
        yield _section(old.shown.get(key), new.shown.get(key), old.numbers, new.numbers)


def _section(one: Shown | None, other: Shown | None, old: dict[str, int], new: dict[str, int]) -> Section:
    heading = plain_redline(one.heading if one else "", other.heading if other else "")
    body = redline(one.body if one else "", other.body if other else "")
    state = "new" if one is None else "removed" if other is None else "changed"
    if state == "changed" and not changed(heading) and not changed(body):
        state = "same"
    return Section(_said(heading), _said(_numbered(body, old, new)), state)


def _reference(old: _Side, new: _Side, key: str) -> str:
    """Return a work with its number; both ways in which it is cited when they differ, one when it came or went."""
    before, after = (side.works.get(key, "") for side in (old, new))
    if before == after:
        return f"{new.numbers[key]}. {after}"
    number = new.numbers.get(key) or old.numbers[key]
    marks = (f"<del>{before}</del>" if before else "", f"<ins>{after}</ins>" if after else "")
    return f"{number}. {' '.join(filter(None, marks))}"


def _in_order(old: list[str], new: list[str]) -> list[str]:
    """Return the keys of both: in the new order, what went standing after what it stood after."""
    keys = list(new)
    for place, key in enumerate(old):
        if key not in keys:
            keys.insert(keys.index(old[place - 1]) + 1 if place else 0, key)
    return keys


def _numbered(marked: str, old: dict[str, int], new: dict[str, int]) -> str:
    """Put the number of its reference for each citation: what went keeps the number it had."""
    text = html.fragment_fromstring(marked, create_parent="div")
    for cite in list(text.iter("cite")):
        is_gone = next(cite.iterancestors("del"), None) is not None
        key = cite.get("data-ref")
        mark = etree.Element("sup", {"class": "citation"})
        mark.text = f"[{(old if is_gone else new).get(key, '?')}]"
        mark.tail = cite.tail
        cite.getparent().replace(cite, mark)
    return (escape(text.text or "")) + "".join(html.tostring(child, encoding="unicode") for child in text)


def _said(marked: str) -> str:
    """Say each change in words too, which are read aloud and stay when styles do not."""
    for tag, word in WORDS.items():
        hidden = f'<span class="visually-hidden">[{word}: </span>'
        marked = marked.replace(f"<{tag}>", f"<{tag}>{hidden}")
        marked = marked.replace(f"</{tag}>", f'<span class="visually-hidden">]</span></{tag}>')
    return marked
