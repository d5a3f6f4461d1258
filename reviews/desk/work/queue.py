"""The editors' queue: every review that waits for something, as a table, the most pressing first."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from articles.desk.requests import SignedInRequest
from articles.models import Article, ErrorReport, Notice, Question
from articles.models.reader_input.waiting import Waiting
from articles.models.rows.remembered import remembering
from reviews.desk.access import require_editor
from reviews.desk.work.progress import tell_progress
from reviews.models import Assignment, Review, Schedule

ROWS = 50
LAST_PAGE = 1000
LONGEST_SEARCH = 200
TABS = {  # name in the address: (label, what is said of an empty list)
    "waiting": (
        gettext_lazy("All in review"),
        gettext_lazy("No version is in review. One comes here when an author submits it."),
    ),
    "submitted": (gettext_lazy("Ask reviewers"), gettext_lazy("No version waits for reviewers to be asked.")),
    "under_review": (
        gettext_lazy("Under review"),
        gettext_lazy("Nobody is reviewing. A version comes here when you ask reviewers."),
    ),
    "approved": (
        gettext_lazy("Publish"),
        gettext_lazy("Nothing is to be published. A version comes here when its quorum has signed."),
    ),
    "owing": (gettext_lazy("Full review due"), gettext_lazy("No version is approved urgently.")),
}
PRESSING = {
    "overdue": gettext_lazy("Overdue"),
    "nobody": gettext_lazy("Nobody is asked"),
    "high": gettext_lazy("High risk"),
    "urgent": gettext_lazy("Declared urgent"),
    "mine": pgettext_lazy("reviews", "Mine"),
}


def to_publish() -> QuerySet[Review]:
    """Return the approved reviews whose version an editor can publish: none scheduled, outdated or forbidden."""
    scheduled = Schedule.objects.filter(version=OuterRef("version"), closed_at__isnull=True)
    newer = Review.objects.filter(article=OuterRef("article"), published_at__isnull=False, pk__gt=OuterRef("pk"))
    forbidden = Notice.objects.in_force().that("forbids_publication").filter(versions=OuterRef("version"))
    rows = Review.objects.filter(status=Review.Status.APPROVED, published_at__isnull=True)
    return rows.exclude(Exists(scheduled)).exclude(Exists(newer)).exclude(Exists(forbidden))


def to_complete() -> QuerySet[Review]:
    """Return the reviews whose full review is due and can be completed, as `completion_blockers` tells."""
    newer = Review.objects.filter(article=OuterRef("article"), published_at__isnull=False, pk__gt=OuterRef("pk"))
    ended = Notice.objects.in_force().that("ends_full_review").filter(versions=OuterRef("version"))
    return Review.objects.owing().exclude(Exists(newer)).exclude(Exists(ended))


def in_tab(name: str) -> QuerySet[Review]:
    if name == "approved":
        return to_publish()
    if name == "owing":
        return to_complete()
    return Review.objects.pending() if name == "waiting" else Review.objects.standing(name)


@dataclass(frozen=True)
class Filter:
    """What the address of the queue asks for: a tab, what is pressing, words of the title, and a page."""

    tab: str
    pressing: str
    words: str
    page: int

    @classmethod
    def of(cls, sent: QueryDict) -> "Filter":
        """Read the address; whatever it does not know counts as not given."""
        tab, pressing, page = sent.get("state", ""), sent.get("only", ""), sent.get("page", "")
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
        return cls(
            tab if tab in TABS else "waiting",
            pressing if pressing in PRESSING else "",
            sent.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            min(max(1, number), LAST_PAGE),
        )

    def address(self, **other: str | int) -> str:
        """Return the end of the address of this list, with other values for some of its parts."""
        parts = {"state": self.tab, "only": self.pressing, "q": self.words, **other}
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    def rows(self, user: User, today: datetime.date) -> QuerySet[Review]:
        """Return the reviews, the most pressing first: urgent, high risk, overdue, then those that wait longest."""
        late = Assignment.objects.to_decide().filter(due__lt=today).values("review")
        is_late = Q(pk__in=late) | Q(full_review_due__lt=today, completed_at__isnull=True)
        rows = in_tab(self.tab)
        if self.words:
            rows = rows.filter(version__title__icontains=self.words)
        if self.pressing == "overdue":
            rows = rows.filter(is_late)
        elif self.pressing == "nobody":
            rows = rows.exclude(pk__in=Assignment.objects.open().values("review"))
        elif self.pressing == "high":
            rows = rows.filter(risk=Article.Risk.HIGH)
        elif self.pressing == "urgent":
            rows = rows.filter(full_review_due__isnull=False)
        elif self.pressing == "mine":
            rows = rows.filter(triaged_by=user)
        return rows.annotate(is_late=_flag(is_late)).order_by(
            _flag(Q(full_review_due__isnull=False, completed_at__isnull=True)).desc(),
            _flag(Q(risk=Article.Risk.HIGH)).desc(),
            F("is_late").desc(),
            "submitted_at",
            "pk",
        )


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


@dataclass(frozen=True)
class Line:
    """A row of the table. `days` is how long the review is in its state, and `due` when the first request is due."""

    review: Review
    asked: list[Assignment]
    days: int
    due: datetime.date | None
    is_late: bool

    @property
    def names(self) -> str:
        return ", ".join(row.reviewer_name for row in self.asked)


def lines(reviews: Sequence[Review], today: datetime.date) -> list[Line]:
    """Return the rows of the table, by two queries for all of them."""
    asked: defaultdict[int, list[Assignment]] = defaultdict(list)
    rows = Assignment.objects.taken_up().filter(review__in=[review.pk for review in reviews]).order_by("due", "pk")
    for row in rows:
        asked[row.review_id].append(row)
    tell_progress(reviews)
    return [_line(review, asked[review.pk], today) for review in reviews]


def _line(review: Review, taken_up: list[Assignment], today: datetime.date) -> Line:
    review.is_taken_up = bool(taken_up)
    waits = [row for row in taken_up if row.is_open]
    began = review.approved_at or min((row.assigned_at for row in taken_up), default=review.submitted_at)
    due = min((row.due for row in waits if row.due), default=None)
    if review.owes_full_review and review.full_review_due:
        due = min(due or review.full_review_due, review.full_review_due)
    return Line(review, waits, (today - timezone.localdate(began)).days, due, bool(due and due < today))


def counts() -> tuple[dict[str, int], Waiting]:
    """Return how many reviews each tab holds, and what readers sent that waits, by one query."""
    counted: dict[str, QuerySet[Any]] = {name: in_tab(name) for name in TABS}
    counted |= {"questions": Question.objects.open(), "reports": ErrorReport.objects.open()}
    named = [rows.order_by().values(tab=Value(name)).annotate(number=Count("pk")) for name, rows in counted.items()]
    first, *others = [rows.values_list("tab", "number") for rows in named]
    found = dict.fromkeys(counted, 0) | dict(first.union(*others, all=True))
    return found, Waiting(found["questions"], found["reports"])


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    with remembering():
        require_editor(request)
        return show_queue(request)


def show_queue(
    request: SignedInRequest, told: Sequence[Any] = (), *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Show a page of the queue. `told` says of each row that was chosen what was done, or why it was not."""
    chosen, today = Filter.of(request.GET), timezone.localdate()
    first = (chosen.page - 1) * ROWS
    found = list(chosen.rows(request.user, today).select_related("version")[first : first + ROWS + 1])
    number, waiting = counts()
    context = {
        "chosen": chosen,
        "lines": lines(found[:ROWS], today),
        "tabs": [(name, label, number[name], chosen.address(state=name)) for name, (label, _empty) in TABS.items()],
        "pressing": PRESSING.items(),
        "empty": TABS[chosen.tab][1],
        "is_filtered": bool(chosen.words or chosen.pressing),
        "before": chosen.address(page=chosen.page - 1) if chosen.page > 1 else "",
        "after": chosen.address(page=chosen.page + 1) if len(found) > ROWS else "",
        "told": told,
        "problem": problem,
        "views": list(request.user.saved_views.all()),
        "waiting": waiting,
        "address": chosen.address(page=chosen.page),
    }
    return render(request, "desk/queue.html", context, status=status)
