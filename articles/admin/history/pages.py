"""The page of an article's history in the administration."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.desk.texts.history.rows import LONGEST_KEY, Change, Place, changes_of
from articles.desk.texts.history.words import Entry, entries_of
from articles.models import Article, Version
from articles.review_process import review_process

CHANGES = 30  # on a page
STORED = "rows"  # in the address: the rows of one table as they are stored


@dataclass(frozen=True)
class Stretch:
    """
    The changes before one submission, newest first: of the draft that became `version`; None if it is not submitted.

    `shown` are those with a visible change, in runs by the same person, and `unseen` is the number of the others.
    """

    version: Version | None
    shown: list[Entry]
    unseen: list[Entry]


def show_history(request: HttpRequest, page: Any, object_id: str) -> HttpResponse:
    """Show who changed which cell of the draft when, grouped by version; `?after=` is the place of a change."""
    if not page.has_view_history_permission(request):
        raise PermissionDenied
    is_key = object_id.isascii() and object_id.isdigit() and len(object_id) <= LONGEST_KEY
    article = Article.objects.filter(pk=int(object_id)).first() if is_key else None
    if article is None:
        raise Http404
    after = Place.read(request.GET.get("after", ""))
    changes, last = changes_of(article, after, CHANGES)
    context = {
        **admin.site.each_context(request),
        "title": _("History of “{title}”").format(title=article.title),
        "opts": page.opts,
        "module_name": capfirst(str(page.opts.verbose_name_plural)),
        "article": article,
        "desk": review_process().desk(article.pk),
        "object": article,
        "stretches": stretches(article, changes),
        "after": last,
        "is_first": after is None,
    }
    request.current_app = admin.site.name  # type: ignore[attr-defined]  # as the library's own views do
    return render(request, "admin/article_history.html", context)


def stretches(article: Article, changes: list[Change]) -> list[Stretch]:
    """Return the changes grouped by the version that was submitted after them."""
    versions = list(article.versions.order_by("submitted_at").defer("writers"))
    entries = zip(changes, entries_of(changes), strict=True)

    def becomes(entry: tuple[Change, Entry]) -> Version | None:
        return next((version for version in versions if version.submitted_at >= entry[0].place.at), None)

    found = []
    for version, group in groupby(entries, key=becomes):
        rows = [entry for _, entry in group]
        found.append(Stretch(version, [row for row in rows if row.cells], [row for row in rows if not row.cells]))
    return found
