"""The parts of the dashboard: for each its heading, what is counted, its plots, and the table behind them."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.desk.queues.dashboard import figures, plots
from reviews.desk.queues.dashboard.figures import Band, Span
from reviews.desk.queues.dashboard.plots import Bar, Plot, Strip
from reviews.desk.queues.dashboard.spreadsheet import Cell
from reviews.models import Review

WEEKS = (12, 26, 52)
A_DAY = 24 * 60 * 60
MOST_BARS = 20


@dataclass(frozen=True)
class Period:
    """The last weeks, the present one included: their Mondays and the one after them."""

    weeks: int
    days: list[datetime.date]
    today: datetime.date

    @classmethod
    def of(cls, weeks: str, now: datetime.datetime) -> "Period":
        """Return the period that the address asks for; whatever is no choice counts as 26 weeks."""
        number = next((each for each in WEEKS if str(each) == weeks), 26)
        return cls(number, figures.mondays(number, now), timezone.localdate(now, timezone.get_default_timezone()))

    @property
    def bounds(self) -> tuple[datetime.datetime, datetime.datetime]:
        return figures.midnight(self.days[0]), figures.midnight(self.days[-1])


@dataclass(frozen=True)
class Part:
    """A part of the dashboard. Without rows it says what comes next; the first column of its table names the row."""

    name: str
    heading: str
    counted: str
    head: list[str]
    rows: list[list[Cell]]
    plots: list[Plot]
    empty: str
    notes: list[tuple[str, str]] = field(default_factory=list)
    more: str = ""

    @property
    def lines(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yield what each row of the table is about, and (heading, cell) of its other cells, as the page shows them."""
        for row in self.rows:
            yield str(row[0]), [(head, _shown(cell)) for head, cell in zip(self.head[1:], row[1:], strict=True)]


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return number_format(cell, 1, use_l10n=True) if isinstance(cell, float) else str(cell)


def weekly(period: Period) -> Part:
    rows = figures.per_week(period.days)
    submitted, approved = sum(row.submitted for row in rows), sum(row.approved for row in rows)
    strips = [
        Strip(_("Submitted: {number}").format(number=submitted), "first", [_tip(row, row.submitted) for row in rows]),
        Strip(_("Approved: {number}").format(number=approved), "second", [_tip(row, row.approved) for row in rows]),
    ]
    said = _("In {weeks} weeks, {submitted} versions were submitted and {approved} were approved.").format(
        weeks=period.weeks, submitted=submitted, approved=approved
    )
    labels = [date_format(row.monday, "j M") for row in rows]
    heading = _("Submissions and approvals per week")
    return Part(
        "weeks",
        heading,
        _("A version counts in the week in which it was submitted, and in the week in which it was approved."),
        [_("Week from"), _("Submitted"), _("Approved")],
        [[row.monday.isoformat(), row.submitted, row.approved] for row in rows],
        [plots.columns("weeks", heading, said, strips, labels)] if submitted or approved else [],
        _("No version was submitted or approved in this time. One counts here when an author submits it."),
    )


def _tip(week: figures.Week, number: int) -> tuple[int, str]:
    return number, _("Week from {day}: {number}").format(day=date_format(week.monday), number=number)


def states(period: Period) -> Part:
    found = figures.in_states(*period.bounds)
    rows = [(Review.Status(name), found[name]) for name in figures.STATES if name in found]
    heading = _("Time in each state")
    bars = [_span_bar(str(status.label), span) for status, span in rows]
    return Part(
        "states",
        heading,
        _(
            "Days that versions were in a state, of those that left it in this time. Half of them left it within the "
            "first number of days, and nine in ten within the second. A part of a day counts as a day."
        ),
        [_("State"), _("Versions"), _("Median in days"), _("Nine in ten, in days")],
        [[str(status.label), span.number, days(span.median), days(span.most)] for status, span in rows],
        [plots.bars("states", heading, bars)] if rows else [],
        _("No version left a state in this time. One does when reviewers are asked, or the review ends."),
        [(str(Review.Status(name).label), str(sentence)) for name, sentence in figures.STATES.items()],
    )


def reviewers(period: Period) -> Part:
    rows = figures.reviewers(*period.bounds, period.today)
    shown = rows[:MOST_BARS]
    load = [Bar(row.name, _load(row), [(row.overdue, "late"), (row.open - row.overdue, "first")]) for row in shown]
    taken = [_span_bar(row.name, row.taken) for row in shown if row.taken]
    both = [(_("Open requests"), load, "load"), (_("Days from request to decision"), taken, "taken")]
    more = len(rows) - len(shown)
    others = ngettext("The table has {number} more.", "The table has {number} more.", more)
    return Part(
        "reviewers",
        _("Reviewers"),
        _(
            "Requests that are open now. Days from the request to the decision, of decisions in this time: half took "
            "at most the first number of days, and nine in ten at most the second. A part of a day counts as a day."
        ),
        [_("Reviewer"), _("Open"), _("Overdue"), _("Decided"), _("Median in days"), _("Nine in ten, in days")],
        [[row.name, row.open, row.overdue, *_columns(row.taken)] for row in rows],
        [plots.bars(name, title, found) for title, found, name in both if found],
        _("Nobody is on the board yet. An administrator adds its members."),
        more=others.format(number=more) if more else "",
    )


def overdue(period: Period) -> Part:
    bands = figures.overdue(period.today)
    return _of_bands(
        "late",
        _("Overdue requests"),
        _("Open requests whose day has passed, by how long ago it was."),
        bands,
        _("No request is overdue. Reviewers are reminded before, on and after the day."),
        lambda band: True,
    )


def library(period: Period) -> Part:
    bands = figures.library(period.today)
    return _of_bands(
        "library",
        _("Age of the library"),
        _("Public articles by the day on which their next review is due."),
        bands,
        _("Nothing is public yet. An article counts here when it is published."),
        lambda band: band.last < 0,
    )


def _of_bands(
    name: str, heading: str, counted: str, bands: Sequence[Band], empty: str, is_late: Callable[[Band], bool]
) -> Part:
    bars = [
        Bar(str(band.label), str(band.number), [(band.number, "late" if is_late(band) else "first")]) for band in bands
    ]
    return Part(
        name,
        heading,
        counted,
        [_("When"), _("Number")],
        [[str(band.label), band.number] for band in bands],
        [plots.bars(name, heading, bars)] if any(band.number for band in bands) else [],
        empty,
    )


def days(seconds: float) -> int:
    """Return the days, a part of one counted as a whole; everywhere at the desk the usual days are counted so."""
    return max(1, -int(-seconds // A_DAY))


def _span_bar(label: str, span: Span) -> Bar:
    half, most = days(span.median), days(span.most)
    return Bar(label, f"{half} / {most}", [(half, "first"), (most - half, "soft")])


def _columns(span: Span | None) -> list[Cell]:
    return [span.number, days(span.median), days(span.most)] if span else [0, None, None]


def _load(row: figures.Reviewer) -> str:
    if not row.overdue:
        return str(row.open)
    return _("{open}, {overdue} of them overdue").format(open=row.open, overdue=row.overdue)


PARTS: dict[str, Callable[[Period], Part]] = {
    "weeks": weekly,
    "late": overdue,
    "states": states,
    "library": library,
    "reviewers": reviewers,
}
