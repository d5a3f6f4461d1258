"""The progress of the review of a version, what was remarked in it, and the version published before it."""

import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, Q

from articles.models import Notice, Version
from articles.models.rows.as_sql import literals
from reviews.models import Assignment, Comment, Review
from reviews.site.around.arms import Arm, Asked


class Reviews(NamedTuple):
    """The review of the version, or another pending review of its article."""

    version: int
    asked: int  # reviewers who have not answered
    decided: int
    began_at: datetime.datetime | None  # when the first reviewer was asked

    @property
    def is_taken_up(self) -> bool:
        """Tell whether anybody is asked now, or has decided (`Assignment.objects.taken_up`)."""
        return self.asked > 0 or self.decided > 0


class Earlier(NamedTuple):
    """The version published before this one, unless it is removed."""

    number: int


class Beginning(NamedTuple):
    """When a version of the article was first published; None if none ever was."""

    at: datetime.datetime | None


class Remarks(NamedTuple):
    """
    The comments made in the review of the version before it was published, replies left out.

    The review of a text begins after the last version published before it, with the first version that was submitted
    then. No row if the version was never published.
    """

    made: int
    resolved: int  # before it was published


def arms() -> list[Arm[Any]]:
    return [
        Arm(Reviews, REVIEWS, reviews),
        Arm(Earlier, EARLIER, earlier),
        Arm(Beginning, BEGINNING, beginning),
        Arm(Remarks, REMARKS, remarks),
    ]


REVIEWS = f"""
    SELECT review.version_id AS version, COUNT(assignment.id) - COUNT(assignment.ended_at) AS asked,
           COUNT(CASE WHEN assignment.ended_as = '{Assignment.Ending.DECIDED}' THEN 1 END) AS decided,
           MIN(assignment.assigned_at) AS began_at
    FROM reviews_review AS review
    LEFT JOIN reviews_assignment AS assignment ON assignment.review_id = review.id
    WHERE review.version_id = %(version)s
       OR (review.article_id = %(article)s AND review.status IN ({literals(Review.PENDING)}))
    GROUP BY review.id, review.version_id
"""  # noqa: S608 (the states are ours)


def reviews(asked: Asked) -> list[Reviews]:
    rows = Review.objects.filter(Q(version=asked.version) | Q(article=asked.article, status__in=Review.PENDING))
    counted = rows.order_by().annotate(
        waiting=Count("assignments", filter=Q(assignments__ended_at__isnull=True)),
        decided=Count("assignments", filter=Q(assignments__ended_as=Assignment.Ending.DECIDED)),
        began_at=Min("assignments__assigned_at"),
    )
    return [Reviews(*row) for row in counted.values_list("version_id", "waiting", "decided", "began_at")]


EARLIER = f"""
    SELECT published.number
    FROM (
        SELECT version.id, version.number
        FROM articles_version AS version
        JOIN articles_version AS this ON this.id = %(version)s AND version.number < this.number
        JOIN reviews_review AS review ON review.version_id = version.id AND review.published_at IS NOT NULL
        WHERE version.article_id = %(article)s
        ORDER BY version.number DESC
        LIMIT 1
    ) AS published
    WHERE NOT EXISTS (
        SELECT 1 FROM in_force
        WHERE in_force.version_id = published.id AND in_force.kind IN ({literals(Notice.kinds("removes"))})
    )
"""  # noqa: S608 (the kinds are ours)


def earlier(asked: Asked) -> list[Earlier]:
    this = Version.objects.get(pk=asked.version)
    published = Version.objects.published().filter(article=asked.article, number__lt=this.number)
    before = published.order_by("-number").first()
    is_removed = before and before.notices.in_force().that("removes").exists()
    return [Earlier(before.number)] if before and not is_removed else []


BEGINNING = """
    SELECT MIN(review.published_at) AS at FROM reviews_review AS review WHERE review.article_id = %(article)s
"""


def beginning(asked: Asked) -> list[Beginning]:
    rows = Review.objects.filter(article=asked.article).order_by()
    return [Beginning(rows.aggregate(at=Min("published_at"))["at"])]


REMARKS = """
    SELECT COUNT(comment.id) AS made, COUNT(CASE WHEN comment.resolved_at <= own.published_at THEN 1 END) AS resolved
    FROM articles_version AS this
    JOIN reviews_review AS own ON own.version_id = this.id AND own.published_at IS NOT NULL
    LEFT JOIN (
        reviews_comment AS comment JOIN articles_version AS read_then ON read_then.id = comment.version_id
    ) ON comment.article_id = %(article)s AND comment.thread_id IS NULL AND NOT comment.board_only
     AND comment.written_at <= own.published_at
     AND read_then.number <= this.number AND read_then.number > COALESCE((
        SELECT MAX(version.number)
        FROM articles_version AS version
        JOIN reviews_review AS review ON review.version_id = version.id AND review.published_at IS NOT NULL
        WHERE version.article_id = %(article)s AND version.number < this.number
    ), 0)
    WHERE this.id = %(version)s
    GROUP BY this.id
"""


def remarks(asked: Asked) -> list[Remarks]:
    this = Version.objects.select_related("review").get(pk=asked.version)
    if this.review.published_at is None:
        return []
    before = Version.objects.published().filter(article=asked.article, number__lt=this.number)
    last = before.aggregate(last=Max("number"))["last"] or 0
    rows = Comment.objects.for_everybody().filter(
        article=asked.article, thread=None, written_at__lte=this.review.published_at
    )
    rows = rows.filter(version__number__gt=last, version__number__lte=this.number)
    return [Remarks(rows.count(), rows.filter(resolved_at__lte=this.review.published_at).count())]
