from collections.abc import Callable
from copy import copy
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import get_resolver, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from reviews import workflow
from reviews.desk.access import visible_comment, visible_review
from reviews.desk.answers import attempt
from reviews.desk.forms import StepForm
from reviews.desk.review.comment_forms import AnswerForm, ResolveForm
from reviews.desk.review.page import Page, comment_form
from reviews.desk.review.threads import assignee_form
from reviews.desk.review.views import show_review, view_of
from reviews.models import Comment, Review

BESIDE = ("draft", "section", "wording", "write")  # the pages that show the comments beside an editor


@posted_from(lambda request, pk: reverse("desk_review", args=[visible_review(request, pk).pk]))
def comment(request: SignedInRequest, pk: int) -> HttpResponse:
    review = visible_review(request, pk)
    form = comment_form(Page(review, request.user), request.POST)
    return _answer(
        request,
        review,
        form,
        lambda **terms: workflow.comment(review.version, actor=request.user, **terms),
        _("Comment added."),
    )


def latest_review_path(request: SignedInRequest, pk: int) -> str:
    return reverse("desk_review", args=[visible_comment(request, pk)[1].pk])


@posted_from(latest_review_path)
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    thread, review = visible_comment(request, pk)
    form = AnswerForm(request.POST, about=thread.pk)
    return _answer(
        request,
        review,
        form,
        lambda **terms: workflow.comment(review.version, actor=request.user, thread=thread, **terms),
        _("Reply added."),
    )


@posted_from(latest_review_path)
def take_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the suggested wording over into the draft. A refusal is shown where the button was pressed."""
    thread, review = visible_comment(request, pk)
    try:
        workflow.take_over(thread, actor=request.user)
    except workflow.NotNow as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The suggested wording is in the draft. Read it there, and answer the comment."))
    return redirect(_back(request) or reverse("draft", args=[review.article_id]))


def _back(request: SignedInRequest) -> str:
    """Return the page of a draft that the form was sent from, or ""."""
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(reverse("desk_articles"))
    return back if is_ours else ""


@posted_from(latest_review_path)
def assign(request: SignedInRequest, pk: int) -> HttpResponse:
    thread, review = visible_comment(request, pk)
    form = assignee_form(Page(review, request.user).reader, thread, request.POST)
    return _answer(
        request,
        review,
        form,
        lambda **terms: workflow.assign_comment(thread, actor=request.user, **terms),
        _("Comment assigned."),
    )


@posted_from(latest_review_path)
def resolve(request: SignedInRequest, pk: int) -> HttpResponse:
    thread, review = visible_comment(request, pk)
    form = ResolveForm(request.POST, about=thread.pk)
    return _answer(
        request,
        review,
        form,
        lambda **terms: workflow.resolve_comment(thread, actor=request.user, **terms),
        _("Comment resolved."),
    )


def _answer(
    request: SignedInRequest, review: Review, form: StepForm, step: Callable[..., Comment], done: str
) -> HttpResponse:
    if attempt(form, step):
        messages.success(request, done)
        return redirect(_back(request) or f"{reverse('desk_review', args=[review.pk])}{view_of(request)}#comments")
    return _beside_again(request, form) or show_review(request, review, form, form.http_status)


def _beside_again(request: SignedInRequest, form: StepForm) -> HttpResponse | None:
    """Show the page of the draft that the refused form was sent from, with the form in its place; None without one."""
    back = urlsplit(_back(request)).path
    again = copy(request)
    again.method, again.path, again.path_info = "GET", back, back
    again.refused = form  # type: ignore[attr-defined]  # for `desk/_beside.html`
    try:
        page = get_resolver().resolve(back)
        if page.url_name not in BESIDE:
            return None
        response = page.func(again, *page.args, **page.kwargs)
    except Http404:  # no such page, or none that is there any more
        return None
    response.status_code = form.http_status
    return response
