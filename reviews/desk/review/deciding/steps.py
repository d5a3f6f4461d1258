"""The steps of a review, each a form. If a step is refused, the review's page is shown again with the input."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from reviews import workflow
from reviews.desk import forms
from reviews.desk.access import (
    asked_assignment,
    asked_review,
    still_sees,
    visible_assignment,
    visible_review,
    visible_schedule,
)
from reviews.desk.answers import attempt
from reviews.desk.review.deciding.request import DeclineRequestForm, show_request
from reviews.desk.review.deciding.worksheet import keep, worksheet_form
from reviews.desk.review.page import Page, decide_form
from reviews.desk.review.views import show_review, view_of
from reviews.models import Review
from reviews.workflow.steps.publication.blockers import newer_version

R = TypeVar("R")


def review_path(request: SignedInRequest, pk: int) -> str:
    return reverse("desk_review", args=[visible_review(request, pk).pk])


def assignment_path(request: SignedInRequest, pk: int) -> str:
    return reverse("desk_review", args=[asked_assignment(request, pk)[1].pk])


def schedule_path(request: SignedInRequest, pk: int) -> str:
    return reverse("desk_review", args=[visible_schedule(request, pk)[1].pk])


@posted_from(review_path)
def recall(request: SignedInRequest, pk: int) -> HttpResponse:
    review = visible_review(request, pk)
    form = forms.RecallForm(request.POST)
    return _answer(request, review, form, _by_user(workflow.recall, review, request), _("Version recalled."))


@posted_from(review_path)
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    review = visible_review(request, pk)
    form = forms.DeclineForm(request.POST)
    return _answer(request, review, form, _by_user(workflow.decline, review, request), _("Version declined."))


@posted_from(review_path)
def declare_urgent(request: SignedInRequest, pk: int) -> HttpResponse:
    review = visible_review(request, pk)
    form = forms.UrgentForm(request.POST)
    step = _by_user(workflow.declare_urgent, review, request)
    return _answer(request, review, form, step, _("The review is urgent. The reviewers who are asked get an email."))


@posted_from(review_path)
def end_round(request: SignedInRequest, pk: int) -> HttpResponse:
    review = visible_review(request, pk)
    form = forms.EndRoundForm(request.POST)
    return _answer(request, review, form, _by_user(workflow.end_round, review, request), _("Review ended."))


@posted_from(review_path)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    review = visible_review(request, pk)
    form = forms.WithdrawForm(request.POST)
    step = _by_user(workflow.withdraw_approval, review, request)
    return _answer(request, review, form, step, _("Your approval is withdrawn. The withdrawal is signed."))


@posted_from(review_path)
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    review = visible_review(request, pk)
    form = forms.PublishForm(request.POST, newer=newer_version(review.article, review))
    step = _by_user(workflow.publish, review.version, request)
    return _answer(request, review, form, step, _("Version {number} is public.").format(number=review.version.number))


@posted_from(review_path)
def schedule(request: SignedInRequest, pk: int) -> HttpResponse:
    review = visible_review(request, pk)
    form = forms.ScheduleForm(request.POST, newer=newer_version(review.article, review))
    step = _by_user(workflow.schedule, review.version, request)
    return _answer(
        request, review, form, step, _("Version {number} is scheduled.").format(number=review.version.number)
    )


@posted_from(schedule_path)
def cancel_schedule(request: SignedInRequest, pk: int) -> HttpResponse:
    row, review = visible_schedule(request, pk)
    form = forms.CancelForm(request.POST)
    step = _by_user(workflow.cancel_schedule, row, request)
    return _answer(request, review, form, step, _("Schedule cancelled."))


@posted_from(assignment_path)
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """Sign the reviewer's conclusion on the digest that the form showed."""
    assignment, review = visible_assignment(request, pk)
    form = decide_form(Page(review, request.user), request.POST)
    step = _by_user(workflow.decide, assignment, request)
    return _answer(request, review, form, step, _("Your decision is signed. A copy is on its way to you by email."))


@posted_from(assignment_path)
def keep_answers(request: SignedInRequest, pk: int) -> HttpResponse:
    """Keep the answers to the worksheet for the reviewer who was asked, without signing them."""
    assignment, review = visible_assignment(request, pk)
    if not assignment.is_open or assignment.reviewer_id != request.user.pk:
        raise PermissionDenied(_("Only the reviewer who is asked can answer the worksheet."))
    form = worksheet_form(request.user, review.version, Page(review, request.user).content, request.POST)
    if not form.is_valid():
        return show_review(request, review, form, form.http_status)
    keep(form, request.user, review.version)
    messages.success(request, _("Answers saved. Nothing is signed yet."))
    return redirect(f"{reverse('desk_review', args=[review.pk])}{view_of(request)}#worksheet")


@posted_from(assignment_path)
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """Declare no conflict of interest and accept the request: the text opens."""
    assignment, review = asked_assignment(request, pk)
    try:
        workflow.accept(assignment, actor=request.user)
    except workflow.NotNow as refusal:
        messages.error(request, str(refusal))
    return redirect("desk_review", review.pk)


@posted_from(assignment_path)
def recuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Decline the request, or step back from the review if it was accepted."""
    assignment, review = asked_assignment(request, pk)
    if assignment.is_accepted or assignment.reviewer_id != request.user.pk:
        form: forms.StepForm = forms.RecuseForm(request.POST)
        done = _("You have stepped back from this review.")
    else:
        form, done = DeclineRequestForm(request.POST), _("You have declined this review. The editors are told.")
    if attempt(form, _by_user(workflow.recuse, assignment, request)):
        messages.success(request, done)
        return redirect("desk")
    review = asked_review(request, review.pk)
    show = show_request if review.is_closed else show_review
    return show(request, review, form, form.http_status)


@posted_from(assignment_path)
def unassign(request: SignedInRequest, pk: int) -> HttpResponse:
    assignment, review = visible_assignment(request, pk)
    form = forms.UnassignForm(request.POST, about=assignment.pk)
    return _answer(request, review, form, _by_user(workflow.unassign, assignment, request), _("Request cancelled."))


def _answer(
    request: SignedInRequest,
    review: Review,
    form: forms.StepForm,
    step: Callable[..., object],
    done: str,
) -> HttpResponse:
    if attempt(form, step):
        messages.success(request, done)
        return redirect("desk_review", review.pk) if still_sees(request, review.article_id) else redirect("desk")
    return show_review(request, visible_review(request, review.pk), form, form.http_status)


def _by_user(function: Callable[..., R], subject: object, request: SignedInRequest) -> Callable[..., R]:
    """Return the step on this subject, taken by the signed-in user, as a function of the form's terms."""
    return lambda **terms: function(subject, actor=request.user, **terms)
