"""
The end of a review without approval: recalled, declined, or returned to the authors.

An approval also ends the review (`reviews.workflow.steps.decision`). Its open assignments end in the same way.
"""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models.rows.remembered import remembered
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Assignment, Decision, Review
from reviews.models.actions import Action
from reviews.workflow.errors import NotNow
from reviews.workflow.reading import read_review
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.table import STEPS, require_person, require_state
from reviews.workflow.transaction import lock, reason_given, version_payload


@refusals_logged
@transaction.atomic(durable=True)
def recall(review: Review, *, actor: User, reason: str) -> Review:
    """Recall a submission before any decision on it; its assignments end."""
    reason = reason_given(reason)
    article = lock(review.article_id)
    review = read_review(article, review.version_id, actor=actor)
    require_person("recall", actor, article=article)
    require_state("recall", review)
    if blockers := recall_blockers(review):
        raise NotNow(" ".join(blockers))
    rows = end_review(review, Review.Status.RECALLED, reason, actor)
    ledger.append(
        Action.RECALLED,
        actor=actor,
        article=article,
        payload=version_payload(review.version),
        private={"reason": reason},
        rows=rows,
    )
    return review


def recall_blockers(review: Review) -> list[str]:
    """Return why the submission cannot be recalled now."""
    if not review.all_decisions():
        return []
    return [
        _(
            "A reviewer has already decided on this version, so it cannot be recalled. Wait for the other reviewers. "
            "If a reviewer has requested changes, you can ask an editor to end the review."
        )
    ]


@refusals_logged
@transaction.atomic(durable=True)
def decline(review: Review, *, actor: User, reason: str) -> Review:
    """End a review with a reason because the text is unsuitable. An editor who wrote a part of it may not."""
    reason = reason_given(reason)
    return _end(review, "decline", Review.Status.DECLINED, actor, reason)


@refusals_logged
@transaction.atomic(durable=True)
def end_round(review: Review, *, actor: User, reason: str = "") -> Review:
    """After a request for changes, return the version to its authors without waiting for the other reviewers."""
    reason = reason_given(reason or Review.ENDED_BY_AN_EDITOR)
    return _end(review, "end_round", Review.Status.CHANGES_REQUESTED, actor, reason)


def end_round_blockers(review: Review) -> list[str]:
    """Return why the review cannot be ended now."""
    return (
        [] if _wants_changes(review) else [_("No reviewer has requested changes yet, so the review cannot be ended.")]
    )


def _end(review: Review, step: str, status: str, actor: User, reason: str) -> Review:
    article = lock(review.article_id)
    review = read_review(article, review.version_id, actor=actor)
    require_person(step, actor, article=article, review=review)
    require_state(step, review)
    if step == "end_round" and (blockers := end_round_blockers(review)):
        raise NotNow(" ".join(blockers))
    rows = end_review(review, status, reason, actor)
    ledger.append(
        STEPS[step].event,
        actor=actor,
        article=article,
        payload={**version_payload(review.version), "status": review.status},
        private={"reason": reason},
        rows=rows,
    )
    notifications.outcome(review)
    return review


def end_round_if_finished(review: Review, actor: User) -> list[Model]:
    """End the review if changes are requested and no assignment is open; return the rows written."""
    if not review.is_pending or not _wants_changes(review) or any(row.is_open for row in review.all_assignments()):
        return []
    rows = end_review(review, Review.Status.CHANGES_REQUESTED, Review.EVERYBODY_ANSWERED, actor)
    notifications.outcome(review)
    return rows


def _wants_changes(review: Review) -> bool:
    return any(row.outcome == Decision.Outcome.REQUEST_CHANGES for row in review.live_decisions())


def end_review(review: Review, status: str, reason: str, actor: User) -> list[Model]:
    """End the review without approval, end its open assignments, and return the rows written."""
    now = timezone.now()
    review.status, review.ended_at, review.end_reason = status, now, reason
    review.save(update_fields=["status", "ended_at", "end_reason"])
    return [review, *end_assignments(review, now, actor)]


def end_requests_of_older(review: Review, now: datetime.datetime, actor: User) -> list[Assignment]:
    """End the open assignments on older versions of the article that owe their full review; return their rows."""
    owing = remembered(
        ("owing", review.article_id),
        lambda: list(Review.objects.owing().filter(article=review.article_id).select_related("version")),
    )
    older = [each for each in owing if each.version.number < review.version.number]
    return [row for each in older for row in end_assignments(each, now, actor)]


def end_assignments(review: Review, now: datetime.datetime, actor: User) -> list[Assignment]:
    """End every open assignment because the review ended, and mail each of its reviewers but the actor."""
    ended = []
    for assignment in [row for row in review.all_assignments() if row.is_open]:
        assignment.ended_at, assignment.ended_as = now, Assignment.Ending.REVIEW_ENDED
        assignment.save(update_fields=["ended_at", "ended_as"])
        ended.append(assignment)
        if assignment.reviewer_id != actor.pk:
            notifications.no_longer_asked(assignment, review)
    return ended
