"""A frozen text as rules read it: its bodies as plain text, with their sentences, readers and citations."""

import datetime
import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from articles.checks.finding import Part, Place, Severity
from articles.text import richtext
from articles.text.richtext.cited import HEAD, ROW, Line, cited
from articles.text.sentences import sentences

PUBLIC, CARER, PROFESSIONAL = "public", "carer", "professional"
ENGLISH = "en"


@dataclass(frozen=True)
class Hit:
    """What a rule yields: a place with its words, and, if they differ from the rule's, a message or severity."""

    place: Place = field(default_factory=Place)
    excerpt: str = ""
    sentence: str = ""
    message: str = ""
    severity: Severity | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence, or a cell of a table that has no end of a sentence, with its line."""

    text: str
    start: int
    end: int
    line: Line

    @property
    def is_prose(self) -> bool:
        """Tell whether it stands in a paragraph or item, and not in a table, caption or heading."""
        return self.line.kind in ("p", "item", "blockquote")

    @property
    def is_cited(self) -> bool:
        return any(self.start <= place <= self.end for place, _key in self.line.cites)


@dataclass(frozen=True)
class Text:
    """
    A body, heading or title. `audience` is "" for the general text; `readers` are those who read it.

    `language` is the first part of the article's language code.
    """

    plain: str
    language: str
    readers: str
    role: str = ""
    section: str = ""
    audience: str = ""
    part: Part = Part.BODY
    lines: tuple[Line, ...] = field(default=(), repr=False)
    html: str = ""

    @property
    def is_english(self) -> bool:
        return self.language == ENGLISH

    @property
    def is_lay(self) -> bool:
        return self.readers in (PUBLIC, CARER)

    @property
    def has_comma(self) -> bool:
        """Tell whether a comma stands before the decimals in this language."""
        return get_format("DECIMAL_SEPARATOR", self.language, use_l10n=True) == ","

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[Sentence]:
        for line in self.lines:
            start = line.start
            for cell in self.plain[line.start : line.end].split("\t" if line.kind in (ROW, HEAD) else "\n"):
                for one, other in sentences(cell):
                    yield Sentence(cell[one:other], start + one, start + other, line)
                start += len(cell) + 1

    @property
    def prose(self) -> Iterator[Sentence]:
        return (sentence for sentence in self.sentences if sentence.is_prose)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentence_at(self, place: int) -> Sentence | None:
        """Return the sentence that holds this place of the plain text."""
        index = bisect_right(self._starts, place) - 1
        return self.sentences[index] if index >= 0 and place <= self.sentences[index].end else None

    def at(self, start: int, end: int, message: str = "", severity: Severity | None = None) -> Hit:
        """Return the hit on these words of the plain text, without blanks at their ends."""
        words = self.plain[start:end]
        start += len(words) - len(words.lstrip())
        end = max(start, end - (len(words) - len(words.rstrip())))
        sentence = self.sentence_at(start)
        place = Place(self.section, self.audience, self.part, start, end)
        said = sentence.text if sentence else self.plain if self.part != Part.BODY else self.plain[start:end]
        return Hit(place, self.plain[start:end], said, message, severity)

    def find(self, pattern: re.Pattern[str], message: str = "", severity: Severity | None = None) -> Iterator[Hit]:
        """Yield a hit for each match, on its first group if the pattern has any."""
        for found in pattern.finditer(self.plain):
            yield self.at(*found.span(1 if pattern.groups else 0), message, severity)

    def whole(self, message: str = "", severity: Severity | None = None) -> Hit:
        """Return a hit on the whole text."""
        return Hit(Place(self.section, self.audience, self.part), message=message, severity=severity)


class Document:
    """The content of a frozen text; `as_of` is the day on which it is judged, None if that is not known."""

    def __init__(self, content: dict[str, Any], as_of: datetime.date | None = None) -> None:
        self.content, self.as_of = content, as_of
        self.language = content["language"].partition("-")[0].lower()

    @property
    def is_medical(self) -> bool:
        return self.content.get("kind") != "policy"

    @cached_property
    def bodies(self) -> tuple[Text, ...]:
        """The texts of the sections, each followed by its wordings."""
        return tuple(self._text(*each, Part.BODY) for each in self._texts())

    @cached_property
    def headings(self) -> tuple[Text, ...]:
        """The title, and the headings of the sections and wordings."""
        title = Text(self.content.get("title", ""), self.language, self.content["written_for"], part=Part.TITLE)
        found = (self._text(*each, Part.HEADING) for each in self._texts())
        return (title, *(text for text in found if text.plain))

    @property
    def all(self) -> tuple[Text, ...]:
        return (*self.headings, *self.bodies)

    def _texts(self) -> Iterator[tuple[dict[str, Any], str, dict[str, Any]]]:
        for section in self.content["sections"]:
            yield section, "", section
            for audience, wording in section["wordings"].items():
                yield section, audience, wording

    def _text(self, section: dict[str, Any], audience: str, words: dict[str, Any], part: Part) -> Text:
        read = cited(words["body"]) if part == Part.BODY else None
        return Text(
            read.plain if read else words["heading"],
            self.language,
            audience or self.content["written_for"],
            section["role"],
            section["key"],
            audience,
            part,
            read.lines if read else (),
            words["body"] if read else "",
        )

    @cached_property
    def general(self) -> tuple[Text, ...]:
        """The bodies of the general text."""
        return tuple(text for text in self.bodies if not text.audience)

    @cached_property
    def read_by(self) -> dict[str, tuple[Text, ...]]:
        """The bodies that each audience reads: its own wordings, and the general text of the other sections."""
        audiences = dict.fromkeys([self.content["written_for"], *(text.audience for text in self.bodies)])
        own = {(text.section, text.audience): text for text in self.bodies}
        return {
            audience: tuple(own.get((text.section, audience), text) for text in self.general)
            for audience in audiences
            if audience
        }

    @cached_property
    def works(self) -> list[tuple[str, dict[str, Any]]]:
        """The key and the CSL-JSON of each reference."""
        found = ((reference["key"], json.loads(reference["csl"])) for reference in self.content["references"])
        return [(key, work if isinstance(work, dict) else {}) for key, work in found]

    @cached_property
    def cited_keys(self) -> dict[str, None]:
        """The keys that are cited, in their order."""
        return dict.fromkeys(key for text in self.bodies for key in richtext.cited_keys(text.html))

    def place(self, key: str) -> str:
        """Return the name of a section for a sentence."""
        return place(next(section for section in self.content["sections"] if section["key"] == key))


def place(section: dict[str, Any]) -> str:
    """Return the name of a section for a sentence."""
    return _("The section “{heading}”").format(heading=section["heading"]) if section["heading"] else _("The lead")
