"""The points in time of a draft: what one person saved at once, newest first, with the versions submitted between."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from articles.desk.texts.history.rows import Change, Place, changes_of, moment_of
from articles.desk.texts.history.words import Summary, summaries_of, who
from articles.models import Article, Version

TOGETHER = datetime.timedelta(seconds=1)  # between two rows that were saved at once
CHANGES = 120  # at most on a page
RESTORED = "restored from "  # of a reason, before the moment


@dataclass(frozen=True)
class Point:
    """
    What one person saved at once. `at` is the moment after it, and `before` the one before it.

    `restored_from`: it brought a text back that was there at that moment.
    """

    at: datetime.datetime
    before: datetime.datetime
    who: str
    changes: list[Summary]
    is_first: bool
    restored_from: datetime.datetime | None

    @property
    def key(self) -> str:
        return key_of(self.at)

    @property
    def key_before(self) -> str:
        return key_of(self.before)


@dataclass(frozen=True)
class Submission:
    """A version that was submitted between two points."""

    version: Version

    @property
    def at(self) -> datetime.datetime:
        return self.version.submitted_at

    @property
    def key(self) -> str:
        return f"version-{self.version.number}"


def key_of(at: datetime.datetime) -> str:
    """Return a moment as addresses have it."""
    return f"{at.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def reason_for(at: datetime.datetime) -> str:
    """Return the reason that is stored with a change that brings back a text of this moment."""
    return f"{RESTORED}{key_of(at)}"


def points_of(article: Article, after: Place | None) -> tuple[list[Point | Submission], Place | None]:
    """
    Return the newest points behind this place with the versions among them, and the place of the last, if more follow.

    The number of queries does not depend on the length of the history.
    """
    versions = list(article.versions.order_by("-submitted_at").defer("writers"))
    changes, last = changes_of(article, after, CHANGES)
    groups = list(_together(changes, versions))
    if last and len(groups) > 1:  # the last may go on behind the page
        groups.pop()
    if last:
        last = groups[-1][-1].place
    shown = [change for group in groups for change in group]
    summaries = dict(zip((id(change) for change in shown), summaries_of(shown), strict=True))
    points = [_point(group, [summaries[id(change)] for change in group]) for group in groups]
    among = [Submission(version) for version in versions if _is_among(version, after, last)]
    return sorted([*points, *among], key=lambda item: item.at, reverse=True), last


def _together(changes: list[Change], versions: list[Version]) -> Iterator[list[Change]]:
    """Yield the changes, newest first, in groups of those that were saved at once."""
    group: list[Change] = []
    for change in changes:
        if group and not _belongs(change, group[-1], versions):
            yield group
            group = []
        group.append(change)
    if group:
        yield group


def _belongs(change: Change, later: Change, versions: list[Version]) -> bool:
    """Tell whether the change was saved at once with the one right after it."""
    is_near = later.place.at - change.place.at <= TOGETHER
    is_parted = any(change.place.at <= version.submitted_at < later.place.at for version in versions)
    return is_near and not is_parted and change.row.history_user_id == later.row.history_user_id


def _point(group: list[Change], summaries: list[Summary]) -> Point:
    newest, oldest = group[0], group[-1]
    return Point(
        at=newest.place.at,
        before=oldest.place.at - datetime.timedelta(microseconds=1),
        who=who(newest.row.history_user),
        changes=list(dict.fromkeys(reversed(summaries))),
        is_first=any(change.model is Article and change.row.history_type == "+" for change in group),
        restored_from=next(filter(None, (_restored_from(change.row) for change in group)), None),
    )


def _restored_from(row: Any) -> datetime.datetime | None:
    reason = row.history_change_reason or ""
    return moment_of(reason.removeprefix(RESTORED)) if reason.startswith(RESTORED) else None


def _is_among(version: Version, after: Place | None, last: Place | None) -> bool:
    """Tell whether the version was submitted between the places that the page begins and ends with."""
    return (after is None or version.submitted_at < after.at) and (last is None or version.submitted_at >= last.at)
