"""
The live facts around a text, which may change while the text stays the same.

`Facts` lists them all. Everything else on a page is frozen with the version (`articles.site.page`).
"""

import datetime
from typing import TypedDict

from django.conf import settings
from django.utils import timezone

from articles.models import Article, Audience, GlossaryTerm, Notice, Topic, Version
from articles.review_process import (
    Approval,
    Around,
    Confirmed,
    Related,
    Remarks,
    ReviewState,
    ShownNotice,
    Step,
    Translation,
    review_process,
)
from articles.text.citations.retracted import Retracted, retracted


class Facts(TypedDict):
    """
    The live facts, by their names in the templates.

    `full_review_due` is the day by which a version approved urgently needs the rest of its signatures; else None.
    `never_completed`: they are owed, and nobody can give them any more.
    `pulled` is the notice shown above the text. `is_warned_of`: the text is not approved, or a notice names it.
    `alternates` are the public texts of the same group of translations with this one, one for each language: none if
    this text is not among them, or is alone. `confirmed` says who read the text again and found nothing to change.
    `others` are those in other languages, whatever this text is. `original` is the text that this one was translated
    from, if lists may name it.
    """

    review: ReviewState
    full_review_due: datetime.date | None
    never_completed: bool
    is_pending: bool
    is_older: bool
    newer: ReviewState | None
    pulled: Notice | None
    removal: Notice | None
    concern: Notice | None
    has_correction: bool
    notices: list[ShownNotice]
    is_warned_of: bool
    is_read: bool
    has_changes: bool
    remarks: Remarks | None
    steps: list[Step]
    signatures: list[Approval]
    full_review: list[Approval]
    minor_since: list[Approval]
    correction_since: list[Approval]
    confirmed: Confirmed | None
    first_published: datetime.datetime | None
    updated: datetime.datetime | None
    reviewed: datetime.date | None
    due: datetime.date | None
    is_overdue: bool
    topics: list[Topic]
    audiences: list[Audience]
    disclaimer: str
    related: list[Related]
    has_policy: bool
    retracted_works: list[Retracted]
    doubted_works: list[Retracted]
    glossary: list[GlossaryTerm]
    alternates: list[Translation]
    others: list[Translation]
    original: Translation | None
    original_changed: bool


def facts(article: Article, version: Version, audience: str) -> Facts:
    """Return every live fact that a page of this version shows to this audience, in one query."""
    around = review_process().around(article, version, audience)
    review, byline = around.state, around.byline
    notices = [row.notice for row in around.notices]
    pulled = next((notice for kind in Notice.kinds("leads") for notice in notices if notice.kind == kind), None)
    is_public = review.published_at is not None
    is_newest = version.pk == article.published_version_id
    was_read_in_full = review.change == Version.Change.MAJOR and review.full_review_due is None
    rests = bool(byline.full_review) or was_read_in_full
    is_kept_up = is_newest and pulled is None and rests
    due = article.next_review_due if is_kept_up else None
    return {
        "review": review,
        "full_review_due": review.full_review_due,
        "never_completed": _never_completed(around, is_older=is_public and not is_newest),
        "is_pending": not is_public,
        "is_older": is_public and not is_newest,
        "newer": around.newer if is_newest else None,
        "pulled": pulled,
        "removal": next((notice for notice in notices if notice.consequences.removes), None),
        "concern": next((notice for notice in notices if notice.consequences.doubts), None),
        "has_correction": any(notice.consequences.travels for notice in notices),
        "notices": sorted(
            around.notices, key=lambda row: (row.notice is not pulled, not row.notice.consequences.doubts)
        ),
        "is_warned_of": not is_public or any(not row.earlier for row in around.notices),
        "is_read": around.asked > 0,
        "has_changes": around.has_earlier,
        "remarks": around.remarks,
        "steps": [] if pulled else around.steps,
        "signatures": byline.signatures if is_public else [],
        "full_review": byline.full_review if is_public else [],
        "minor_since": byline.minor_since if is_public else [],
        "correction_since": byline.correction_since if is_public else [],
        "confirmed": around.confirmed if is_kept_up else None,
        "first_published": around.first_published if is_public else None,
        "updated": review.published_at,
        "reviewed": article.last_reviewed if is_kept_up and not review.full_review_due else None,
        "due": due,
        "is_overdue": bool(due and due < timezone.localdate()),
        "topics": around.topics,
        "audiences": around.audiences,
        "disclaimer": around.disclaimer,
        "related": around.related,
        "has_policy": around.has_policy,
        "glossary": around.glossary,
        **_translations(article, version, around),
        **_works(around),
    }


class Works(TypedDict):
    """The part of `Facts` about cited works."""

    retracted_works: list[Retracted]
    doubted_works: list[Retracted]


def _works(around: Around) -> Works:
    found = [work for cited in around.cited if (work := retracted(*cited._replace(listed=to_readers(cited.listed))))]
    return {
        "retracted_works": [work for work in found if work.is_retracted],
        "doubted_works": [work for work in found if not work.is_retracted],
    }


def to_readers(listed: str) -> str:
    """Return what readers are told of what the list of retractions says: all of it, or nothing."""
    return listed if settings.SHOW_LISTED_RETRACTIONS else ""


def _never_completed(around: Around, *, is_older: bool) -> bool:
    """Tell whether the full review is owed, and a newer public version or a notice on this one has ended it."""
    ended = any(row.notice.consequences.ends_full_review and not row.earlier for row in around.notices)
    return around.state.full_review_due is not None and (is_older or ended)


class Translations(TypedDict):
    """The part of `Facts` about translations."""

    alternates: list[Translation]
    others: list[Translation]
    original: Translation | None
    original_changed: bool


def _translations(article: Article, version: Version, around: Around) -> Translations:
    first: dict[str, Translation] = {}
    for row in around.group:
        first.setdefault(row.language.lower(), row)
    others = [row for language, row in first.items() if language != version.language.lower()]
    is_among = any(row.article == article.pk for row in first.values())
    is_current = version.pk == article.published_version_id
    return {
        "alternates": list(first.values()) if is_among and is_current and others else [],
        "others": others,
        "original": next((row for row in around.group if row.is_original and row.article != article.pk), None),
        "original_changed": around.original_changed,
    }
