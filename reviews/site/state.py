"""The state of a review, in the words shown to readers and at the desk."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from articles.models import Version
from articles.review_process import Approval, Confirmed, ReviewState, Step
from reviews.models import Capacity, Review

OWED = _("urgently, full review not complete")
STATES = {"completed": _("completed"), "current": _("current"), "not started": _("not started")}


def state_of(review: Review) -> ReviewState:
    """Return the state of the review; one query, unless `is_taken_up` is known."""
    stands = review.stands
    return ReviewState(
        stands=stands,
        change=review.change,
        change_label=str(review.get_change_display()),
        is_correction=review.change == Version.Change.CORRECTION,
        is_minor=review.change == Version.Change.MINOR,
        is_submitted=stands == Review.Status.SUBMITTED,
        is_under_review=stands == Review.Status.UNDER_REVIEW,
        is_approved=review.is_approved,
        submitted_at=review.submitted_at,
        approved_at=review.approved_at,
        published_at=review.published_at,
        was_urgent=review.is_urgent,
        full_review_due=review.full_review_due if review.owes_full_review else None,
        completed_at=review.completed_at if review.is_approved else None,
        has_specialists=bool(review.sections) and review.is_approved and not review.owes_full_review,
    )


def steps(review: Review) -> list[Step]:
    """Return the steps of a review that is open or ended in approval."""
    return steps_of(review, min((row.assigned_at for row in review.all_assignments()), default=None))


def steps_of(review: Review, began: datetime.datetime | None) -> list[Step]:
    """
    Return the steps of a review that is open or ended in approval; `began` is when the first reviewer was asked.

    Once the text is published every step is completed, and none is current. The approval of an urgent version is
    current until its full review is complete.
    """
    times = {
        Review.Status.SUBMITTED: review.submitted_at,
        Review.Status.UNDER_REVIEW: began,
        Review.Status.APPROVED: review.approved_at,
    }
    is_complete = review.published_at and not review.owes_full_review
    reached = len(times) if is_complete else list(times).index(review.stands)
    states = ["completed"] * reached + ["current", *["not started"] * len(times)]
    words = {**STATES, **({"current": OWED} if review.owes_full_review else {})}
    return [
        Step(str(stage.label), state, str(words[state]), at if state != "not started" else None)
        for (stage, at), state in zip(times.items(), states[: len(times)], strict=True)
    ]


def confirmed(number: int, counted: dict[str, dict[str, Any]]) -> Confirmed:
    """Return an attestation about version `number` from its `counted` signatures."""
    signatures = [
        Approval(
            row["printed_name"],
            row["credentials"],
            str(Capacity(row["capacity"]).in_a_sentence),
            datetime.datetime.fromisoformat(row["signed_at"]),
            None,
        )
        for row in counted.values()
    ]
    return Confirmed(number, sorted(signatures, key=lambda row: row.signed_at))
