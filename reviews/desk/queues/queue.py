"""The editors' queue: every review that waits for something, as a table, the most pressing first."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import BooleanField, Case, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from articles.desk.requests import SignedInRequest
from articles.models import Article, Contributor, ErrorReport, Notice, Question, VersionTopic
from articles.models.people import groups_of, remember_groups
from articles.models.rows.remembered import remembering
from articles.models.rows.together import Keys, Together
from reviews.desk.access import require_editor
from reviews.desk.queues import table
from reviews.desk.queues.counted import Waiting
from reviews.desk.queues.progress import Asked, tell_progress, told_by
from reviews.desk.queues.table import Line
from reviews.desk.review.reading import remember_contributor
from reviews.models import Assignment, Conflict, Message, Review, SavedView, Schedule
from reviews.workflow.approval.eligibility import unplanned

ROWS = 50
WAITING = Waiting._fields
LAST_PAGE = 1000
LONGEST_SEARCH = 200
TABS = {  # name in the address: (label, what is said of an empty list)
    "waiting": (
        gettext_lazy("All in review"),
        gettext_lazy("No version is in review. One comes here when an author submits it."),
    ),
    Review.Status.SUBMITTED.value: (
        gettext_lazy("Ask reviewers"),
        gettext_lazy("No version waits for reviewers to be asked."),
    ),
    Review.Status.UNDER_REVIEW.value: (
        gettext_lazy("Under review"),
        gettext_lazy("Nobody is reviewing. A version comes here when you ask reviewers."),
    ),
    Review.Status.APPROVED.value: (
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
    if name == Review.Status.APPROVED:
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

    def keys(self, user: int, today: datetime.date, first: int) -> list[int]:
        """
        Return the keys of the reviews of a page and of one more, the most pressing first.

        The database sorts keys alone: whole rows take five times as long.
        """
        if not self.words and self.pressing != "nobody":
            return _keys(self.tab, self.pressing).read(first, ROWS + 1, user=user, today=today)
        rows = _listed(self.tab, self.pressing, user, today)
        if self.words:
            rows = rows.filter(version__title__icontains=self.words)
        return list(rows.values_list("pk", flat=True)[first : first + ROWS + 1])


@cache
def _keys(tab: str, pressing: str) -> Keys:
    """Return the statement of a list, which depends on nothing but the person and the day."""
    return Keys(lambda user, today: _listed(tab, pressing, user, today))


def _listed(tab: str, pressing: str, user: int, today: datetime.date) -> QuerySet[Review]:
    """Return the reviews of a list: urgent ones first, then those of high risk, then overdue, then the oldest."""
    rows = in_tab(tab)
    if pressing == "overdue":
        rows = rows.filter(_is_late(today))
    elif pressing == "nobody":
        rows = rows.exclude(Exists(unplanned.filling().filter(review=OuterRef("pk"))))
    elif pressing == "high":
        rows = rows.filter(risk=Article.Risk.HIGH)
    elif pressing == "urgent":
        rows = rows.filter(full_review_due__isnull=False)
    elif pressing == "mine":
        rows = rows.filter(triaged_by=user)
    is_urgent = Q(full_review_due__isnull=False, completed_at__isnull=True)
    first = (is_urgent, Q(risk=Article.Risk.HIGH), _is_late(today))
    return rows.order_by(*(_flag(each).desc() for each in first), "submitted_at", "pk")


def _is_late(today: datetime.date) -> Q:
    late = Assignment.objects.open().filter(due__lt=today).order_by().values("review")
    return Q(pk__in=late) | Q(full_review_due__lt=today, completed_at__isnull=True)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def lines(keys: Sequence[int], today: datetime.date) -> list[Line]:
    """Return the rows of the table, at most ROWS, by one query; by one more if the full review of one is due."""
    if not keys:
        return []
    found = _PAGE.read(**{f"key{place}": keys[place] if place < len(keys) else 0 for place in range(ROWS)})
    of_keys = {review.pk: review for review in found["reviews"]}
    reviews = [of_keys[key] for key in keys if key in of_keys]
    asked: defaultdict[int, list[Asked]] = defaultdict(list)
    for row in sorted(map(Asked._make, found["asked"]), key=lambda row: (row.due or datetime.date.max, row.pk)):
        asked[row.review_id].append(row)
    tell_progress(reviews, found["decisions"])
    standing = [row for rows in asked.values() for row in rows if row.stands]
    barred = unplanned.barred(standing, {review.pk: review.version_id for review in reviews}, found["topics"])
    return [_line(review, asked[review.pk], barred, today) for review in reviews]


def _of_page(**keys: int) -> dict[str, QuerySet[Any, Any]]:
    """Return the querysets of the reviews with these keys: their topics only if anybody disclosed anything."""
    of_page = list(keys.values())
    stands = Exists(unplanned.standing().filter(pk=OuterRef("pk")))
    asked = Assignment.objects.taken_up().filter(review__in=of_page).annotate(stands=stands).order_by()
    told = Exists(Conflict.objects.all())
    topics = VersionTopic.objects.filter(told, version__review__in=of_page)
    return {
        "reviews": Review.objects.filter(pk__in=of_page).select_related("version").order_by(),
        "asked": asked.values_list(*Asked._fields),
        "decisions": told_by(of_page),
        "topics": topics.order_by().values_list("version", "topic"),
    }


_PAGE = Together(_of_page)


def _line(review: Review, taken_up: list[Asked], out: set[int], today: datetime.date) -> Line:
    review.is_taken_up = bool(taken_up)
    barred = [row for row in taken_up if row.pk in out]
    waits = [row for row in taken_up if row.is_open and row.pk not in out]
    began = review.approved_at or min((row.assigned_at for row in taken_up), default=review.submitted_at)
    due = min((row.due for row in waits if row.due), default=None)
    if review.owes_full_review and review.full_review_due:
        due = min(due or review.full_review_due, review.full_review_due)
    return Line(review, waits, (today - timezone.localdate(began)).days, due, bool(due and due < today), barred)


def _around(user: int, today: datetime.date) -> dict[str, QuerySet[Any, Any]]:
    """Return the querysets of all on the page but the rows: how many each tab holds, and what is this person's."""
    counted: dict[str, QuerySet[Any]] = {name: in_tab(name) for name in TABS if name != Review.Status.SUBMITTED}
    counted |= {"questions": Question.objects.open(), "reports": ErrorReport.objects.open()}
    counted["messages"] = Message.objects.unread().filter(recipient=user)
    return {
        "groups": groups_of(User.objects.filter(pk=user).values("pk")),
        "contributor": Contributor.objects.filter(user=user),
        "views": SavedView.objects.filter(user=user),
        **unplanned.facts(today),
        **{
            name: rows.order_by().values(all=Value(1)).annotate(n=Count("*")).values_list("n")
            for name, rows in counted.items()
        },
    }


