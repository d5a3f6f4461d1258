"""What waits on the person who is signed in, by role."""

import datetime

from django.contrib import messages
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.models import Article, Authorship, Disclaimer, Notice
from articles.models.people import Role, roles_of
from reviews import workflow
from reviews.desk.access import visible_task
from reviews.desk.answers import attempt
from reviews.desk.article.views import latest_as_it_stands
from reviews.desk.forms import TaskForm
from reviews.models import Assignment, Decision, Review, Schedule, Task
from reviews.workflow.approval.resting import as_reviewed

MOST = 50
SOON = datetime.timedelta(days=60)


class First(list):
    """The rows that a list shows; `more` says that there are others."""

    more = False


def first_of(rows) -> First:
    """Return the first fifty rows of a query, and whether there are more."""
    found = First(rows[: MOST + 1])
    found.more = len(found) > MOST
    del found[MOST:]
    return found


@require_safe
def my_work(request):
    return show_work(request)


@posted_from(lambda request, pk: reverse("desk"))
def close_task(request, pk):
    """Say what became of a task."""
    task = visible_task(request, pk)
    form = TaskForm(request.POST, about=pk)
    if attempt(form, lambda outcome: workflow.close_task(task, actor=request.user, outcome=outcome)):
        messages.success(request, "Task closed.")
        return redirect("desk")
    return show_work(request, form, status=form.http_status)


def show_work(request, bound=None, status=200):
    """
    List what waits on this person, at most fifty of each kind, in a constant number of queries.

    The oldest come first, but for tasks, where the newest do. `bound` is the refused form of a task.
    """
    roles = roles_of(request.user)
    waiting = {"roles": roles, "today": timezone.localdate()}
    if Role.REVIEWER in roles:
        waiting |= of_reviewer(request.user)
    if Role.EDITOR in roles:
        waiting |= of_editor(request.user)
    if Role.AUTHOR in roles:
        waiting |= of_author(request.user)
    for row in waiting.get("tasks", ()):
        row.form = bound if bound and bound.is_of(TaskForm, row.pk) else TaskForm(about=row.pk)
    waiting |= {"bound": bound}
    return render(request, "desk/work.html", waiting, status=status)


def of_reviewer(user) -> dict:
    asked = Assignment.objects.open().filter(reviewer=user, review__status__in=Review.PENDING)
    signed = Decision.objects.counting().filter(
        assignment__reviewer=user, review__status=Review.Status.APPROVED, review__published_at__isnull=True
    )
    newer = Review.objects.filter(
        article=OuterRef("review__article"), published_at__isnull=False, pk__gt=OuterRef("review")
    )
    return {
        "asked": first_of(asked.select_related("review__version").order_by("due", "assigned_at")),
        "signed": first_of(signed.exclude(Exists(newer)).select_related("review__version").order_by("decided_at")),
    }


def of_editor(user) -> dict:
    reviews = Review.objects.select_related("version").order_by("submitted_at", "pk")
    scheduled = Schedule.objects.filter(version=OuterRef("version"), closed_at__isnull=True)
    unpublished = reviews.filter(status=Review.Status.APPROVED, published_at__isnull=True)
    newer = Review.objects.filter(article=OuterRef("article"), published_at__isnull=False, pk__gt=OuterRef("pk"))
    forbidden = Notice.objects.in_force().that("forbids_publication").filter(versions=OuterRef("version"))
    confirmable = Disclaimer.objects.filter(confirmation__isnull=True).exclude(issued_by=user)
    newer_confirmed = Disclaimer.objects.filter(
        audience=OuterRef("audience"), number__gt=OuterRef("number"), confirmation__isnull=False
    )
    newest = F("article__latest_version")
    held_back = Case(
        When(~Q(version=newest), article__latest_version__submitted_at__gt=F("scheduled_at"), then=True), default=False
    )
    open_schedules = Schedule.objects.open().annotate(is_held_back=held_back)
    due = Article.objects.listed().filter(next_review_due__lte=timezone.localdate() + SOON)
    due = first_of(due.select_related("published_version__review").order_by("next_review_due", "pk"))
    as_reviewed(due)  # which says of each whether a full review stands behind it
    return {
        **{status.value: first_of(reviews.standing(status)) for status in Review.PENDING},
        "approved": first_of(unpublished.exclude(Exists(scheduled)).exclude(Exists(newer)).exclude(Exists(forbidden))),
        "schedules": first_of(open_schedules.select_related("version__review")),
        "tasks": first_of(
            Task.objects.filter(role=Role.EDITOR.group, closed_at__isnull=True)
            .select_related("article")
            .order_by("-opened_at", "-pk")
        ),
        "confirmable": first_of(confirmable.exclude(Exists(newer_confirmed)).select_related("audience")),
        "due": due,
    }


def of_author(user) -> dict:
    mine = Authorship.objects.filter(article=OuterRef("pk"), contributor__user=user, role=Authorship.Role.AUTHOR)
    drafts = Article.objects.filter(Exists(mine)).prefetch_related(latest_as_it_stands()).order_by("-pk")
    return {
        "returned": first_of(drafts.filter(latest_version__review__status__in=Review.RETURNED)),
        "unsubmitted": first_of(drafts.filter(latest_version__isnull=True)),
        "on_their_way": drafts.filter(
            latest_version__review__status__in=Review.ON_ITS_WAY,
            latest_version__review__published_at__isnull=True,
        )[:MOST],
    }


@require_safe
def password_changed(request):
    messages.success(request, "Password changed.")
    return redirect("desk")
