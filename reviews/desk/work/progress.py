"""How far the reviews in a list are: how many have signed, and who is still needed, in one short phrase for each."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.models import Capacity, Decision, Review
from reviews.workflow.approval import quorum, sections


def tell_progress(reviews: Iterable[Review]) -> None:
    """Set `progress` on each of these reviews: the phrase, or "" if it waits for no signature. One query for all."""
    waiting = [review for review in reviews if review.takes_decisions]
    decisions: dict[int, list[Decision]] = defaultdict(list)
    rows = Decision.objects.live().with_counting().select_related("assignment") if waiting else Decision.objects.none()
    for row in rows.filter(review__in={review.pk for review in waiting}).order_by("pk"):
        decisions[row.review_id].append(row)
    for review in waiting:
        review.progress = phrase(review, decisions[review.pk])


def phrase(review: Review, live: list[Decision]) -> str:
    """Return how far a review that waits for signatures is, from its decisions that are not superseded."""
    if any(row.outcome == Decision.Outcome.REQUEST_CHANGES for row in live):
        return _("changes requested")
    counting = [row for row in live if row.counts]
    given = [row.assignment.capacity for row in counting]
    missing = quorum.still_needed(review.quorum, given, quorum.IN_SHORT)
    unread = sections.unread(review.sections, [row.sections for row in counting])
    if unread and given.count(Capacity.SPECIALIST) >= review.quorum[Capacity.SPECIALIST]:
        number = len(unread)
        said = ngettext("a specialist for {number} section", "a specialist for {number} sections", number)
        missing.append(said.format(number=number))
    signed = _("{given} of {needed} signed").format(
        given=quorum.given_of(review.quorum, given), needed=quorum.approvals_needed(review.quorum)
    )
    return (
        _("{signed}, still needed: {missing}").format(signed=signed, missing=", ".join(missing)) if missing else signed
    )
