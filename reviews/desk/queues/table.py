"""
The rows of the queue's table as HTML.

A page has fifty of them. Written by the template, with its forty tags a row, they would take half of the page's time.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from articles.templatetags.languages import in_language
from articles.templatetags.sentences import day
from reviews.desk.queues.progress import why_stalled
from reviews.models import Assignment, Review

ROW = (
    '<tr>{box}<th scope="row"><a class="one-line" href="{page}" {language}>{title}</a> '
    '<span class="small">{numbered}</span></th>'
    '<td data-label="{State}" class="whole">{state}</td>'
    '<td data-label="{Days in it}" class="number">{days}</td>'
    '<td data-label="{Asked}"{no_asked}>{asked}</td>'
    '<td data-label="{Signed}" class="number{no_signed}">{signed}</td>'
    '<td data-label="{Still needed}"{no_wanted}>{wanted}</td>'
    '<td data-label="{Due}" class="whole{no_due}">{due}</td>'
    '<td data-label="{Risk}">{risk}</td></tr>\n'
)
BOX = (
    '<td class="box"><label><input type="checkbox" name="review" value="{}">'
    '<span class="visually-hidden">{}</span></label></td>'
)
LATE = '<strong class="tag" data-status="overdue">{}</strong>'
PRESSING = '<strong class="tag" data-status="urgent">{}</strong>'
NONE = "–"
NO_CELL = SafeString(' class="none"')


@dataclass(frozen=True)
class Line:
    """A row of the table. `days` is how long the review is in its state, and `due` when the first request is due."""

    review: Review
    asked: list[Assignment]
    days: int
    due: datetime.date | None
    is_late: bool
    barred: list[Assignment]  # requests and approvals for which an interest was disclosed that has no plan

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

    @property
    def choose(self) -> str:
        return gettext("Choose {title}").format(title=self.review.version.title)

    @property
    def numbered(self) -> str:
        return gettext("version {number}").format(number=self.review.version.number)


def rows(lines: Iterable[Line], *, can_choose: bool) -> SafeString:
    """Return the rows of the table; with `can_choose` each begins with a box."""
    words = {
        "State": gettext("State"),
        "Days in it": gettext("Days in it"),
        "Asked": gettext("Asked"),
        "Signed": gettext("Signed"),
        "Still needed": gettext("Still needed"),
        "Due": gettext("Due"),
        "Risk": gettext("Risk"),
    }
    risks = {True: format_html("<strong>{}</strong>", gettext("High")), False: gettext("Standard")}
    pages = reverse("desk_review", args=[0])
    return format_html_join("", "{}", ((_row(line, words, risks, pages, can_choose=can_choose),) for line in lines))


def _row(line: Line, words: dict[str, str], risks: dict[bool, str], pages: str, *, can_choose: bool) -> SafeString:
    review, version, progress = line.review, line.review.version, line.review.progress
    page = pages.replace("/0/", f"/{review.pk}/")
    asked = _asked(line, page)
    risk: str = risks[review.is_high_risk]
    if review.is_pressing:
        risk = format_html("{} {}", risk, format_html(PRESSING, gettext("Urgent")))
    due = day(line.due)
    if line.is_late:
        due = format_html("{} {}", due, format_html(LATE, gettext("Overdue")))
    wanted = progress.wanted if progress else ""
    return format_html(
        ROW,
        box=format_html(BOX, review.pk, line.choose) if can_choose else "",
        page=page,
        language=in_language(version.language),
        title=version.title,
        numbered=line.numbered,
        state=review.stands.label,
        days=line.days,
        no_asked="" if asked else NO_CELL,
        asked=asked or NONE,
        no_signed="" if progress else " none",
        signed=progress.counted if progress else NONE,
        no_wanted="" if wanted else NO_CELL,
        wanted=format_html('<span class="one-line" title="{0}">{0}</span>', wanted) if wanted else NONE,
        no_due="" if due else " none",
        due=due or NONE,
        risk=risk,
        **words,
    )


def _asked(line: Line, page: str) -> str:
    """Return who is asked, and whose interest stands in the way; "" if nobody is."""
    said = ""
    if line.further:
        said = format_html(
            '<details class="names"><summary><span class="one-line">{}</span> + {}</summary>{}</details>',
            line.first,
            line.further,
            line.names,
        )
    elif line.names:
        said = format_html('<span class="one-line" title="{0}">{0}</span>', line.names)
    if line.why_stalled:
        tag = format_html(LATE, line.why_stalled)
        said = format_html('{} <a href="{}#quorum">{}</a>', said, page, tag)
    return said
