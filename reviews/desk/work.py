"""What waits on the person who is signed in, by role."""

import datetime

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Article, Authorship, Disclaimer, Notice
from articles.roles import Role, roles_of
from reviews.models import Assignment, Decision, Review, Schedule, Task

MOST = 50
SOON = datetime.timedelta(days=60)


@require_safe
def my_work(request):
    """List what waits on this person, the oldest first: at most fifty of each kind, in a constant number of queries."""
    roles = roles_of(request.user)
    waiting = {"roles": roles, "today": timezone.localdate()}
    if Role.REVIEWER.label in roles:
        waiting |= of_reviewer(request.user)
    if Role.EDITOR.label in roles:
        waiting |= of_editor(request.user)
    if Role.AUTHOR.label in roles:
        waiting |= of_author(request.user)
    return render(request, "desk/work.html", waiting)


def of_reviewer(user) -> dict:
    asked = Assignment.objects.open().filter(reviewer=user, review__status__in=Review.PENDING)
    signed = Decision.objects.live_approvals().filter(
        assignment__reviewer=user, review__status=Review.Status.APPROVED, review__published_at__isnull=True
    )
    return {
        "asked": asked.select_related("review__version").order_by("due", "assigned_at")[:MOST],
        "signed": signed.select_related("review__version").order_by("decided_at")[:MOST],
    }


def of_editor(user) -> dict:
    reviews = Review.objects.select_related("version").order_by("submitted_at", "pk")
    scheduled = Schedule.objects.filter(version=OuterRef("version"), closed_at__isnull=True)
    unpublished = reviews.filter(status=Review.Status.APPROVED, published_at__isnull=True)
    newer = Review.objects.filter(article=OuterRef("article"), published_at__isnull=False, pk__gt=OuterRef("pk"))
    forbidden = Notice.objects.in_force().filter(kind__in=Notice.FORBID_PUBLICATION, versions=OuterRef("version"))
    confirmable = Disclaimer.objects.filter(confirmation__isnull=True).exclude(issued_by=user)
    newer_confirmed = Disclaimer.objects.filter(
        audience=OuterRef("audience"), number__gt=OuterRef("number"), confirmation__isnull=False
    )
    due = Article.objects.listed().filter(next_review_due__lte=timezone.localdate() + SOON)
    return {
        "submitted": reviews.filter(status=Review.Status.SUBMITTED)[:MOST],
        "under_review": reviews.filter(status=Review.Status.UNDER_REVIEW)[:MOST],
        "approved": unpublished.exclude(Exists(scheduled)).exclude(Exists(newer)).exclude(Exists(forbidden))[:MOST],
        "schedules": Schedule.objects.filter(closed_at__isnull=True).select_related("version__review")[:MOST],
        "tasks": Task.objects.filter(role=Role.EDITOR.value, closed_at__isnull=True).select_related("article")[:MOST],
        "confirmable": confirmable.exclude(Exists(newer_confirmed)).select_related("audience")[:MOST],
        "due": due.select_related("published_version").order_by("next_review_due", "pk")[:MOST],
    }


def of_author(user) -> dict:
    mine = Authorship.objects.filter(article=OuterRef("pk"), contributor__user=user, role=Authorship.Role.AUTHOR)
    drafts = Article.objects.filter(Exists(mine)).select_related("latest_version__review").order_by("-pk")
    returned = ["changes_requested", "declined", "recalled"]
    return {
        "returned": drafts.filter(latest_version__review__status__in=returned)[:MOST],
        "unsubmitted": drafts.filter(latest_version__isnull=True)[:MOST],
        "on_their_way": drafts.filter(
            latest_version__review__status__in=[*Review.PENDING, Review.Status.APPROVED],
            latest_version__review__published_at__isnull=True,
        )[:MOST],
    }


@require_safe
def password_changed(request):
    messages.success(request, "Your password is changed.")
    return redirect("desk")
