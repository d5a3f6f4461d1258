"""The public notices: corrections, expressions of concern, retractions, withdrawals and removals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles.models import Notice, Version
from articles.models.version import numbered
from articles.site.article_pages import shown_version
from articles.site.keeping.kept_responses import kept
from articles.site.machines.address import site
from articles.site.machines.head import list_head
from articles.site.machines.json_ld.lists import of_items, page_data
from articles.site.machines.json_ld.notices import issued as issued_data
from articles.site.machines.words.frozen import beginning

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

ON_A_PAGE = 30
TITLE = _("Corrections and retractions")
DESCRIPTION = _(
    "All notices on published texts, the newest first, also those that were lifted: who issued each, when and why."
)


class Shown(TypedDict):
    """The annotations of `shown_notices`: the newest published version that it names, and what is removed."""

    version: int
    is_gone: bool
    removes: bool


class Removable(TypedDict):
    is_removed: bool


@dataclass(frozen=True)
class Row:
    """
    A notice with its text: the title, the path of its page, and the versions that the notice names.

    `is_shown`: one of them is the current version. `is_removed`: the newest of them is removed. While the current
    version is removed, title and path are empty.
    """

    notice: Notice
    title: str
    link: str
    named: str
    is_shown: bool
    is_removed: bool
    language: str


def shown_notices() -> "QuerySet[WithAnnotations[Notice, Shown]]":
    """
    Return the notices on published versions, including notices that lift another.

    While the current version of an article is removed, the removal is the only notice shown of the article.
    """
    public = Version.objects.published().filter(notices=OuterRef("pk"))
    removal = Notice.objects.in_force().that("removes").filter(versions=OuterRef("article__published_version"))
    rows = (
        QuerySet(Notice)
        .filter(Exists(public))
        .annotate(
            version=Subquery(public.order_by("-number").values("pk")[:1]),
            is_gone=Exists(removal),
            removes=Exists(removal.filter(pk=OuterRef("pk"))),
        )
    )
    rows = rows.filter(Q(is_gone=False) | Q(removes=True)).select_related("article__published_version")
    return rows.prefetch_related(Prefetch("versions", Version.objects.published()))


def rows_of(notices: "Iterable[WithAnnotations[Notice, Shown]]") -> list[Row]:
    """Return a row for each notice of `shown_notices`, in this order; one query."""
    notices = list(notices)
    removal = Notice.objects.in_force().that("removes").filter(versions=OuterRef("pk"))
    found: QuerySet[WithAnnotations[Version, Removable]] = (
        QuerySet(Version).filter(pk__in={row.version for row in notices}).annotate(is_removed=Exists(removal))
    )
    versions = {row.pk: row for row in found}
    return [_row(notice, versions[notice.version]) for notice in notices]


def _row(notice: "WithAnnotations[Notice, Shown]", version: "WithAnnotations[Version, Removable]") -> Row:
    """
    Return the row of a notice. `version` is the newest published version that the notice names.

    If that is not the current version, the link leads to it. While it is removed, the link leads to the list of
    versions, and the title is that of the current one.
    """
    article = notice.article
    named = numbered(each.number for each in notice.versions.all())
    is_shown = version.pk == article.published_version_id
    if notice.removes:
        return Row(notice, "", "", named, is_shown, True, "")
    titled = shown_version(article) if version.is_removed else version
    link = reverse("version", args=[article.slug, version.number])
    if version.is_removed:
        link = reverse("versions", args=[article.slug])
    if is_shown:
        link = article.get_absolute_url()
    return Row(notice, titled.title, link, named, is_shown, version.is_removed, titled.language)


@login_not_required
@require_safe
@kept
def notices(request: HttpRequest, kind: str = "") -> HttpResponse:
    """List the notices, or those of one kind, one page at a time; `after` is the number of the last notice seen."""
    if kind and kind not in Notice.Kind.values:
        raise Http404
    rows = issued().filter(kind=kind) if kind else issued()
    after = request.GET.get("after", "")
    if after:
        last = get_object_or_404(rows, pk=_number(after))
        rows = rows.filter(Q(issued_at__lt=last.issued_at) | Q(issued_at=last.issued_at, pk__lt=last.pk))
    found = rows_of(rows[: ON_A_PAGE + 1])
    title = str(Notice.CONSEQUENCES[kind].plural if kind else TITLE)
    above = [(str(TITLE), reverse("public_notices"))] if kind else []
    shown = found[:ON_A_PAGE]
    data = page_data(site(request), request.path, title, above, "CollectionPage")
    data |= of_items(issued_data(site(request), row.notice, row.title, row.link) for row in shown)
    context = {
        "title": title,
        "kind": kind,
        "kinds": [*Notice.CONSEQUENCES.values()][::-1],
        "rows": shown,
        "after": after,
        "more": len(found) > ON_A_PAGE,
        "head": list_head(request, title, str(DESCRIPTION), data),
    }
    return render(request, "site/notices.html", context)


@login_not_required
@require_safe
@kept
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one notice; 404 if readers are not shown it."""
    (row,) = rows_of([get_object_or_404(issued(), pk=_number(str(pk)))])
    title = row.notice.get_kind_display()
    title = f"{title}: {row.title}" if row.title else title
    above = [(str(TITLE), reverse("public_notices"))]
    data = page_data(site(request), request.path, title, above)
    data["mainEntity"] = issued_data(site(request), row.notice, row.title, row.link)
    head = list_head(request, title, beginning(row.notice.reason), data)
    context = {"row": row, "head": head, "consequences": row.notice.consequences}
    return render(request, "site/notice.html", context)


def issued() -> "QuerySet[WithAnnotations[Notice, Shown]]":
    """Return the notices that readers are shown, each with the notice that lifted it, the newest first."""
    return shown_notices().filter(lifts__isnull=True).select_related("lifted_by").order_by("-issued_at", "-pk")


def _number(typed: Any) -> int:
    """Return the number of a notice; raise Http404 for what is none."""
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise Http404
    return int(typed)
