"""The pages for other programs: sitemap, feed and robots.txt."""

import datetime
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Article, Notice, Topic, Version
from articles.models.version import numbered
from articles.review_process import review_process
from articles.site.article_pages import shown_version
from articles.site.keeping.kept_responses import kept
from articles.site.lists import topics_in_use

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

IN_THE_FEED = 20
ON_A_PAGE = 150  # addresses on one page of the map
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Listed(TypedDict):
    """The annotations of an article in the sitemap: its time of publication, and the audience it was written for."""

    at: datetime.datetime
    audience: str


class Newest(TypedDict):
    """The annotations of `newest`."""

    published_at: datetime.datetime
    shown_since: datetime.datetime


class Removable(TypedDict):
    is_removed: bool


class InTheFeed(TypedDict):
    """The annotations of a notice in the feed: the newest published version that it names, and what is removed."""

    version: int
    is_gone: bool
    removes: bool


class Pages(Sitemap):
    """The pages that exist once each."""

    def items(self) -> list[str]:
        own = [reverse(name) for name in ("home", "articles", "topics")]
        return [*own, *review_process().public_pages()]

    def location(self, item: str) -> str:
        return item


class Topics(Sitemap):
    def items(self) -> QuerySet[Topic]:
        return topics_in_use()


class Articles(Sitemap):
    """The articles that lists may name, each at its canonical address."""

    limit = ON_A_PAGE

    def items(self) -> "QuerySet[WithAnnotations[Article, Listed]]":
        published, audience = review_process().published_at("published_version"), F("published_version__written_for")
        return Article.objects.listed().only("slug").annotate(at=published, audience=audience).order_by("pk")

    def location(self, item: "WithAnnotations[Article, Listed]") -> str:
        return reverse("article_for", args=[item.slug, item.audience])

    def lastmod(self, item: "WithAnnotations[Article, Listed]") -> datetime.datetime:
        return item.at

    def get_latest_lastmod(self) -> None:
        """Return no date: a removal changes the sitemap without a newer publication."""


SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {"pages": Pages, "topics": Topics, "articles": Articles}


@login_not_required
@require_safe
@kept
def sitemaps(request: HttpRequest) -> HttpResponse:
    """List the sitemaps. A sitemap of many addresses has several pages."""
    return views.index(request, SITEMAPS, sitemap_url_name="sitemap_of")


@login_not_required
@require_safe
@kept
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """
    List the addresses of one kind of page, one page of the sitemap at a time.

    The answer has no Last-Modified: after a removal, a program that asks by date would get “not modified”.
    """
    response = views.sitemap(request, SITEMAPS, section)
    if "Last-Modified" in response:
        del response["Last-Modified"]
    return response


@login_not_required
@require_safe
@kept
def feed(request: HttpRequest) -> HttpResponse:
    """Return the newest publications and the newest notices on published versions as an Atom feed."""
    entries = sorted([*_publications(), *_notices()], key=lambda entry: entry.at, reverse=True)
    context = {"entries": entries[:IN_THE_FEED], "site": site(request)}
    return xml(request, "site/feed.xml", context, "application/atom+xml; charset=utf-8")


@login_not_required
@require_safe
@kept
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "site/robots.txt", {"site": site(request)}, content_type="text/plain; charset=utf-8")


def xml(request: HttpRequest, template: str, context: dict[str, Any], content_type: str) -> HttpResponse:
    """Return the template as XML, without the few typed characters that XML does not allow."""
    written = render_to_string(template, context, request)
    return HttpResponse(_NOT_IN_XML.sub("", written), content_type=content_type)


def newest() -> "list[WithAnnotations[Article, Newest]]":
    """
    Return the newest articles that lists may name, as many as the feed has.

    `shown_since` is the time of publication, or the later time at which a removal was lifted. Whoever is among the
    newest by that is among the newest by one of the two times, and both have an index.
    """
    published = review_process().published_at("published_version")
    lifted = Notice.objects.filter(lifts__kind__in=Notice.kinds("removes")).order_by()
    by_lifting = lifted.values("article").annotate(at=Max("issued_at")).order_by("-at", "-article")
    by_publication = Version.objects.listed().order_by(review_process().published_at().desc(), "-pk")
    keys = {*by_publication.values_list("article", flat=True)[:IN_THE_FEED]}
    keys |= {row["article"] for row in by_lifting[:IN_THE_FEED]}
    own = by_lifting.filter(article=OuterRef("pk")).values("at")
    rows = Article.objects.listed().filter(pk__in=keys).select_related("published_version")
    since = Greatest(published, Coalesce(Subquery(own), published))
    found = rows.annotate(published_at=published, shown_since=since).order_by("-shown_since", "-pk")
    return list(found[:IN_THE_FEED])


@dataclass(frozen=True)
class Entry:
    """An entry of the feed: a published version, or a notice. `link` is the path of its page; empty without a page."""

    id: uuid.UUID
    at: datetime.datetime
    title: str
    summary: str
    link: str
    language: str


def _publications() -> list[Entry]:
    return [
        Entry(
            id=article.public_id,
            at=article.shown_since,
            title=version.title,
            summary=f"Version {version.number}. {version.note}",
            link=reverse("article_for", args=[article.slug, version.written_for]),
            language=version.language,
        )
        for article in newest()
        if (version := article.published_version)
    ]


def _notices() -> list[Entry]:
    """
    Return the newest notices on published versions, including notices that lift another.

    While a removal is in force, the removal is the only entry of its article. It has the id of the article's own entry
    and so replaces that entry in a reader's software.
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
    newest: QuerySet[WithAnnotations[Notice, InTheFeed]] = rows.prefetch_related(
        Prefetch("versions", Version.objects.published())
    )[:IN_THE_FEED]
    found = list(newest)
    versions = _versions({row.version for row in found})
    return [_notice(row, versions[row.version]) for row in found]


def _versions(keys: set[int]) -> "dict[int, WithAnnotations[Version, Removable]]":
    removal = Notice.objects.in_force().that("removes").filter(versions=OuterRef("pk"))
    rows: QuerySet[WithAnnotations[Version, Removable]] = (
        QuerySet(Version).filter(pk__in=keys).annotate(is_removed=Exists(removal))
    )
    return {row.pk: row for row in rows}


def _notice(notice: "WithAnnotations[Notice, InTheFeed]", version: "WithAnnotations[Version, Removable]") -> Entry:
    """
    Return the entry of a notice. `version` is the newest published version that the notice names.

    If that is not the current version, the title lists the versions that the notice names, and the link leads to the
    newest of them. While that one is removed, the link leads to the list of versions.
    """
    article = notice.article
    if notice.removes:
        title = "Removal of a text that was published here"
        return Entry(article.public_id, notice.issued_at, title, notice.reason, link="", language="en")
    is_shown = version.pk == article.published_version_id
    title = shown_version(article).title if version.is_removed else version.title
    link = reverse("version", args=[article.slug, version.number])
    if version.is_removed:
        link = reverse("versions", args=[article.slug])
    named = numbered(each.number for each in notice.versions.all())
    return Entry(
        id=uuid.uuid5(article.public_id, f"notice {notice.pk}"),
        at=notice.issued_at,
        title=f"{notice}: {title}" if is_shown else f"{notice}, {named}: {title}",
        summary=notice.reason,
        link=article.get_absolute_url() if is_shown else link,
        language="en",
    )


def site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
