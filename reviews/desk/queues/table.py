"""
The rows of the queue's table as HTML.

A page has fifty of them. Written by the template, with its forty tags a row, they would take half of the page's time.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles.templatetags.languages import in_language
from articles.templatetags.sentences import day
from reviews.desk.queues.progress import Asked, why_stalled
from reviews.models import Review

ROW = (
    '<tr>{{box}}<th scope="row"><a class="one-line" href="{{page}}" {{language}}>{{title}}</a> '
    '<span class="small">{{numbered}}</span></th>'
    '<td data-label="{State}" class="whole">{{state}}</td>'
    '<td data-label="{Days in it}" class="number">{{days}}</td>'
    '<td data-label="{Asked}"{{no_asked}}>{{asked}}</td>'
    '<td data-label="{Signed}" class="number{{no_signed}}">{{signed}}</td>'
    '<td data-label="{Still needed}"{{no_wanted}}>{{wanted}}</td>'
    '<td data-label="{Due}" class="whole{{no_due}}">{{due}}</td>'
    '<td data-label="{Risk}">{{risk}}</td></tr>\n'
)  # filled twice, as is the box: with the words of the page, and with what is escaped already of each row
BOX = (
    '<td class="box"><label><input type="checkbox" name="review" value="{{key}}">'
    '<span class="visually-hidden">{}</span></label></td>'
)
NAMES = '<details class="names"><summary><span class="one-line">{}</span> + {}</summary>{}</details>'
SHORTENED = '<span class="one-line" title="{0}">{0}</span>'
LATE = '<strong class="tag" data-status="overdue">{}</strong>'
PRESSING = '<strong class="tag" data-status="urgent">{}</strong>'
NONE = "–"
NO_CELL = SafeString(' class="none"')


@dataclass(frozen=True)
class Line:
    """A row of the table. `days` is how long the review is in its state, and `due` when the first request is due."""

    review: Review
    asked: list[Asked]
    days: int
    due: datetime.date | None
    is_late: bool
    barred: list[Asked]  # requests and approvals for which an interest was disclosed that has no plan

    @cached_property
    def names(self) -> str:
        return ", ".join(row.reviewer_name for row in self.asked)

    @cached_property
    def why_stalled(self) -> str:
        """Return whose request fills no place, or whose approval no longer counts; "" if nobody's."""
        return why_stalled(self.barred)

    @property
    def further(self) -> int:
        """Return how many are asked beside the first."""
        return max(0, len(self.asked) - 1)

    @property
    def first(self) -> str:
        return self.asked[0].reviewer_name if self.asked else ""


def rows(lines: Iterable[Line], *, can_choose: bool) -> SafeString:
    """Return the rows of the table; with `can_choose` each begins with a box."""
    row = _Row(can_choose=can_choose)
    return SafeString("".join([row.of(line) for line in lines]))


class _Row:
    """A row of the table, with all that is the same in many rows made once for the page."""

    def __init__(self, *, can_choose: bool) -> None:
        words = {
            "State": gettext("State"),
            "Days in it": gettext("Days in it"),
            "Asked": gettext("Asked"),
            "Signed": gettext("Signed"),
            "Still needed": gettext("Still needed"),
            "Due": gettext("Due"),
            "Risk": gettext("Risk"),
        }
        self.cells = format_html(ROW, **words)
        self.box = format_html(BOX, gettext("Choose {title}")) if can_choose else ""
        self.numbered = escape(gettext("version {number}"))
        self.high = format_html("<strong>{}</strong>", gettext("High"))
        self.standard = escape(gettext("Standard"))
        self.pressing = format_html(PRESSING, gettext("Urgent"))
        self.late = format_html(LATE, gettext("Overdue"))
        self.page = reverse("desk_review", args=[0])
        self.day, self.in_language, self.state = cache(day), cache(in_language), cache(_state)
        self.escape = cache(escape)

    def of(self, line: Line) -> str:
        review, version, progress = line.review, line.review.version, line.review.progress
        key, title, page = review.pk, escape(version.title), self.page.replace("/0/", f"/{review.pk}/")
        asked = self._asked(line, page)
        risk = self.high if review.is_high_risk else self.standard
        due = self.day(line.due)
        wanted = self.escape(progress.wanted) if progress else ""
        return self.cells.format(
            box=self.box.format(key=key, title=title),
            page=page,
            language=self.in_language(version.language),
            title=title,
            numbered=self.numbered.format(number=version.number),
            state=self.state(review.stands),
            days=line.days,
            no_asked="" if asked else NO_CELL,
            asked=asked or NONE,
            no_signed="" if progress else " none",
            signed=self.escape(progress.counted) if progress else NONE,
            no_wanted="" if wanted else NO_CELL,
            wanted=SHORTENED.format(wanted) if wanted else NONE,
            no_due="" if due else " none",
            due=(f"{due} {self.late}" if line.is_late else due) or NONE,
            risk=f"{risk} {self.pressing}" if review.is_pressing else risk,
        )

    def _asked(self, line: Line, page: str) -> str:
        """Return who is asked, and whose interest stands in the way; "" if nobody is."""
        said, names = "", self.escape(line.names)
        if line.further:
            said = NAMES.format(self.escape(line.first), line.further, names)
        elif names:
            said = SHORTENED.format(names)
        if line.why_stalled:
            said = f'{said} <a href="{page}#quorum">{format_html(LATE, line.why_stalled)}</a>'
        return said


def _state(status: Review.Status) -> str:
    return escape(status.label)
