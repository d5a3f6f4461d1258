"""
Which texts a signer has to have read, and which of them they opened here.

There is one text for each audience that has words of its own in some section, and the general text. Those have to be
read that are another than in the version that the signer approved last; all of them, if they never approved one. Who
knows a text from their own approval can read what changed since; all others read it whole. A text stands whole on its
own page, and on a page of changes on which each of its words is shown unfolded.
"""

import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from articles.frozen.signed_text import frozen_content
from articles.models import Version, VersionText
from articles.models.rows.remembered import remembered
from articles.review_process import Read
from articles.text.rendering.sections import own_texts
from reviews.models import Comment, Decision, Opening, Review


@dataclass(frozen=True)
class Texts:
    """
    The texts that a signer has to have read, by the key of their audience with its label.

    `whole` are those that they opened here. `changes`: they opened what changed in all of them since the version with
    the number `since`, which they approved.
    """

    labels: dict[str, str]
    whole: frozenset[str]
    since: int = 0
    changes: bool = False

    @property
    def unopened(self) -> dict[str, str]:
        return {} if self.changes else {key: label for key, label in self.labels.items() if key not in self.whole}


def texts_for(user: User, review: Review, content: dict[str, Any]) -> Texts:
    """Return the texts of the reviewed version, whose content this is, that this person has to have read."""
    known = [row for row in earlier_versions(user, review) if row.is_stored and row.is_approved_by_me]
    mine = known[0].version if known else None
    changed = changed_texts(frozen_content(mine) if mine else None, content)
    labels = {row["key"]: row["label"] for row in content["audiences"]}
    opened = openings(user, review)
    return Texts(
        {key: labels[key] for key in changed},
        frozenset(audience for audience, since in opened if since is None),
        mine.number if mine else 0,
        bool(mine and ("", mine.pk) in opened),
    )


class Earlier(NamedTuple):
    """An earlier version with its review, and what this person did about it."""

    version: Version
    is_stored: bool  # its text was not erased
    is_mine: bool  # they decided on it
    is_commented: bool  # they commented on it
    is_opened: bool  # they opened it at the desk
    is_approved_by_me: bool


def earlier_versions(user: User, review: Review) -> list[Earlier]:
    """Return the versions before the reviewed one, the newest first; read once for a page or step."""
    article = review.article_id
    rows = remembered(("versions", article, user.pk), lambda: in_order(versions(article, user.pk)))
    return [row for row in rows if row.version.number < review.version.number]


def versions(article: int, user: int) -> QuerySet[Version]:
    """Return the versions of the article, each with its review; whether its text is stored; what this person did."""
    commented = Comment.objects.filter(author=user, version=OuterRef("pk"))
    mine = Decision.objects.filter(assignment__reviewer=user, review__version=OuterRef("pk"))
    return (
        Version.objects.filter(article=article)
        .select_related("review")
        .annotate(
            is_stored=Exists(VersionText.objects.filter(version=OuterRef("pk"))),
            is_mine=Exists(mine),
            is_commented=Exists(commented),
            is_opened=Exists(Opening.objects.filter(user=user, version=OuterRef("pk"))),
            is_approved_by_me=Exists(mine.filter(outcome=Decision.Outcome.APPROVE)),
        )
    )


def in_order(rows: Iterable[Any]) -> list[Earlier]:
    """Return the rows of `versions`, the newest first."""
    found = [Earlier(row, *(getattr(row, field) for field in Earlier._fields[1:])) for row in rows]
    return sorted(found, key=lambda row: row.version.number, reverse=True)


def known_version(user: User, review: Review) -> Version | None:
    """
    Return the version that this person begins to compare with; None if they begin with the text.

    It is the last one that they decided or commented on, else the one approved last, else the last that they opened.
    """
    stored = [row for row in earlier_versions(user, review) if row.is_stored]
    judged = [row for row in stored if row.is_mine or row.is_commented]
    approved = [row for row in stored if row.version.review.status == Review.Status.APPROVED]
    read = [row for row in stored if row.is_opened]
    return next((row.version for row in [*judged, *approved, *read]), None)


