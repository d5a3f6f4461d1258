"""
Compare the readers' pages with the signed text: as rendered, as cached, and as they arrive.

A finding names the place where the page first differs from the signed one: the database, the renderer, the cache, or
the edge. The edge is everything between the site and its readers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from lxml import html

from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Article, Audience, Version
from articles.site import article_pages
from articles.site.keeping.sealed_cache import Altered, read
from articles.site.page import Page, cache_name, page_from
from articles.site.verifying import edge
from articles.text.canonical import sha256
from articles.text.rendering import visible_text

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Openness(TypedDict):
    is_open: bool  # to readers


@dataclass(frozen=True)
class Finding:
    """A page that differs from the signed one. `place` is empty if the page could not be fetched."""

    page: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.page}: {f'{self.place}: ' if self.place else ''}{self.sentence}"


@dataclass(frozen=True)
class Compared:
    """One version, with the number of its pages that were compared, and the findings."""

    version: Version
    pages: int
    findings: list[Finding]


class InnerRequest(HttpRequest):
    """A request made in this process. Its host appears in none of the words that are compared."""

    def get_host(self) -> str:
        return "this.host"


def versions() -> "QuerySet[WithAnnotations[Version, Openness]]":
    """Return every version that was published, by primary key. `is_open` tells whether readers can still open it."""
    public = Article.objects.public().filter(published_version__isnull=False)
    is_removed = Exists(article_pages.removals().filter(versions=OuterRef("pk")))
    is_open = Q(Exists(public.filter(pk=OuterRef("article")))) & ~Q(is_removed)
    return article_pages.published_versions().select_related("article").annotate(is_open=is_open).order_by("pk")


def compare(version: "WithAnnotations[Version, Openness]", url: str = "", timeout: float = 20) -> Compared:
    """
    Compare one of `versions()` in this process and, with a `url`, as it arrives from there.

    The current version has a page for each audience, an older one only for the audience it was written for. A removed
    version must not be shown at any of its addresses. Raise `edge.Unreachable` if nothing answers at `url`.
    """
    if not version.is_open:
        return _removed(version, url.rstrip("/"), timeout) if url else Compared(version, 0, [])
    try:
        content = frozen_content(version)
    except DamagedText:
        name = f"{version.article.slug}, version {version.number}"
        return Compared(version, 1, [Finding(name, "database", "the text or title stored is not the one signed.")])
    found, seen = [], 0
    is_newest = version.pk == version.article.published_version_id
    for audience in content["visible"] if is_newest else [version.written_for]:
        name = f"{version.article.slug}, version {version.number}, for {audience}"
        differences = list(_inside(version, content, audience))
        try:
            if url and not differences:
                differences += _outside(version, content, audience, url.rstrip("/"), timeout)
            seen += 1
        except edge.NotFetched as error:
            differences.append(("", str(error)))
        found += [Finding(name, place, sentence) for place, sentence in differences]
    return Compared(version, seen, found)


def _removed(version: Version, url: str, timeout: float) -> Compared:
    """Check that each former address of a removed version shows it no more."""
    article = version.article
    names = ("version", "signed", "changes")
    shown = [(reverse(name, args=[article.slug, version.number]), version.written_for) for name in names]
    if version.pk == article.published_version_id:
        keys = Audience.objects.values_list("key", flat=True)
        shown += [(reverse("article_for", args=[article.slug, key]), key) for key in keys]
    found = []
    for path, audience in shown:
        if edge.gives_anything(url + path, timeout):
            name = f"{article.slug}, version {version.number}, for {audience}"
            found.append(Finding(name, "edge", f"{path}: a text is shown that was removed."))
    return Compared(version, 0, found)  # there is no signed page to compare


def _inside(version: Version, content: dict[str, Any], audience: str) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) for each difference from the signed page in this process and in the cache."""
    page = page_from(content, audience)
    if sha256(visible_text(page.html)) != content["visible"][audience]:
        yield "renderer", "the text rendered is not the text signed."
    try:
        cached = read(cache_name(version, audience))
    except Altered:
        yield "cache", "the copy in the cache is not the one that this site wrote. Readers do not see this copy."
        return
    if cached is not None and Page(**cached) != page:
        yield "cache", "the copy in the cache is not the page as it is rendered now."


def _outside(
    version: Version, content: dict[str, Any], audience: str, url: str, timeout: float
) -> Iterator[tuple[str, str]]:
    """Yield (place, sentence) for each difference in the answers at `url`, with the kinds of request that got it."""
    pages: list[tuple[Callable[..., HttpResponse], str, dict[str, str | int]]] = []
    if version.pk == version.article.published_version_id:
        pages.append((article_pages.article_for, "article_for", {"audience": audience}))
    if audience == version.written_for:
        pages.append((article_pages.version, "version", {"number": version.number}))
    page = page_from(content, audience)
    for view, name, which in pages:
        which["slug"] = version.article.slug
        path = reverse(name, kwargs=which)
        signed = edge.Signed(content["title"], content["visible"][audience], page, _words_now(view, path, which))
        for sentence, ways in edge.differences(url + path, signed, timeout).items():
            yield "edge", f"{path}, asked {', '.join(ways)}: {sentence}"


def _words_now(view: Callable[..., HttpResponse], path: str, which: dict[str, str | int]) -> str:
    """Return the words of the page as this process would show it to a reader now."""
    request = InnerRequest()
    request.method, request.path, request.user = "GET", path, AnonymousUser()
    return edge.words_around(html.document_fromstring(view(request, **which).content))
