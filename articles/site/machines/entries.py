"""The entries of the feeds: publications and notices."""

import datetime
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse

from articles.models import Article, Notice, Version
from articles.models.version import numbered
from articles.review_process import review_process
from articles.site.article_pages import shown_version

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

IN_THE_FEED = 20


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


def publications() -> list[Entry]:
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


def notices() -> list[Entry]:
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
