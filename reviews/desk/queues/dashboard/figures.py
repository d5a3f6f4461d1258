"""
The figures of the dashboard, each counted by the database.

A week begins on Monday at midnight in the site's time zone. A share of 50 or 90 per cent is exact: the least number of
seconds that so many of the rows do not exceed (nearest rank), never a value between two rows.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.models.people import Role, active
from articles.models.rows.as_sql import literal, literals
from reviews.evidence.ledger import name_of
from reviews.models import Assignment, Review

SECONDS = {  # whole seconds since 1970; SQLite alone would round half a millisecond up
    "sqlite": "CAST(strftime('%%s', substr({0}, 1, 19)) AS INTEGER)",
    "postgresql": "CAST(FLOOR(EXTRACT(EPOCH FROM {0})) AS BIGINT)",
}
JOINED = {"sqlite": "group_concat({0})", "postgresql": "string_agg(CAST({0} AS text), ',')"}


class Span(NamedTuple):
    """How many rows there were, and the seconds that half of them and 90 per cent of them do not exceed."""

    number: int
    median: int
    most: int


class Week(NamedTuple):
    monday: datetime.date
    submitted: int
    approved: int


@dataclass(frozen=True)
class Reviewer:
    """Who is asked or has decided: open requests, those that are overdue, and the time from request to decision."""

    name: str
    open: int
    overdue: int
    taken: Span | None


class Band(NamedTuple):
    """Days from `first` to `last`, both included, and how many rows are in them."""

    label: "str | Promise"
    first: int
    last: int
    number: int = 0


FOREVER = 10**6
OVERDUE = (  # days since the request was due
    Band(_("1 to 7 days"), 1, 7),
    Band(_("8 to 14 days"), 8, 14),
    Band(_("15 to 30 days"), 15, 30),
    Band(_("More than 30 days"), 31, FOREVER),
)
LIBRARY = (  # days until the next review is due
    Band(_("Overdue for more than 180 days"), -FOREVER, -181),
    Band(_("Overdue for 91 to 180 days"), -180, -91),
    Band(_("Overdue for up to 90 days"), -90, -1),
    Band(_("Due within 90 days"), 0, 90),
    Band(_("Due in 91 to 180 days"), 91, 180),
    Band(_("Due in 181 to 365 days"), 181, 365),
    Band(_("Due later"), 366, FOREVER),
)
WITHOUT_A_DATE = _("Without a date")


def mondays(number: int, now: datetime.datetime) -> list[datetime.date]:
    """Return the first days of the last so many weeks, the present one included, and of the next one."""
    today = timezone.localdate(now, timezone.get_default_timezone())
    this = today - datetime.timedelta(days=today.weekday())
    return [this + datetime.timedelta(weeks=week) for week in range(1 - number, 2)]


def midnight(day: datetime.date) -> datetime.datetime:
    """Return the moment at which the day begins in the site's time zone."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()), timezone.get_default_timezone())


def per_week(days: Sequence[datetime.date]) -> list[Week]:
    """Return how many versions were submitted and approved in each week. `days` are as `mondays` returns them."""
    bounds = [_stored(midnight(day)) for day in days]
    arms, parameters = [], []
    for column in ("submitted_at", "approved_at"):
        case, values = _place(column, bounds[1:-1], 0)
        arms.append(
            f"SELECT '{column}' AS kind, {case} AS week FROM reviews_review "  # noqa: S608 (our own columns)
            f"WHERE {column} >= %s AND {column} < %s"
        )
        parameters += [*values, bounds[0], bounds[-1]]
    statement = f"SELECT kind, week, COUNT(*) FROM ({' UNION ALL '.join(arms)}) AS counted GROUP BY kind, week"  # noqa: S608
    counted = {(kind, week): number for kind, week, number in _rows(statement, parameters)}
    return [
        Week(day, counted.get(("submitted_at", week), 0), counted.get(("approved_at", week), 0))
        for week, day in enumerate(days[:-1])
    ]


def _place(column: str, bounds: list[Any], first: int) -> tuple[str, list[Any]]:
    """Return the expression that gives the number of the week, counted from `first`: six comparisons for a year."""
    if not bounds:
        return str(first), []
    middle = len(bounds) // 2
    before, values_before = _place(column, bounds[:middle], first)
    after, values_after = _place(column, bounds[middle + 1 :], first + middle + 1)
    case = f"CASE WHEN {column} < %s THEN {before} ELSE {after} END"
    return case, [bounds[middle], *values_before, *values_after]


