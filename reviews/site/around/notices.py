"""The notices shown with a version."""

import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q

from articles.models import Notice, NoticeVersion
from articles.models.rows.as_sql import literals
from reviews.site.around.arms import Arm, Asked


class Notices(NamedTuple):
    """
    A notice in force on the version, or one that travelled to it from a version published before it.

    There is one row per version that the notice names.
    """

    id: int
    kind: str
    reason: str
    issuer: str
    number: int  # of the version named
    issued_at: datetime.datetime


def arms() -> list[Arm[Any]]:
    return [Arm(Notices, SELECT, by_queryset, order=lambda row: (-row.issued_at.timestamp(), -row.id))]


SELECT = f"""
    SELECT in_force.id, in_force.kind, in_force.reason, in_force.issued_by_name AS issuer, named.number,
           in_force.issued_at
    FROM in_force
    JOIN articles_version AS named ON named.id = in_force.version_id
    JOIN articles_version AS shown ON shown.id = %(version)s AND shown.article_id = named.article_id
    JOIN reviews_review AS review ON review.version_id = named.id
    WHERE named.id = shown.id
       OR (in_force.kind IN ({literals(Notice.kinds("travels"))}) AND named.number < shown.number
           AND review.published_at IS NOT NULL)
"""  # noqa: S608 (the kinds are ours)


def by_queryset(asked: Asked) -> list[Notices]:
    travelled = Q(
        notice__in=Notice.objects.that("travels"),
        version__number__lt=F("version__article__versions__number"),
        version__article__versions=asked.version,
        version__review__published_at__isnull=False,
    )
    rows = NoticeVersion.objects.filter(notice__in=Notice.objects.in_force())
    rows = rows.filter(Q(version=asked.version) | travelled).distinct()
    columns = ("notice_id", "notice__kind", "notice__reason", "notice__issued_by_name", "version__number")
    return [Notices(*row) for row in rows.values_list(*columns, "notice__issued_at")]
