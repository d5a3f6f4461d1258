"""Wordings that are older than the main text which they were made from, reckoned from history."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from articles.desk.texts.history.points import TOGETHER, key_of
from articles.models import Article, Section, Wording


@dataclass(frozen=True)
class Older:
    """The main text changed at `changed_at`, after the wording was last saved at `saved_at`."""

    changed_at: datetime.datetime
    saved_at: datetime.datetime

    @property
    def key(self) -> str:
        """Return the point of the history from which the changes are shown."""
        return key_of(self.saved_at + TOGETHER)


def older_wordings(article: Article) -> dict[int, Older]:
    """
    Return for each wording, by its key, that the words of its section have changed since it was last saved, and when.

    A heading or text that was changed and changed back is no change, nor is another place or topic. What was saved at
    once is of the same age. Four queries, whatever the length of the history.
    """
    saved = _last_saved(article)
    sections = {section for section, _ in saved.values()}
    rows = list(
        Section.history.filter(id__in=sections)
        .exclude(history_type="-")
        .order_by("history_id")
        .values_list("history_id", "id", "history_date")
    )
    by_then = {wording: _newest_by(rows, section, at + TOGETHER) for wording, (section, at) in saved.items()}
    now = {section: _newest_by(rows, section, None) for section in sections}
    words = _words({key for key in (*by_then.values(), *now.values()) if key})
    changed = {
        wording
        for wording, (section, _) in saved.items()
        if by_then[wording] and words[by_then[wording]] != words[now[section]]
    }
    changes = _last_changes({saved[wording][0] for wording in changed})
    return {wording: Older(changes[saved[wording][0]], saved[wording][1]) for wording in changed}


def _last_saved(article: Article) -> dict[int, tuple[int, datetime.datetime]]:
    """Return for each wording the key of its section, and when it was last saved."""
    present = dict(Wording.objects.filter(section__article=article).values_list("pk", "section_id"))
    rows = Wording.history.filter(id__in=present).order_by().values_list("id").annotate(at=Max("history_date"))
    return {wording: (present[wording], at) for wording, at in rows}


def _newest_by(rows: list[Any], section: int, at: datetime.datetime | None) -> int | None:
    """Return the key of the section's newest row of history by this moment, or of all."""
    keys = [key for key, of, saved_at in rows if of == section and (at is None or saved_at <= at)]
    return keys[-1] if keys else None


def _words(keys: set[int]) -> dict[int | None, tuple[str, str]]:
    rows = Section.history.filter(history_id__in=keys).values_list("history_id", "heading", "body")
    return {key: (heading, body) for key, heading, body in rows}


def _last_changes(sections: set[int]) -> dict[int, datetime.datetime]:
    """Return when the words of each of these sections changed last."""
    found: dict[int, datetime.datetime] = {}
    before: dict[int, tuple[str, str]] = {}
    rows = Section.history.filter(id__in=sections).exclude(history_type="-").order_by("history_id")
    for section, at, heading, body in rows.values_list("id", "history_date", "heading", "body"):
        if before.get(section) != (heading, body):
            found[section] = at
        before[section] = heading, body
    return found
