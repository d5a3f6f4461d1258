"""
Reminders: to a reviewer shortly before a review is due and once it is overdue, then to the editor; to editors while
nobody is asked about a version, and when an article is to be reviewed again.

What is due is asked of the rows as they stand, so that a day without a run is made up for, and what was answered,
taken back or moved meanwhile is not reminded of.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Version
from reviews.messages import notifications
from reviews.models import Assignment, Reminder, Review
from reviews.workflow.approval.resting import as_reviewed

SOON = datetime.timedelta(days=3)
LONG_OVERDUE = datetime.timedelta(days=7)
WITH_NOBODY = datetime.timedelta(days=7)
NONE_STANDS = "“{}” no longer has a valid full review: a notice is in force on it."
NOTHING_COMES = "An author should submit a new version, or an editor should issue a notice."
AGAIN_SOON = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Due:
    """A reminder to be sent, unless it was."""

    kind: Reminder.Kind
    due: datetime.date
    recipients: list[str]
    subject: str
    body: str
    assignment: Assignment | None = None
    article: Article | None = None

    @property
    def page(self) -> str:
        if self.assignment:
            return notifications.page_of(self.assignment.review)
        return reverse("desk_article", args=[self.article.pk])


def send_due(today: datetime.date | None = None) -> int:
    """Send every reminder that is due and was not sent, each in a transaction of its own; return how many."""
    today = today or timezone.localdate()
    return sum(_send(due) for due in [*_of_assignments(today), *_of_waiting(today), *_of_articles(today)])


def _send(due: Due) -> bool:
    """Note the reminder and order its mail, both or neither; False where another run was first."""
    with transaction.atomic():
        _, is_new = Reminder.objects.get_or_create(
            kind=due.kind,
            assignment=due.assignment,
            article=due.article,
            due=due.due,
            defaults={"sent_at": timezone.now()},
        )
        if is_new:
            notifications.send(due.recipients, due.subject, due.body, due.page)
    return is_new


def _of_assignments(today: datetime.date) -> Iterator[Due]:
    rows = Assignment.objects.open().filter(due__lte=today + SOON, review__status__in=Review.PENDING)
    rows = rows.select_related("reviewer", "review__version", "review__triaged_by").prefetch_related("reminders")
    for row in rows.order_by("due", "pk"):
        version, by = row.review.version, f"{row.due:%-d %B %Y}"
        text = f"version {version.number} of “{version.title}”"
        sent = {(reminder.kind, reminder.due) for reminder in row.reminders.all()}
        kind = Reminder.Kind.OVERDUE if row.due < today else Reminder.Kind.SOON
        if row.reviewer.is_active and (kind, row.due) not in sent:
            when = f"was due by {by}" if row.due < today else f"is due by {by}"
            body = (
                f"Your review of {text} {when}.\n\n"
                "If you have no time for it, please step back. The editors will then ask someone else."
            )
            subject = f"{'Overdue' if row.due < today else 'Due soon'}: {version.title}"
            yield Due(kind, row.due, [row.reviewer.email], subject, body, assignment=row)
        kind = Reminder.Kind.ESCALATED
        if row.due < today - LONG_OVERDUE and (kind, row.due) not in sent:
            body = (
                f"The review of {text} by {row.reviewer_name} was due by {by}.\n\n"
                "You can cancel the request and ask someone else."
            )
            yield Due(
                kind,
                row.due,
                notifications.editors_of(row.review),
                f"Long overdue: {version.title}",
                body,
                assignment=row,
            )


def _of_waiting(today: datetime.date) -> Iterator[Due]:
    """Yield what to tell the editors of each version that nobody is asked about, each week that it stays so."""
    asked = Assignment.objects.open().filter(review=OuterRef("pk"))
    rows = (
        Review.objects.pending()
        .filter(~Exists(asked))
        .annotate(last=Max("assignments__ended_at"))
        .select_related("version", "article", "triaged_by")
        .prefetch_related("article__reminders")
    )
    for row in rows.order_by("submitted_at", "pk"):
        since = (row.last or row.submitted_at).date()
        weeks = (today - since) // WITH_NOBODY
        due = since + weeks * WITH_NOBODY
        sent = {(reminder.kind, reminder.due) for reminder in row.article.reminders.all()}
        if weeks and (Reminder.Kind.NOBODY_ASKED, due) not in sent:
            body = (
                f"Nobody has been asked about version {row.version.number} of “{row.version.title}” since "
                f"{since:%-d %B %Y}.\n\nAsk a reviewer, or decline the version."
            )
            recipients = notifications.editors_of(row)
            subject = f"No reviewer asked: {row.version.title}"
            yield Due(Reminder.Kind.NOBODY_ASKED, due, recipients, subject, body, article=row.article)


def _of_articles(today: datetime.date) -> Iterator[Due]:
    rows = Article.objects.listed().filter(next_review_due__lte=today + AGAIN_SOON)
    rows = rows.select_related("published_version__review__triaged_by", "latest_version__review")
    rows = rows.prefetch_related("reminders")
    for row in as_reviewed(rows.order_by("next_review_due", "pk")):
        due, title = row.next_review_due, row.published_version.title
        kind = Reminder.Kind.REVIEW_AGAIN if due < today else Reminder.Kind.REVIEW_AGAIN_SOON
        if (kind, due) not in {(reminder.kind, reminder.due) for reminder in row.reminders.all()}:
            when = f"was due by {due:%-d %B %Y}" if due < today else f"is due by {due:%-d %B %Y}"
            why = f"The next review of “{title}” {when}." if row.reviewed else NONE_STANDS.format(title)
            body = f"{why} {_what_comes(row, row.latest_version)}"
            recipients = notifications.editors_of(row.published_version.review)
            yield Due(kind, due, recipients, f"Review due: {title}", body, article=row)


def _what_comes(article: Article, latest: Version) -> str:
    """Say what is under way for an article that is to be reviewed again, or who has to begin."""
    if latest.review.is_pending:
        if latest.review.stands == Review.Status.SUBMITTED:
            return f"Version {latest.number} is submitted and is waiting for reviewers."
        return f"Version {latest.number} is under review."
    if latest.review.status == Review.Status.APPROVED and latest.number > article.published_version.number:
        return f"Version {latest.number} is approved and is waiting to be published."
    return NOTHING_COMES
