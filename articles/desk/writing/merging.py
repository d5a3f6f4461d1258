"""
Merge what somebody else saved after the page was opened with what was typed on it.

Three texts decide: the one that the page was opened with, theirs, and mine. What only one of the two changed is taken.
What both changed differently collides, and nothing is saved until the writer has chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from articles.desk.typed import from_typed
from articles.desk.writing.sent import GONE, OF_ARTICLE, REMOVED, Sent
from articles.desk.writing.stored import (
    ARTICLE,
    NO_WORDING,
    PERSON,
    SECTION,
    WORDING,
    Stored,
    Values,
    level,
    values_of_article,
    values_of_person,
    values_of_section,
    values_of_wording,
)
from articles.models import Article, Authorship, Section, Wording
from articles.text.richtext import TooLong

BODIES = {"body"}


class Collision(NamedTuple):
    """A field that two people changed differently. `part` and `name` say where its value stands on the page."""

    part: str
    name: str
    where: str
    opened: str | None
    theirs: str
    mine: str

    @property
    def is_text(self) -> bool:
        return self.name in BODIES

    @property
    def code(self) -> str:
        return f"{self.part}|{self.name}"


@dataclass
class Merge:
    """
    The outcome: what collides, the parts that somebody else changed, and the keys of sections to be written anew.

    `sent` is changed in place: it holds what was merged, as if the page had been opened just now.
    """

    stored: Stored
    sent: Sent
    undecided: frozenset[str] = frozenset()
    collisions: list[Collision] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)
    history: dict[tuple[type[models.Model], int], Any] = field(default_factory=dict)

    def part(
        self, prefix: str, where: str, names: Iterable[str], opened: Values | None, theirs: Values, now: str
    ) -> None:
        """Merge the fields of one part, which is now in the state `now`."""
        if self.sent.seen(prefix) == now:  # opened as it is, but a choice was not made yet
            opened = theirs
        mine = self.sent.values(prefix, names, opened or theirs)
        for name in names:
            collides = self._merged(prefix, name, where, opened[name] if opened else None, theirs[name], mine[name])
            if collides:
                self.collisions.append(collides)
        self.sent.data[f"{prefix}-seen"] = now

    def _merged(
        self, prefix: str, name: str, where: str, opened: str | None, theirs: str, mine: str
    ) -> Collision | None:
        found = Collision(prefix, name, where, opened, theirs, mine)
        if _equal(name, mine, theirs):
            return None
        if found.code in self.undecided:
            return found
        if opened is not None and _equal(name, mine, opened):
            self.sent.data[f"{prefix}-{name}"] = theirs
            self.say(where)
            return None
        return None if opened is not None and _equal(name, theirs, opened) else found

    def concerns(self, prefix: str, now: str) -> bool:
        """Tell whether this part was saved since the page was opened, or waits for a choice."""
        waits = any(code.startswith(f"{prefix}|") for code in self.undecided)
        return waits or self.sent.seen(prefix) != now

    def say(self, where: str) -> None:
        if where not in self.taken:
            self.taken.append(where)


def merge(stored: Stored, sent: Sent, undecided: frozenset[str] = frozenset()) -> Merge:
    """Merge into what was sent whatever was saved since the page was opened. Nothing is asked if nothing was."""
    found = Merge(stored, sent, undecided)
    _read_history(found)
    _article(found)
    _people(found)
    for prefix in list(sent.sections):
        if prefix.startswith("s"):
            _section(found, prefix)
    sent.sections = _order(sent.sections, sent.opened, [f"s{key}" for key in stored.sections], found)
    sent.data.setlist("section", sent.sections)
    sent.data["opened"] = " ".join(f"s{key}" for key in stored.sections)
    return found


def _read_history(found: Merge) -> None:
    """Read the rows of history that the page was opened from, of the parts that changed since: none, if none did."""
    wanted: dict[type[models.Model], set[int]] = {}
    for model, prefix, now in _parts(found):
        seen = found.sent.seen(prefix)
        if seen != now and seen.isdecimal() and len(seen) < 19:
            wanted.setdefault(model, set()).add(int(seen))
    for model, keys in wanted.items():
        for row in model.history.filter(history_id__in=keys):  # type: ignore[attr-defined]  # all four have one
            found.history[model, row.history_id] = row


def _parts(found: Merge) -> Iterable[tuple[type[models.Model], str, str]]:
    stored = found.stored
    yield Article, OF_ARTICLE, stored.seen(stored.article)
    for prefix in found.sent.people:
        if prefix.startswith("p"):
            yield Authorship, prefix, stored.seen(stored.people.get(int(prefix[1:])))
    for prefix in found.sent.sections:
        if prefix.startswith("s"):
            key = int(prefix[1:])
            yield Section, prefix, stored.seen(stored.sections.get(key))
            for audience in stored.audiences:
                wording = stored.wordings.get((key, audience.key))
                yield Wording, f"{prefix}-{audience.key}", stored.seen(wording)


def _opened(found: Merge, model: type[models.Model], prefix: str, key: int | None) -> Any | None:
    """Return the history that this part was opened from, if it is of the row with this key."""
    seen = found.sent.seen(prefix)
    row = found.history.get((model, int(seen))) if seen.isdecimal() and len(seen) < 19 else None
    return row if row is not None and key in (None, row.id) else None


def _article(found: Merge) -> None:
    stored, sent = found.stored, found.sent
    article = stored.article
    now = stored.seen(article)
    if found.concerns(OF_ARTICLE, now):
        row = _opened(found, Article, OF_ARTICLE, article.pk)
        theirs = values_of_article(article)
        unmoved = row is not None and row.translation_of_id == article.translation_of_id
        opened = values_of_article(row, theirs["translation_of"] if unmoved else None) if row else None
        found.part(OF_ARTICLE, _("About the article"), ARTICLE, opened, theirs, now)
    before, theirs_now = sent.opened_topics, {str(topic.pk) for topic in stored.topics}
    if before != theirs_now:
        mine = sent.topics
        sent.data.setlist("article-topics", sorted((theirs_now - (before - mine)) | (mine - before)))
        sent.data["opened_topics"] = " ".join(sorted(theirs_now))
        found.say(_("Topics"))


def _people(found: Merge) -> None:
    stored, sent = found.stored, found.sent
    for prefix in [each for each in sent.people if each.startswith("p")]:
        row = stored.people.get(int(prefix[1:]))
        if row is None:
            sent.people.remove(prefix)
            found.say(_("People"))
        elif found.concerns(prefix, stored.seen(row)):
            opened = _opened(found, Authorship, prefix, row.pk)
            values = values_of_person(opened) if opened else None
            where = _("People: {name}").format(name=row.contributor)
            found.part(prefix, where, PERSON, values, values_of_person(row), stored.seen(row))
    for key, row in stored.people.items():
        if f"p{key}" not in sent.opened_people and f"p{key}" not in sent.people:
            sent.put(f"p{key}", values_of_person(row), stored.seen(row))
            found.say(_("People"))
    sent.people = _order(sent.people, sent.opened_people, [f"p{key}" for key in stored.people], found)
    sent.data.setlist("person", sent.people)
    sent.data["opened_people"] = " ".join(f"p{key}" for key in stored.people)


def _section(found: Merge, prefix: str) -> None:
    stored, sent, key = found.stored, found.sent, int(prefix[1:])
    row = stored.sections.get(key)
    if row is None:
        _gone(found, prefix, key)
        return
    where = str(row)
    if sent.is_removed(prefix):
        _removed(found, prefix, row)
        return
    if found.concerns(prefix, stored.seen(row)):
        opened = _opened(found, Section, prefix, key)
        values = values_of_section(opened) if opened else None
        found.part(prefix, where, SECTION, values, values_of_section(row), stored.seen(row))
    for audience in stored.audiences:
        wording = stored.wordings.get((key, audience.key))
        own = f"{prefix}-{audience.key}"
        if f"{own}-body" in sent.data and found.concerns(own, stored.seen(wording)):
            values = _opened_wording(found, own, key)
            said = _("{section} (wording for: {key})").format(section=where, key=audience.key)
            found.part(own, said, WORDING, values, values_of_wording(wording), stored.seen(wording))


def _opened_wording(found: Merge, prefix: str, section: int) -> Values | None:
    if not found.sent.seen(prefix):
        return dict(NO_WORDING)
    row = _opened(found, Wording, prefix, None)
    return values_of_wording(row) if row is not None and row.section_id == section else None


def _gone(found: Merge, prefix: str, key: int) -> None:
    """Let a section go that somebody removed, unless its text was changed here: then the writer chooses."""
    sent = found.sent
    row = _opened(found, Section, prefix, key)
    if row is None or row.article_id != found.stored.article.pk or sent.is_removed(prefix):
        sent.sections.remove(prefix)
        return
    code = f"{prefix}|{GONE}"
    if sent.data.get(f"{prefix}-restored") == "1":
        found.keys[key] = row.key
        return
    if code not in found.undecided and not _is_typed(found, prefix, key, row):
        sent.sections.remove(prefix)
        found.say(_("“{section}” was removed").format(section=row.heading or dict(Section.Role.choices)[row.role]))
        return
    mine = sent.values(prefix, SECTION, values_of_section(row))
    where = mine["heading"] or str(dict(Section.Role.choices).get(mine["role"], ""))
    found.collisions.append(Collision(prefix, GONE, where, row.body, "", mine["body"]))


def _is_typed(found: Merge, prefix: str, key: int, row: Any) -> bool:
    """Tell whether the section or one of its wordings was changed on the page since it was opened."""
    opened = values_of_section(row)
    mine = found.sent.values(prefix, SECTION, opened)
    if not all(_equal(name, mine[name], opened[name]) for name in SECTION):
        return True
    for audience in found.stored.audiences:
        own = f"{prefix}-{audience.key}"
        before = _opened_wording(found, own, key) or NO_WORDING
        typed = found.sent.values(own, WORDING, before)
        if not all(_equal(name, typed[name], before[name]) for name in WORDING):
            return True
    return False


def _removed(found: Merge, prefix: str, row: Section) -> None:
    """Ask the writer who removed a section that somebody saved meanwhile."""
    stored, sent = found.stored, found.sent
    states = [(prefix, stored.seen(row))]
    for audience in stored.audiences:
        own = f"{prefix}-{audience.key}"
        states.append((own, stored.seen(stored.wordings.get((row.pk, audience.key)))))
    if f"{prefix}|{REMOVED}" not in found.undecided and all(sent.seen(each) == now for each, now in states):
        return
    for each, now in states:
        sent.data[f"{each}-seen"] = now
    opened = _opened(found, Section, prefix, row.pk)
    before = values_of_section(opened)["body"] if opened else None
    found.collisions.append(Collision(prefix, REMOVED, str(row), before, values_of_section(row)["body"], ""))


def _order(mine: list[str], opened: list[str], theirs: list[str], found: Merge) -> list[str]:
    """
    Return the parts in their order: the writer's, if it was changed on the page, and else the stored one.

    New parts of either stand behind the part that they were put behind.
    """
    there = set(theirs)
    added = [each for each in theirs if each not in opened and each not in mine]
    for each in added:
        if each.startswith("s"):
            found.sent.add_stored(found.stored, int(each[1:]))
            found.say(str(found.stored.sections[int(each[1:])]))
    kept = [each for each in mine if each in there and each in opened]
    moved = kept != [each for each in opened if each in kept]
    first, second = (list(mine), theirs) if moved else ([each for each in theirs if each in {*mine, *added}], mine)
    for place, each in enumerate(second):
        if each not in first and each in {*mine, *added}:
            before = next((other for other in reversed(second[:place]) if other in first), None)
            first.insert(first.index(before) + 1 if before else 0, each)
    return first


def _equal(name: str, one: str, other: str) -> bool:
    if level(one) == level(other):
        return True
    return name in BODIES and _stored_form(one) == _stored_form(other)


def _stored_form(typed: str) -> str:
    """Return the text as it would be stored; as it was typed, if it cannot be."""
    try:
        return from_typed(typed)
    except (ValidationError, TooLong):
        return level(typed)
