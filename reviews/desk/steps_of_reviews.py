"""The steps of a review, each a form that is posted. A refusal shows the review's page again with what was typed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from articles.models import Article
from reviews import workflow
from reviews.desk import forms
from reviews.desk.answers import attempt
from reviews.desk.articles import visible_review
from reviews.desk.review_page import Page, assign_form
from reviews.desk.reviews import show_review
from reviews.models import Assignment, Schedule


@require_POST
def assign(request, pk):
    """Ask a reviewer; the first request confirms risk and change class."""
    review = visible_review(request, pk)
    form = assign_form(Page(review, request.user), request.POST)

    def step(reviewer, capacity, due, risk, change):
        terms = {"risk": risk or None, "change": change or None}
        return workflow.assign(review, actor=request.user, reviewer=reviewer, capacity=capacity, due=due, **terms)

    return _answer(request, review, form, step, "The reviewer is asked.")


@require_POST
def recall(request, pk):
    review = visible_review(request, pk)
    form = forms.RecallForm(request.POST)
    return _answer(request, review, form, _plain(workflow.recall, review, request), "The version is taken back.")


@require_POST
def decline(request, pk):
    review = visible_review(request, pk)
    form = forms.DeclineForm(request.POST)
    return _answer(request, review, form, _plain(workflow.decline, review, request), "The version is declined.")


@require_POST
def end_round(request, pk):
    review = visible_review(request, pk)
    form = forms.EndRoundForm(request.POST)
    return _answer(request, review, form, _plain(workflow.end_round, review, request), "The round is ended.")


@require_POST
def withdraw(request, pk):
    review = visible_review(request, pk)
    form = forms.WithdrawForm(request.POST)
    step = _plain(workflow.withdraw_approval, review, request)
    return _answer(request, review, form, step, "Your approval is withdrawn, and that is signed.")


@require_POST
def publish(request, pk):
    review = visible_review(request, pk)
    form = forms.PublishForm(request.POST)
    step = _plain(workflow.publish, review.version, request)
    return _answer(request, review, form, step, f"Version {review.version.number} is public.")


@require_POST
def schedule(request, pk):
    review = visible_review(request, pk)
    form = forms.ScheduleForm(request.POST)
    step = _plain(workflow.schedule, review.version, request)
    return _answer(request, review, form, step, f"Version {review.version.number} is scheduled.")


@require_POST
def cancel_schedule(request, pk):
    row = get_object_or_404(Schedule.objects.select_related("version__review"), pk=pk)
    review = visible_review(request, row.version.review.pk)
    form = forms.CancelForm(request.POST)
    step = _plain(workflow.cancel_schedule, row, request)
    return _answer(request, review, form, step, "The schedule is cancelled.")


@require_POST
def decide(request, pk):
    """Sign the reviewer's conclusion on the digest that the form showed."""
    assignment, review = _assignment(request, pk)
    form = forms.DecideForm(request.POST)
    step = _plain(workflow.decide, assignment, request)
    return _answer(request, review, form, step, "Your conclusion is signed; a copy is on its way to you by mail.")


@require_POST
def recuse(request, pk):
    assignment, review = _assignment(request, pk)
    form = forms.RecuseForm(request.POST)
    step = _plain(workflow.recuse, assignment, request)
    return _answer(request, review, form, step, "You have stepped back from this review.", leave=True)


@require_POST
def unassign(request, pk):
    assignment, review = _assignment(request, pk)
    form = forms.UnassignForm(request.POST)
    form.assignment = assignment.pk
    return _answer(request, review, form, _plain(workflow.unassign, assignment, request), "The request is taken back.")


def _answer(request, review, form, step, done: str, *, leave: bool = False):
    if attempt(form, step):
        messages.success(request, done)
        return redirect("desk") if leave else redirect("desk_review", review.pk)
    return show_review(request, visible_review(request, review.pk), form, form.http_status)


def _plain(function, subject, request):
    """Return the step taken on this subject by who is signed in."""
    return lambda **terms: function(subject, actor=request.user, **terms)


def _assignment(request, pk: int):
    """Return an assignment and its review, if this person may see them; 404 for anybody else."""
    visible = Article.objects.visible_to(request.user).order_by()
    row = get_object_or_404(Assignment.objects.filter(review__article__in=visible), pk=pk)
    return row, visible_review(request, row.review_id)
