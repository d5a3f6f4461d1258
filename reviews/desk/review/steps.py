"""The steps of a review, each a form that is posted. A refusal shows the review's page again with what was typed."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from articles.desk.posting import posted_from
from reviews import workflow
from reviews.desk import forms
from reviews.desk.access import still_sees, visible_assignment, visible_review, visible_schedule
from reviews.desk.answers import attempt
from reviews.desk.review.page import Page, assign_form
from reviews.desk.review.views import show_review
from reviews.workflow.steps.publication.blockers import newer_version


def at_its_review(request, pk) -> str:
    return reverse("desk_review", args=[visible_review(request, pk).pk])


def at_the_review_of_its_request(request, pk) -> str:
    return reverse("desk_review", args=[visible_assignment(request, pk)[1].pk])


def at_the_review_of_its_schedule(request, pk) -> str:
    return reverse("desk_review", args=[visible_schedule(request, pk)[1].pk])


@posted_from(at_its_review)
def assign(request, pk):
    """Ask a reviewer; the first request confirms risk and change class."""
    review = visible_review(request, pk)
    form = assign_form(Page(review, request.user), request.POST)
    return _answer(request, review, form, _plain(workflow.assign, review, request), "Reviewer asked.")


@posted_from(at_its_review)
def recall(request, pk):
    review = visible_review(request, pk)
    form = forms.RecallForm(request.POST)
    return _answer(request, review, form, _plain(workflow.recall, review, request), "Version recalled.")


@posted_from(at_its_review)
def decline(request, pk):
    review = visible_review(request, pk)
    form = forms.DeclineForm(request.POST)
    return _answer(request, review, form, _plain(workflow.decline, review, request), "Version declined.")


@posted_from(at_its_review)
def end_round(request, pk):
    review = visible_review(request, pk)
    form = forms.EndRoundForm(request.POST)
    return _answer(request, review, form, _plain(workflow.end_round, review, request), "Round ended.")


@posted_from(at_its_review)
def withdraw(request, pk):
    review = visible_review(request, pk)
    form = forms.WithdrawForm(request.POST)
    step = _plain(workflow.withdraw_approval, review, request)
    return _answer(request, review, form, step, "Approval withdrawn and signed.")


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
    row, review = visible_schedule(request, pk)
    form = forms.CancelForm(request.POST)
    step = _plain(workflow.cancel_schedule, row, request)
    return _answer(request, review, form, step, "Schedule cancelled.")


@posted_from(at_the_review_of_its_request)
def decide(request, pk):
    """Sign the reviewer's conclusion on the digest that the form showed."""
    assignment, review = visible_assignment(request, pk)
    form = forms.DecideForm(request.POST)
    step = _plain(workflow.decide, assignment, request)
    return _answer(request, review, form, step, "Your decision is signed. A copy is on its way to you by email.")


@posted_from(at_the_review_of_its_request)
def recuse(request, pk):
    assignment, review = visible_assignment(request, pk)
    form = forms.RecuseForm(request.POST)
    step = _plain(workflow.recuse, assignment, request)
    return _answer(request, review, form, step, "You have stepped back from this review.", leave=True)


@posted_from(at_the_review_of_its_request)
def unassign(request, pk):
    assignment, review = visible_assignment(request, pk)
    form = forms.UnassignForm(request.POST, about=assignment.pk)
    return _answer(request, review, form, _plain(workflow.unassign, assignment, request), "Request cancelled.")


def _answer(request, review, form, step, done: str, *, leave: bool = False):
    if attempt(form, step):
        messages.success(request, done)
        still_seen = still_sees(request, review.article_id)
        return redirect("desk") if leave or not still_seen else redirect("desk_review", review.pk)
    return show_review(request, visible_review(request, review.pk), form, form.http_status)


def _plain(function, subject, request):
    """Return the step taken on this subject by who is signed in."""
    return lambda **terms: function(subject, actor=request.user, **terms)
