"""
What the page of a review reads: one statement with what a step on the review reads, and one with what this person did.

Each question is asked where its rule stands. Here the answers are read together and remembered until the page is made.
`tests/desk/test_review_page.py` compares the page with what it shows when each question is asked alone.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, QuerySet

from articles.models import Authorship, Contributor, VersionReference
from articles.models.rows.remembered import remembered
from articles.models.rows.together import Together
from articles.models.version import doubted_among
from reviews.desk.review.deciding import worksheet
from reviews.models import Assignment, Opening, ReadChange, Review
from reviews.models.comment import asked_about
from reviews.workflow.approval import opened
from reviews.workflow.reading import read_review
from reviews.workflow.steps.comments import mentioning

MOST_REQUESTS = 20


def read_page(review: Review, user: User) -> Review:
    """Return the review again, with its version and article, and remember what its page asks for this person."""
    article, version = review.article, review.version_id
    found = _OF_PAGE.read(article=article.pk, version=version, user=user.pk)
    remember_contributor(user, found["contributor"])
    remembered(("author", article.pk, user.pk), lambda: bool(found["authorships"]))
    remembered(("asked", article.pk, user.pk), lambda: bool(found["asked"]))
    remembered(("versions", article.pk, user.pk), lambda: opened.in_order(found["versions"]))
    remembered(("openings", version, user.pk), lambda: set(found["openings"]))
    remembered(("commentators", article.pk), lambda: found["commentators"])
    remembered(("waiting", user.pk), lambda: found["waiting"])
    remembered(("doubted", version), lambda: [work for _, work in doubted_among(found["doubted"])])
    remembered(("ticks", version, user.pk), lambda: found["ticks"])
    remembered(("kept answers", version, user.pk), lambda: found["drafts"])
    remembered(("answers", version), lambda: found["answers"])
    return read_review(article, version, actor=user, reviewer=user.pk)


def remember_contributor(user: User, found: list[Contributor]) -> None:
    """Set `user.contributor`, so that it is not read again; it raises DoesNotExist if there is none."""
    Contributor.user.field.remote_field.set_cached_value(user, found[0] if found else None)


def ticks(user: User, review: Review) -> list[tuple[int, str]]:
    """Return the changes that this person ticked: the key of the version compared with, and the change's name."""
    return remembered(("ticks", review.version_id, user.pk), lambda: list(_ticks(review.version_id, user.pk)))


def requests(user: User) -> list[Assignment]:
    """Return this person's first open requests to review, at most MOST_REQUESTS, in the order in which they are due."""
    rows = remembered(("waiting", user.pk), lambda: list(_waiting(user.pk)))
    return sorted(rows, key=lambda row: (row.due is None, row.due, row.pk))


def _waiting(user: int) -> QuerySet[Assignment]:
    rows = Assignment.objects.to_decide().filter(reviewer=user).select_related("review__version")
    return rows.order_by(F("due").asc(nulls_last=True), "pk")[:MOST_REQUESTS]  # as its index has them


def _ticks(version: int, user: int) -> QuerySet[Any, Any]:
    return ReadChange.objects.filter(user=user, version=version).order_by().values_list("since", "change")


_OF_PAGE = Together(
    lambda article, version, user: {
        "authorships": Authorship.objects.of_author(user).filter(article=article).values_list("pk"),
        "asked": asked_about(article, user).values_list("pk"),
        "versions": opened.versions(article, user),
        "contributor": Contributor.objects.filter(user=user),
        "openings": Opening.objects.filter(user=user, version=version).order_by().values_list("audience", "since"),
        "ticks": _ticks(version, user),
        "waiting": _waiting(user),
        "commentators": mentioning.accounts(article),
        "drafts": worksheet.drafts(version, user),
        "answers": worksheet.signed(version),
        "doubted": VersionReference.objects.filter(version=version).perhaps_doubted(),
    }
)
