"""Sections: the choice of a wording for an audience, and the markup."""

from functools import lru_cache
from typing import Any, NamedTuple

from lxml import etree, html

from articles.text import richtext
from articles.text.citations.fields import plain
from articles.text.rendering.our_words import ENGLISH, WORDS, Words, words_of

CONTENTS_FROM = 3  # headings; with fewer there is no list


class Shown(NamedTuple):
    """One section as shown to one audience. `general`: it has no wording for them and shows the general text."""

    key: str
    role: str
    heading: str
    body: str
    general: bool

    @property
    def anchor(self) -> str:
        return f"s-{self.key}"


_clean = lru_cache(maxsize=1024)(richtext.clean)  # the same body is rendered for each audience


def choose(content: dict[str, Any], audience: str) -> list[Shown]:
    """
    Return the sections for the audience: the lead first, then the others in their order.

    Sections without text are left out. Every body is sanitised again.
    """
    shown = (_wording(section, audience, content["written_for"]) for section in content["sections"])
    return sorted((one for one in shown if one.body), key=lambda one: one.role != "lead")


def own_texts(content: dict[str, Any]) -> list[str]:
    """Return the audiences that have words of their own, and the one of the general text."""
    own = {key for section in content["sections"] for key in section["wordings"]} | {content["written_for"]}
    return [row["key"] for row in content["audiences"] if row["key"] in own]


def _wording(section: dict[str, Any], audience: str, written_for: str) -> Shown:
    """Return the text for the audience. An empty wording is ignored; one without heading gets the section's."""
    own = section["wordings"].get(audience, {}) if audience != written_for else section
    body = _clean(own.get("body", ""))
    general = not body and own is not section
    if general:
        own, body = section, _clean(section["body"])
    heading = plain(own.get("heading") or section["heading"])
    return Shown(section["key"], section["role"], heading, body, general)


def wording_note(content: dict[str, Any], audience: str, shown: list[Shown]) -> str:
    """Return the sentence that says how much of the text is the general one; empty if none is."""
    if not any(one.general for one in shown):
        return ""
    words = words_of(content)
    labels = {known["key"]: _within(words, known["label"]) for known in content["audiences"]}
    writer, reader = (labels.get(key, words.other_readers) for key in (content["written_for"], audience))
    note = words.all_general if all(one.general for one in shown) else words.some_general
    return note.format(writer=writer, reader=reader)


def _within(words: Words, label: str) -> str:
    """Return the label of an audience within the note."""
    label = plain(label)
    return words.readers.format(article="an" if label[:1].lower() in set("aeiou") else "a", label=label)


def parse(text: str, tag: str) -> html.HtmlElement:
    """Return the HTML as one element with this tag."""
    return html.fragment_fromstring(text, create_parent=tag)


def build(shown: Shown, words: Words) -> html.HtmlElement:
    """Return the section element, with its heading levels in order."""
    section = parse(shown.body, "section")
    section.set("id", shown.anchor)
    section.set("data-role", shown.role)
    _level_headings(section, base=3 if shown.heading else 2)
    if shown.heading:
        section.insert(0, _heading(shown, words))
    return section


def _heading(shown: Shown, words: Words) -> etree._Element:
    heading = html.Element("h2")
    if shown.role == "urgent":
        hidden = etree.SubElement(heading, "span", {"class": "visually-hidden"})
        hidden.text, hidden.tail = words.important, shown.heading
    elif shown.role in words.levels:
        level = etree.SubElement(
            heading, "span", {"class": "level", **({"lang": ENGLISH} if words is WORDS[ENGLISH] else {})}
        )
        level.text, level.tail = f"{words.levels[shown.role]}: ", shown.heading
    else:
        heading.text = shown.heading
    return heading


def _level_headings(section: html.HtmlElement, base: int) -> None:
    """Give the headings of a body levels from `base` on without gaps, and keep their hierarchy."""
    above: list[str] = []
    for heading in section.iter("h3", "h4"):
        stored = heading.tag
        while above and above[-1] >= stored:
            above.pop()
        heading.tag = f"h{base + len(above)}"
        above.append(stored)


def lead_end(shown: list[Shown]) -> int:
    """Return the number of lead sections."""
    return sum(one.role == "lead" for one in shown)


def contents_list(contents: tuple[tuple[str, str], ...], words: Words, *, is_folded: bool) -> etree._Element | None:
    """
    Return the list of links to the sections; None for fewer than three.

    A folded list is one line that opens. It has the same visible text.
    """
    if len(contents) < CONTENTS_FROM:
        return None
    nav = html.Element("nav", {"class": "contents", "aria-labelledby": "contents-heading"})
    box = etree.SubElement(nav, "details") if is_folded else nav
    above = etree.SubElement(box, "summary") if is_folded else box
    etree.SubElement(above, "h2", {"id": "contents-heading"}).text = words.contents
    items = etree.SubElement(box, "ul")
    for anchor, heading in contents:
        item = etree.SubElement(items, "li")
        etree.SubElement(item, "a", {"href": f"#{anchor}"}).text = heading
    return nav
