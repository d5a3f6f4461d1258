"""What a page is written from as a file: the context of its templates, its address, and its pictures."""

import copy
from typing import Any

from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from lxml import html

from articles.models import Article, PictureFile, Version
from articles.site.article_pages import shown_version, works_told
from articles.site.facts import facts
from articles.site.page import page_of

Context = dict[str, Any]


def public_context(article: Article, audience: str) -> Context:
    """Return the context of an article's public text; raise Http404 if it is pending, or unknown to this audience."""
    context = context_of(article, shown_version(article), audience)
    if context["is_pending"]:
        raise Http404
    return context


def context_of(article: Article, version: Version, audience: str) -> Context:
    """Return the context of a version, published or not; raise Http404 if it was not signed for this audience."""
    page = page_of(version, audience)
    if audience not in page.labels:
        raise Http404
    around = facts(article, version, audience)
    told = works_told(around, page)
    return {**around, "article": article, "version": version, "audience": audience, "page": page, **told}


def path_of(context: Context) -> str:
    """Return the path of the page that a file was made from."""
    if context["is_older"]:
        return reverse("version", args=[context["article"].slug, context["version"].number])
    return reverse("article_for", args=[context["article"].slug, context["audience"]])


def at(request: HttpRequest, path: str) -> HttpRequest:
    """Return the request as if it were for the page itself, whose address the file says."""
    other = copy.copy(request)
    other.path = other.path_info = path
    return other


def sheet_of(request: HttpRequest, context: Context) -> str:
    """Return the line that stands on every printed sheet: the status and day of the text, and its address."""
    sheet = html.fragment_fromstring(render_to_string("site/_sheet.html", context, request))
    return " ".join(sheet.text_content().split())


def pictures(names: list[str]) -> dict[str, bytes]:
    """Return the files of these pictures by their names, such as <SHA-256>.png, in one query."""
    digests = {name.partition(".")[0]: name for name in names}
    rows = PictureFile.objects.filter(sha256__in=digests).values_list("sha256", "data") if names else ()
    return {digests[digest]: bytes(data) for digest, data in rows}
