import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from articles.models import Article, Notice, Version
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Comment, Review, Schedule
from reviews.models.actions import Action
from reviews.workflow.approval import eligibility, full_review, signing
from reviews.workflow.errors import NotNow
from reviews.workflow.refusals import noted
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


def publication_blockers(article: Article, review: Review) -> list[str]:
    """Return why an approved version cannot be published now."""
    blockers = []
    public = article.published_version
    if public and review.version.number <= public.number:
        blockers.append(f"Version {public.number} was published, and this is version {review.version.number}.")
    forbidding = Notice.objects.in_force().that("forbids_publication")
    forbidding = forbidding.filter(article=article, versions=review.version_id)
    blockers += [f"A notice forbids it: {notice.get_kind_display().lower()}." for notice in forbidding]
    if public and review.change != Version.Change.MAJOR and _loses_a_concern(public, review.version):
        blockers.append(
            f"Version {public.number}, which was published last, is under an expression of concern, and version "
            f"{review.version.number} is not: lift it, or issue one that names both."
        )
    if Comment.objects.holding(article.pk).exists():
        blockers.append("A blocking comment is not resolved yet.")
    blockers += eligibility.against_approvals(review)
    if reason := full_review.why_none_stands(review):
        blockers.append(f"{reason[0].upper()}{reason[1:]}. Submit it as a major change.")
    if _corrects_another(article, review):
        blockers.append(
            f"Version {public.number} was published since this correction was submitted, and is not the text that it "
            "corrects: submit the correction anew."
        )
    return blockers


def _loses_a_concern(public: Version, version: Version) -> bool:
    """Tell whether a concern stands over what is public and none over what is to take its place."""
    concerns = Notice.objects.in_force().that("doubts")
    return concerns.filter(versions=public).exists() and not concerns.filter(versions=version).exists()


def _corrects_another(article: Article, review: Review) -> bool:
    """
    Tell whether another text became public since this correction was proved to be one of the text before.

    Raised to a minor change it still holds nothing of that text; raised to a major one it was read in full.
    """
    if review.version.change != Version.Change.CORRECTION or review.change == Version.Change.MAJOR:
        return False
    return Review.objects.filter(article=article, published_at__gt=review.submitted_at).exclude(pk=review.pk).exists()


def newer_version(article: Article, review: Review) -> Version | None:
    """Return the article's latest version where that is not this one: its authors may have found a fault in this."""
    latest = article.latest_version
    return latest if latest and latest.number > review.version.number else None


def newer_blockers(article: Article, review: Review, despite: int | None) -> list[str]:
    """Return why the version cannot be published yet: a newer one was submitted that the editor has not named."""
    newer = newer_version(article, review)
    if newer is None or newer.number == despite:
        return []
    return [
        f"Version {newer.number} was submitted on {newer.submitted_at:%-d %B %Y}, with the note “{newer.note}”: "
        f"read it, then confirm that version {review.version.number} is to be published all the same."
    ]


@noted
@transaction.atomic(durable=True)
def schedule(version: Version, *, actor, at: datetime.datetime, despite: int | None = None) -> Schedule:
    """
    Order the version's publication at a time to come; `publish_due` acts on it for whoever scheduled it.

    `despite` is as for `publish`. A version submitted after this order holds it back.
    """
    article = lock(version.article_id)
    review = Review.objects.select_related("version").get(version=version.pk)
    require_person("schedule", actor, article=article, review=review)
    require_state("schedule", review)
    if blockers := [*publication_blockers(article, review), *newer_blockers(article, review, despite)]:
        raise NotNow(" ".join(blockers))
    if Schedule.objects.filter(article=article, closed_at__isnull=True).exists():
        raise NotNow("A version of this article is already scheduled. Cancel that schedule first.")
    if timezone.is_naive(at):
        raise ValidationError({"at": "Give the time with its time zone."})
    if at <= timezone.now():
        raise ValidationError({"at": "Choose a time to come, or publish now."})
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


def close_schedules(version: Version, outcome: str, now, reason: str = "") -> list[Schedule]:
    """Close what is still ordered for the version, and return the rows."""
    rows = list(Schedule.objects.filter(version=version, closed_at__isnull=True))
    for row in rows:
        row.closed_at, row.outcome, row.reason = now, outcome, reason
        row.save(update_fields=["closed_at", "outcome", "reason"])
    return rows
