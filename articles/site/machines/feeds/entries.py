"""The entries of the feeds: publications and notices."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Exists, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article, Notice, Version, VersionTopic
from articles.review_process import approved_urgently, review_process
from articles.site.lists.notices import Row, rows_of, shown_notices
from articles.text.languages import interface_language

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

IN_THE_FEED = 20
DOUBTED = next(Notice.CONSEQUENCES[kind].called for kind in Notice.kinds("doubts"))


class Newest(TypedDict):
    """The annotations of `newest`."""

    published_at: datetime.datetime
    shown_since: datetime.datetime
    has_concern: bool


def newest(topics: Collection[int] = ()) -> "list[WithAnnotations[Article, Newest]]":
    """
    Return the newest articles that lists may name, as many as the feed has; on these topics, if any are given.

    `shown_since` is the time of publication, or the later time at which a removal was lifted. Whoever is among the
    newest by that is among the newest by one of the two times, and both have an index.
    """
    published = review_process().published_at("published_version")
    lifted = Notice.objects.filter(lifts__kind__in=Notice.kinds("removes")).order_by()
    by_lifting = lifted.values("article").annotate(at=Max("issued_at")).order_by("-at", "-article")
    by_publication = Version.objects.listed().order_by(review_process().published_at().desc(), "-pk")
    if topics:
        of_topic = VersionTopic.objects.filter(topic__in=topics, version=OuterRef("article__published_version"))
        by_lifting = by_lifting.filter(Exists(of_topic))
        filed = VersionTopic.objects.filter(topic__in=topics, version=OuterRef("pk"))
        by_publication = by_publication.filter(Exists(filed)).exclude(kind=Article.Kind.POLICY)
    keys = {*by_publication.values_list("article", flat=True)[:IN_THE_FEED]}
    keys |= {row["article"] for row in by_lifting[:IN_THE_FEED]}
    own = by_lifting.filter(article=OuterRef("pk")).values("at")
    rows = Article.objects.in_lists(policies=True).filter(pk__in=keys).select_related("published_version")
    since = Greatest(published, Coalesce(Subquery(own), published))
    found = rows.annotate(published_at=published, shown_since=since).order_by("-shown_since", "-pk")
    return list(review_process().with_state(found, "published_version")[:IN_THE_FEED])


@dataclass(frozen=True)
class Entry:
    """An entry of the feed: a published version, or a notice. `link` is the path of its page; empty without a page."""

    id: uuid.UUID
    at: datetime.datetime
    title: str
    summary: str
    link: str
    language: str


def publications(topics: Collection[int] = ()) -> list[Entry]:
    """Return an entry for each of the newest articles, on these topics if any are given."""
    return [
        Entry(
            id=article.public_id,
            at=_changed_at(version, article.shown_since),
            title=f"{DOUBTED}: {version.title}" if article.has_concern else version.title,
            summary=_summary(version),
            link=reverse("article_for", args=[article.slug, version.written_for]),
            language=version.language,
        )
        for article in newest(topics)
        if (version := article.published_version)
    ]


def _changed_at(version: Version, shown_since: datetime.datetime) -> datetime.datetime:
    """Return when the entry last changed: the version was shown, or its full review, due until then, was complete."""
    return max(shown_since, review_process().state(version).completed_at or shown_since)


def _summary(version: Version) -> str:
    """Return the note of the version, after its status if its full review is due."""
    due = review_process().state(version).full_review_due
    said = _("Version {number}. {note}").format(number=version.number, note=version.note)
    return f"{approved_urgently(due)}. {said}" if due else said


def notices(topics: Collection[int] = ()) -> list[Entry]:
    """
    Return the newest notices on published versions, on these topics if any are given.

    Notices that lift another are among them.

    While a removal is in force, the removal is the only entry of its article. It has the id of the article's own entry
    and so replaces that entry in a reader's software.
    """
    rows = shown_notices()
    if topics:
        filed = VersionTopic.objects.filter(topic__in=topics, version=OuterRef("article__published_version"))
        rows = rows.filter(Exists(filed)).exclude(article__published_version__kind=Article.Kind.POLICY)
    return [_notice(row) for row in rows_of(rows[:IN_THE_FEED])]


def _notice(row: Row) -> Entry:
    """
    Return the entry of a notice.

    If it does not name the current version, its title lists the versions that it names. If these are removed, the link
    leads to the notice's own page.
    """
    notice, article = row.notice, row.notice.article
    if not row.title:
        title = _("Removal of a text that was published here")
        return Entry(article.public_id, notice.issued_at, title, notice.reason, link="", language=interface_language())
    return Entry(
        id=uuid.uuid5(article.public_id, f"notice {notice.pk}"),
        at=notice.issued_at,
        title=f"{notice}: {row.title}" if row.is_shown else f"{notice}, {row.named}: {row.title}",
        summary=notice.reason,
        link=reverse("public_notice", args=[notice.lifts_id or notice.pk]) if row.is_removed else row.link,
        language=interface_language(),
    )
