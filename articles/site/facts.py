"""
The live facts around a text: what may change though not a letter of the text does.

`facts` lists them all. What is not among them is frozen with the version (`articles.site.page`).
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Min
from django.utils import timezone

from articles.models import Article, Audience, Notice, Topic, Version
from articles.models.version import numbered
from articles.site.around import Row, around
from articles.text.citations.retracted import retracted


@dataclass(frozen=True)
class Step:
    """One of the three steps every text goes through, in the words a reader is given."""

    label: str
    state: str
    at: datetime.datetime | None

    @property
    def is_current(self) -> bool:
        return self.state == "current"


@dataclass(frozen=True)
class Approval:
    """An approving signature as printed; `person` is the signer's place on the board's page while they sit on it."""

    printed_name: str
    credentials: str
    capacity: str
    signed_at: datetime.datetime
    person: str


def facts(article: Article, version: Version, audience: str) -> dict:
    """Return every live fact that a page of this version shows to this audience around the text, in one query."""
    rows = around(article.pk, version.pk, audience)
    asked = rows["asked"][0]
    newer = rows["newer"][0] if rows["newer"] else None
    review = _with_standing(version.review, asked)
    notices = _notices(rows["notice"], version)
    pulled = next((notice for kind in Notice.kinds("leads") for notice in notices if notice.kind == kind), None)
    is_public = review.published_at is not None
    is_newest = version.pk == article.published_version_id
    rests = bool(rows["full review"]) or review.change == Version.Change.MAJOR
    is_kept_up = is_newest and pulled is None and rests
    due = article.next_review_due if is_kept_up else None
    return {
        "review": review,
        "is_pending": not is_public,
        "is_older": is_public and not is_newest,
        "newer": _with_standing(article.latest_version.review, newer) if is_newest and newer else None,
        "pulled": pulled,
        "removal": next((notice for notice in notices if notice.consequences.removes), None),
        "concern": next((notice for notice in notices if notice.consequences.doubts), None),
        "has_correction": any(notice.consequences.travels for notice in notices),
        "notices": sorted(notices, key=lambda notice: (notice is not pulled, not notice.consequences.doubts)),
        "is_read": asked.number > 0,
        "has_changes": bool(rows["earlier"]),
        "steps": [] if pulled else steps_of(review, asked.at),
        "signatures": [_approval(row) for row in rows["signature"]] if is_public else [],
        "full_review": [_approval(row) for row in rows["full review"]] if is_public else [],
        "minor_since": [_approval(row) for row in rows["minor since"]] if is_public else [],
        "correction_since": [_approval(row) for row in rows["correction since"]] if is_public else [],
        "updated": review.published_at,
        "reviewed": article.last_reviewed if is_kept_up else None,
        "due": due,
        "is_overdue": bool(due and due < timezone.localdate()),
        "topics": [Topic(name=row.one, slug=row.two) for row in rows["topic"]],
        "audiences": [Audience(key=row.one, label=row.two) for row in rows["audience"]],
        "disclaimer": next((row.one for row in rows["disclaimer"]), ""),
        "related": [
            {
                "title": row.one,
                "slug": row.two,
                "language": row.three,
                "has_concern": any(kind in row.four.split() for kind in Notice.kinds("doubts")),
                "has_correction": any(kind in row.four.split() for kind in Notice.kinds("travels")),
            }
            for row in rows["related"]
        ],
        "has_policy": bool(rows["policy"]),
        "retracted_works": [work for row in rows["retracted"] if (work := retracted(row.one, row.two, row.three))],
    }


def steps(version: Version) -> list[Step]:
    """Return the steps of a version whose review is open or ended in approval."""
    return steps_of(version.review, version.review.assignments.aggregate(began=Min("assigned_at"))["began"])


def steps_of(review, began: datetime.datetime | None) -> list[Step]:
    """Return the steps of a review that is open or ended in approval, the first reviewer asked at `began`."""
    reached = ["submitted", "under_review", "approved"].index(review.stands)
    times = [review.submitted_at, began, review.approved_at]
    states = ["completed"] * reached + ["current"] + ["not started"] * (2 - reached)
    labels = ["Submitted", "Under review", "Approved"]
    return [
        Step(label, state, at if state != "not started" else None)
        for label, state, at in zip(labels, states, times, strict=True)
    ]


def _with_standing(review, asked: Row):
    """Give the review what it takes to say how it stands: whether the board has it in hand."""
    review.is_taken_up = asked.number > 0 or int(asked.one) > 0
    return review


def _notices(rows: list[Row], version: Version) -> list[Notice]:
    """Return the notices; `earlier` names the versions that one speaks of, unless the one shown is among them."""
    found, named = {}, defaultdict(set)
    for row in rows:
        kind, reason, issuer = row.one, row.two, row.three
        found[row.number] = Notice(pk=row.number, kind=kind, reason=reason, issued_by_name=issuer, issued_at=row.at)
        named[row.number].add(int(row.four))
    for pk, notice in found.items():
        notice.earlier = "" if version.number in named[pk] else numbered(named[pk])
    return list(found.values())


def _approval(row: Row) -> Approval:
    return Approval(row.one, row.two, f"{row.three} reviewer", row.at, row.four or "")
