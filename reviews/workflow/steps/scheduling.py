"""What happens to a schedule: carried out when it is due, refused with the reason, or cancelled."""

import datetime

from django.db import transaction
from django.utils import timezone

from articles.models.people import Role
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Review, Schedule, Task
from reviews.models.actions import Action
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.refusals import noted
from reviews.workflow.steps.publication import publication_blockers, publish_locked
from reviews.workflow.table import person_blocker, require_person
from reviews.workflow.transaction import lock, reason_given, version_payload


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
        said = _of_them(row, str(refusal))
        _refuse(row, article, f"{row.scheduled_by_name} scheduled it and may not publish it any more: {said}")
    except NotNow as refusal:
        _refuse(row, article, str(refusal))
    row.refresh_from_db()
    return row


def schedule_blockers(row: Schedule, review: Review) -> list[str]:
    """
    Return why an open order would be refused as things stand, but for a newer version that holds it back.

    Nothing is said of an editor who has left: lists tell of that.
    """
    review_of_it = {"article": review.article, "review": review}
    against = "" if row.editor_left else person_blocker("publish", row.scheduled_by, **review_of_it)
    of_the_person = (
        [f"{row.scheduled_by_name} may not publish it any more: {_of_them(row, against)}"] if against else []
    )
    return [*of_the_person, *publication_blockers(review.article, review)]


def _of_them(row: Schedule, sentence: str) -> str:
    """Return what is said to the person who scheduled it, said of them to others."""
    return sentence.replace("You wrote", f"{row.scheduled_by_name} wrote", 1)


def _known_then(row: Schedule, article) -> int | None:
    """Return the number of the latest version where whoever scheduled this had read it: it was there already."""
    latest = article.latest_version
    return latest.number if latest.submitted_at <= row.scheduled_at else None


def _refuse(row: Schedule, article, reason: str):
    """Close the schedule with the reason and leave a task for the editors."""
    task = Task(
        article=article,
        version=row.version,
        role=Role.EDITOR.group,
        text=f"Version {row.version.number} was not published as scheduled. {reason}"[:1000],
        opened_at=timezone.now(),
    )
    task.save()
    _close(row, Schedule.Outcome.REFUSED, reason)
    ledger.append(
        Action.SCHEDULE_REFUSED,
        actor=None,
        article=article,
        payload=version_payload(row.version),
        private={"reason": reason},
        rows=[row],
    )
    notifications.not_published(row)


@noted
@transaction.atomic(durable=True)
def cancel_schedule(row: Schedule, *, actor, reason: str) -> Schedule:
    """Take an open schedule back; any editor, with a reason."""
    reason = reason_given(reason)
    article = lock(row.article_id)
    row = Schedule.objects.select_related("version").get(pk=row.pk)
    require_person("cancel_schedule", actor, article=article)
    if row.closed_at:
        raise NotNow(f"This schedule is closed already: {row.get_outcome_display().lower()}.")
    _close(row, Schedule.Outcome.CANCELLED, reason)
    ledger.append(
        Action.SCHEDULE_CANCELLED,
        actor=actor,
        article=article,
        payload=version_payload(row.version),
        private={"reason": reason},
        rows=[row],
    )
    return row


def _close(row: Schedule, outcome: str, reason: str):
    row.closed_at, row.outcome, row.reason = timezone.now(), outcome, reason
    row.save(update_fields=["closed_at", "outcome", "reason"])
