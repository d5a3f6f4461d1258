"""Publication at once, and of what was ordered for a time that has come."""

import datetime

from django.db import transaction
from django.utils import timezone

from articles.models import Article, Version
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Review, Schedule
from reviews.models.actions import Action
from reviews.workflow.approval import signing
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.refusals import noted
from reviews.workflow.steps.publication.blockers import newer_blockers, publication_blockers
from reviews.workflow.steps.publication.scheduling import close_schedules, of_the_editor, refuse
from reviews.workflow.table import require_person, require_state
from reviews.workflow.tasks import close_tasks
from reviews.workflow.transaction import lock, move_pointers, version_payload

MONTHS_UNTIL_REVIEW = {Article.Risk.STANDARD: 24, Article.Risk.HIGH: 12}


@noted
@transaction.atomic(durable=True)
def publish(version: Version, *, actor, despite: int | None = None) -> Version:
    """
    Point the article at an approved version: readers see it on the next request.

    When a newer version was submitted, `despite` is its number: the editor has read it and publishes this one all the
    same. Only a major change moves "last reviewed" and "next review due". Raise NotAllowed for anybody but an editor
    who wrote no part of it (unless no other editor is active, which is then recorded); NotNow unless the version is
    approved, newer than what is public and forbidden by no notice, and while `despite` does not name a newer one.
    """
    article = lock(version.article_id)
    return publish_locked(article, version, actor, despite)


def publish_locked(article: Article, version: Version, actor, despite: int | None) -> Version:
    """Publish as `publish` says, under the article's lock; refuse before anything is written."""
    review = Review.objects.select_related("version").get(version=version.pk)
    require_person("publish", actor, article=article, review=review)
    require_state("publish", review)
    if blockers := [*publication_blockers(article, review), *newer_blockers(article, review, despite)]:
        raise NotNow(" ".join(blockers))
    previous = article.published_version
    now = timezone.now()
    review.published_at = now
    review.save(update_fields=["published_at"])
    move_pointers(article, published_version=review.version, **_review_dates(article, review))
    schedules = close_schedules(review.version, Schedule.Outcome.PUBLISHED, now)
    close_tasks(article, f"Version {review.version.number} was published.", actor, now)
    signatures = [decision.signature for decision in review.decisions.live_approvals().select_related("signature")]
    ledger.append(
        Action.PUBLISHED,
        actor=actor,
        article=article,
        payload={
            **version_payload(review.version),
            "previous": previous.number if previous else None,
            "last_reviewed": article.last_reviewed.isoformat() if article.last_reviewed else None,
            "next_review_due": article.next_review_due.isoformat() if article.next_review_due else None,
            "by_a_writer": review.version.was_written_by(actor),
            "signatures": {ledger.row_name(row): signing.manifest(row) for row in signatures},
        },
        rows=[review, *schedules],
    )
    notifications.published(review)
    return review.version


def _review_dates(article: Article, review: Review) -> dict:
    """Return "last reviewed" and "next review due" as this publication leaves them."""
    if review.change != Version.Change.MAJOR:
        return {}
    reviewed = review.approved_at.astimezone(datetime.UTC).date()
    return {
        "last_reviewed": reviewed,
        "next_review_due": months_later(reviewed, MONTHS_UNTIL_REVIEW[review.risk]),
    }


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day so many months later, or the last day of that month where it has no such day."""
    month = day.year * 12 + day.month - 1 + months
    first = datetime.date(month // 12, month % 12 + 1, 1)
    following = (first + datetime.timedelta(days=32)).replace(day=1)
    return min(first + datetime.timedelta(days=day.day - 1), following - datetime.timedelta(days=1))


def publish_due(now: datetime.datetime | None = None) -> list[Schedule]:
    """
    Carry out every schedule whose time has come, and return those closed here, each with its outcome.

    Each is one transaction of its own under the article's lock, so that it happens exactly once however many
    processes run this, and one that cannot be published stops no other.
    """
    now = now or timezone.now()
    due = Schedule.objects.filter(closed_at__isnull=True, publish_at__lte=now).order_by("publish_at", "pk")
    closed = [_carry_out(row, now) for row in due]
    return [row for row in closed if row]


@transaction.atomic(durable=True)
def _carry_out(row: Schedule, now: datetime.datetime) -> Schedule | None:
    article = lock(row.article_id)
    row = Schedule.objects.select_related("scheduled_by", "version").get(pk=row.pk)
    if row.closed_at or row.publish_at > now:
        return None
    try:
        publish_locked(article, row.version, row.scheduled_by, _known_then(row, article))
    except NotAllowed as refusal:
        said = of_the_editor(row, str(refusal))
        refuse(row, article, f"{row.scheduled_by_name} scheduled it and may not publish it any more: {said}")
    except NotNow as refusal:
        refuse(row, article, str(refusal))
    row.refresh_from_db()
    return row


def _known_then(row: Schedule, article) -> int | None:
    """Return the number of the latest version where whoever scheduled this had read it: it was there already."""
    latest = article.latest_version
    return latest.number if latest.submitted_at <= row.scheduled_at else None
