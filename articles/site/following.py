"""What other programs read of the site: its map, its feed, and what they are asked to leave alone."""

import datetime
import re
import uuid
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap, views
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from articles.models import Article, Notice, Version
from articles.models.version import numbered
from articles.review_process import review_process
from articles.site.views import topics_in_use

IN_THE_FEED = 20
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Pages(Sitemap):
    """The pages of which there is one each."""

    def items(self) -> list[str]:
        own = [reverse(name) for name in ("home", "articles", "topics")]
        return [*own, *review_process().public_pages()]

    def location(self, item: str) -> str:
        return item


class Topics(Sitemap):
    def items(self):
        return topics_in_use()


class Articles(Sitemap):
    """The articles that lists may name, each at the address that its page calls its own."""

    def items(self):
        published = review_process().published_at("published_version")
        return Article.objects.listed().select_related("published_version").annotate(at=published).order_by("pk")

    def location(self, item: Article) -> str:
        return reverse("article_for", args=[item.slug, item.published_version.written_for])

    def lastmod(self, item: Article):
        return item.at

    def get_latest_lastmod(self):
        """Return nothing: a removal changes the map and is no newer publication, so that no date tells its age."""


MAPS = {"pages": Pages, "topics": Topics, "articles": Articles}


@login_not_required
@require_safe
@conditional_page
def sitemaps(request):
    """List the maps; one of more than 50,000 addresses has several pages."""
    return views.index(request, MAPS, sitemap_url_name="sitemap_of")


@login_not_required
@require_safe
@conditional_page
def sitemap(request, section):
    """
    List the addresses of a kind of page, a page of the map at a time.

    The map has no Last-Modified: who asked by date alone would be told that nothing changed after a removal.
    """
    response = views.sitemap(request, MAPS, section)
    if "Last-Modified" in response:
        del response["Last-Modified"]
    return response


@login_not_required
@require_safe
@conditional_page
def feed(request):
    """Give what was last published, and what was last said about published texts, as an Atom feed."""
    entries = sorted([*_publications(), *_notices()], key=lambda entry: entry.at, reverse=True)
    context = {"entries": entries[:IN_THE_FEED], "site": site(request)}
    return xml(request, "site/feed.xml", context, "application/atom+xml; charset=utf-8")


@login_not_required
@require_safe
def robots(request):
    return render(request, "site/robots.txt", {"site": site(request)}, content_type="text/plain; charset=utf-8")


def xml(request, template: str, context: dict, content_type: str):
    """Return the template as XML, without the few characters that people can type and XML cannot hold."""
    written = render_to_string(template, context, request)
    return HttpResponse(_NOT_IN_XML.sub("", written), content_type=content_type)


def newest():
    """
    Return the articles that lists may name, the newest first.

    `published_at` is when the version was published, and `shown_since` that or when a removal was last lifted.
    """
    lifted = Notice.objects.filter(article=OuterRef("pk"), lifts__kind__in=Notice.kinds("removes"))
    published = review_process().published_at("published_version")
    back = Coalesce(Subquery(lifted.order_by("-issued_at").values("issued_at")[:1]), published)
    rows = Article.objects.listed().select_related("published_version")
    return rows.annotate(published_at=published, shown_since=Greatest(published, back)).order_by("-shown_since", "-pk")


@dataclass(frozen=True)
class Entry:
    """One entry of the feed: a published version, or a notice on one. `link` is the path of its page, if it has one."""

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
        for article in newest()[:IN_THE_FEED]
        if (version := article.published_version)
    ]


def _notices() -> list[Entry]:
    """
    Return the newest notices on versions that were published, those that lift another among them.

    While a removal is in force nothing of its article is told but that, when and why. Its entry has the id of the
    article's own, so that it takes the place of that one in a reader's software.
    """
    public = Version.objects.published().filter(notices=OuterRef("pk"))
    removal = Notice.objects.in_force().that("removes").filter(versions=OuterRef("article__published_version"))
    rows = Notice.objects.filter(Exists(public)).annotate(
        is_gone=Exists(removal), removes=Exists(removal.filter(pk=OuterRef("pk")))
    )
    rows = rows.filter(Q(is_gone=False) | Q(removes=True)).select_related("article__published_version")
    newest_named = public.order_by("-number").values("pk")[:1]
    named = Prefetch("versions", Version.objects.published())
    found = list(rows.annotate(version=Subquery(newest_named)).prefetch_related(named)[:IN_THE_FEED])
    versions = _told_of({row.version for row in found})
    return [_notice(row, versions[row.version]) for row in found]


def _told_of(versions: set[int]) -> dict[int, Version]:
    """Return these versions by their keys, each with whether it is removed."""
    removal = Notice.objects.in_force().that("removes").filter(versions=OuterRef("pk"))
    rows = Version.objects.filter(pk__in=versions).annotate(is_removed=Exists(removal))
    return {row.pk: row for row in rows}


def _notice(notice: Notice, version: Version) -> Entry:
    """
    Return the entry of a notice, of which `version` is the newest that it names of those that were public.

    One that is not about the text that is shown now is called by the versions it names, and leads to the newest, or
    while that is removed to the list of versions, where it is told.
    """
    article = notice.article
    if notice.removes:
        title = "Removal of a text that was published here"
        return Entry(article.public_id, notice.issued_at, title, notice.reason, link="", language="en")
    is_shown = version.pk == article.published_version_id
    title = article.published_version.title if version.is_removed else version.title
    address = "version", [article.slug, version.number]
    if version.is_removed:
        address = "versions", [article.slug]
    called = numbered(each.number for each in notice.versions.all())
    return Entry(
        id=uuid.uuid5(article.public_id, f"notice {notice.pk}"),
        at=notice.issued_at,
        title=f"{notice}: {title}" if is_shown else f"{notice}, {called}: {title}",
        summary=notice.reason,
        link=article.get_absolute_url() if is_shown else reverse(address[0], args=address[1]),
        language="en",
    )


def site(request) -> str:
    return f"{request.scheme}://{request.get_host()}"
