"""The private page of a question that was sent to the editors. Whoever knows its address may read and delete it."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.models import Article, Question
from articles.search.answers import Quoted, listed
from articles.search.quotes import intact
from articles.site.forms.asking import passage_with_facts, private, pulled
from articles.site.forms.audience import is_cross_site, refused
from articles.text.languages import around_a_text


@login_not_required
@require_safe
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show what became of a question; 404 if no question has this address, or no longer."""
    question = Question.objects.select_related("version").with_token(token)
    if question is None:
        return private(render(request, "site/gone.html", status=404))
    with around_a_text(question.version.language):
        return _shown(request, question, token)


def _shown(request: HttpRequest, question: Question, token: str) -> HttpResponse:
    outcome = question.outcome
    context = {
        "token": token,
        "question": question,
        "outcome": outcome,
        "answer": answer_of(question) if outcome.is_answered else None,
        "published": published(outcome) if outcome.is_being_written else None,
        "pulled": pulled(outcome.article) if outcome.article else None,
    }
    return private(render(request, "site/question_status.html", context))


@csrf_exempt
@login_not_required
@posted_from(lambda request, token: reverse("question_status", args=[token]))
def delete(request: HttpRequest, token: str) -> HttpResponse:
    """Delete the question at the asker's wish."""
    if is_cross_site(request):
        return private(refused(request, _("This form was sent from another site. Please use the page itself."), 403))
    question = Question.objects.select_related("version").with_token(token)
    if question is not None:
        question.delete()
    return private(render(request, "site/gone.html", {"deleted": question}, status=200 if question else 404))


def answer_of(question: Question) -> dict[str, Any] | None:
    """
    Return the passage with which a question was answered, in the signed words that are public now.

    It is quoted from the asker's own page; if that has no such section, from the page it was chosen on. It
    `has_changed` if a newer version of the article is public. None if the article is not listed any more, or has no
    such section.
    """
    outcome = question.outcome
    chosen = outcome.answer_version
    article = next(iter(listed(pk=chosen.article_id)), None) if chosen else None
    if chosen is None or article is None or article.published_version is None:
        return None
    version, section = article.published_version, outcome.answer_section
    quoted = intact(version, section, question.audience) or intact(version, section, outcome.answer_audience)
    has_changed = {"has_changed": version != chosen}
    return {**passage_with_facts(Quoted(quoted, article, 0)), **has_changed} if quoted else None


def published(question: Question) -> Article | None:
    """Return the article that was written to answer the question, once readers can open it."""
    return next(iter(listed(questions=question)), None)
