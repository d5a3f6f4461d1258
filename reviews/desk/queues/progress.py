"""How far the reviews in a list are: how many have signed, and who is still needed."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.models import Assignment, Capacity, Decision, Review
from reviews.workflow.approval import quorum, sections
from reviews.workflow.approval.full_review.owing import approvals_of


class Asked(NamedTuple):
    """What a list shows of a request to review. `stands` tells whether it, or its approval, still counts."""

    pk: int
    review_id: int
    reviewer_id: int
    reviewer_name: str
    assigned_at: datetime.datetime
    due: datetime.date | None
    ended_at: datetime.datetime | None
    stands: bool

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True)
class Progress:
    """How many of the signatures are given, and the others in short; `returned` if changes are requested."""

    given: int
    needed: int
    missing: list[str]
    returned: bool = False

    @property
    def signed(self) -> str:
        return _("{given} of {needed} signed").format(given=self.given, needed=self.needed)

    @property
    def counted(self) -> str:
        return _("{open} of {most}").format(open=self.given, most=self.needed)

    @cached_property
    def wanted(self) -> str:
        """Return what is still needed, in words; "" if nothing is."""
        return _("changes requested") if self.returned else ", ".join(self.missing)

    def __str__(self) -> str:
        if self.returned:
            return self.wanted
        if not self.missing:
            return self.signed
        return _("{signed}, still needed: {missing}").format(signed=self.signed, missing=self.wanted)


def tell_progress(reviews: Iterable[Review], told: Iterable[Decision] | None = None) -> None:
    """
    Set `progress` on each of these reviews that waits for signatures.

    `told` are their decisions as `told_by` returns them: one query if it is not given, and one if a full review is due.
    """
    waiting = [review for review in reviews if review.takes_decisions]
    if told is None:
        told = told_by([review.pk for review in waiting]) if waiting else ()
    decisions: dict[int, list[Decision]] = defaultdict(list)
    for row in sorted(told, key=lambda row: row.pk):
        decisions[row.review_id].append(row)
    counting = {review.pk: [row for row in decisions[review.pk] if row.counts] for review in waiting}
    counting |= approvals_of([review for review in waiting if review.owes_full_review])
    same: dict[tuple[tuple[str, int], ...], Progress] = {}  # most rows of a list are as far as others
    for review in waiting:
        live, given = decisions[review.pk], counting[review.pk]
        if review.sections or live or given:
            review.progress = progress_of(review, live, given)
            continue
        quorum = tuple(review.quorum.items())
        if quorum not in same:
            same[quorum] = progress_of(review, live, given)
        review.progress = same[quorum]


def told_by(reviews: Collection[int]) -> QuerySet[Decision]:
    """Return the decisions that `progress_of` reads of these reviews; sorting them would read every decision."""
    rows = Decision.objects.live().with_counting().select_related("assignment")
    return rows.filter(review__in=reviews).order_by()


def why_stalled(barred: Iterable[Assignment | Asked]) -> str:
    """Return in words whose request fills no place, or whose approval no longer counts: an interest has no plan."""
    rows = list(barred)
    asked = [row.reviewer_name for row in rows if row.is_open]
    signed = [row.reviewer_name for row in rows if not row.is_open]
    said = []
    if asked:
        said.append(_("Interest without a plan: {names} cannot review").format(names=", ".join(asked)))
    if signed:
        sentence = _("Interest without a plan: the approval by {names} no longer counts")
        said.append(sentence.format(names=", ".join(signed)))
    return ". ".join(said)


def progress_of(review: Review, live: list[Decision], counting: list[Decision]) -> Progress:
    """Return how far a review is, from its decisions that are not superseded, and from those that count."""
    given = [row.assignment.capacity for row in counting]
    signed = (quorum.given_of(review.quorum, given), quorum.approvals_needed(review.quorum))
    if any(row.outcome == Decision.Outcome.REQUEST_CHANGES for row in live):
        return Progress(*signed, [], returned=True)
    missing = [str(each) for each in quorum.still_needed(review.quorum, given, quorum.IN_SHORT)]
    unread = sections.unread(review.sections, [row.sections for row in counting])
    if unread and given.count(Capacity.SPECIALIST) >= review.quorum[Capacity.SPECIALIST]:
        number = len(unread)
        said = ngettext("a specialist for {number} section", "a specialist for {number} sections", number)
        missing.append(said.format(number=number))
    return Progress(*signed, missing)
