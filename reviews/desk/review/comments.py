from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse

from articles.desk.posting import posted_from
from reviews import workflow
from reviews.desk import forms
from reviews.desk.access import visible_comment, visible_review
from reviews.desk.answers import attempt
from reviews.desk.review.page import Page, comment_form
from reviews.desk.review.views import show_review


@posted_from(lambda request, pk: reverse("desk_review", args=[visible_review(request, pk).pk]))
def comment(request, pk):
    review = visible_review(request, pk)
    form = comment_form(Page(review, request.user), request.POST)
    return _answer(
        request,
        review,
        form,
        lambda **terms: workflow.comment(review.version, actor=request.user, **terms),
        "Your comment is there for the others to read.",
    )


def at_its_review(request, pk) -> str:
    newest = visible_comment(request, pk).article.latest_version.review
    return reverse("desk_review", args=[visible_review(request, newest.pk).pk])


@posted_from(at_its_review)
def answer(request, pk):
    thread = visible_comment(request, pk)
    review = visible_review(request, thread.article.latest_version.review.pk)
    form = forms.AnswerForm(request.POST, about=thread.pk)
    return _answer(
        request,
        review,
        form,
        lambda **terms: workflow.comment(review.version, actor=request.user, thread=thread, **terms),
        "Your answer is added.",
    )


@posted_from(at_its_review)
def resolve(request, pk):
    thread = visible_comment(request, pk)
    review = visible_review(request, thread.article.latest_version.review.pk)
    form = forms.ResolveForm(request.POST, about=thread.pk)
    return _answer(
        request,
        review,
        form,
        lambda **terms: workflow.resolve_comment(thread, actor=request.user, **terms),
        "The comment is resolved.",
    )


def _answer(request, review, form, step, done: str):
    if attempt(form, step):
        messages.success(request, done)
        return redirect(f"{reverse('desk_review', args=[review.pk])}#comments")
    return show_review(request, review, form, form.http_status)
