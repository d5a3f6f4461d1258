"""The translations of a text: the public texts of its group, and whether its original has changed."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from articles.models import Article, Notice, Version
from articles.models.rows.as_sql import literals
from reviews.site.around.arms import Arm, Asked
from reviews.site.around.beside import OFF_LISTS

REVIEWED = (Version.Change.MAJOR, Version.Change.MINOR)  # the changes after which a translation may be out of date


class Translations(NamedTuple):
    """A listed text of the group: the original, or a public translation of any version of it. The text is one too."""

    article: int
    is_original: int
    language: str
    title: str
    slug: str
    written_for: str
    has_concern: int


class Since(NamedTuple):
    """A version of the original that was published after the translated one, and that is no correction."""

    number: int


def arms() -> list[Arm[Any]]:
    return [
        Arm(Translations, GROUP, group, order=lambda row: (-row.is_original, row.article)),
        Arm(Since, SINCE, since, order=lambda row: row.number),
    ]


GROUP = f"""
    SELECT article.id AS article, member.is_original, version.language, version.title, article.slug,
           version.written_for,
           CASE WHEN EXISTS (
               SELECT 1 FROM in_force
               WHERE in_force.version_id = version.id AND in_force.kind IN ({literals(Notice.kinds("doubts"))})
           ) THEN 1 ELSE 0 END AS has_concern
    FROM (
        SELECT COALESCE(source.article_id, this.article_id) AS article, 1 AS is_original
        FROM articles_version AS this
        LEFT JOIN articles_version AS source ON source.id = this.translation_of_id
        WHERE this.id = %(version)s
        UNION ALL
        SELECT holder.id, 0
        FROM articles_version AS this
        LEFT JOIN articles_version AS source ON source.id = this.translation_of_id
        JOIN articles_version AS translated ON translated.article_id = COALESCE(source.article_id, this.article_id)
        JOIN articles_version AS translation ON translation.translation_of_id = translated.id
        JOIN articles_article AS holder ON holder.published_version_id = translation.id
        WHERE this.id = %(version)s
    ) AS member
    JOIN articles_article AS article ON article.id = member.article
    JOIN articles_version AS version ON version.id = article.published_version_id
    WHERE NOT EXISTS ({OFF_LISTS})
"""  # noqa: S608 (the kinds are ours)


def group(asked: Asked) -> list[Translations]:
    this = Version.objects.select_related("translation_of").get(pk=asked.version)
    original = (this.translation_of or this).article_id
    of_it = Q(pk=original) | Q(published_version__translation_of__article=original)
    columns = ("language", "title", "written_for")
    doubts = Notice.objects.in_force().that("doubts").filter(versions=OuterRef("published_version"))
    rows = (
        Article.objects.listed()
        .filter(of_it)
        .values_list("pk", "slug", *(f"published_version__{name}" for name in columns), Exists(doubts))
    )
    return [
        Translations(pk, int(pk == original), language, title, slug, written_for, int(has_concern))
        for pk, slug, language, title, written_for, has_concern in rows
    ]


SINCE = f"""
    SELECT newer.number
    FROM articles_version AS this
    JOIN articles_version AS source ON source.id = this.translation_of_id
    JOIN articles_version AS newer ON newer.article_id = source.article_id AND newer.number > source.number
    JOIN reviews_review AS review
      ON review.version_id = newer.id AND review.published_at IS NOT NULL AND review.change IN ({literals(REVIEWED)})
    WHERE this.id = %(version)s AND NOT EXISTS (
        SELECT 1 FROM in_force
        WHERE in_force.version_id = newer.id AND in_force.kind IN ({literals(Notice.kinds("removes"))})
    )
"""  # noqa: S608 (the kinds are ours)


def since(asked: Asked) -> list[Since]:
    source = Version.objects.get(pk=asked.version).translation_of
    if source is None:
        return []
    newer = Version.objects.published().filter(article=source.article_id, number__gt=source.number)
    removed = Notice.objects.in_force().that("removes")
    rows = newer.filter(review__change__in=REVIEWED).exclude(notices__in=removed)
    return [Since(number) for number in rows.values_list("number", flat=True)]