_STATES = """
WITH asked AS (
    SELECT r.submitted_at, r.approved_at, r.ended_at, first.at
    FROM reviews_review r
    LEFT JOIN (SELECT review_id, MIN(assigned_at) AS at FROM reviews_assignment GROUP BY review_id) first
    ON first.review_id = r.id)
SELECT '{submitted}' AS name, submitted_at AS began, COALESCE(at, ended_at) AS ended FROM asked
UNION ALL
SELECT '{under_review}', at, COALESCE(approved_at, ended_at) FROM asked WHERE at IS NOT NULL
UNION ALL
SELECT '{approved}', approved_at, COALESCE(published_at, CASE WHEN status <> '{approved}' THEN ended_at END)
FROM reviews_review WHERE approved_at IS NOT NULL
UNION ALL
SELECT '{changes_requested}', r.ended_at, MIN(newer.submitted_at)
FROM reviews_review r JOIN reviews_review newer ON newer.article_id = r.article_id AND newer.id > r.id
WHERE r.status IN ({returned}) GROUP BY r.id, r.ended_at
"""
_TAKEN = """
SELECT reviewer_id AS name, assigned_at AS began, ended_at AS ended FROM reviews_assignment WHERE ended_as = {decided}
"""
_SPANS = """
WITH spans AS ({spans}) SELECT name, {joined} FROM spans WHERE ended >= %s AND ended < %s GROUP BY name
"""
STATES = {  # the versions that left the state in the period are counted
    Review.Status.SUBMITTED.value: _("From the submission until the first reviewer is asked, or the review ends."),
    Review.Status.UNDER_REVIEW.value: _("From the first request until the approval, or the end without one."),
    Review.Status.APPROVED.value: _("From the approval until the publication, or the withdrawal of the approval."),
    Review.Status.CHANGES_REQUESTED.value: _(
        "From the end of a review without approval until the next version of the article is submitted."
    ),
}


def in_states(since: datetime.datetime, until: datetime.datetime) -> dict[str, Span]:
    """Return how long the versions were in each state that they left in the period."""
    names = {name: name for name in STATES}
    return _spans(_STATES.format(**names, returned=literals(Review.RETURNED)), since, until)


def taken_by(since: datetime.datetime, until: datetime.datetime) -> dict[int, Span]:
    """Return the time from request to decision by the account of the reviewer, of the decisions in the period."""
    return _spans(_TAKEN.format(decided=literal(Assignment.Ending.DECIDED.value)), since, until)


def _spans(spans: str, since: datetime.datetime, until: datetime.datetime) -> dict[Any, Span]:
    """Return the span of each name. Its seconds are joined by the database and sorted here: a window takes longer."""
    began, ended = (SECONDS[connection.vendor].format(column) for column in ("began", "ended"))
    statement = _SPANS.format(spans=spans, joined=JOINED[connection.vendor].format(f"{ended} - {began}"))
    found = _rows(statement, [_stored(since), _stored(until)])
    return {name: _span(sorted(map(int, taken.split(",")))) for name, taken in found}


def _span(taken: list[int]) -> Span:
    number = len(taken)
    return Span(number, *(taken[-(-number * tenths // 10) - 1] for tenths in (5, 9)))


def reviewers(since: datetime.datetime, until: datetime.datetime, today: datetime.date) -> list[Reviewer]:
    """Return every active member of the board, and whoever else is asked or decided; the most asked first."""
    late = Count("pk", filter=Q(due__lt=today))
    rows = Assignment.objects.to_decide().order_by().values_list("reviewer").annotate(open=Count("pk"), late=late)
    asked = {user: (number, overdue) for user, number, overdue in rows}
    taken = taken_by(since, until)
    members = active(Role.REVIEWER).filter(board_member__isnull=False)
    people = User.objects.filter(Q(pk__in=[*asked, *taken]) | Q(pk__in=members.values("pk")))
    found = [
        Reviewer(name_of(user), *asked.get(user.pk, (0, 0)), taken.get(user.pk))
        for user in people.select_related("contributor")
    ]
    return sorted(found, key=lambda row: (-row.open, -row.overdue, row.name))


def overdue(today: datetime.date) -> list[Band]:
    """Return the open requests that are overdue, by how long."""
    rows = Assignment.objects.to_decide().filter(due__lt=today).order_by().values_list("due").annotate(Count("pk"))
    return _in_bands(OVERDUE, (((today - due).days, number) for due, number in rows))


def library(today: datetime.date) -> list[Band]:
    """Return the public articles by the days until their next review is due, and those without a date at the end."""
    rows = [*Article.objects.listed().order_by().values_list("next_review_due").annotate(Count("pk"))]
    undated = sum(number for due, number in rows if due is None)
    dated = _in_bands(LIBRARY, (((due - today).days, number) for due, number in rows if due))
    return [*dated, Band(WITHOUT_A_DATE, 0, 0, undated)]


def _in_bands(bands: Sequence[Band], counted: Iterable[tuple[int, int]]) -> list[Band]:
    sums: Counter[int] = Counter()
    for days, number in counted:
        sums[next(place for place, band in enumerate(bands) if band.first <= days <= band.last)] += number
    return [band._replace(number=sums[place]) for place, band in enumerate(bands)]


def _stored(at: datetime.datetime) -> Any:
    """Return the time as the database compares it."""
    return connection.ops.adapt_datetimefield_value(at)


def _rows(statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
