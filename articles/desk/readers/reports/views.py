"""The desk's pages of readers' reports: the queue, and one report with everything that can be done with it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.readers.reports import handling
from articles.desk.readers.reports.forms import (
    CorrectForm,
    JudgeForm,
    LeaveForm,
    MergeForm,
    ReopenForm,
    ReplyForm,
    TurnAwayForm,
)
from articles.desk.readers.settled import HandlingForm, handle, require_editor
from articles.desk.requests import SignedInRequest, behind
from articles.models import Article, Audience, ErrorReport, RedFlag
from articles.site.forms.reported import part_named

IN_A_LIST = 50
FORMS: tuple[type[HandlingForm], ...] = (CorrectForm, JudgeForm, LeaveForm, MergeForm, ReplyForm, TurnAwayForm)


@require_safe
def reports(request: SignedInRequest) -> HttpResponse:
    """List the reports in one state, page by page: open ones by severity and then by age, others the newest first."""
    require_editor(request.user)
    state = request.GET.get("state", "")
    state = state if state in ErrorReport.State.values else str(ErrorReport.State.OPEN)
    order = ("severity", "reported_at", "pk") if state == ErrorReport.State.OPEN else ("-reported_at", "-pk")
    rows = ErrorReport.objects.filter(state=state).for_list()
    found = list(behind(rows, request.GET.get("after", ""), order, among=ErrorReport.objects.all())[: IN_A_LIST + 1])
    context = {
        "rows": found[:IN_A_LIST],
        "more": found[IN_A_LIST - 1].pk if len(found) > IN_A_LIST else None,
        "state": state,
        "states": ErrorReport.State.choices,
    }
    return render(request, "desk/reports.html", context)


@require_safe
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    return show_report(request, visible_report(request, pk))


def visible_report(request: SignedInRequest, pk: int) -> ErrorReport:
    require_editor(request.user)
    rows = ErrorReport.objects.for_list().select_related("merged_into", "corrected_in", "settled_by")
    return get_object_or_404(rows, pk=pk)


def page_path(request: SignedInRequest, pk: int) -> str:
    return reverse("report", args=[visible_report(request, pk).pk])


@posted_from(page_path)
def judge(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, JudgeForm, handling.judge, _("The severity is set."))


@posted_from(page_path)
def reply(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, ReplyForm, handling.reply, _("The reporter can read the reply."))


@posted_from(page_path)
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, CorrectForm, handling.correct, _("The report is settled: corrected."))


@posted_from(page_path)
def leave(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, LeaveForm, handling.leave, _("The report is settled: no change needed."))


@posted_from(page_path)
def turn_away(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, TurnAwayForm, handling.turn_away, _("The report is settled: not about this page."))


@posted_from(page_path)
def merge(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, MergeForm, handling.merge, _("The report is merged."))


@posted_from(page_path)
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    return _handle(request, pk, ReopenForm, handling.reopen, _("The report is open again."))


def _handle(
    request: SignedInRequest, pk: int, kind: type[HandlingForm], function: Callable[..., Any], done: str
) -> HttpResponse:
    row = visible_report(request, pk)
    return handle(request, row, kind(request.POST), function, done, "report", show_report)


def show_report(
    request: SignedInRequest, row: ErrorReport, bound: HandlingForm | None = None, status: int = 200
) -> HttpResponse:
    article = row.version.article
    forms = {kind: kind(initial={"severity": row.severity}) if kind is JudgeForm else kind() for kind in FORMS}
    forms |= {type(bound): bound} if bound else {}
    context = {
        "report": row,
        "part": part_named(row),
        "readers": Audience.objects.filter(key=row.audience).first() or row.audience,
        "flags": RedFlag.objects.all().raised_by(row.text),
        "may_write": Article.objects.writable_by(request.user).filter(pk=article.pk).exists(),
        "steps": row.steps.select_related("by"),
        "merged_here": row.merged_reports.all()[:IN_A_LIST],
        "same_article": _same_article(row) if row.is_open else [],
        "may_settle": handling.may_settle(row, request.user),
        "writer": handling.WRITER,
        "bound": bound,
        "correct_form": forms[CorrectForm],
        "judge_form": forms[JudgeForm],
        "leave_form": forms[LeaveForm],
        "merge_form": forms[MergeForm],
        "reply_form": forms[ReplyForm],
        "turn_away_form": forms[TurnAwayForm],
    }
    return render(request, "desk/report.html", context, status=status)


def _same_article(row: ErrorReport) -> list[ErrorReport]:
    """Return the newest other reports about the article, into which this one may be merged."""
    about = ErrorReport.objects.filter(version__article=row.version.article_id, merged_into__isnull=True)
    return list(about.exclude(pk=row.pk)[:10])
