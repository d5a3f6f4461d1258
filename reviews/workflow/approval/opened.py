"""
Which texts a signer has to have read, and which of them they opened here.

There is one text for each audience that has words of its own in some section, and the general text. Those have to be
read that are another than in the version that the signer approved last; all of them, if they never approved one. Who
knows a text from their own approval can read what changed since; all others read it whole.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from articles.frozen.signed_text import frozen_content
from articles.models import Version, VersionText
from reviews.models import Decision, Opening, Review


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
    approved = Decision.objects.filter(
        assignment__reviewer=user.pk, outcome=Decision.Outcome.APPROVE, review__version=OuterRef("pk")
    )
    mine = _earlier(review).filter(Exists(approved)).order_by("-number").first()
    changed = changed_texts(frozen_content(mine) if mine else None, content)
    labels = {row["key"]: row["label"] for row in content["audiences"]}
    rows = Opening.objects.filter(user=user, version=review.version_id).order_by()
    opened = set(rows.values_list("audience", "since"))
    return Texts(
        {key: labels[key] for key in changed},
        frozenset(audience for audience, since in opened if since is None),
        mine.number if mine else 0,
        bool(mine and ("", mine.pk) in opened),
    )


def _earlier(review: Review) -> QuerySet[Version]:
    """Return the earlier versions whose text is still stored."""
    stored = Exists(VersionText.objects.filter(version=OuterRef("pk")))
    return Version.objects.filter(stored, article=review.article_id, number__lt=review.version.number)


def known_version(user: User, review: Review) -> Version | None:
    """Return the version that this person begins to compare with: the one they decided on last, else approved last."""
    mine = Exists(Decision.objects.filter(assignment__reviewer=user.pk, review__version=OuterRef("pk")))
    earlier = _earlier(review).annotate(is_mine=mine)
    known = earlier.filter(Q(is_mine=True) | Q(review__status=Review.Status.APPROVED))
    return known.order_by("-is_mine", "-number").first()


def note_opening(user: User, review: Review, *, audience: str = "", since: Version | None = None) -> None:
    """Note that this person opened a text of a version that is not public, or what changed since another; once."""
    if review.published_at is not None:
        return
    place = {"user": user, "version": review.version, "audience": "" if since else audience, "since": since}
    if not Opening.objects.filter(**place).exists():
        with suppress(IntegrityError), transaction.atomic():  # another request was quicker
            Opening.objects.create(**place, opened_at=timezone.now())


def changed_texts(known: dict[str, Any] | None, content: dict[str, Any]) -> list[str]:
    """Return the audiences whose text is one of its own, or the general one, and another than in the known version."""
    own = {key for section in content["sections"] for key in section["wordings"]} | {content["written_for"]}
    keys = [row["key"] for row in content["audiences"] if row["key"] in own]
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
    read = [f"{_named(groups['here'])} here"] if groups["here"] else []
    if groups["changes"]:
        read.append(f"what changed since version {texts.since} in {_named(groups['changes'])} here")
    if groups["there"]:
        read.append(f"{_named(groups['there'])} elsewhere")
    return f" I have read {', and '.join(read)}." if read else ""


def _named(labels: list[str]) -> str:
    *others, last = [f"“{label}”" for label in labels]
    return f"the texts for {', '.join(others)} and {last}" if others else f"the text for {last}"


def not_read(texts: Texts, elsewhere: Collection[str]) -> list[str]:
    """Return the labels of the texts that were neither opened here nor read elsewhere."""
    return [label for key, label in texts.unopened.items() if key not in elsewhere]
