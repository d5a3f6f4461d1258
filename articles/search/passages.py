"""The words of published versions, taken from their frozen texts and remembered in this process."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from threading import Lock
from typing import NamedTuple

from articles.frozen.content import thaw
from articles.models import VersionText
from articles.search.words import fold
from articles.text import richtext
from articles.text.canonical import sha256
from articles.text.citations import format_reference
from articles.text.citations.retracted import work_of
from articles.text.rendering import printed_works

TAG = re.compile(r"<[^<>]*>")
TEXT, PEOPLE, REFERENCES = "text", "people", "references"
REMEMBERED = 5000  # versions, some ten kilobytes each


class Line(NamedTuple):
    """A block of a version as it is printed, whom it is shown to, what it is part of, and how it is compared."""

    text: str
    readers: frozenset[str]
    part: str = TEXT
    folded: str = ""


@dataclass(frozen=True)
class Passages:
    """
    What readers of any audience see of a version, a line per block, and the same as it is compared.

    `audiences` are those it was signed for, key and label, whom the general text is written for first. `beside` is
    what is compared of the people named and the references.
    """

    lines: tuple[Line, ...] = ()
    audiences: tuple[tuple[str, str], ...] = ()
    folded_title: str = ""
    folded: str = ""
    beside: str = ""


Key = tuple[int, str]  # a version and its digest

_known: dict[Key, Passages] = {}
_one_at_a_time = Lock()


def passages_of(keys: list[Key]) -> dict[int, Passages]:
    """Return the words of each of these versions; one query for all whose words are not remembered."""
    found = {key: _known.get(key) for key in keys}
    if missing := [key for key, passages in found.items() if passages is None]:
        taken = _take(missing)
        found |= taken
        _remember(taken)
    return {version: passages for (version, _), passages in found.items()}


def forget():
    """Forget all words, as a new process has."""
    with _one_at_a_time:
        _known.clear()


def _take(keys: list[Key]) -> dict[Key, Passages]:
    texts = dict(VersionText.objects.filter(version__in=[version for version, _ in keys]).values_list("pk", "text"))
    return {key: _read(texts.get(key[0], ""), key[1]) for key in keys}


def _read(text: str, digest: str) -> Passages:
    """Return the words of a frozen text; none of one that is damaged or erased, which no page shows either."""
    if sha256(text) != digest:
        return Passages()
    content = thaw(text)
    audiences = {known["key"]: known["label"] for known in content["audiences"]}
    first = content["written_for"]
    audiences = {first: audiences.get(first, first), **audiences}
    lines = tuple(_merged([*_texts(content, {*audiences}), *_people(content, {*audiences}), *_works(content)]))
    return Passages(
        lines,
        tuple(audiences.items()),
        fold(content["title"]),
        "\n".join([fold(content["title"]), *(line.folded for line in lines if line.part == TEXT)]),
        "\n".join(line.folded for line in lines if line.part != TEXT),
    )


def _merged(lines: list[Line]) -> Iterator[Line]:
    """Yield each line once, for all who are shown it."""
    readers: dict[tuple[str, str], frozenset[str]] = {}
    for line in lines:
        readers[line.text, line.part] = readers.get((line.text, line.part), frozenset()) | line.readers
    yield from (Line(text, audiences, part, fold(text)) for (text, part), audiences in readers.items())


def _texts(content: dict, audiences: set[str]) -> Iterator[Line]:
    """Yield what is shown to one audience or another, block by block; a section without text is shown to nobody."""
    for section in content["sections"]:
        for text, readers in _shown(section, audiences - {content["written_for"]}, content["written_for"]):
            for line in filter(
                None, [text["heading"] or section["heading"], *richtext.plain(text["body"]).split("\n")]
            ):
                yield Line(line, readers)


def _shown(section: dict, others: set[str], written_for: str) -> Iterator[tuple[dict, frozenset[str]]]:
    """Yield each text of a section that is shown, and to whom: the general one to all who have none of their own."""
    own = {key: text for key, text in section["wordings"].items() if key in others and richtext.plain(text["body"])}
    if richtext.plain(section["body"]):
        yield section, frozenset({written_for, *others} - own.keys())
    yield from ((text, frozenset({key})) for key, text in own.items())


def _people(content: dict, audiences: set[str]) -> Iterator[Line]:
    for person in content["contributors"]:
        yield Line(", ".join(filter(None, (person["name"], person["credentials"]))), frozenset(audiences), PEOPLE)


def _works(content: dict) -> Iterator[Line]:
    """Yield the entries of the list of references, each for those whose text cites it."""
    if not content["references"]:
        return
    others = {known["key"] for known in content["audiences"]} - {content["written_for"]}
    cited: dict[str, set[str]] = {content["written_for"]: set(), **{key: set() for key in others}}
    for section in content["sections"]:
        for text, readers in _shown(section, others, content["written_for"]):
            for reader in readers:
                cited[reader] |= {*richtext.cited_keys(text["body"])}
    entries: dict[str, str] = {}
    for reader, works in printed_works(content, [*cited]).items():
        for work in (work for key, work in works.items() if key in cited[reader]):
            entries[work] = entries.get(work) or _entry(work)
            yield Line(entries[work], frozenset({reader}), REFERENCES)


def _entry(work: str) -> str:
    """Return what is printed of a work, as plain text."""
    entry = format_reference(work_of(work))
    plain = richtext.plain(f"<p>{entry}</p>") if "<su" in entry else unescape(TAG.sub("", entry))
    return " ".join(plain.split())


def _remember(taken: dict[Key, Passages]):
    """Keep these words, and let go of the oldest where there are too many."""
    with _one_at_a_time:
        for key, passages in taken.items():
            _known[key] = passages
        while len(_known) > REMEMBERED:
            del _known[next(iter(_known))]
