"""Which texts rest on a full review that stands, in SQL: `around` asks it of one text, lists of many."""

from django.db import connection

from articles.models import Article, Version

_BEGINNING = """
WITH RECURSIVE in_force AS NOT MATERIALIZED (
    SELECT notice.id, notice.kind, notice.reason, notice.issued_by_name, notice.issued_at, named.version_id
    FROM articles_notice AS notice
    JOIN articles_noticeversion AS named ON named.notice_id = notice.id
    WHERE notice.lifts_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM articles_notice AS lifting WHERE lifting.lifts_id = notice.id)
), line(root, id, article_id, number, change, chosen, submitted_at) AS (
    SELECT version.id, version.id, version.article_id, version.number, review.change, version.change,
           review.submitted_at
    FROM articles_version AS version
    JOIN reviews_review AS review ON review.version_id = version.id
    WHERE version.id IN (<versions>)
    UNION ALL
    SELECT line.root, version.id, version.article_id, version.number, review.change, version.change,
           review.submitted_at
    FROM line
    JOIN articles_version AS version ON line.change <> 'major' AND version.id = (
        SELECT earlier.id
        FROM articles_version AS earlier
        JOIN reviews_review AS ended ON ended.version_id = earlier.id AND ended.status = 'approved'
        WHERE earlier.article_id = line.article_id AND earlier.number < line.number
          AND (ended.published_at <= line.submitted_at OR (line.chosen = 'minor' AND ended.change = 'major'))
        ORDER BY earlier.number DESC
        LIMIT 1
      )
    JOIN reviews_review AS review ON review.version_id = version.id
), stands(root, id) AS (
    SELECT root, id
    FROM line
    WHERE change = 'major' AND NOT EXISTS (
        SELECT 1 FROM in_force
        WHERE in_force.version_id = line.id AND in_force.kind IN ('retraction', 'withdrawal', 'removal')
      )
)"""


def beginning(versions: str) -> str:
    """
    Return the WITH of a statement about these versions, which stand in the brackets of an IN.

    `in_force` are the notices in force, by version. `line` leads from each version, its root, back to the one that was
    read in full; `stands` is that one, if no notice forbids it.
    """
    return _BEGINNING.replace("<versions>", versions)


def as_reviewed(articles) -> list[Article]:
    """
    Return these published articles, each with `reviewed`: when it was last reviewed, if that full review stands.

    One query more where any of them is a smaller change; a text that was itself read in full rests on nothing else.
    """
    rows = list(articles)
    smaller = {row.published_version_id for row in rows if row.published_version.review.change != Version.Change.MAJOR}
    hanging = smaller - _resting(smaller)
    for row in rows:
        row.reviewed = None if row.published_version_id in hanging else row.last_reviewed
    return rows


def _resting(versions: set[int]) -> set[int]:
    if not versions:
        return set()
    statement = "\n".join([beginning(", ".join(["%s"] * len(versions))), "SELECT root FROM stands"])
    with connection.cursor() as cursor:
        cursor.execute(statement, sorted(versions))
        return {root for (root,) in cursor.fetchall()}
