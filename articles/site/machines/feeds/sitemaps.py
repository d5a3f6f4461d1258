"""The sitemap: the addresses that search engines may list."""

import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap, views
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.models import Article, Notice, Topic
from articles.review_process import review_process
from articles.site.keeping.kept_responses import kept
from articles.site.lists.topics import Tree
from articles.site.machines.head import ORIGINAL

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

ON_A_PAGE = 150  # addresses on one page of the map


class Listed(TypedDict):
    """
    The annotations of an article in the sitemap.

    They are the newest of its publication and its notices, its audience and language, and the original of its group.
    """

    at: datetime.datetime
    audience: str
    language_of_it: str
    original: int


def _original_first(row: Any) -> tuple[bool, int]:
    return row.pk != row.original, row.pk


class Pages(Sitemap):
    """The pages that exist once each."""

    def items(self) -> list[str]:
        own = [reverse(name) for name in ("home", "articles", "topics", "public_notices", "glossary")]
        return [*own, *review_process().public_pages()]

    def location(self, item: str) -> str:
        return item


class Topics(Sitemap):
    def items(self) -> list[Topic]:
        return list(Tree())


class Articles(Sitemap):
    """
    The articles that lists may name, each at its canonical address.

    An article's date is that of its publication, or of the newest notice on it: a page is to be read again then.
    """

    limit = ON_A_PAGE

    def items(self) -> "QuerySet[WithAnnotations[Article, Listed]]":
        published, audience = review_process().published_at("published_version"), F("published_version__written_for")
        notices: QuerySet[Any, Any] = QuerySet(Notice).filter(article=OuterRef("pk")).order_by().values("article")
        newest = Subquery(notices.annotate(at=Max("issued_at")).values("at"))
        at = Greatest(published, Coalesce(newest, published))
        return self._rows().annotate(at=at, audience=audience).order_by("pk")

    def _rows(self) -> "QuerySet[Any]":
        original = Coalesce("published_version__translation_of__article", "pk")
        language = F("published_version__language")
        return Article.objects.listed().only("slug").annotate(original=original, language_of_it=language)

    def _urls(self, page: Any, protocol: str, domain: str) -> list[dict[str, Any]]:
        """Add to each address those of the same text in all its languages, as the head of its page has them."""
        urls: list[dict[str, Any]] = super()._urls(page, protocol, domain)  # type: ignore[misc]  # private in Django
        groups: dict[int, dict[str, Any]] = {}
        rows = self._rows().filter(original__in={url["item"].original for url in urls})
        for row in sorted(rows.annotate(audience=F("published_version__written_for")), key=_original_first):
            groups.setdefault(row.original, {}).setdefault(row.language_of_it.lower(), row)
        for url in urls:
            rows_of_it = list(groups.get(url["item"].original, {}).values())
            if len(rows_of_it) > 1 and url["item"].pk in [row.pk for row in rows_of_it]:
                site = f"{protocol}://{domain}"
                alternates = [(row.language_of_it, row) for row in rows_of_it]
                alternates += [(ORIGINAL, row) for row in rows_of_it if row.pk == row.original]
                url["alternates"] = [
                    {"lang_code": language, "location": site + self.location(row)} for language, row in alternates
                ]
        return urls

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
