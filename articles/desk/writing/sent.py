"""What the page holds: the fields of all parts of a draft, named by the part they belong to, and in its order."""

import re
import secrets
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Self

from django.http import QueryDict

from articles.desk.writing.stored import (
    Stored,
    Values,
    values_of_article,
    values_of_person,
    values_of_section,
    values_of_wording,
)
from articles.models import Section

OF_ARTICLE = "article"
PARTS = {"section": re.compile(r"s[0-9]{1,18}|n[0-9]{1,3}"), "person": re.compile(r"p[0-9]{1,18}|m[0-9]{1,3}")}
NAME = re.compile("[0-9a-f]{16}")
NEW = {"section": "n", "person": "m"}
MOST_NEW = 999
GONE = "gone"  # the section was removed by somebody else
REMOVED = "removed"  # the section was removed by the writer
CHOICES = THEIRS, MINE, BOTH = "theirs", "mine", "both"


class Sent:
    """
    The fields of the page, as it was sent or as it is opened.

    A stored section is named s and its key, a new one n and a number; people are p and m. The order of the fields
    `section` and `person` is the order of the parts. `seen` of a part is the history that it was opened from.
    """

    def __init__(self, data: QueryDict) -> None:
        self.data = data.copy()
        self.sections = self._parts("section")
        self.people = self._parts("person")
        self.combined: dict[str, str] = {}  # texts made from both, of places where nothing was chosen yet

    @classmethod
    def of(cls, stored: Stored) -> Self:
        """Return the fields of a page that is opened now."""
        data = QueryDict(mutable=True)
        data.setlist("section", [f"s{key}" for key in stored.sections])
        data.setlist("person", [f"p{key}" for key in stored.people])
        data["page"], data["whole"] = secrets.token_hex(8), "1"
        data["opened"] = " ".join(data.getlist("section"))
        data["opened_people"] = " ".join(data.getlist("person"))
        data["opened_topics"] = " ".join(str(topic.pk) for topic in stored.topics)
        sent = cls(data)
        sent.data.setlist("article-topics", [str(topic.pk) for topic in stored.topics])
        sent.put(OF_ARTICLE, values_of_article(stored.article), stored.seen(stored.article))
        for key, person in stored.people.items():
            sent.put(f"p{key}", values_of_person(person), stored.seen(person))
        for key in stored.sections:
            sent.add_stored(stored, key)
        return sent

    def add_stored(self, stored: Stored, key: int) -> None:
        """Put the values of a stored section and of its wordings into the fields."""
        section = stored.sections[key]
        self.put(f"s{key}", values_of_section(section), stored.seen(section))
        for audience in stored.others(key):
            wording = stored.wordings.get((key, audience.key))
            self.put(f"s{key}-{audience.key}", values_of_wording(wording), stored.seen(wording))

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The fields by name, the last of each, as they were sent or opened."""
        return {name: str(self.data[name]) for name in self.data}

    @property
    def is_whole(self) -> bool:
        """Tell whether the end of the form arrived too."""
        return self.data.get("whole") == "1" and f"{OF_ARTICLE}-title" in self.data

    @property
    def page(self) -> str:
        """Return the name of this opening of the page, by which its texts are known until they are saved."""
        found = self.data.get("page", "")
        return found if NAME.fullmatch(found) else ""

    @property
    def opened(self) -> list[str]:
        """Return the stored sections that the page was opened with, in their order then."""
        return [each for each in self.data.get("opened", "").split() if PARTS["section"].fullmatch(each)]

    @property
    def opened_people(self) -> list[str]:
        return [each for each in self.data.get("opened_people", "").split() if PARTS["person"].fullmatch(each)]

    @property
    def opened_topics(self) -> set[str]:
        return set(self.data.get("opened_topics", "").split())

    @property
    def topics(self) -> set[str]:
        return set(self.data.getlist("article-topics"))

    def values(self, part: str, names: Iterable[str], otherwise: Values) -> Values:
        """Return these values of a part; for a field that the page did not have, the value `otherwise`."""
        return {name: self.data.get(f"{part}-{name}", otherwise[name]) for name in names}

    def put(self, part: str, values: Values, seen: str | None = None) -> None:
        for name, value in values.items():
            self.data[f"{part}-{name}"] = value
        if seen is not None:
            self.data[f"{part}-seen"] = seen

    def seen(self, part: str) -> str:
        return self.data.get(f"{part}-seen", "")

    def is_removed(self, part: str) -> bool:
        return self.data.get(f"{part}-removed") == "1"

    def decide(self) -> frozenset[str]:
        """Take over what the writer chose where two people changed the same, and return where nothing was chosen."""
        undecided = set()
        for code in self.data.getlist("undecided"):
            part, _, name = code.partition("|")
            choice = self.data.get(f"choice|{code}", "")
            if choice not in CHOICES:
                undecided.add(code)
                if (combined := self.data.get(f"{BOTH}|{code}")) is not None:
                    self.combined[code] = combined
            elif name == GONE:
                self._restore(part, choice == MINE)
            elif name == REMOVED and choice == THEIRS:
                for key in [key for key in self.data if key.startswith(f"{part}-")]:
                    del self.data[key]
            elif name != REMOVED and choice != MINE:
                self.data[f"{part}-{name}"] = self.data.get(f"{choice}|{code}", "")
        for key in [key for key in self.data if key == "undecided" or "|" in key]:
            del self.data[key]
        return frozenset(undecided)

    def _restore(self, part: str, wanted: bool) -> None:
        if wanted:
            self.data[f"{part}-restored"] = "1"
        elif part in self.sections:
            self.sections.remove(part)

    def fields(self) -> list[tuple[str, str]]:
        """Return all fields in their order, as a form holds them."""
        sent = [(name, value) for name, values in self.data.lists() for value in values]
        return [(name, value) for name, value in sent if name not in ("csrfmiddlewaretoken", "do")]

    def act(self, action: str) -> str:
        """Change the page as a button says, such as up:s12, and return the part that it is about, or ""."""
        name, _, part = action.partition(":")
        kind = next(
            (kind for kind, parts in (("section", self.sections), ("person", self.people)) if part in parts), ""
        )
        steps: dict[str, Callable[[], str]] = {
            "up": lambda: self._move(kind, part, -1),
            "down": lambda: self._move(kind, part, 1),
            "remove": lambda: self._mark(part, "1"),
            "undo": lambda: self._mark(part, ""),
        }
        if kind and name in steps:
            return steps[name]()
        return self._add(part) if name == "add" and part in NEW else ""

    def _move(self, kind: str, part: str, step: int) -> str:
        parts = self.sections if kind == "section" else self.people
        place = parts.index(part)
        if 0 <= place + step < len(parts):
            parts.insert(place + step, parts.pop(place))
            self.data.setlist(kind, parts)
        return part

    def _mark(self, part: str, removed: str) -> str:
        self.data[f"{part}-removed"] = removed
        return part

    def _add(self, kind: str) -> str:
        parts, letter = (self.sections if kind == "section" else self.people), NEW[kind]
        number = max((int(each[1:]) for each in parts if each.startswith(letter)), default=0) + 1
        if number > MOST_NEW:
            return ""
        is_first = not parts
        parts.append(part := f"{letter}{number}")
        if kind == "section" and is_first:
            self.data[f"{part}-role"] = Section.Role.LEAD.value
        self.data.setlist(kind, parts)
        return part

    def _parts(self, kind: str) -> list[str]:
        return [each for each in dict.fromkeys(self.data.getlist(kind)) if PARTS[kind].fullmatch(each)]