def openings(user: User, review: Review) -> set[tuple[str, int | None]]:
    """Return what this person opened of the version: an audience, or the key of the version compared with."""

    def read() -> set[tuple[str, int | None]]:
        rows = Opening.objects.filter(user=user, version=review.version_id).order_by()
        return set(rows.values_list("audience", "since"))

    return remembered(("openings", review.version_id, user.pk), read)


def note_opening(user: User, review: Review, *, whole: Collection[str], since: Version | None = None) -> None:
    """
    Note, once, that this person opened a page of a version: the audiences whose text stands whole on it, and `since`.

    `since` is the version with which the page compares. Nothing is noted of a public version, unless it owes its full
    review.
    """
    if review.published_at is not None and not review.owes_full_review:
        return
    opened = openings(user, review)
    places = [*((audience, None) for audience in whole), *([("", since.pk)] if since else [])]
    for audience, other in [place for place in places if place not in opened]:
        with suppress(IntegrityError), transaction.atomic():  # another request was quicker
            row = Opening(user=user, version=review.version, audience=audience, since_id=other)
            row.opened_at = timezone.now()
            row.save(force_insert=True)
        opened.add((audience, other))


def changed_texts(known: dict[str, Any] | None, content: dict[str, Any]) -> list[str]:
    """Return the audiences whose text is one of its own, or the general one, and another than in the known version."""
    keys = own_texts(content)
    before = known["visible"] if known else {}
    return [key for key in keys if content["visible"].get(key) != before.get(key)]


def opened_sentence(texts: Texts, elsewhere: Collection[str] | None = None) -> str:
    """
    Return what an approval says of how its signer read the texts; empty if none had to be read.

    `elsewhere` are those that they say they read elsewhere: if None, all that they did not open. The sentence is part
    of the signed statement, so it is not translated.
    """
    there = texts.unopened if elsewhere is None else elsewhere
    groups: dict[str, list[str]] = {"here": [], "changes": [], "there": []}
    for key, label in texts.labels.items():
        groups["there" if key in there else "here" if key in texts.whole else "changes"].append(label)
    read = [f"{named(groups['here'])} here"] if groups["here"] else []
    if groups["changes"]:
        read.append(f"what changed since version {texts.since} in {named(groups['changes'])} here")
    if groups["there"]:
        read.append(f"{named(groups['there'])} elsewhere")
    return f" I have read {', and '.join(read)}." if read else ""


_TEXTS = "the texts? for (“[^“”]*”(?:, “[^“”]*”)*(?: and “[^“”]*”)?)"
_READ = re.compile(
    rf" I have read (?:{_TEXTS} here(?:, and |\.))?"
    rf"(?:what changed since version (\d+) in {_TEXTS} here(?:, and |\.))?(?:{_TEXTS} elsewhere\.)?"
)


def read_by(statement: str, digest: str) -> Read | None:
    """Return what the signer of an approval said to have read; None if the statement does not say it."""
    said = _said_of_reading(statement, digest)
    if said is None or not said[0].endswith("."):
        return None
    here, since, _, there = said.groups()
    labels = re.findall("“([^“”]*)”", f"{here or ''}{there or ''}")
    return Read(frozenset(labels), int(since or 0))


def after_reading(statement: str, digest: str) -> str:
    """Return what follows in the statement of an approval after how its signer read the text."""
    said = _said_of_reading(statement, digest)
    return said.string[said.end() if said[0].endswith(".") else 0 :] if said else _more(statement, digest)


def _said_of_reading(statement: str, digest: str) -> re.Match[str] | None:
    return _READ.match(_more(statement, digest))


def _more(statement: str, digest: str) -> str:
    return statement.partition(f" (SHA-256 {digest}) and approve it for publication.")[2]


def named(labels: list[str]) -> str:
    *others, last = [f"“{label}”" for label in labels]
    return f"the texts for {', '.join(others)} and {last}" if others else f"the text for {last}"


def not_read(texts: Texts, elsewhere: Collection[str]) -> list[str]:
    """Return the labels of the texts that were neither opened here nor read elsewhere."""
    return [label for key, label in texts.unopened.items() if key not in elsewhere]
