"""
Reminders: to a reviewer shortly before a review is due and once it is overdue, then to the editor; and to editors when
an article is to be reviewed again.

What is due is asked of the rows as they stand, so that a day without a run is made up for, and what was answered,
taken back or moved meanwhile is not reminded of.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from articles.roles import Role, active, holds
from reviews import notifications
from reviews.models import Assignment, Reminder, Review

SOON = datetime.timedelta(days=3)
LONG_OVERDUE = datetime.timedelta(days=7)
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
    return sum(_send(due) for due in [*_of_assignments(today), *_of_articles(today)])


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
                "If you have no time for it, please step back: another reviewer is then asked."
            )
            subject = f"{'Overdue' if row.due < today else 'Due soon'}: {version.title}"
            yield Due(kind, row.due, [row.reviewer.email], subject, body, assignment=row)
        kind = Reminder.Kind.ESCALATED
        if row.due < today - LONG_OVERDUE and (kind, row.due) not in sent:
            body = (
                f"The review of {text} by {row.reviewer_name} was due by {by}.\n\n"
                "You can take it back and ask somebody else."
            )
            yield Due(kind, row.due, _editors(row.review), f"Long overdue: {version.title}", body, assignment=row)


def _of_articles(today: datetime.date) -> Iterator[Due]:
    rows = Article.objects.listed().filter(next_review_due__lte=today + AGAIN_SOON)
    rows = rows.select_related("published_version__review__triaged_by").prefetch_related("reminders")
    for row in rows.order_by("next_review_due", "pk"):
        due, title = row.next_review_due, row.published_version.title
        kind = Reminder.Kind.REVIEW_AGAIN if due < today else Reminder.Kind.REVIEW_AGAIN_SOON
        if (kind, due) not in {(reminder.kind, reminder.due) for reminder in row.reminders.all()}:
            when = f"was due by {due:%-d %B %Y}" if due < today else f"is due by {due:%-d %B %Y}"
            body = f"The next review of “{title}” {when}. Submit a new version, or issue a notice."
            recipients = _editors(row.published_version.review)
            yield Due(kind, due, recipients, f"To be reviewed again: {title}", body, article=row)


def _editors(review: Review) -> list[str]:
    """Return the address of the editor who triaged the review, or of all editors where there is none any more."""
    if review.triaged_by and holds(review.triaged_by, Role.EDITOR):
        return [review.triaged_by.email]
    return list(active(Role.EDITOR).values_list("email", flat=True))
