"""
What a step on a review reads: one statement, once the article is locked.

Each question of the step is asked where its rule stands, by a function that also reads for pages. Here the answers are
read together and remembered until the step ends. `tests/reviews/test_remembered.py` compares both ways of reading.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from articles.frozen.signed_text import remember_text
from articles.models import Article, ArticleReference, Authorship, Notice, VersionReference, VersionText
from articles.models.people import Role, active, groups_of, remember_groups
from articles.models.rows.remembered import remembered
from articles.models.rows.together import Found, Together
from articles.models.version import doubted_among
from reviews.messages import notifications
from reviews.models import Assignment, BoardMember, Comment, Decision, Quorum, Review, Schedule, Task
from reviews.workflow.approval import eligibility

NO_VERSION = 0  # no row has this key


def read_review(article: Article, version: int, *, actor: User, reviewer: int = eligibility.NOBODY) -> Review:
    """
    Return the review of this version of the locked article, as it is now, and remember what a step may ask about it.

    `reviewer` is the key of the account that may be asked to review or to sign, if the step judges one.
    """
    today = timezone.localdate()
    found = _OF_REVIEW.read(article=article.pk, version=version, actor=actor.pk, reviewer=reviewer, today=today)
    if not found["review"]:
        raise Review.DoesNotExist(f"Version {version} has no review.")
    (review,) = found["review"]
    review.article = article
    _remember_review(review, found)
    for person in {actor.pk, review.triaged_by_id} - {None}:
        remember_groups(person, {name for pk, name in found["groups"] if pk == person and name})
    eligibility.read_ahead(found, review, reviewer, today)
    return review


def lock_members(version: int, *, reviewer: int = eligibility.NOBODY) -> None:
    """
    Lock the board rows of this account and of those ever asked about the version, until the transaction ends.

    A step that judges their interests does this after `lock` and before it reads: a disclosure, which locks the row of
    its member, then comes before the step or after it. The order of the keys keeps two steps from waiting for each
    other. SQLite, whose transactions allow one writer, needs none of this.
    """
    if connection.features.has_select_for_update:
        _LOCKED_MEMBERS.read(version=version, reviewer=reviewer)


def read_assignment(article: Article, assignment: Assignment, *, actor: User) -> tuple[Review, Assignment]:
    """Return the review of the assignment, as `read_review` does, and the assignment; lock as `lock_members` does."""
    lock_members(assignment.review.version_id, reviewer=assignment.reviewer_id)
    review = read_review(article, assignment.review.version_id, actor=actor, reviewer=assignment.reviewer_id)
    for row in review.all_assignments():
        if row.pk == assignment.pk:
            return review, row
    raise Assignment.DoesNotExist(f"Assignment {assignment.pk} is not one of version {review.version.number}.")


def read_submission(article: Article, *, actor: User) -> Review | None:
    """Return the review of the locked article's latest version, if any, and remember what a submission asks."""
    found = _OF_SUBMISSION.read(article=article.pk, version=article.latest_version_id or NO_VERSION, actor=actor.pk)
    remember_groups(actor.pk, {name for _, name in found["groups"] if name})
    remembered(("author", article.pk, actor.pk), lambda: bool(found["authorships"]))
    remembered("quorums", lambda: found["quorums"])
    remembered("editors", lambda: [address for (address,) in found["editors"]])
    remembered(("held back by", article.pk), lambda: found["schedules"])
    remembered(("retracted in the draft", article.pk), lambda: {key for (key,) in found["retracted"]})
    return found["review"][0] if found["review"] else None


def _remember_review(review: Review, found: Found) -> None:
    version = review.version
    remembered(("assignments", review.pk), lambda: review.with_assignments(found["assignments"]))
    review.is_taken_up = any(row.is_taken_up for row in review.all_assignments())
    remembered(("decisions", review.pk), lambda: review.with_decisions(found["decisions"]))
    remembered(("held", review.article_id), lambda: [bool(board_only) for (board_only,) in found["held"]])
    remembered(("authors", review.article_id), lambda: [address for (address,) in found["authors"]])
    remembered(("schedules", version.pk), lambda: found["schedules"])
    remembered(("tasks", review.article_id), lambda: found["tasks"])
    remembered(("doubted", version.pk), lambda: [work for _, work in doubted_among(found["doubted"])])
    remembered(("linked", review.article_id), lambda: found["linked"])
    remembered(("owing", review.article_id), lambda: found["owing"])
    version.notices_in_force = sorted(found["notices"], key=lambda row: (row.issued_at, row.pk), reverse=True)
    for (text,) in found["text"]:
        remember_text(version, text)


def _querysets(article: int, version: int, actor: int, reviewer: int, today: Any) -> dict[str, QuerySet[Any, Any]]:
    reviews = Review.objects.filter(version=version)
    acting = User.objects.filter(pk=actor).values("pk").union(reviews.order_by().values("triaged_by"))
    whose = eligibility.asked_or(reviewer, version)
    return {
        "review": reviews.select_related("version", "triaged_by"),
        "assignments": Assignment.objects.of(version),
        "decisions": Decision.objects.of(version),
        "owing": Review.objects.owing().filter(article=article).select_related("version"),
        "groups": groups_of(acting),
        "linked": Authorship.history.filter(article_id=article).values_list("contributor_id", "history_date"),
        "text": VersionText.objects.filter(version=version).values_list("text"),
        "held": Comment.objects.holding(article).order_by().values_list("board_only"),
        "notices": Notice.objects.in_force().filter(versions=version),
        "authors": notifications.authors_of(article),
        "schedules": Schedule.objects.open().filter(version=version),
        "doubted": VersionReference.objects.filter(version=version).perhaps_doubted(),
        "tasks": Task.objects.filter(article=article, closed_at__isnull=True),
        **eligibility.of_board(whose, article=article, version=version, today=today),
    }


_LOCKED_MEMBERS = Together(
    lambda version, reviewer: {
        "members": BoardMember.objects.select_for_update(of=("self",), no_key=True)
        .filter(user__in=eligibility.asked_or(reviewer, version))
        .order_by("pk")
        .values_list("pk")
    }
)
_OF_REVIEW = Together(_querysets)
_OF_SUBMISSION = Together(
    lambda article, version, actor: {
        "review": Review.objects.filter(version=version).select_related("version"),
        "groups": groups_of(User.objects.filter(pk=actor).values("pk")),
        "authorships": Authorship.objects.of_author(actor).filter(article=article).values_list("pk"),
        "quorums": Quorum.objects.all(),
        "editors": active(Role.EDITOR).values_list("email"),
        "schedules": Schedule.objects.open().filter(article=article).select_related("version"),
        "retracted": ArticleReference.objects.retracted(article),
    }
)
