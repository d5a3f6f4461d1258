"""
Reminders. A reviewer gets one shortly before a review is due and one when it is overdue, then the editor gets one.

Editors are also reminded while no reviewer is asked about a version, when the next review of an article is due, and
while questions of readers or their reports of errors are open.

Each run reads the current rows. So it makes up for a day without a run, and sends no reminder about a review that was
signed, cancelled or given a new date.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, ErrorReport, Question, Version
from reviews.messages import notifications
from reviews.models import Assignment, Reminder, Review
from reviews.workflow.approval.resting import as_reviewed

SOON = datetime.timedelta(days=3)
LONG_OVERDUE = datetime.timedelta(days=7)
WITH_NOBODY = datetime.timedelta(days=7)
NO_VALID_REVIEW = (
    "“{}” no longer has a valid full review: a notice is in force on the version that was reviewed in full."
)
NOTHING_PENDING = "An author should submit a new version, or an editor should issue a notice on the public version."
UNANSWERED = datetime.timedelta(days=7)
AGAIN_SOON = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Due:
    """A reminder to be sent, unless it was sent already."""

    kind: Reminder.Kind
    about: Assignment | Article | None
    due: datetime.date
    recipients: list[str]
    subject: str
    body: str

    @property
    def page(self) -> str:
        if isinstance(self.about, Assignment):
            return notifications.page_of(self.about.review)
        if self.about is None:
            return reverse("reports" if self.kind == Reminder.Kind.REPORTS else "questions")
        return reverse("desk_article", args=[self.about.pk])


def send_due(today: datetime.date | None = None) -> int:
    """Send every reminder that is due and was not sent, each in its own transaction; return their number."""
    today = today or timezone.localdate()
    return sum(
        _send(due) for due in [*_of_assignments(today), *_of_waiting(today), *_of_articles(today), *_of_readers(today)]
    )


def _send(due: Due) -> bool:
    """Record the reminder and enqueue its mail, both or neither; return False if another run was first."""
    with transaction.atomic():
        _, is_new = Reminder.objects.get_or_create(
            kind=due.kind,
            assignment=due.about if isinstance(due.about, Assignment) else None,
            article=due.about if isinstance(due.about, Article) else None,
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
        if row.due:  # as the filter requires
            yield from _of_assignment(row, row.due, today)


def _of_assignment(row: Assignment, due: datetime.date, today: datetime.date) -> Iterator[Due]:
    """Yield the reminder to the reviewer and, when the review is long overdue, the one to the editor."""
    version, by = row.review.version, f"{due:%-d %B %Y}"
    text = f"version {version.number} of “{version.title}”"
    sent = {(reminder.kind, reminder.due) for reminder in row.reminders.all()}
    is_overdue = due < today
    kind = Reminder.Kind.OVERDUE if is_overdue else Reminder.Kind.SOON
    if row.reviewer.is_active and (kind, due) not in sent:
        when = f"was due by {by}" if is_overdue else f"is due by {by}"
        body = (
            f"Your review of {text} {when}.\n\n"
            "If you have no time for it, please step back. The editors will then ask someone else."
        )
        subject = f"{'Overdue' if is_overdue else 'Due soon'}: {version.title}"
        yield Due(kind, row, due, [row.reviewer.email], subject, body)
    kind = Reminder.Kind.ESCALATED
    if due < today - LONG_OVERDUE and (kind, due) not in sent:
        body = (
            f"The review of {text} by {row.reviewer_name} was due by {by}.\n\n"
            "You can cancel the request and ask someone else."
        )
        yield Due(kind, row, due, notifications.editors_of(row.review), f"Long overdue: {version.title}", body)


def _of_waiting(today: datetime.date) -> Iterator[Due]:
    """Yield a weekly reminder to the editors of each version that has no open assignment."""
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
            yield Due(Reminder.Kind.NOBODY_ASKED, row.article, due, recipients, subject, body)


def _of_articles(today: datetime.date) -> Iterator[Due]:
    rows = Article.objects.listed().filter(next_review_due__lte=today + AGAIN_SOON)
    rows = rows.select_related("published_version__review__triaged_by", "latest_version__review")
    rows = rows.prefetch_related("reminders")
    for row in as_reviewed(rows.order_by("next_review_due", "pk")):
        due, published, latest = row.next_review_due, row.published_version, row.latest_version
        if due and published and latest:  # as the filter and `listed` require
            yield from _of_article(row, due, published, latest, today)


def _of_article(
    row: Article, due: datetime.date, published: Version, latest: Version, today: datetime.date
) -> Iterator[Due]:
    kind = Reminder.Kind.REVIEW_AGAIN if due < today else Reminder.Kind.REVIEW_AGAIN_SOON
    if (kind, due) in {(reminder.kind, reminder.due) for reminder in row.reminders.all()}:
        return
    when = f"was due by {due:%-d %B %Y}" if due < today else f"is due by {due:%-d %B %Y}"
    why = f"The next review of “{published.title}” {when}." if row.reviewed else NO_VALID_REVIEW.format(published.title)
    body = f"{why} {_next_step(latest, published)}"
    yield Due(kind, row, due, notifications.editors_of(published.review), f"Review due: {published.title}", body)


def _of_readers(today: datetime.date) -> Iterator[Due]:
    """Yield the reminders to all editors of open questions and of open reports of errors."""
    questions = Question.objects.open().aggregate(number=Count("pk"), newest=Max("asked_at"))
    if _is_due(Reminder.Kind.QUESTIONS, questions["number"], questions["newest"], today):
        are = "is 1 open question" if questions["number"] == 1 else f"are {questions['number']} open questions"
        body = f"There {are} of readers. The text of a question is not sent by email: open the list."
        yield Due(Reminder.Kind.QUESTIONS, None, today, notifications.all_editors(), "Questions of readers", body)
    could_harm = Count("pk", filter=Q(severity=ErrorReport.Severity.HARM))
    reports = ErrorReport.objects.open().aggregate(number=Count("pk"), newest=Max("reported_at"), harm=could_harm)
    if _is_due(Reminder.Kind.REPORTS, reports["number"], reports["newest"], today):
        are = (
            "is 1 open report of an error"
            if reports["number"] == 1
            else f"are {reports['number']} open reports of errors"
        )
        harm = f"{reports['harm']} could harm someone." if reports["harm"] else "None is said to be harmful."
        body = f"There {are}. {harm} The text of a report is not sent by email: open the list."
        yield Due(Reminder.Kind.REPORTS, None, today, notifications.all_editors(), "Reports of errors", body)


def _is_due(kind: Reminder.Kind, number: int, newest: datetime.datetime, today: datetime.date) -> bool:
    """Tell whether editors are reminded of open rows: on the day after one came in, and weekly while any is open."""
    if not number:
        return False
    last = Reminder.objects.filter(kind=kind).aggregate(sent=Max("sent_at"), due=Max("due"))
    if last["due"] and last["due"] >= today:
        return False
    return bool(last["sent"] is None or newest > last["sent"] or today - last["due"] >= UNANSWERED)


def _next_step(latest: Version, published: Version) -> str:
    """Return the sentence on the next version of an article whose review is due, or on who should act."""
    if latest.review.is_pending:
        if latest.review.stands == Review.Status.SUBMITTED:
            return f"Version {latest.number} is submitted and is waiting for reviewers."
        return f"Version {latest.number} is under review."
    if latest.review.status == Review.Status.APPROVED and latest.number > published.number:
        return f"Version {latest.number} is approved and is waiting to be published."
    return NOTHING_PENDING
