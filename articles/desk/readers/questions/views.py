"""The desk's pages of readers' questions: the list, and one question with everything that can be done with it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.readers.questions import handling
from articles.desk.readers.questions.forms import AnswerForm, DeclineForm, MergeForm, ReopenForm, WriteForm
from articles.desk.readers.settled import HandlingForm, handle, require_editor
from articles.desk.requests import SignedInRequest, behind
from articles.models import Audience, Question, RedFlag
from articles.search.answers import all_passages
from articles.site.forms.asking import pulled
from articles.site.forms.status import answer_of

IN_A_LIST = 50
PASSAGES = 6
LONGEST = 2000  # characters of a search for passages


@require_safe
def questions(request: SignedInRequest) -> HttpResponse:
    """List the questions in one state, page by page: open ones with the oldest first, others with the newest."""
    require_editor(request.user)
    state = request.GET.get("state", "")
    state = state if state in Question.State.values else str(Question.State.OPEN)
    order = ("asked_at", "pk") if state == Question.State.OPEN else ("-asked_at", "-pk")
    rows = Question.objects.filter(state=state).for_list()
    found = list(behind(rows, request.GET.get("after", ""), order, among=Question.objects.all())[: IN_A_LIST + 1])
    flags = list(RedFlag.objects.all())
    context = {
        "rows": [(row, any(flag.is_raised_by(row.text) for flag in flags)) for row in found[:IN_A_LIST]],
        "more": found[IN_A_LIST - 1].pk if len(found) > IN_A_LIST else None,
        "state": state,
        "states": Question.State.choices,
    }
    return render(request, "desk/questions.html", context)


@require_safe
def question(request: SignedInRequest, pk: int) -> HttpResponse:
    return show_question(request, visible_question(request, pk))


def visible_question(request: SignedInRequest, pk: int) -> Question:
    require_editor(request.user)
    return get_object_or_404(Question.objects.for_list().select_related("merged_into", "settled_by"), pk=pk)


def page_path(request: SignedInRequest, pk: int) -> str:
    return reverse("question", args=[visible_question(request, pk).pk])


@posted_from(page_path)
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, AnswerForm, handling.answer, _("The question is answered."))


@posted_from(page_path)
def merge(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, MergeForm, handling.merge, _("The question is merged."))


@posted_from(page_path)
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, DeclineForm, handling.decline, _("The question is declined."))


@posted_from(page_path)
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    said = _("The draft of the article is created. Tell its author: no email is sent.")
    return _handle(request, pk, WriteForm, handling.write, said)


@posted_from(page_path)
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, ReopenForm, handling.reopen, _("The question is open again."))


def _handle(
    request: SignedInRequest, pk: int, kind: type[HandlingForm], function: Callable[..., Any], done: str
) -> HttpResponse:
    """Do with the question what the form says. If this is refused, show the page again with the input."""
    row = visible_question(request, pk)
    return handle(request, row, kind(request.POST), function, done, "question", show_question)


def show_question(
    request: SignedInRequest, row: Question, bound: HandlingForm | None = None, status: int = 200
) -> HttpResponse:
    query = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    flags = RedFlag.objects.all().raised_by(row.text)
    forms: dict[type[HandlingForm], HandlingForm] = {kind: kind() for kind in (MergeForm, DeclineForm, WriteForm)}
    forms |= {type(bound): bound} if bound else {}
    context = {
        "question": row,
        "readers": Audience.objects.filter(key=row.audience).first() or row.audience,
        "flags": flags,
        "query": query,
        "passages": _passages(row, query) if row.is_open else [],
        "quoted": answer_of(row) if row.is_answered else None,
        "pulled": pulled(row.article) if row.article else None,
        "merged_here": row.merged_questions.all()[:IN_A_LIST],
        "same_article": _same_article(row) if row.is_open else [],
        "bound": bound,
        "merge_form": forms[MergeForm],
        "decline_form": forms[DeclineForm],
        "write_form": forms[WriteForm],
    }
    return render(request, "desk/question.html", context, status=status)


def _passages(row: Question, query: str) -> list[Any]:
    return all_passages(query or row.text, first=row.version, audience=row.audience, most=PASSAGES)


def _same_article(row: Question) -> list[Question]:
    """Return the newest other questions about the article, into which this one may be merged."""
    about = Question.objects.filter(version__article=row.version.article_id, merged_into__isnull=True)
    return list(about.exclude(pk=row.pk)[:10])
