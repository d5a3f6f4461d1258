"""The history rows of an article's draft, from all its tables in one order, each with the row before it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.dateparse import parse_datetime

from articles.models import (
    Article,
    ArticleReference,
    ArticleTopic,
    Authorship,
    Figure,
    Section,
    Slug,
    Wording,
)

TABLES: tuple[Any, ...] = (Article, Slug, Authorship, ArticleTopic, Section, Wording, ArticleReference, Figure)
LONGEST_KEY = 18  # digits
YEARS = range(1900, 3000)


def moment_of(sent: str) -> datetime.datetime | None:
    """Return the moment that an address or a reason names, in UTC; None for anything else."""
    try:
        found = parse_datetime(sent)
        found = found.astimezone(datetime.UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None
    return found if found and found.year in YEARS else None


class Place(NamedTuple):
    """The place of a row in the order: its time, the number of its table, and its key."""

    at: datetime.datetime
    table: int
    key: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.table}_{self.key}"

    @classmethod
    def read(cls, sent: str) -> Self | None:
        """Return the place that an address names; None for anything else."""
        at, _, rest = sent.replace(" ", "+").partition("_")
        table, _, key = rest.partition("_")
        found = moment_of(at)
        are_numbers = all(part.isascii() and part.isdigit() and len(part) <= LONGEST_KEY for part in (table, key))
        if not are_numbers or found is None:
            return None
        return cls(found, int(table), int(key))


@dataclass(frozen=True)
class Change:
    """A history row, `before` it the one of the same object, if any, and its place in the order."""

    model: Any
    row: Any
    before: Any
    place: Place


def changes_of(article: Article, after: Place | None, most: int) -> tuple[list[Change], Place | None]:
    """
    Return the newest changes of the article's draft behind this place, and the place of the last if there are more.

    Two queries for each table, whatever the length of the history.
    """
    found: list[tuple[Place, Any, Any]] = []
    for number, model in enumerate(TABLES):
        rows = _behind(history_of(model, article), after, number).select_related("history_user__contributor")
        newest = _with_former(rows, model)[: most + 1]
        found += [(Place(row.history_date, number, row.history_id), model, row) for row in newest]
    found.sort(key=lambda entry: (entry[0].table, -entry[0].key))
    found.sort(key=lambda entry: entry[0].at, reverse=True)
    shown = found[:most]
    former = _former(shown)
    changes = [Change(model, row, former.get((model, row.former)), place) for place, model, row in shown]
    return changes, shown[-1][0] if len(found) > most else None


def history_of(model: Any, article: Article) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.history.all()
    if model is Article:
        return rows.filter(id=article.pk)
    if model is Wording:
        return rows.filter(section_id__in=Section.history.filter(article_id=article.pk).values("id"))
    return rows.filter(article_id=article.pk)


def _behind(rows: QuerySet[Any], after: Place | None, number: int) -> QuerySet[Any]:
    rows = rows.order_by("-history_date", "-history_id")
    if after is None:
        return rows
    behind = Q(history_date__lt=after.at)
    if number > after.table:
        behind |= Q(history_date=after.at)
    elif number == after.table:
        behind |= Q(history_date=after.at, history_id__lt=after.key)
    return rows.filter(behind)


def _with_former(rows: QuerySet[Any], model: Any) -> QuerySet[Any]:
    """Annotate each row with `former`, the key of the row of the same object before it."""
    before = model.history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    return rows.annotate(former=Subquery(before.values("history_id")[:1]))


def _former(shown: Iterable[tuple[Place, Any, Any]]) -> dict[tuple[Any, int | None], Any]:
    """Return the former rows by their model and key, with one query for each table."""
    found = {}
    for model in TABLES:
        keys = [row.former for _, each, row in shown if each is model and row.former]
        for row in model.history.filter(history_id__in=keys):
            found[model, row.history_id] = row
    return found
