"""
A reader's follow-up question: answered at once with passages of approved texts, and sent to the editors if wanted.

Asking stores nothing: it leads to a page of answers whose address holds the question, sealed. Sending stores the
question with the version it was asked on and two dates, and nothing about the reader: no address, no browser, no
cookie. A pending text takes no questions: nobody has approved it, so an answer could only repeat what may be wrong.
"""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article, Notice, Question, RedFlag, Version
from articles.models.reader_input.questions import ask as stored
from articles.review_process import review_process
from articles.search.answers import Quoted, best_passages
from articles.site.article_pages import not_at_its_address, works_told
from articles.site.facts import Facts, facts
from articles.site.forms import sealed
from articles.site.forms.audience import is_cross_site, refused
from articles.site.forms.fields import ReadersForm, ReadersText, token_of
from articles.site.page import page_of
from articles.text.languages import around_a_text

TO_SEND = datetime.timedelta(hours=4)  # from the answers to sending the question
once = TimestampSigner(salt="articles.site.forms.asking")


class QuestionForm(ReadersForm):
    question = ReadersText(
        max_length=Question.MOST,
        error_messages={
            "required": _("Type your question."),
            "max_length": _("Keep your question to 2,000 characters; it has %(show_value)d."),
        },
    )


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str, audience: str) -> HttpResponse:
    """Show the form; lead to the answers to a question; store it if the reader sends it to the editors."""
    article = asked_on(slug)
    if article is None or article.published_version is None:
        return not_at_its_address(request, slug, {"audience": audience})
    with around_a_text(article.published_version.language):
        version = _open_for_questions(article, article.published_version, audience)
        if request.method != "POST":
            return show(request, article, audience, QuestionForm())
        return _asked(request, article, version, audience)


def _asked(request: HttpRequest, article: Article, version: Version, audience: str) -> HttpResponse:
    if is_cross_site(request):
        return private(refused(request, _("This form was sent from another site. Please ask on the page itself."), 403))
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return show(request, article, audience, form, status=422)
    if "send" in request.POST:
        return send(request, article, version, audience, form)
    asked = sealed.new(form.cleaned_data["question"])
    if text := sealed.sealed(asked):
        return private(redirect("answers", text, article.slug, audience))
    return show_answers(request, article, version, audience, form, name=asked.name)


@login_not_required
@require_safe
def answers(request: HttpRequest, text: str, slug: str, audience: str) -> HttpResponse:
    """Show the answers to the question that is sealed in the address; the form alone, with 410, if it opens no more."""
    article = asked_on(slug)
    if article is None or article.published_version is None:
        raise Http404
    with around_a_text(article.published_version.language):
        version = _open_for_questions(article, article.published_version, audience)
        return _answered(request, article, version, audience, sealed.opened(text))


def _answered(
    request: HttpRequest, article: Article, version: Version, audience: str, asked: sealed.Asked | None
) -> HttpResponse:
    form = QuestionForm({"question": asked.question} if asked else {})
    if asked and form.is_valid():
        return show_answers(request, article, version, audience, form, name=asked.name)
    form.errors.clear()
    form.add_error(
        None, _("These answers cannot be opened: their address is valid for half an hour. Please ask again.")
    )
    return show(request, article, audience, form, status=410)


def _open_for_questions(article: Article, version: Version, audience: str) -> Version:
    """Return the version; 404 if nobody approved it, or if it has no page for this audience."""
    around = facts(article, version, audience)
    if around["is_pending"] or audience not in {version.written_for, *(known.key for known in around["audiences"])}:
        raise Http404
    return version


def asked_on(slug: str) -> Article | None:
    """Return the article at this address, current or former, whose text was published; None without one."""
    versions = ("published_version", "latest_version")
    public = Article.objects.public().filter(published_version__isnull=False).select_related(*versions)
    rows = review_process().with_state(public, *versions)
    return rows.filter(slug=slug).first() or rows.filter(former_slugs__slug=slug).first()


def send(request: HttpRequest, article: Article, version: Version, audience: str, form: QuestionForm) -> HttpResponse:
    """Store the question and show its private status address, once; show the answers first if they were not shown."""
    try:
        shown = once.unsign(request.POST.get("once", "").replace("\0", ""), max_age=TO_SEND)
    except BadSignature:
        form.add_error(None, _("Look at the answers below first. If they do not help, send your question again."))
        return show_answers(request, article, version, audience, form, status=409)
    text = form.cleaned_data["question"]
    token = token_of(shown, article.pk, audience, text)
    try:
        question = stored(version, audience, text, token)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return show_answers(request, article, version, audience, form, status=409)
    address = request.build_absolute_uri(reverse("question_status", args=[token]))
    context = {"article": article, "question": question, "address": address, "flags": red_flags(question.text)}
    return private(render(request, "site/question_sent.html", context))


def show_answers(
    request: HttpRequest,
    article: Article,
    version: Version,
    audience: str,
    form: QuestionForm,
    *,
    name: str = "",
    status: int = 200,
) -> HttpResponse:
    question = form.cleaned_data["question"]
    answers = best_passages(question, first=version, audience=audience)
    context = {
        "asked": question,
        "flags": red_flags(question),
        "is_answered": answers.answered,
        "passages": [passage_with_facts(passage) for passage in answers.passages],
        "once": once.sign(name or sealed.new(question).name),
    }
    return show(request, article, audience, form, status=status, **context)


def show(
    request: HttpRequest, article: Article, audience: str, form: QuestionForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "article": article,
        "version": article.published_version,
        "pulled": pulled(article),
        "audience": audience,
        "form": form,
        "days": settings.QUESTION_DAYS,
        **more,
    }
    return private(render(request, "site/ask.html", context, status=status))


def pulled(article: Article) -> Notice | None:
    """Return the notice that took the article's public text off the lists, such as a retraction."""
    notices = article.published_version.notices_in_force if article.published_version else []
    return next((notice for notice in notices if notice.consequences.leaves_lists), None)


def passage_with_facts(passage: Quoted) -> dict[str, Any]:
    """Return what a template shows of a passage: the quote, and the live facts around its text."""
    version = passage.quote.version
    around: Facts = facts(passage.article, version, passage.quote.audience)
    cited = {work.number for work in passage.quote.cited}
    told = works_told(around, page_of(version, passage.quote.audience))
    works = {name: [row for row in rows if row.number in cited] for name, rows in told.items()}
    live = {**around, "state": review_process().state(version), **works}
    return {"quote": passage.quote, "article": passage.article, "version": version, **live}


def red_flags(question: str) -> list[RedFlag]:
    return RedFlag.objects.all().raised_by(question)


def private(response: HttpResponse) -> HttpResponse:
    """
    Let nobody store or index the page, and tell no other page its address.

    With "no-referrer" browsers would send the forms of the page with the origin “null”, as if from another site.
    """
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "strict-origin"
    return response
