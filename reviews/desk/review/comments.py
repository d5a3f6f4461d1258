from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from articles.desk.posting import posted_from
from articles.models import Article
from articles.models.people import roles_of
from reviews import workflow
from reviews.desk import forms
from reviews.desk.answers import attempt
from reviews.desk.article.views import visible_review
from reviews.desk.review.page import Page, comment_form, reads_board
from reviews.desk.review.views import show_review
from reviews.models import Comment


@posted_from(lambda request, pk: reverse("desk_review", args=[visible_review(request, pk).pk]))
def comment(request, pk):
    review = visible_review(request, pk)
    form = comment_form(Page(review, request.user), request.POST)
    return _answer(
        request,
        review,
        form,
        lambda **said: workflow.comment(review.version, actor=request.user, **said),
        "Your comment is there for the others to read.",
    )


def at_its_review(request, pk) -> str:
    newest = _thread(request, pk).article.latest_version.review
    return reverse("desk_review", args=[visible_review(request, newest.pk).pk])


@posted_from(at_its_review)
def answer(request, pk):
    thread = _thread(request, pk)
    review = visible_review(request, thread.article.latest_version.review.pk)
    form = forms.AnswerForm(request.POST)
    form.thread = thread.pk
    return _answer(
        request,
        review,
        form,
        lambda **said: workflow.comment(review.version, actor=request.user, thread=thread, **said),
        "Your answer is added.",
    )


@posted_from(at_its_review)
def resolve(request, pk):
    thread = _thread(request, pk)
    review = visible_review(request, thread.article.latest_version.review.pk)
    form = forms.ResolveForm(request.POST)
    form.thread = thread.pk
    return _answer(
        request,
        review,
        form,
        lambda **said: workflow.resolve_comment(thread, actor=request.user, **said),
        "The comment is resolved.",
    )


def _answer(request, review, form, step, done: str):
    if attempt(form, step):
        messages.success(request, done)
        return redirect(f"{reverse('desk_review', args=[review.pk])}#comments")
    return show_review(request, review, form, form.http_status)


def _thread(request, pk: int) -> Comment:
    """Return a comment this person may see; what is for the board is none for authors."""
    visible = Article.objects.visible_to(request.user).order_by()
    rows = Comment.objects.filter(article__in=visible).select_related("article__latest_version__review", "version")
    row = get_object_or_404(rows, pk=pk)
    if row.board_only and not reads_board(row.article, request.user, roles_of(request.user)):
        raise Http404
    return row
