"""Publication at once, and of the schedules that are due."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from articles.models import Article, Version
from articles.models.rows.remembered import remembering
from articles.search import index
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Schedule
from reviews.models.actions import Action
from reviews.workflow.approval import signing
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.reading import lock_members, read_review
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.ending import end_requests_of_older
from reviews.workflow.steps.publication.blockers import newer_blockers, publication_blockers
from reviews.workflow.steps.publication.dates import review_dates
from reviews.workflow.steps.publication.scheduling import close_schedules, of_the_editor, refuse
from reviews.workflow.table import require_person, require_state
from reviews.workflow.tasks import close_tasks
from reviews.workflow.transaction import as_stored, lock, move_pointers, version_payload


@refusals_logged
@transaction.atomic(durable=True)
def publish(version: Version, *, actor: User, despite: int | None = None) -> Version:
    """
    Make an approved version the public one: readers see it on the next request.

    If a newer version was submitted, `despite` must be its number: the editor has read it and publishes this one all
    the same. Only a major change moves "last reviewed" and "next review due", and only when its whole quorum signed.
    Requests to review an older version that owes its full review end. Raise NotAllowed for anyone but an editor
    who wrote no part of it, unless all active editors wrote part of it; the event records that. Raise NotNow if the
    version is not approved, has publication blockers, or if `despite` is missing.
    """
    article = lock(version.article_id)
    return publish_locked(article, version, actor, despite, reader=actor)


def publish_locked(
    article: Article, version: Version, actor: User, despite: int | None, reader: User | None = None
) -> Version:
    """
    Publish as `publish` does, under the article's lock; refuse before any write.

    A refusal is to `reader`, or to anybody: that of a schedule is stored, and shown on the pages of the article.
    """
    lock_members(version.pk)
    review = read_review(article, version.pk, actor=actor)
    require_person("publish", actor, article=article, review=review)
    require_state("publish", review)
    if blockers := [*publication_blockers(article, review, reader), *newer_blockers(article, review, despite)]:
        raise NotNow(" ".join(blockers))
    previous = article.published_version
    now = timezone.now()
    review.published_at = now
    review.save(update_fields=["published_at"])
    move_pointers(article, published_version=review.version, **review_dates(review))
    schedules = close_schedules(review.version, Schedule.Outcome.PUBLISHED, now)
    ended = end_requests_of_older(review, now, actor)
    close_tasks(article, f"Version {review.version.number} was published.", actor, now)
    approvals = [row for row in review.live_decisions() if row.is_approval]
    with index.kept_in_step(article):
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
                **({"full_review_due": str(review.full_review_due)} if review.owes_full_review else {}),
                "signatures": {ledger.row_name(row.signature): signing.manifest(row.signature) for row in approvals},
            },
            rows=[review, *schedules, *ended],
        )
    notifications.published(review)
    return review.version


def publish_due(now: datetime.datetime | None = None) -> list[Schedule]:
    """
    Carry out every schedule that is due, and return the schedules closed by this call.

    Each is a transaction of its own under the article's lock: it happens exactly once even if several processes run
    this, and a refused one does not stop the others.
    """
    now = now or timezone.now()
    due = Schedule.objects.filter(closed_at__isnull=True, publish_at__lte=now).order_by("publish_at", "pk")
    closed = []
    for row in due:
        with remembering():
            closed.append(_carry_out(row, now))
    return [row for row in closed if row]


@transaction.atomic(durable=True)
def _carry_out(row: Schedule, now: datetime.datetime) -> Schedule | None:
    article = lock(row.article_id)
    row = Schedule.objects.select_related("scheduled_by", "version").get(pk=row.pk)
    if row.closed_at or row.publish_at > now:
        return None
    try:
        publish_locked(article, row.version, row.scheduled_by, _known_then(row, article))
    except (NotAllowed, NotNow):
        with as_stored():
            refuse(row, article, _why_not(row, article))
    row.refresh_from_db()
    return row


def _why_not(row: Schedule, article: Article) -> str:
    """Return why the schedule, which was just refused, cannot be carried out."""
    try:
        publish_locked(article, row.version, row.scheduled_by, _known_then(row, article))
    except NotAllowed as refusal:
        said = of_the_editor(row, str(refusal))
        return f"{row.scheduled_by_name} scheduled it, but is no longer allowed to publish it: {said}"
    except NotNow as refusal:
        return str(refusal)
    raise AssertionError("A refused publication was refused a moment ago.")


def _known_then(row: Schedule, article: Article) -> int | None:
    """Return the number of the latest version if it was submitted before the schedule, so that its editor knew it."""
    latest = article.latest_version or row.version
    return latest.number if latest.submitted_at <= row.scheduled_at else None
