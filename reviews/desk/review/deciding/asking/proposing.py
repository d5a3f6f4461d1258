"""Who is proposed for which place of the quorum that nobody is asked for yet."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.frozen.signed_text import frozen_content
from reviews.desk.review.deciding.asking.workload import Load, loads
from reviews.models import Capacity, Review
from reviews.workflow.approval import eligibility, quorum, sections
from reviews.workflow.approval.eligibility import Candidate
from reviews.workflow.steps.assignment import NOT_YOURSELF, assignment_blockers

NEVER = 9999  # days: longer than anybody takes


@dataclass
class Row:
    """
    A member of the board on the page that asks reviewers.

    `against` has the reasons by each capacity they hold, `doubts` why they are not proposed although they can be asked,
    and `managed` what a plan for their interests says: then they are proposed if nobody else is. `before` is the
    capacity in which they decided on an earlier version, and `proposed` the one that they are proposed in.
    """

    candidate: Candidate
    against: dict[str, list[str]]
    load: Load
    doubts: list[str]
    managed: list[str]
    before: str
    reads: list[str]  # the keys of the changed sections that they could sign for
    proposed: str = ""

    @property
    def user(self) -> int:
        return self.candidate.person.user.pk

    @property
    def name(self) -> str:
        return self.candidate.person.name

    @property
    def to_consider(self) -> list[str]:
        return [*self.managed, *self.doubts]

    @property
    def capacities(self) -> list[str]:
        """Return the capacities in which this person can be asked."""
        return [each for each, reasons in self.against.items() if not reasons]

    @property
    def rank(self) -> tuple[Any, ...]:
        """Return what orders people for a place: no plan, who knows the article, the least load, the fewest days."""
        load = (self.load.open, self.load.usual_days or NEVER)
        return (bool(self.managed), not self.before, *load, self.name, self.user)

    def fits(self, place: str) -> str:
        """Return the capacity in which this person fills a place of the quorum; "" if in none."""
        if place in self.capacities:
            return place
        return Capacity.SPECIALIST if place == Capacity.CLINICAL and Capacity.SPECIALIST in self.capacities else ""


def board(review: Review, due: datetime.date, asking: int) -> list[Row]:
    """Return all members of the board, with proposals; nobody is offered to ask themselves (`asking`)."""
    people = eligibility.candidates(review)
    now = timezone.now()
    load = loads({each.person.user.pk for each in people}, now)
    before = {user.pk: capacity for user, capacity in eligibility.earlier_reviewers(review)}
    content = frozen_content(review.version)
    rows = []
    for each in people:
        user = each.person.user
        late = [str(NOT_YOURSELF)] if user.pk == asking else assignment_blockers(review, user)
        rows.append(
            Row(
                each,
                {capacity: [*reasons, *late] for capacity, reasons in each.against.items()},
                load[user.pk],
                [*_given_back(review, user.pk), *load[user.pk].doubts(timezone.localdate(now), due)],
                _managed(each),
                before.get(user.pk, ""),
                sections.read_by(each.topics, content) if review.sections else [],
            )
        )
    _propose(review, rows)
    return rows


def _managed(candidate: Candidate) -> list[str]:
    """Return, for each management plan of this person, what was disclosed and what is done about it."""
    said = _("Disclosed interest with a management plan: {measures}")
    return [said.format(measures=plan.measures) for plan in candidate.person.plans]


def _given_back(review: Review, user: int) -> list[str]:
    """Return, in one sentence, that this person declined this version or stepped back from it; [] if they did not."""
    mine = [row for row in review.all_assignments() if row.reviewer_id == user and row.is_given_back]
    if not mine:
        return []
    if mine[-1].declined_because:
        return [_("Declined this version: {reason}.").format(reason=mine[-1].get_declined_because_display())]
    return [_("Stepped back from this version.")]


def _propose(review: Review, rows: list[Row]) -> None:
    """Set `proposed` of the people who fill the most places that are open, each in the capacity of its place."""
    free = sorted((row for row in rows if not row.doubts), key=lambda row: row.rank)
    unread = eligibility.sections_not_asked_for(review)
    places = quorum.places(review.quorum, eligibility.capacities_asked(review))
    by_section = sorted(free, key=lambda row: (bool(row.managed), -len(unread & {*row.reads})))
    fitting = {
        number: [row for row in (by_section if place == Capacity.SPECIALIST else free) if row.fits(place)]
        for number, place in enumerate(places)
    }
    for number, row in filled(fitting).items():
        row.proposed = row.fits(places[number])
    read = {key for row in rows if row.proposed == Capacity.SPECIALIST for key in row.reads}
    others = [row for row in by_section if not row.proposed and row.fits(Capacity.SPECIALIST)]
    for row in others:  # beyond the numbers, for sections in whose topic none of those proposed is a specialist
        if unread & {*row.reads} - read:
            row.proposed, read = Capacity.SPECIALIST, read | {*row.reads}


def filled(fitting: dict[int, list[Row]]) -> dict[int, Row]:
    """Return a person for each place: as many places as possible are filled, and those named first are preferred."""
    taken: dict[int, int] = {}  # place by person
    people = {row.user: row for rows in fitting.values() for row in rows}

    def fill(place: int, tried: set[int]) -> bool:
        for row in fitting[place]:
            if row.user not in tried:
                tried.add(row.user)
                if row.user not in taken or fill(taken[row.user], tried):
                    taken[row.user] = place
                    return True
        return False

    for place in sorted(fitting, key=lambda number: (len(fitting[number]), number)):
        fill(place, set())
    return {place: people[user] for user, place in taken.items()}


def nobody_for(review: Review, rows: Iterable[Row]) -> list[str]:
    """Return in words the approvals for which nobody is asked or proposed."""
    proposed = [row for row in rows if row.proposed]
    read = {key for row in proposed if row.proposed == Capacity.SPECIALIST for key in row.reads}
    return eligibility.not_asked_for(review, [row.proposed for row in proposed], read)
