"""The parts of a published version that search can find, read from its frozen content."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any

from articles.models import Section
from articles.text import richtext
from articles.text.citations import format_reference
from articles.text.citations.retracted import work_of
from articles.text.rendering import printed_works

TAG = re.compile(r"<[^<>]*>")
TITLE, TEXT, PEOPLE, REFERENCES = "title", "text", "people", "references"  # the parts


@dataclass(frozen=True)
class PassageText:
    """
    One part of a version: its title, a section as some readers see it, its people or its references.

    `lines` are the printed blocks, without the heading. `readers` are the keys of the audiences that are shown it, the
    article's own first; empty if all are. `title` and `topics` are those of the version, `anchor` the section's `id`
    on the page.
    """

    part: str
    title: str
    language: str
    kind: str
    topics: tuple[str, ...]
    lines: tuple[str, ...]
    heading: str = ""
    section: str = ""
    readers: tuple[str, ...] = ()
    position: int = 0

    @property
    def anchor(self) -> str:
        return f"s-{self.section}" if self.section else ""

    @cached_property
    def text(self) -> str:
        return "\n".join(self.lines)


def passages_of(content: dict[str, Any]) -> list[PassageText]:
    """Return the parts of a frozen version in the order of its page. A section without text is not shown."""
    common = {
        "title": content["title"],
        "language": content["language"],
        "kind": content["kind"],
        "topics": tuple(topic["name"] for topic in content["topics"]),
    }
    audiences = [*audiences_of(content)]
    parts = [*_title(content), *_texts(content, audiences), *_people(content), *_works(content, audiences)]
    return [PassageText(**common, **part, position=place) for place, part in enumerate(parts)]


def audiences_of(content: dict[str, Any]) -> dict[str, str]:
    """Return the labels of the signed audiences by their keys, the one that the article is written for first."""
    labels = {known["key"]: known["label"] for known in content["audiences"]}
    first = content["written_for"]
    return {first: labels.get(first, first), **labels}


def body_of(content: dict[str, Any], section: str, readers: tuple[str, ...]) -> str:
    """Return the HTML of a section as these readers see it; empty if they are not shown it."""
    for each in content["sections"]:
        if each["key"] == section:
            shown = {keys: text for text, keys in _shown(each, [*audiences_of(content)])}
            everybody = tuple(audiences_of(content))
            return shown.get(readers or everybody, {"body": ""})["body"]
    return ""


def lines_of(content: dict[str, Any], part: str, readers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the lines of the people or references of a version, as these readers see them."""
    audiences = [*audiences_of(content)]
    for each in _people(content) if part == PEOPLE else _works(content, audiences):
        if each.get("readers", ()) == readers:
            return tuple(each["lines"])
    return ()


def _title(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"part": TITLE, "lines": (content["title"],)}


def _texts(content: dict[str, Any], audiences: list[str]) -> Iterator[dict[str, Any]]:
    """Yield each text of each section that somebody is shown. The lead comes first, as on the page."""
    for section in sorted(content["sections"], key=lambda section: section["role"] != Section.Role.LEAD):
        for text, readers in _shown(section, audiences):
            yield {
                "part": TEXT,
                "section": section["key"],
                "heading": text["heading"] or section["heading"],
                "lines": (*filter(None, richtext.plain(text["body"]).split("\n")), *captions(content, text["body"])),
                "readers": readers if len(readers) < len(audiences) else (),
            }


def captions(content: dict[str, Any], body: str) -> Iterator[str]:
    """Yield the captions of the figures that a text shows."""
    shown = richtext.figure_keys(body)
    if shown:
        known = {figure["key"]: figure["caption"] for figure in content.get("figures", [])}
        yield from filter(None, (known.get(key) for key in shown))


def _shown(section: dict[str, Any], audiences: list[str]) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """Yield (text, audiences) for each visible text of a section. Audiences without a wording see the general text."""
    own = {
        key: section["wordings"][key]
        for key in audiences[1:]
        if key in section["wordings"] and _shows_anything(section["wordings"][key]["body"])
    }
    if _shows_anything(section["body"]) and (general := tuple(key for key in audiences if key not in own)):
        yield section, general
    yield from ((text, (key,)) for key, text in own.items())


def _shows_anything(body: str) -> bool:
    return bool(richtext.plain(body) or richtext.figure_keys(body))


def _people(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    people = [", ".join(filter(None, (person["name"], person["credentials"]))) for person in content["contributors"]]
    if people:
        yield {"part": PEOPLE, "lines": tuple(dict.fromkeys(people))}


def _works(content: dict[str, Any], audiences: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the lists of references, one for all audiences that are shown the same entries."""
    if not content["references"]:
        return
    cited: dict[str, set[str]] = {key: set() for key in audiences}
    for section in content["sections"]:
        for text, readers in _shown(section, audiences):
            for reader in readers:
                cited[reader] |= {*richtext.cited_keys(text["body"])}
    lists: dict[tuple[str, ...], list[str]] = {}
    for reader, works in printed_works(content, audiences).items():
        entries = tuple(work for key, work in works.items() if key in cited[reader])
        lists.setdefault(entries, []).append(reader)
    for entries, keys in lists.items():
        if entries:
            shown = tuple(keys) if len(keys) < len(audiences) else ()
            yield {"part": REFERENCES, "lines": tuple(map(_entry, entries)), "readers": shown}


def _entry(work: str) -> str:
    """Return the printed entry of a work as plain text."""
    entry = format_reference(work_of(work))
    plain = richtext.plain(f"<p>{entry}</p>") if "<su" in entry else unescape(TAG.sub("", entry))
    return " ".join(plain.split())
