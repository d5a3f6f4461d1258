from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.models import Article, Notice
from reviews import workflow
from reviews.desk.access import visible_article, visible_notice
from reviews.desk.answers import attempt
from reviews.desk.article.announcing import announce
from reviews.desk.article.options import blockers
from reviews.desk.forms import LiftForm, NoticeForm, form_of_row
from reviews.workflow.steps.notices import proposed_notice

CHANGE, READ = "change_it", "read"  # the buttons of the question: back to the form, and on with what was read


@dataclass(frozen=True)
class NoticeRow:
    """A notice and the form that lifts it."""

    notice: Notice
    form: LiftForm


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Show the notices on an article, and issue another one, which readers see at once.

    Before a notice with grave consequences, the editor is asked once more and told what readers will see.
    """
    article = visible_article(request, pk)
    form = _form(article, request.POST if request.method == "POST" else None)
    if request.method == "POST" and CHANGE not in request.POST and (answer := _sent(request, article, form)):
        return answer
    if form.is_bound:
        form.ask_again(request.POST, article.notices.count())
    return show_notices(request, article, form, status=_status(request, form))


def _status(request: SignedInRequest, form: NoticeForm) -> int:
    return form.http_status if form.is_bound and CHANGE not in request.POST else 200


def _sent(request: SignedInRequest, article: Article, form: NoticeForm) -> HttpResponse | None:
    """Issue the notice, or ask first; return None if the form or the step refuses."""
    agreed: dict[str, Any] = {}
    if form.is_valid() and Notice.CONSEQUENCES[form.terms()["kind"]].asks_first:
        found = attempt(form, lambda **terms: proposed_notice(article, actor=request.user, **terms))
        if found is None:
            return None
        told, read = announce(*found), request.POST.get(READ)
        if read != told.digest:
            context = {"article": article, "form": form, "told": told, "has_changed": bool(read)}
            return render(request, "desk/notice_question.html", context, status=409 if read else 200)
        agreed = {"versions": told.numbers, "shown": told.shown}

    def step(**terms: Any) -> Notice:
        return workflow.issue_notice(article, actor=request.user, **{**terms, **agreed})

    if (notice := attempt(form, step)) is None:
        return None
    unseen = notice.why_unseen()
    messages.success(request, f"{_('The notice is recorded.')} {unseen}" if unseen else _("The notice is public."))
    return redirect("notices", article.pk)


@posted_from(lambda request, pk: reverse("notices", args=[visible_notice(request, pk).article_id]))
def lift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Lift a notice: issue another of the same kind that ends it."""
    notice = visible_notice(request, pk)
    article = visible_article(request, notice.article_id)
    form = LiftForm(request.POST, about=notice.pk)

    def step(reason: str) -> Notice:
        return workflow.issue_notice(article, actor=request.user, kind=notice.kind, reason=reason, lifts=notice)

    if attempt(form, step):
        messages.success(request, _("Notice lifted."))
        return redirect("notices", article.pk)
    return show_notices(request, article, _form(article), lifting=form, status=form.http_status)


def show_notices(
    request: SignedInRequest,
    article: Article,
    form: NoticeForm,
    *,
    lifting: LiftForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = article.notices.select_related("lifted_by").prefetch_related("versions")
    context = {
        "article": article,
        "form": form,
        "rows": [NoticeRow(notice, form_of_row(LiftForm, notice.pk, lifting)) for notice in rows],
        "lifting": lifting,
        "blockers": blockers("issue_notice", article, None, request.user),
        "closed": Notice.objects.closing(article.published_version_id).exists(),
    }
    return render(request, "desk/notices.html", context, status=status)


def _form(article: Article, data: QueryDict | None = None) -> NoticeForm:
    numbers = article.versions.order_by("number").values_list("number", flat=True)
    return NoticeForm(data, numbers=list(numbers), issued=article.notices.count())
