"""
The figures of the dashboard, each counted by the database.

A week begins on Monday at midnight in the site's time zone. A share of 50 or 90 per cent is exact: the least number of
seconds that so many of the rows do not exceed (nearest rank), never a value between two rows.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
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

SECONDS = {  # between two times, each without its part of a second: SQLite alone would round half a millisecond up
    "sqlite": "CAST(ROUND(86400 * (julianday(substr({1}, 1, 19)) - julianday(substr({0}, 1, 19)))) AS INTEGER)",
    "postgresql": ("CAST(FLOOR(EXTRACT(EPOCH FROM {1})) AS BIGINT) - CAST(FLOOR(EXTRACT(EPOCH FROM {0})) AS BIGINT)"),
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
    weeks = ", ".join(f"({week}, %s, %s)" for week in range(len(days) - 1))
    counts = ", ".join(
        f"(SELECT COUNT(*) FROM reviews_review WHERE {column} >= since AND {column} < until)"  # noqa: S608 (our own)
        for column in ("submitted_at", "approved_at")
    )
    statement = f"WITH weeks (week, since, until) AS (VALUES {weeks}) SELECT week, {counts} FROM weeks ORDER BY week"  # noqa: S608
    counted = _rows(statement, [bound for each in pairwise(bounds) for bound in each])
    return [Week(days[week], submitted, approved) for week, submitted, approved in counted]


_IN_STATES = """
SELECT {joined}
FROM reviews_review r
LEFT JOIN (SELECT review_id, MIN(assigned_at) AS at FROM reviews_assignment GROUP BY review_id) asked
ON asked.review_id = r.id
"""
_RETURNED = """
SELECT {joined}
FROM (
    SELECT r.ended_at AS began, MIN(newer.submitted_at) AS ended
    FROM reviews_review r JOIN reviews_review newer ON newer.article_id = r.article_id AND newer.id > r.id
    WHERE r.status IN ({returned}) GROUP BY r.id, r.ended_at) spans
"""
_TAKEN = """
SELECT reviewer_id, {joined} FROM reviews_assignment WHERE ended_as = {decided} AND ended_at >= %s AND ended_at < %s
GROUP BY reviewer_id
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
    withdrawn = f"CASE WHEN r.status <> {literal(Review.Status.APPROVED.value)} THEN r.ended_at END"
    returned = _RETURNED.format(joined=_joined("began", "ended", if_ended=True), returned=literals(Review.RETURNED))
    bounds = [_stored(since), _stored(until)]
    spans = {
        Review.Status.SUBMITTED.value: _joined("r.submitted_at", "COALESCE(asked.at, r.ended_at)", if_ended=True),
        Review.Status.UNDER_REVIEW.value: _joined("asked.at", "COALESCE(r.approved_at, r.ended_at)", if_ended=True),
        Review.Status.APPROVED.value: _joined("r.approved_at", f"COALESCE(r.published_at, {withdrawn})", if_ended=True),
        Review.Status.CHANGES_REQUESTED.value: f"({returned})",
    }
    ((*found,),) = _rows(_IN_STATES.format(joined=", ".join(spans.values())), bounds * len(spans))
    return {name: _span(taken) for name, taken in zip(spans, found, strict=True) if taken}


def taken_by(since: datetime.datetime, until: datetime.datetime) -> dict[int, Span]:
    """Return the time from request to decision by the account of the reviewer, of the decisions in the period."""
    statement = _TAKEN.format(
        joined=_joined("assigned_at", "ended_at"), decided=literal(Assignment.Ending.DECIDED.value)
    )
    return {reviewer: _span(taken) for reviewer, taken in _rows(statement, [_stored(since), _stored(until)])}


def _joined(began: str, ended: str, *, if_ended: bool = False) -> str:
    """
    Return the expression that joins the seconds between two columns, of all rows; or of those that ended in the period.

    The database joins them, and they are sorted here: a window takes longer, and so does a row for each.
    """
    seconds = SECONDS[connection.vendor].format(began, ended)
    if if_ended:
        seconds = f"CASE WHEN {ended} >= %s AND {ended} < %s THEN {seconds} END"
    return JOINED[connection.vendor].format(seconds)


def _span(joined: str) -> Span:
    taken = sorted(map(int, joined.split(",")))
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
