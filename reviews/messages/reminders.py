"""
Reminders. A reviewer gets one shortly before a review is due, one on the day and one after it. Then the editor gets
one, and a week later the offer to ask somebody else in their place.

Board members are reminded before their disclosure of interests runs out, and when it has. If it or the check of their
credentials has run out while they are asked, the editor is told of each request. So it is with an interest that came to
touch a text later than it was disclosed, for example because a topic was moved below another.

Editors are also reminded while no reviewer is asked about a version, when the full review of an urgent version or the
next review of an article is due, and while questions of readers or their reports of errors are open.

Reminders to editors wait for the daily email unless they are pressing: an urgent review, or an error that could harm
someone. A reviewer with several of a run gets one mail that lists them.

Each run reads the current rows and sends the newest reminder that is due. So it makes up for days without a run without
repeating itself, and sends no reminder about a review that was signed, cancelled or given a new date.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from articles.models import Article, ErrorReport, Question, Version
from reviews.messages import notifications
from reviews.models import Assignment, BoardMember, Disclosure, Reminder, Review
from reviews.workflow.approval.blockers import completion_blockers
from reviews.workflow.approval.eligibility import needs_credentials, unplanned
from reviews.workflow.approval.full_review.resting import as_reviewed
from reviews.workflow.steps.assignment import answer_by

SOON = datetime.timedelta(days=3)
WITH_NOBODY = datetime.timedelta(days=7)
UNANSWERED = datetime.timedelta(days=7)
AGAIN_SOON = datetime.timedelta(days=30)
INTERESTS_SOON = datetime.timedelta(days=30)
TO_REVIEWER = {Reminder.Kind.SOON: -SOON.days, Reminder.Kind.DUE_TODAY: 0, Reminder.Kind.OVERDUE: 1}  # days from due
TO_EDITOR = {Reminder.Kind.ESCALATED: 8, Reminder.Kind.REASSIGN: 15}
OF_WHO_CANNOT = (Reminder.Kind.CANNOT_SIGN, Reminder.Kind.CONFLICT)
ADVICE = gettext_noop("If you have no time for it, please step back. The editors will then ask someone else.")
SAID = {  # subject, what is so, and what to do
    Reminder.Kind.SOON: (
        gettext_noop("Due soon: {title}"),
        gettext_noop("Your review of version {number} of “{title}” is due by {day}."),
        ADVICE,
    ),
    Reminder.Kind.DUE_TODAY: (
        gettext_noop("Due today: {title}"),
        gettext_noop("Your review of version {number} of “{title}” is due today, {day}."),
        ADVICE,
    ),
    Reminder.Kind.OVERDUE: (
        gettext_noop("Overdue: {title}"),
        gettext_noop("Your review of version {number} of “{title}” was due by {day}."),
        ADVICE,
    ),
    Reminder.Kind.ESCALATED: (
        gettext_noop("Long overdue: {name}, {title}"),
        gettext_noop("The review of version {number} of “{title}” by {name} was due by {day}."),
        gettext_noop("You can cancel the request and ask someone else."),
    ),
    Reminder.Kind.REASSIGN: (
        gettext_noop("Ask somebody else? {name}, {title}"),
        gettext_noop("The review of version {number} of “{title}” by {name} was due by {day}, and is still open."),
        gettext_noop(
            "The page below proposes somebody else in their place. When you ask this person, the request to {name} is "
            "cancelled, unless you choose to keep it."
        ),
    ),
}


@dataclass(frozen=True)
class Due:
    """A reminder to be sent, unless it was sent already."""

    kind: Reminder.Kind
    about: Assignment | Article | BoardMember | None
    due: datetime.date
    recipients: list[str]
    subject: str
    body: str
    at_once: bool = True

    @property
    def together_with(self) -> tuple[str, ...]:
        """Return the key of the reminders of a run that go in one mail: those to one reviewer about their requests."""
        is_to_reviewer = isinstance(self.about, Assignment) and self.kind not in (*TO_EDITOR, Reminder.Kind.CANNOT_SIGN)
        return (*self.recipients,) if is_to_reviewer else (self.subject, self.page, *self.recipients)

    @property
    def page(self) -> str:
        if isinstance(self.about, Assignment) and self.kind in (Reminder.Kind.REASSIGN, Reminder.Kind.CANNOT_SIGN):
            return f"{reverse('assign', args=[self.about.review_id])}?instead={self.about.pk}"
        if isinstance(self.about, Assignment) and self.kind == Reminder.Kind.CONFLICT:
            return reverse("record_plan", args=[self.about.review_id, self.about.reviewer_id])
        if isinstance(self.about, Assignment):
            return notifications.page_of(self.about.review)
        if isinstance(self.about, BoardMember):
            return reverse("disclosures")
        if self.about is None:
            return reverse("reports" if self.kind == Reminder.Kind.REPORTS else "questions")
        return reverse("desk_article", args=[self.about.pk])


def send_due(today: datetime.date | None = None) -> int:
    """Send every reminder that is due and was not sent, each in its own transaction; return their number."""
    today = today or timezone.localdate()
    sources = (
        _of_assignments,
        _of_waiting,
        _of_full_reviews,
        _of_articles,
        _of_interests,
        _of_lapsed,
        _of_conflicts,
        _of_readers,
    )
    return sum(_send_all([*source(today)]) for source in sources)


def _send_all(found: list[Due]) -> int:
    mails: dict[tuple[str, ...], list[Due]] = {}
    for due in found:
        mails.setdefault(due.together_with, []).append(due)
    return sum(_send(*each) for each in mails.values())


def _send(*found: Due) -> int:
    """Record these reminders and enqueue their one mail, all or nothing; leave out those that another run recorded."""
    with transaction.atomic():
        new = [due for due in found if _record(due)]
        if len(new) == 1:
            [due] = new
            notifications.send(due.recipients, due.subject, due.body, due.page, at_once=due.at_once)
        elif new:
            subject = ngettext(
                "{number} reminder about your reviews", "{number} reminders about your reviews", len(new)
            )
            body = "\n\n".join(f"{due.body}\n{settings.SITE_URL}{due.page}" for due in new)
            notifications.send(new[0].recipients, subject.format(number=len(new)), body, reverse("desk"))
    return len(new)


def _record(due: Due) -> bool:
    """Record the reminder; return False if another run was first."""
    _row, is_new = Reminder.objects.get_or_create(
        kind=due.kind,
        assignment=due.about if isinstance(due.about, Assignment) else None,
        article=due.about if isinstance(due.about, Article) else None,
        member=due.about if isinstance(due.about, BoardMember) else None,
        due=due.due,
        defaults={"sent_at": timezone.now()},
    )
    return is_new


def _of_assignments(today: datetime.date) -> Iterator[Due]:
    rows = Assignment.objects.to_decide().filter(Q(due__lte=today + SOON) | Q(accepted_at__isnull=True))
    rows = rows.select_related("reviewer", "review__version", "review__triaged_by").prefetch_related("reminders")
    for row in rows.order_by("due", "pk"):
        if not row.is_accepted:
            yield from _of_unanswered(row, today)
        if row.due and row.due <= today + SOON:
            yield from _of_assignment(row, row.due, today)


def _of_unanswered(row: Assignment, today: datetime.date) -> Iterator[Due]:
    """Yield the reminder to a reviewer who has neither accepted nor declined in time; one for each request."""
    due, version = answer_by(row), row.review.version
    if due > today or not row.reviewer.is_active:
        return
    if Reminder.Kind.ANSWER in {reminder.kind for reminder in row.reminders.all()}:
        return
    body = _("You were asked on {day} to review version {number} of “{title}”. Please accept or decline.").format(
        day=date_format(timezone.localdate(row.assigned_at)), number=version.number, title=version.title
    )
    advice = _("If you have no time for it, please decline. The editors will then ask someone else.")
    subject = _("Please answer: {title}").format(title=version.title)
    yield Due(Reminder.Kind.ANSWER, row, due, [row.reviewer.email], subject, f"{body}\n\n{advice}")


def _of_assignment(row: Assignment, due: datetime.date, today: datetime.date) -> Iterator[Due]:
    """Yield the newest reminder that is due to the reviewer, and to the editor, unless it was sent."""
    version = row.review.version
    text = {"number": version.number, "title": version.title, "day": date_format(due), "name": row.reviewer_name}
    sent = {(reminder.kind, reminder.due) for reminder in row.reminders.all()}
    for plan in (TO_REVIEWER, TO_EDITOR):
        kind = next((kind for kind, days in reversed(plan.items()) if due + datetime.timedelta(days) <= today), None)
        if kind is None or (kind, due) in sent:
            continue
        subject, sentence, then = SAID[kind]
        body = "\n\n".join(_(each).format(**text) for each in (sentence, then))
        called, urgent = _(subject).format(**text), row.review.is_urgent
        if plan is TO_EDITOR:
            yield Due(kind, row, due, notifications.editors_of(row.review), called, body, at_once=urgent)
        elif row.reviewer.is_active:
            yield Due(kind, row, due, [row.reviewer.email], called, body)


def remind_now(row: Assignment, today: datetime.date) -> str:
    """Send the reviewer of an open request a reminder that an editor wants; return why not, or "" if it is sent."""
    name = row.reviewer_name
    if not row.reviewer.is_active:
        return _("The account of {name} is locked.").format(name=name)
    if timezone.localdate(row.assigned_at) == today:
        return _("{name} was asked today.").format(name=name)
    version, due = row.review.version, row.due
    text = {"number": version.number, "title": version.title, "day": date_format(due) if due else ""}
    if due:
        body = _("The editors remind you of your review of version {number} of “{title}”. It is due by {day}.")
    else:
        body = _("The editors remind you of your review of version {number} of “{title}”.")
    body = f"{body.format(**text)}\n\n{_(ADVICE)}"
    subject = _("Reminder: {title}").format(**text)
    is_sent = _send(Due(Reminder.Kind.BY_EDITOR, row, today, [row.reviewer.email], subject, body))
    return "" if is_sent else _("{name} was reminded today already.").format(name=name)


def _of_waiting(today: datetime.date) -> Iterator[Due]:
    """Yield a weekly reminder to the editors of each version that has no open assignment that fills a place."""
    asked = unplanned.filling().filter(review=OuterRef("pk"))
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
            body = _("Nobody has been asked about version {number} of “{title}” since {day}.").format(
                number=row.version.number, title=row.version.title, day=date_format(since)
            )
            body = f"{body}\n\n{_('Ask a reviewer, or decline the version.')}"
            recipients = notifications.editors_of(row)
            subject = _("No reviewer asked: {title}").format(title=row.version.title)
            kind, urgent = Reminder.Kind.NOBODY_ASKED, row.is_urgent
            yield Due(kind, row.article, due, recipients, subject, body, at_once=urgent)


def _of_full_reviews(today: datetime.date) -> Iterator[Due]:
    """Yield the reminders to the editor about each urgent version whose full review is due soon, or overdue."""
    rows = Review.objects.owing().filter(full_review_due__lte=today + SOON)
    rows = rows.select_related("version", "article__published_version", "triaged_by").order_by("full_review_due", "pk")
    for row in rows.prefetch_related("article__reminders", "assignments"):
        due = row.full_review_due
        if due is None or completion_blockers(row):
            continue
        kind = Reminder.Kind.FULL_REVIEW_OVERDUE if due < today else Reminder.Kind.FULL_REVIEW_SOON
        if (kind, due) in {(reminder.kind, reminder.due) for reminder in row.article.reminders.all()}:
            continue
        if due < today:
            said = _("Version {number} of “{title}” was approved urgently. Its full review was due by {day}.")
        else:
            said = _("Version {number} of “{title}” was approved urgently. Its full review is due by {day}.")
        asked = sum(each.is_open for each in row.assignments.all())
        now = _("Still asked: {number}.").format(number=asked) if asked else _("No reviewer is asked now.")
        body = said.format(number=row.version.number, title=row.version.title, day=date_format(due))
        subject = _("Full review due: {title}").format(title=row.version.title)
        yield Due(kind, row.article, due, notifications.editors_of(row), subject, f"{body} {now}")


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
    if not row.reviewed:
        why = _(
            "“{title}” no longer has a valid full review: "
            "a notice is in force on the version that was reviewed in full."
        )
    elif due < today:
        why = _("The next review of “{title}” was due by {day}.")
    else:
        why = _("The next review of “{title}” is due by {day}.")
    body = f"{why.format(title=published.title, day=date_format(due))} {_next_step(latest, published)}"
    subject = _("Review due: {title}").format(title=published.title)
    recipients = notifications.editors_of(published.review)
    if row.reviewed and not _is_on_its_way(latest, published):
        body = f"{body}\n\n{_('If nothing needs to change, members of the board can read it again and sign that.')}"
        recipients = [*recipients, *notifications.signers_of([published.review])]
    yield Due(kind, row, due, recipients, subject, body, at_once=False)


def _is_on_its_way(latest: Version, published: Version) -> bool:
    return latest.pk != published.pk and latest.review.status in Review.ON_ITS_WAY


def _of_interests(today: datetime.date) -> Iterator[Due]:
    """Yield the reminders to members of the board whose newest disclosure runs out soon, and whose has run out."""
    current = Disclosure.objects.current(today).filter(valid_until__lt=today + INTERESTS_SOON)
    seated = current.filter(member__in=BoardMember.objects.seated())
    for row in seated.select_related("member__user").prefetch_related("member__reminders").order_by("pk"):
        due, is_over = row.valid_until, row.valid_until < today
        kind = Reminder.Kind.INTERESTS_LATE if is_over else Reminder.Kind.INTERESTS_SOON
        if (kind, due) in {(reminder.kind, reminder.due) for reminder in row.member.reminders.all()}:
            continue
        if is_over:
            subject = _("Your disclosure of interests has run out")
            said = _("Your disclosure of interests was valid until {day}. You cannot sign until you renew it.")
        else:
            subject = _("Please renew your disclosure of interests")
            said = _("Your disclosure of interests is valid until {day}.")
        advice = _("If it is still true, one press renews it.")
        yield Due(
            kind, row.member, due, [row.member.user.email], subject, f"{said.format(day=date_format(due))} {advice}"
        )


def _of_lapsed(today: datetime.date) -> Iterator[Due]:
    """
    Yield the reminder to the editor about each open request whose reviewer's disclosure or credentials have run out.

    The request still holds its place: a disclosure is renewed by one press. Lay reviewers need no credentials.
    """
    over = Disclosure.objects.current(today).filter(valid_until__lt=today)
    disclosed = dict(over.values_list("member__user", "valid_until"))
    unchecked = BoardMember.objects.filter(credential_valid_until__lt=today)
    checked = dict(unchecked.values_list("user", "credential_valid_until"))
    rows = Assignment.objects.to_decide().filter(reviewer__in=disclosed.keys() | checked.keys())
    rows = rows.select_related("reviewer", "review__version", "review__triaged_by").prefetch_related("reminders")
    for row in rows.order_by("pk"):
        about_interests = disclosed.get(row.reviewer_id)
        about_credentials = checked.get(row.reviewer_id) if needs_credentials(row.capacity) else None
        ends = [day for day in (about_interests, about_credentials) if day]
        if not ends or (Reminder.Kind.CANNOT_SIGN, max(ends)) in {
            (each.kind, each.due) for each in row.reminders.all()
        }:
            continue
        text = {"name": row.reviewer_name, "number": row.review.version.number, "title": row.review.version.title}
        said = [_("{name} is asked to review version {number} of “{title}” and cannot sign now.").format(**text)]
        if about_interests:
            day = date_format(about_interests)
            said.append(
                _("The disclosure of interests was valid until {day}: only {name} can renew it.").format(
                    day=day, **text
                )
            )
        if about_credentials:
            day = date_format(about_credentials)
            said.append(
                _("The check of the credentials was valid until {day}: an administrator records a new one.").format(
                    day=day
                )
            )
        then = _("If you do not want to wait, the page below proposes somebody else in their place.")
        subject = _("Cannot sign: {name}, {title}").format(**text)
        recipients = notifications.editors_of(row.review)
        yield Due(Reminder.Kind.CANNOT_SIGN, row, max(ends), recipients, subject, " ".join(said) + f"\n\n{then}")


def _of_conflicts(today: datetime.date) -> Iterator[Due]:
    """Yield the reminder to the editor about each request and approval that is barred, unless they were told."""
    found = unplanned.unplanned(unplanned.standing())
    people = {row.reviewer_id for row, _touching in found}
    current = Disclosure.objects.current(today).filter(member__user__in=people)
    made = dict(current.values_list("member__user", "made_on"))
    told = Reminder.objects.filter(kind=Reminder.Kind.CONFLICT, assignment__in=[row.pk for row, _touching in found])
    known = set(told.values_list("assignment", "due"))
    for row, touching in found:
        if (row.pk, made[row.reviewer_id]) in known:
            continue
        sentences = list(dict.fromkeys(each.sentence(row.reviewer_name) for each in touching))
        subject, body = notifications.of_interests(row, sentences)
        recipients = notifications.editors_of(row.review)
        yield Due(Reminder.Kind.CONFLICT, row, made[row.reviewer_id], recipients, subject, body)


def _of_readers(today: datetime.date) -> Iterator[Due]:
    """Yield the reminders to all editors of open questions and of open reports of errors."""
    questions = Question.objects.open().aggregate(number=Count("pk"), newest=Max("asked_at"))
    if _is_due(Reminder.Kind.QUESTIONS, questions["number"], questions["newest"], today):
        body = ngettext(
            "There is {number} open question of readers. The text of a question is not sent by email: open the list.",
            "There are {number} open questions of readers. The text of a question is not sent by email: open the list.",
            questions["number"],
        ).format(number=questions["number"])
        kind, subject = Reminder.Kind.QUESTIONS, _("Questions of readers")
        yield Due(kind, None, today, notifications.all_editors(), subject, body, at_once=False)
    could_harm = Count("pk", filter=Q(severity=ErrorReport.Severity.HARM))
    reports = ErrorReport.objects.open().aggregate(number=Count("pk"), newest=Max("reported_at"), harm=could_harm)
    if _is_due(Reminder.Kind.REPORTS, reports["number"], reports["newest"], today):
        are = ngettext(
            "There is {number} open report of an error.",
            "There are {number} open reports of errors.",
            reports["number"],
        ).format(number=reports["number"])
        if reports["harm"]:
            harm = _("{number} could harm someone.").format(number=reports["harm"])
        else:
            harm = _("None is said to be harmful.")
        body = f"{are} {harm} {_('The text of a report is not sent by email: open the list.')}"
        kind, subject = Reminder.Kind.REPORTS, _("Reports of errors")
        yield Due(kind, None, today, notifications.all_editors(), subject, body, at_once=bool(reports["harm"]))


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
            return _("Version {number} is submitted and is waiting for reviewers.").format(number=latest.number)
        return _("Version {number} is under review.").format(number=latest.number)
    if latest.review.status == Review.Status.APPROVED and latest.number > published.number:
        return _("Version {number} is approved and is waiting to be published.").format(number=latest.number)
    return _("An author should submit a new version, or an editor should issue a notice on the public version.")
