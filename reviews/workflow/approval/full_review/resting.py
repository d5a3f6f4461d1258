"""
The versions that rest on a valid full review, in SQL: the rules of `full_review` for many versions at once.

A statement begins with `beginning`. `tests/reviews/site/test_around.py` compares the two modules.
"""

from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import F

from articles.models import Article, Notice, Version
from articles.models.rows.as_sql import as_sql, literals
from reviews.models import Review


def beginning(versions: str, first: str = "") -> str:
    """
    Return the WITH clause of a statement about these versions, given as the list of an SQL IN.

    That list may read a table that `first` defines, the part of the clause after `in_force`.
    `in_force` has the notices in force, by version. `line` leads from each version, its root, back to the fully
    reviewed one, as `full_review.line` does. `stands` has that version, unless a notice ends its review or it is due.
    """
    in_force = Notice.objects.in_force().filter(versions__isnull=False).order_by()
    columns = ("id", "kind", "reason", "issued_by_name", "issued_at")
    return f"""
WITH RECURSIVE in_force AS NOT MATERIALIZED (
    {as_sql(in_force.values(*columns, version_id=F("versions")))}
), {first}line(root, id, article_id, number, change, chosen, submitted_at) AS (
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
        WHERE in_force.version_id = line.id AND in_force.kind IN ({literals(Notice.kinds("ends_full_review"))})
    ) AND NOT EXISTS (
        SELECT 1 FROM reviews_review AS owing
        WHERE owing.version_id = line.id AND owing.full_review_due IS NOT NULL AND owing.completed_at IS NULL
    )
)"""  # noqa: S608 (of our own queryset and enums)


def as_reviewed(articles: Iterable[Article]) -> list[Article]:
    """
    Return these published articles, each with `reviewed`: the date of its last full review, if still valid.

    One more query if any of them is a minor change or a correction; a major change had its own full review, unless it
    is still due.
    """
    rows = list(articles)
    public = [version for row in rows if (version := row.published_version)]
    smaller = {version.pk for version in public if version.review.change != Version.Change.MAJOR}
    owing = {version.pk for version in public if version.pk not in smaller and version.review.owes_full_review}
    without = owing | (smaller - resting(smaller))
    for row in rows:
        row.reviewed = None if row.published_version_id in without else row.last_reviewed
    return rows


def resting(versions: Collection[int]) -> set[int]:
    """Return the keys of these versions that rest on a valid full review; no query without versions."""
    if not versions:
        return set()
    statement = "\n".join([beginning(", ".join(["%s"] * len(versions))), "SELECT root FROM stands"])
    with connection.cursor() as cursor:
        cursor.execute(statement, sorted(versions))
        return {root for (root,) in cursor.fetchall()}
