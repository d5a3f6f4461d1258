"""Schedules of publication: created, cancelled, refused, or closed by a publication."""

import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Version
from articles.models.people import Role
from articles.models.rows.remembered import remembered
from articles.text.languages import within_sentence
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Review, Schedule, Task
from reviews.models.actions import Action
from reviews.workflow.errors import NotNow
from reviews.workflow.reading import read_review
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.publication.blockers import newer_blockers, publication_blockers
from reviews.workflow.steps.publication.dates import months_later
from reviews.workflow.table import Who, person_blocker, require_person, require_state
from reviews.workflow.transaction import lock, reason_given, version_payload

MONTHS_AHEAD = 24


@refusals_logged
@transaction.atomic(durable=True)
def schedule(version: Version, *, actor: User, at: datetime.datetime, despite: int | None = None) -> Schedule:
    """
    Schedule the version's publication; `publish_due` then carries it out in the actor's name.

    `despite` is as for `publish`. If a newer version is submitted later, the schedule will be refused.
    """
    article = lock(version.article_id)
    review = read_review(article, version.pk, actor=actor)
    require_person("schedule", actor, article=article, review=review)
    require_state("schedule", review)
    if blockers := [*publication_blockers(article, review, actor), *newer_blockers(article, review, despite)]:
        raise NotNow(" ".join(blockers))
    if Schedule.objects.filter(article=article, closed_at__isnull=True).exists():
        raise NotNow(_("A version of this article is already scheduled. Cancel that schedule first."))
    if timezone.is_naive(at):
        raise ValidationError({"at": _("Give the time with its time zone.")})
    if at <= timezone.now():
        raise ValidationError({"at": _("Choose a time in the future, or publish now.")})
    if at.date() > months_later(timezone.localdate(), MONTHS_AHEAD):
        raise ValidationError({"at": _("This is more than two years away. Choose an earlier time.")})
    row = Schedule(
        article=article,
        version=review.version,
        publish_at=at,
        scheduled_by=actor,
        scheduled_by_name=ledger.name_of(actor),
        scheduled_at=timezone.now(),
    )
    row.save()
    ledger.append(
        Action.SCHEDULED,
        actor=actor,
        article=article,
        payload={**version_payload(review.version), "publish_at": at.astimezone(datetime.UTC).isoformat()},
        rows=[row],
    )
    return row


@refusals_logged
@transaction.atomic(durable=True)
def cancel_schedule(row: Schedule, *, actor: User, reason: str) -> Schedule:
    """Cancel an open schedule with a reason; any editor may."""
    reason = reason_given(reason)
    article = lock(row.article_id)
    row = Schedule.objects.select_related("version").get(pk=row.pk)
    require_person("cancel_schedule", actor, article=article)
    if row.closed_at:
        raise NotNow(
            _("This schedule is already closed: {outcome}.").format(outcome=within_sentence(row.get_outcome_display()))
        )
    _close(row, Schedule.Outcome.CANCELLED, timezone.now(), reason)
    ledger.append(
        Action.SCHEDULE_CANCELLED,
        actor=actor,
        article=article,
        payload=version_payload(row.version),
        private={"reason": reason},
        rows=[row],
    )
    return row


def schedule_blockers(row: Schedule, review: Review, reader: User) -> list[str]:
    """
    Return why an open schedule would be refused now, except because of a newer version, in sentences to this reader.

    There is no sentence about an editor who has left: lists show that.
    """
    against = ""
    if not row.editor_left:
        against = person_blocker("publish", row.scheduled_by, article=review.article, review=review)
    of_the_person = _("{name} is no longer allowed to publish it: {reason}")
    left = [of_the_person.format(name=row.scheduled_by_name, reason=of_the_editor(row, against))] if against else []
    return [*left, *publication_blockers(review.article, review, reader)]


def of_the_editor(row: Schedule, sentence: str) -> str:
    """Return the sentence to the editor who scheduled it, changed into one about that editor."""
    if sentence != str(Who.PUBLISHER.label):
        return sentence
    about = _("{name} wrote all or part of this text. Another editor must publish it.")
    return about.format(name=row.scheduled_by_name)


def refuse(row: Schedule, article: Article, reason: str) -> None:
    """Close the schedule with the reason and leave a task for the editors."""
    task = Task(
        article=article,
        version=row.version,
        role=Role.EDITOR.group,
        text=f"Version {row.version.number} was not published as scheduled. {reason}"[:1000],
        opened_at=timezone.now(),
    )
    task.save()
    _close(row, Schedule.Outcome.REFUSED, timezone.now(), reason)
    ledger.append(
        Action.SCHEDULE_REFUSED,
        actor=None,
        article=article,
        payload=version_payload(row.version),
        private={"reason": reason},
        rows=[row],
    )
    notifications.not_published(row)


def open_schedules(version: Version) -> list[Schedule]:
    """Return the version's open schedules, of which there is at most one; read once in a step."""
    return remembered(("schedules", version.pk), lambda: list(Schedule.objects.open().filter(version=version)))


def close_schedules(version: Version, outcome: str, now: datetime.datetime, reason: str = "") -> list[Schedule]:
    """Close the version's open schedules, and return their rows."""
    rows = open_schedules(version)
    for row in rows:
        _close(row, outcome, now, reason)
    return rows


def _close(row: Schedule, outcome: str, now: datetime.datetime, reason: str) -> None:
    row.closed_at, row.outcome, row.reason = now, outcome, reason
    row.save(update_fields=["closed_at", "outcome", "reason"])
