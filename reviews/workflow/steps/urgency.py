"""Urgent approval: declared by an editor, and completed when the whole quorum has signed."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Article, Version
from articles.models.people import Role
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Assignment, Decision, Review, Task
from reviews.models.actions import Action
from reviews.workflow.approval import quorum, signing
from reviews.workflow.approval.blockers import approval_blockers
from reviews.workflow.errors import NotNow
from reviews.workflow.reading import lock_members, read_review
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.ending import end_assignments
from reviews.workflow.steps.publication.dates import review_dates
from reviews.workflow.table import require_person, require_state
from reviews.workflow.tasks import close_tasks_of
from reviews.workflow.transaction import as_stored, lock, move_pointers, reason_given, version_payload

NOBODY = 0  # no account has this key


@refusals_logged
@transaction.atomic(durable=True)
def declare_urgent(review: Review, *, actor: User, reason: str) -> Review:
    """
    Declare the review urgent, with a reason: one clinical or specialist signature then approves the version.

    The quorum stays: the rest of it is due on `full_review_due`, and so is each open request that was due later. What
    is due is a full review, so the change is major from now on. If such a signature was given already, the version is
    approved at once. Raise NotAllowed for anyone but an editor who wrote no part of the text. Raise NotNow if the
    quorum at submission permits no urgent approval, the review is urgent already, or something blocks an approval.
    """
    reason = reason_given(reason, limit=1000)
    article = lock(review.article_id)
    lock_members(review.version_id)
    review = read_review(article, review.version_id, actor=actor)
    require_person("declare_urgent", actor, article=article, review=review)
    require_state("declare_urgent", review)
    if blockers := urgency_blockers(review, actor):
        raise NotNow(" ".join(blockers))
    assert review.urgent_days is not None  # noqa: S101 (a blocker otherwise)
    review.full_review_due = timezone.localdate() + datetime.timedelta(days=review.urgent_days)
    review.urgent_because, review.urgent_by, review.urgent_by_name = reason, actor, ledger.name_of(actor)
    review.change = Version.Change.MAJOR
    review.save(update_fields=["change", "full_review_due", "urgent_because", "urgent_by", "urgent_by_name"])
    if quorum.approves_urgently(row.assignment.capacity for row in review.counting_decisions()):
        approve_urgently(review)
    requests = _bring_forward(review, review.full_review_due)
    ledger.append(
        Action.URGENCY_DECLARED,
        actor=actor,
        article=article,
        payload={
            **version_payload(review.version),
            "status": review.status,
            "change": review.change,
            "full_review_due": review.full_review_due.isoformat(),
            **({"requests_brought_forward": len(requests)} if requests else {}),
        },
        private={"reason": reason},
        rows=[review, *requests],
    )
    notifications.declared_urgent(review, actor)
    return review


def _bring_forward(review: Review, due: datetime.date) -> list[Assignment]:
    """Save that each open request is due on this day at the latest, and return those that were due later."""
    later = [row for row in review.all_assignments() if row.is_open and (row.due is None or row.due > due)]
    for request in later:
        request.due = due
        request.save(update_fields=["due"])
    return later


def urgency_blockers(review: Review, reader: User) -> list[str]:
    """Return why the review cannot be declared urgent now, in sentences to this reader."""
    if review.is_urgent:
        return [_("This review has already been declared urgent.")]
    if review.urgent_days is None:
        return [_("The quorum of this review permits no urgent approval.")]
    return approval_blockers(review, NOBODY, reader)


def approve_urgently(review: Review) -> None:
    """Save that the version is approved while the rest of its quorum is due; the requests stay open."""
    review.status, review.approved_at = Review.Status.APPROVED, timezone.now()
    review.save(update_fields=["status", "approved_at"])
    notifications.outcome(review)


def complete(article: Article, review: Review, actor: User) -> None:
    """
    Save that the whole quorum of an urgent version has signed, and append the event of it.

    The open requests end. If the version is public, "last reviewed" and "next review due" move now.
    """
    now = timezone.now()
    review.completed_at = review.ended_at = now
    review.save(update_fields=["completed_at", "ended_at"])
    rows: list[Model] = [review, *end_assignments(review, now, actor)]
    if is_public := review.version_id == article.published_version_id:
        move_pointers(article, **review_dates(review))
    approvals = [row for row in review.live_decisions() if row.is_approval]
    ledger.append(
        Action.FULL_REVIEW_COMPLETED,
        actor=actor,
        article=article,
        payload={
            **version_payload(review.version),
            "last_reviewed": article.last_reviewed.isoformat() if article.last_reviewed else None,
            "next_review_due": article.next_review_due.isoformat() if article.next_review_due else None,
            "signatures": {ledger.row_name(row.signature): signing.manifest(row.signature) for row in approvals},
        },
        rows=rows,
    )
    close_tasks_of(article, review.version, "The full review was completed.", actor, now)
    notifications.full_review_completed(review, public=is_public)


def due_again(review: Review) -> None:
    """Open a task for the editors: a notice was lifted, so reviewers must be asked again."""
    due = review.full_review_due
    assert due is not None  # noqa: S101 (the caller asked `owes_full_review`)
    with as_stored():
        text = _(
            "The notice on version {number} was lifted, and its full review is due by {day}. The requests to reviewers "
            "ended with the notice: ask reviewers again."
        ).format(number=review.version.number, day=date_format(due))
    _open_task(review, text)


def changes_wanted_after(decision: Decision, review: Review) -> None:
    """Open a task for the editors: a reviewer requests changes to a version that is approved urgently."""
    due = review.full_review_due
    assert due is not None  # noqa: S101 (the caller asked `owes_full_review`)
    with as_stored():
        text = _(
            "{name} has requested changes to version {number}, which was approved urgently. Its full review is due by "
            "{day} and cannot be completed while the request stands."
        ).format(name=decision.signature.printed_name, number=review.version.number, day=date_format(due))
    _open_task(review, text)
    notifications.changes_wanted_after(decision, review)


def _open_task(review: Review, text: str) -> None:
    Task(
        article_id=review.article_id,
        version=review.version,
        role=Role.EDITOR.group,
        text=text,
        opened_at=timezone.now(),
        due=review.full_review_due,
    ).save()
