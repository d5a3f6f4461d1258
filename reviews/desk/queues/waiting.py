"""The work that is waiting for the signed-in person, by role."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Case, Exists, F, Model, OuterRef, Q, QuerySet, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.models import Article, Authorship, Disclaimer, VersionTopic
from articles.models.people import Role, roles_of
from reviews import workflow
from reviews.desk.access import comments_for, mentions_of, visible_task
from reviews.desk.answers import attempt
from reviews.desk.article.views import latest_with_state
from reviews.desk.forms import StepForm, TaskForm, form_of_row
from reviews.desk.queues.progress import tell_progress, why_stalled
from reviews.desk.queues.queue import to_complete, to_publish
from reviews.messages.reminders import INTERESTS_SOON
from reviews.models import Assignment, Attestation, Decision, Disclosure, Review, Schedule, Specialty, Task
from reviews.workflow.approval import attestation
from reviews.workflow.approval.eligibility import unplanned
from reviews.workflow.approval.full_review.resting import as_reviewed
from reviews.workflow.steps.assignment import answer_by

MOST_ROWS = 50
SOON = datetime.timedelta(days=60)


T = TypeVar("T")
M = TypeVar("M", bound=Model)


class FirstRows(list[T]):
    """The first rows of a list; `more` is true if there are others."""

    def __init__(self, rows: Iterable[T], *, more: bool) -> None:
        super().__init__(rows)
        self.more = more


def first_rows(rows: QuerySet[M]) -> FirstRows[M]:
    """Return at most `MOST_ROWS` rows of a query."""
    found = list(rows[: MOST_ROWS + 1])
    return FirstRows(found[:MOST_ROWS], more=len(found) > MOST_ROWS)


@dataclass(frozen=True)
class TaskRow:
    """A task and the form that closes it."""

    task: Task
    form: TaskForm


@require_safe
def my_work(request: SignedInRequest) -> HttpResponse:
    return show_work(request)


@posted_from(lambda request, pk: reverse("desk"))
def close_task(request: SignedInRequest, pk: int) -> HttpResponse:
    task = visible_task(request, pk)
    form = TaskForm(request.POST, about=pk)
    if attempt(form, lambda outcome: workflow.close_task(task, actor=request.user, outcome=outcome)):
        messages.success(request, _("Task closed."))
        return redirect("desk")
    return show_work(request, form, status=form.http_status)


def show_work(request: SignedInRequest, bound: StepForm | None = None, status: int = 200) -> HttpResponse:
    """
    List this person's work, at most `MOST_ROWS` rows of each kind, in a constant number of queries.

    Tasks are listed newest first, all other work oldest first. `bound` is the refused form of a task.
    """
    roles = roles_of(request.user)
    waiting: dict[str, Any] = {"roles": roles, "today": timezone.localdate(), "bound": bound}
    if Role.REVIEWER in roles:
        waiting |= reviewer_work(request.user)
    if Role.EDITOR in roles:
        waiting |= editor_work(request.user, bound)
    if Role.AUTHOR in roles:
        waiting |= author_work(request.user)
    assigned = comments_for(request.user, roles).select_related("article__latest_version__review")
    waiting["comments"] = first_rows(assigned)
    waiting["mentions"] = first_rows(mentions_of(request.user, roles).select_related("article__latest_version__review"))
    tell_progress(_reviews_in(waiting))
    _tell_stalled(waiting)
    return render(request, "desk/work.html", waiting, status=status)


def _reviews_in(waiting: dict[str, Any]) -> Iterator[Review]:
    """Yield the reviews whose progress is told: those that this person is in, and for editors those under way."""
    for name in ("asked", "signed"):
        yield from (row.review for row in waiting.get(name, ()))
    for name in (Review.Status.UNDER_REVIEW, "owing"):
        yield from waiting.get(name, ())
    for name in ("wanted", "on_their_way"):
        yield from (article.latest_version.review for article in waiting.get(name, ()))


def _tell_stalled(waiting: dict[str, Any]) -> None:
    """Say of each review that an editor sees whose interests without a plan keep it from going on."""
    names = (*Review.PENDING, Review.Status.APPROVED, "owing")
    reviews = [review for name in names for review in waiting.get(name, ())]
    reviews += [row.version.review for row in waiting.get("schedules", ())]
    barred = unplanned.standing_in(reviews)
    for review in reviews:
        review.why_stalled = why_stalled(barred[review.pk])


def reviewer_work(user: User) -> dict[str, Any]:
    asked = Assignment.objects.to_decide().filter(reviewer=user)
    signed = Decision.objects.counting().filter(
        assignment__reviewer=user, review__status=Review.Status.APPROVED, review__published_at__isnull=True
    )
    newer = Review.objects.filter(
        article=OuterRef("review__article"), published_at__isnull=False, pk__gt=OuterRef("review")
    )
    disclosed = Disclosure.objects.current(timezone.localdate()).filter(member__user=user)
    rows = first_rows(asked.select_related("review__version").order_by("due", "assigned_at"))
    for row in rows:
        row.answer_by = None if row.is_accepted else answer_by(row)
    return {
        "disclosure": disclosed.first(),
        "renews_by": timezone.localdate() + INTERESTS_SOON,
        "asked": rows,
        "due_again": first_rows(to_read_again(user)),
        "signed": first_rows(signed.exclude(Exists(newer)).select_related("review__version").order_by("decided_at")),
    }


def to_read_again(user: User) -> QuerySet[Article]:
    """
    Return the public articles whose next review is due soon and that this board member can attest to need no change.

    They approved a version of it, or are a specialist in one of its topics. Left out are articles with a newer version
    on its way, those that they signed already, and those that they stepped back from because of a conflict.
    """
    approved = Decision.objects.counting().filter(review__article=OuterRef("pk"), assignment__reviewer=user)
    own_topics = VersionTopic.objects.filter(
        version=OuterRef("published_version"), topic__in=Specialty.objects.filter(member__user=user).values("topic")
    )
    barred = Assignment.objects.filter(
        review__article=OuterRef("pk"), reviewer=user, ended_as=Assignment.Ending.CONFLICT
    )
    signed = Attestation.objects.filter(
        version=OuterRef("published_version"),
        signature__signer=user,
        attested_at__gt=timezone.now() - attestation.COUNT_FOR,
    )
    newer = Review.objects.filter(
        article=OuterRef("pk"),
        status__in=Review.ON_ITS_WAY,
        published_at__isnull=True,
        version=OuterRef("latest_version"),
    )
    rows = Article.objects.listed().filter(next_review_due__lte=timezone.localdate() + SOON)
    rows = rows.filter(Exists(approved) | Exists(own_topics))
    rows = rows.exclude(Exists(barred)).exclude(Exists(signed)).exclude(Exists(newer))
    return rows.select_related("published_version").order_by("next_review_due", "pk")


def editor_work(user: User, bound: StepForm | None) -> dict[str, FirstRows[Any]]:
    reviews = Review.objects.select_related("version").order_by("submitted_at", "pk")
    confirmable = Disclaimer.objects.filter(confirmation__isnull=True).exclude(issued_by=user)
    newer_confirmed = Disclaimer.objects.filter(
        audience=OuterRef("audience"), number__gt=OuterRef("number"), confirmation__isnull=False
    )
    newest = F("article__latest_version")
    held_back = Case(
        When(~Q(version=newest), article__latest_version__submitted_at__gt=F("scheduled_at"), then=True), default=False
    )
    open_schedules = Schedule.objects.open().annotate(is_held_back=held_back)
    soon = Article.objects.listed().filter(next_review_due__lte=timezone.localdate() + SOON)
    due = first_rows(soon.select_related("published_version__review").order_by("next_review_due", "pk"))
    as_reviewed(due)
    open_tasks = Task.objects.filter(role=Role.EDITOR.group, closed_at__isnull=True)
    tasks = first_rows(open_tasks.select_related("article").order_by("-opened_at", "-pk"))
    return {
        **{status.value: first_rows(reviews.standing(status)) for status in Review.PENDING},
        "approved": first_rows(to_publish().select_related("version").order_by("submitted_at", "pk")),
        "owing": first_rows(to_complete().select_related("version").order_by("full_review_due", "pk")),
        "schedules": first_rows(open_schedules.select_related("version__review")),
        "tasks": FirstRows((TaskRow(task, form_of_row(TaskForm, task.pk, bound)) for task in tasks), more=tasks.more),
        "confirmable": first_rows(confirmable.exclude(Exists(newer_confirmed)).select_related("audience")),
        "due": due,
    }


def author_work(user: User) -> dict[str, Any]:
    mine = Authorship.objects.filter(article=OuterRef("pk"), contributor__user=user, role=Authorship.Role.AUTHOR)
    drafts = Article.objects.filter(Exists(mine)).prefetch_related(latest_with_state()).order_by("-pk")
    wanted = Decision.objects.live().filter(
        review__in=Review.objects.owing(),
        review__version=OuterRef("latest_version"),
        outcome=Decision.Outcome.REQUEST_CHANGES,
    )
    return {
        "wanted": first_rows(drafts.filter(Exists(wanted))),
        "returned": first_rows(drafts.filter(latest_version__review__status__in=Review.RETURNED)),
        "unsubmitted": first_rows(drafts.filter(latest_version__isnull=True)),
        "on_their_way": list(
            drafts.filter(
                latest_version__review__status__in=Review.ON_ITS_WAY,
                latest_version__review__published_at__isnull=True,
            )[:MOST_ROWS]
        ),
    }


@require_safe
def password_changed(request: SignedInRequest) -> HttpResponse:
    messages.success(request, _("Password changed."))
    return redirect("desk")