_AROUND = Together(_around)


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    return show_queue(request)


def show_queue(
    request: SignedInRequest, told: Sequence[Any] = (), *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Show a page of the queue. `told` says of each row that was chosen what was done, or why it was not."""
    user, today, chosen = request.user, timezone.localdate(), Filter.of(request.GET)
    with remembering():
        found = _AROUND.read(user=user.pk, today=today)
        unplanned.remember_facts(found)
        remember_groups(user.pk, {name for _, name in found["groups"] if name})
        require_editor(request)
        remember_contributor(user, found["contributor"])
        first = (chosen.page - 1) * ROWS
        keys = chosen.keys(user.pk, today, first)
        number = {name: sum(n for (n,) in found.get(name, ())) for name in (*TABS, *WAITING)}
        shown = lines(keys[:ROWS], today)
        can_choose = chosen.tab != Review.Status.APPROVED  # nobody is asked about what waits to be published
        under_review = number[Review.Status.UNDER_REVIEW]
        number[Review.Status.SUBMITTED] = number["waiting"] - under_review  # as `Review.objects.standing` divides them
        context = {
            "chosen": chosen,
            "lines": shown,
            "rows": table.rows(shown, can_choose=can_choose),
            "tabs": [(name, label, number[name], chosen.address(state=name)) for name, (label, _empty) in TABS.items()],
            "pressing": PRESSING.items(),
            "empty": TABS[chosen.tab][1],
            "can_choose": can_choose,
            "is_filtered": bool(chosen.words or chosen.pressing),
            "before": chosen.address(page=chosen.page - 1) if chosen.page > 1 else "",
            "after": chosen.address(page=chosen.page + 1) if len(keys) > ROWS else "",
            "told": told,
            "problem": problem,
            "waiting": Waiting(*(number[name] for name in WAITING)),
            "views": sorted(found["views"], key=lambda row: (row.name, row.pk)),
            "address": chosen.address(page=chosen.page),
        }
        return render(request, "desk/queue.html", context, status=status)
