"""The steps of a review, each a form that is posted. A refusal shows the review's page again with what was typed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from articles.desk.posting import posted_from
from articles.models import Article
from reviews import workflow
from reviews.desk import forms
from reviews.desk.answers import attempt
from reviews.desk.article.views import visible_review
from reviews.desk.review.page import Page, assign_form
from reviews.desk.review.views import show_review
from reviews.models import Assignment, Schedule
from reviews.workflow.steps.publication.blockers import newer_version


def at_its_review(request, pk) -> str:
    return reverse("desk_review", args=[visible_review(request, pk).pk])


def at_the_review_of_its_request(request, pk) -> str:
    return reverse("desk_review", args=[_assignment(request, pk)[1].pk])


def at_the_review_of_its_schedule(request, pk) -> str:
    return reverse("desk_review", args=[_schedule(request, pk)[1].pk])


@posted_from(at_its_review)
def assign(request, pk):
    """Ask a reviewer; the first request confirms risk and change class."""
    review = visible_review(request, pk)
    form = assign_form(Page(review, request.user), request.POST)

    def step(reviewer, capacity, due, risk, change):
        terms = {"risk": risk or None, "change": change or None}
        return workflow.assign(review, actor=request.user, reviewer=reviewer, capacity=capacity, due=due, **terms)

    return _answer(request, review, form, step, "The reviewer is asked.")


@posted_from(at_its_review)
def recall(request, pk):
    review = visible_review(request, pk)
    form = forms.RecallForm(request.POST)
    return _answer(request, review, form, _plain(workflow.recall, review, request), "The version is taken back.")


@posted_from(at_its_review)
def decline(request, pk):
    review = visible_review(request, pk)
    form = forms.DeclineForm(request.POST)
    return _answer(request, review, form, _plain(workflow.decline, review, request), "The version is declined.")


@posted_from(at_its_review)
def end_round(request, pk):
    review = visible_review(request, pk)
    form = forms.EndRoundForm(request.POST)
    return _answer(request, review, form, _plain(workflow.end_round, review, request), "The round is ended.")


@posted_from(at_its_review)
def withdraw(request, pk):
    review = visible_review(request, pk)
    form = forms.WithdrawForm(request.POST)
    step = _plain(workflow.withdraw_approval, review, request)
    return _answer(request, review, form, step, "Your approval is withdrawn, and that is signed.")


@posted_from(at_its_review)
def publish(request, pk):
    review = visible_review(request, pk)
    form = forms.PublishForm(request.POST, newer=newer_version(review.article, review))
    step = _plain(workflow.publish, review.version, request)
    return _answer(request, review, form, step, f"Version {review.version.number} is public.")


@posted_from(at_its_review)
def schedule(request, pk):
    review = visible_review(request, pk)
    form = forms.ScheduleForm(request.POST, newer=newer_version(review.article, review))
    step = _plain(workflow.schedule, review.version, request)
    return _answer(request, review, form, step, f"Version {review.version.number} is scheduled.")


@posted_from(at_the_review_of_its_schedule)
def cancel_schedule(request, pk):
    row, review = _schedule(request, pk)
    form = forms.CancelForm(request.POST)
    step = _plain(workflow.cancel_schedule, row, request)
    return _answer(request, review, form, step, "The schedule is cancelled.")


@posted_from(at_the_review_of_its_request)
def decide(request, pk):
    """Sign the reviewer's conclusion on the digest that the form showed."""
    assignment, review = _assignment(request, pk)
    form = forms.DecideForm(request.POST)
    step = _plain(workflow.decide, assignment, request)
    return _answer(request, review, form, step, "Your conclusion is signed; a copy is on its way to you by mail.")


@posted_from(at_the_review_of_its_request)
def recuse(request, pk):
    assignment, review = _assignment(request, pk)
    form = forms.RecuseForm(request.POST)
    step = _plain(workflow.recuse, assignment, request)
    return _answer(request, review, form, step, "You have stepped back from this review.", leave=True)


@posted_from(at_the_review_of_its_request)
def unassign(request, pk):
    assignment, review = _assignment(request, pk)
    form = forms.UnassignForm(request.POST)
    form.assignment = assignment.pk
    return _answer(request, review, form, _plain(workflow.unassign, assignment, request), "The request is taken back.")


def _answer(request, review, form, step, done: str, *, leave: bool = False):
    if attempt(form, step):
        messages.success(request, done)
        still_seen = Article.objects.visible_to(request.user).filter(pk=review.article_id).exists()
        return redirect("desk") if leave or not still_seen else redirect("desk_review", review.pk)
    return show_review(request, visible_review(request, review.pk), form, form.http_status)


def _plain(function, subject, request):
    """Return the step taken on this subject by who is signed in."""
    return lambda **terms: function(subject, actor=request.user, **terms)


def _assignment(request, pk: int):
    """Return an assignment and its review, if this person may see them; else what `visible_review` answers."""
    row = get_object_or_404(Assignment, pk=pk)
    return row, visible_review(request, row.review_id)


def _schedule(request, pk: int):
    row = get_object_or_404(Schedule.objects.select_related("version__review"), pk=pk)
    return row, visible_review(request, row.version.review.pk)
