"""The dossier of an article: its page, and its archive, which a job makes."""

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.requests import SignedInRequest
from articles.models import Article
from articles.text.plain.forms import is_key
from reviews.desk.access import dossier_article, kept_dossier
from reviews.desk.article.dossier import making
from reviews.desk.article.dossier.contents import Part, parts_of, whole_of
from reviews.desk.article.dossier.tables import mails_of
from reviews.models import Dossier, DossierPart, Opening
from reviews.workflow import NotNow
from reviews.workflow.approval.opened import note_opening

VERSIONS = 5  # on a page
ARCHIVES = 5
MAILS = 100  # about the article as a whole


@require_safe
def dossier(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show all that is recorded of the article, five versions at a time; `?before=` is a version's number."""
    return _show(request, dossier_article(request, pk))


@posted_from(lambda request, pk: reverse("dossier", args=[dossier_article(request, pk).pk]))
def ask_for_archive(request: SignedInRequest, pk: int) -> HttpResponse:
    """Queue the job that makes the archive; 409 if one is being made."""
    article = dossier_article(request, pk)
    try:
        making.ask_for(article, request.user)
    except NotNow as refusal:
        return _show(request, article, problem=str(refusal), status=409)
    messages.success(request, _("The archive is being made. You find it on this page when it is finished."))
    return redirect("dossier", article.pk)


@require_safe
def archive(request: SignedInRequest, pk: int) -> StreamingHttpResponse:
    """Give the archive; 404 if it is not made, or no longer kept."""
    row, article = kept_dossier(request, pk)
    if not row.parts.exists():
        raise Http404
    response = StreamingHttpResponse(_stretches(row), content_type="application/zip")
    response["Content-Length"] = str(row.size)
    name = f"dossier-{article.slug}-{row.pk}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _stretches(row: Dossier) -> Iterator[bytes]:
    """Yield the parts of an archive, each read when it is sent."""
    for key in list(row.parts.order_by("number").values_list("pk", flat=True)):
        yield bytes(DossierPart.objects.values_list("content", flat=True).get(pk=key))


def _note_openings(user: User, parts: list[Part]) -> None:
    """Note in the access log that this person opened the texts of the unpublished versions on the page."""
    shown = [part for part in parts if not part.is_erased]
    noted = set(
        Opening.objects.filter(user=user, version__in=[part.version.pk for part in shown]).values_list(
            "version", "audience"
        )
    )
    for part in shown:
        if (part.version.pk, part.version.written_for) not in noted:
            note_opening(user, part.review, whole=[part.version.written_for])


def _show(request: SignedInRequest, article: Article, problem: str = "", status: int = 200) -> HttpResponse:
    rows = article.versions.select_related("review").order_by("-number")
    before = request.GET.get("before", "")
    found = list((rows.filter(number__lt=min(int(before), 2**31 - 1)) if is_key(before) else rows)[: VERSIONS + 1])
    parts = parts_of(article, found[:VERSIONS])
    _note_openings(request.user, parts)
    is_kept = Exists(DossierPart.objects.filter(dossier=OuterRef("pk")))
    archives = list(article.dossiers.annotate(is_kept=is_kept)[:ARCHIVES])
    now = timezone.now()
    under_way = next((row for row in archives[:1] if row.is_under_way and not making.is_late(row, now)), None)
    context = {
        "article": article,
        "parts": [making.shown(part) for part in parts],
        "whole": mails_of(whole_of(article, MAILS)),
        "numbers": list(article.versions.order_by("-number").values_list("number", flat=True)),
        "next": parts[-1].version.number if len(found) > VERSIONS else None,
        "is_first": not is_key(before),
        "archives": archives,
        "under_way": under_way,
        "late": bool(archives) and archives[0].is_under_way and under_way is None,
        "problem": problem,
    }
    return render(request, "desk/dossier.html", context, status=status)
