"""
Which texts rest on a full review that stands, in SQL: what `full_review` says of one, asked of many at once.

A statement begins with `beginning`; `tests/reviews/site/test_around.py` holds it against `full_review`.
"""

from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import F

from articles.models import Article, Notice, Version
from articles.models.rows.as_sql import as_sql, listed
from reviews.models import Review


def beginning(versions: str) -> str:
    """
    Return the WITH of a statement about these versions, which stand in the brackets of an IN.

    `in_force` are the notices in force, by version. `line` leads from each version, its root, back to the one that was
    read in full, measured as by `full_review.line`; `stands` is that one, if no notice ends its review.
    """
    in_force = Notice.objects.in_force().filter(versions__isnull=False).order_by()
    columns = ("id", "kind", "reason", "issued_by_name", "issued_at")
    return f"""
WITH RECURSIVE in_force AS NOT MATERIALIZED (
    {as_sql(in_force.values(*columns, version_id=F("versions")))}
), line(root, id, article_id, number, change, chosen, submitted_at) AS (
    SELECT version.id, version.id, version.article_id, version.number, review.change, version.change,
           review.submitted_at
    FROM articles_version AS version
    JOIN reviews_review AS review ON review.version_id = version.id
    WHERE version.id IN ({versions})
    UNION ALL
    SELECT line.root, version.id, version.article_id, version.number, review.change, version.change,
           review.submitted_at
    FROM line
    JOIN articles_version AS version ON line.change <> '{Version.Change.MAJOR}' AND version.id = (
        SELECT earlier.id
        FROM articles_version AS earlier
        JOIN reviews_review AS ended ON ended.version_id = earlier.id AND ended.status = '{Review.Status.APPROVED}'
        WHERE earlier.article_id = line.article_id AND earlier.number < line.number
          AND (ended.published_at <= line.submitted_at
               OR (line.chosen = '{Version.Change.MINOR}' AND ended.change = '{Version.Change.MAJOR}'))
        ORDER BY earlier.number DESC
        LIMIT 1
      )
    JOIN reviews_review AS review ON review.version_id = version.id
), stands(root, id) AS (
    SELECT root, id
    FROM line
    WHERE change = '{Version.Change.MAJOR}' AND NOT EXISTS (
        SELECT 1 FROM in_force
        WHERE in_force.version_id = line.id AND in_force.kind IN ({listed(Notice.kinds("ends_full_review"))})
    )
)"""  # noqa: S608 (of our own queryset and enums)


def as_reviewed(articles: Iterable[Article]) -> list[Article]:
    """
    Return these published articles, each with `reviewed`: when it was last reviewed, if that full review stands.

    One query more where any of them is a smaller change; a text that was itself read in full rests on nothing else.
    """
    rows = list(articles)
    smaller = {row.published_version_id for row in rows if row.published_version.review.change != Version.Change.MAJOR}
    hanging = smaller - resting(smaller)
    for row in rows:
        row.reviewed = None if row.published_version_id in hanging else row.last_reviewed
    return rows


def resting(versions: Collection[int]) -> set[int]:
    """Return those of these versions behind which a full review stands; no query without versions."""
    if not versions:
        return set()
    statement = "\n".join([beginning(", ".join(["%s"] * len(versions))), "SELECT root FROM stands"])
    with connection.cursor() as cursor:
        cursor.execute(statement, sorted(versions))
        return {root for (root,) in cursor.fetchall()}
