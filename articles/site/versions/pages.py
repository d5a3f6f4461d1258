"""The pages about the versions of an article: what changed from one to the next, or between any two."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Article, Version
from articles.site.article_pages import (
    AudienceRow,
    RetractedRow,
    at_its_address,
    of_a_version,
    published_versions,
    removed,
    works_told,
)
from articles.site.facts import Facts
from articles.site.page import page_of
from articles.site.versions.change_log import change_log
from articles.site.versions.changes import changes_between

LARGEST = 2**31 - 1  # of the numbers of versions in both databases


@at_its_address
def versions(request: HttpRequest, article: Article) -> HttpResponse:
    """Show the change log, a page at a time; `after` is the number of the last version on the page before."""
    if article.published_version is None:
        raise Http404
    after = request.GET.get("after", "")
    if after and _number(after) is None:
        raise Http404
    log = change_log(article, _number(after))
    if after and not log.rows:
        raise Http404
    context = {"article": article, "log": log, "after": after, "older": log.older}
    return render(request, "site/versions.html", context)


@of_a_version
def changes(request: HttpRequest, article: Article, version: Version, around: Facts) -> HttpResponse:
    """Show the changes of a version against the one published before it, for the audience it was written for."""
    earlier = published_versions().filter(article=article, number__lt=version.number).order_by("-number").first()
    return _compared(request, article, earlier, version, around, version.written_for)


@of_a_version
def comparison(
    request: HttpRequest, article: Article, version: Version, around: Facts, earlier: int, audience: str = ""
) -> HttpResponse:
    """Show the changes between two published versions, for an audience; 404 unless `earlier` was published before."""
    found = published_versions().filter(article=article, number=min(earlier, LARGEST)).first()
    known = {version.written_for, *(readers.key for readers in around["audiences"])}
    if found is None or found.number >= version.number or (audience and audience not in known):
        raise Http404
    return _compared(request, article, found, version, around, audience or version.written_for, is_chosen=True)


@login_not_required
@require_safe
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the comparison of the two versions that were chosen; 422 unless they are two numbers that differ."""
    numbers = {_number(request.GET.get(name, "")) for name in ("from", "to")} - {None}
    if len(numbers) != 2:
        sentence = _("Choose two different versions by their numbers.")
        return render(request, "site/refused.html", {"sentence": sentence}, status=422)
    earlier, later = sorted(number for number in numbers if number is not None)
    return redirect("comparison", slug=slug, earlier=earlier, number=later)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST)) else None


def _compared(
    request: HttpRequest,
    article: Article,
    earlier: Version | None,
    version: Version,
    around: Facts,
    audience: str,
    is_chosen: bool = False,
) -> HttpResponse:
    removal = (
        next((notice for notice in earlier.notices_in_force if notice.consequences.removes), None) if earlier else None
    )
    if removal:
        return removed(request, removal.pk, version.number, "comparison")
    marked = changes_between(earlier, version, audience) if earlier else None
    if marked and audience not in marked.labels:
        raise Http404
    works: dict[str, list[RetractedRow]] = {}
    if around["retracted_works"] or around["doubted_works"]:
        works = works_told(around, page_of(version, version.written_for))
    labels = marked.labels if marked else {}
    context: dict[str, Any] = {
        **around,
        "article": article,
        "version": version,
        "earlier": earlier,
        "marked": marked,
        **works,
        "is_chosen": is_chosen,
        "label": labels.get(audience, ""),
        "audiences": [AudienceRow(key, label) for key, label in labels.items() if key != audience],
    }
    response = render(request, "site/changes.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response
