"""
Which texts a signer has to have read, and which of them they opened here.

There is one text for each audience that has words of its own in some section, and the general text. Those have to be
read that are another than in the version that the signer decided on last, else than in the last approved one; all of
them, if there is neither.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from articles.frozen.signed_text import frozen_content
from articles.models import Version
from reviews.models import Decision, Opening, Review


@dataclass(frozen=True)
class Texts:
    """The texts that a signer has to have read, by the key of their audience with its label, and the opened ones."""

    labels: dict[str, str]
    opened: frozenset[str]

    @property
    def unopened(self) -> dict[str, str]:
        return {key: label for key, label in self.labels.items() if key not in self.opened}


def texts_for(user: User, review: Review, content: dict[str, Any], known: Version | None) -> Texts:
    """
    Return the texts of the reviewed version, whose content this is, that this person has to have read.

    `known` is the version that they know, as `known_version` returns it.
    """
    changed = changed_texts(frozen_content(known) if known else None, content)
    labels = {row["key"]: row["label"] for row in content["audiences"]}
    rows = Opening.objects.filter(user=user, version=review.version_id).order_by()
    opened: set[str] = set()
    for audience, since in rows.values_list("audience", "since"):
        if since is None:
            opened.add(audience)
        elif known and since == known.pk:
            opened |= {*changed}
    return Texts({key: labels[key] for key in changed}, frozenset(opened))


def known_version(user: User, review: Review) -> Version | None:
    """Return the version that this person knows: the one they decided on last, else the last approved one."""
    mine = Exists(Decision.objects.filter(assignment__reviewer=user.pk, review__version=OuterRef("pk")))
    earlier = Version.objects.filter(article=review.article_id, number__lt=review.version.number).annotate(is_mine=mine)
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


def opened_sentence(texts: Texts) -> str:
    """
    Return what an approval says of how its signer read the texts; empty if none had to be read.

    It is part of the signed statement, so it is not translated.
    """
    here = [label for key, label in texts.labels.items() if key in texts.opened]
    read = [f"{_named(here)} here"] if here else []
    read += [f"{_named([*texts.unopened.values()])} elsewhere"] if texts.unopened else []
    return f" I have read {' and '.join(read)}." if read else ""


def _named(labels: list[str]) -> str:
    *others, last = [f"“{label}”" for label in labels]
    return f"the texts for {', '.join(others)} and {last}" if others else f"the text for {last}"


def not_read(texts: Texts, elsewhere: Collection[str]) -> list[str]:
    """Return the labels of the texts that were neither opened here nor read elsewhere."""
    return [label for key, label in texts.unopened.items() if key not in elsewhere]
