"""Replay: which step is possible when, told from events alone. Each condition has an event that only it refuses."""

import pytest

from reviews.verifying.chain import Event
from reviews.verifying.problem import Report
from reviews.verifying.replay import Replay

QUORUM = {"clinical": 1, "specialist": 0, "pharmacist": 0}
DATES = {"last_reviewed": None, "next_review_due": None}


def submitted(version):
    return "submitted", {"version": version, "quorum": QUORUM}


def assigned(version, clinical=1):
    return "assigned", {"version": version, "status": "under_review", "quorum": {**QUORUM, "clinical": clinical}}


def asked(version, request):
    """Return an event of a request that the ledger names."""
    action, payload = assigned(version)
    return action, {**payload, "rows": [f"reviews_assignment:{request}", "reviews_review:1"]}


def accepted(version, *requests):
    return "accepted", {"version": version, "rows": [f"reviews_assignment:{each}" for each in requests]}


def ended(action, version, request, status="under_review"):
    return action, {"version": version, "status": status, "rows": [f"reviews_assignment:{request}"]}


def urgent(event):
    """Return the event of a review that may be declared urgent."""
    action, payload = event
    return action, {**payload, "urgent_days": 7}


def declared_urgent(version, request):
    action, payload = ended("urgency_declared", version, request)
    return action, {**payload, "full_review_due": "2026-12-24"}


def decided(version, outcome="approve", status="approved", capacity="clinical", request=1):
    rows = [f"reviews_decision:{version}", f"reviews_assignment:{request}"]
    return "decided", {"version": version, "outcome": outcome, "capacity": capacity, "status": status, "rows": rows}


def stepped(action, version, status):
    return action, {"version": version, "status": status}


def published(version):
    return "published", {"version": version, **DATES}


def approved(version):
    return [submitted(version), assigned(version), decided(version)]


def impossible(steps) -> list[int]:
    """Play the steps on one article, each by the same person; return the positions of those that were not possible."""
    report = Report()
    replay = Replay(report)
    for position, (action, payload) in enumerate(steps, start=1):
        replay.play(Event(position, action, "article", "7", payload, {}))
    return [problem.position for problem in report.problems if problem.kind == "step"]


POSSIBLE = [
    [*approved(1), published(1), *approved(2), published(2)],
    [*approved(1), *approved(2), published(2)],
    [*approved(1), *approved(2), published(1), published(2)],
    [submitted(1), stepped("recalled", 1, "recalled"), submitted(2), stepped("declined", 2, "declined"), submitted(3)],
    [*approved(1), stepped("approval_withdrawn", 1, "changes_requested"), submitted(2)],
    [submitted(1), assigned(1), decided(1, "request_changes", "changes_requested"), submitted(2)],
    [submitted(1), assigned(1, clinical=2), decided(1, status="under_review"), stepped("recused", 1, "under_review")],
    [submitted(1), asked(1, 1), accepted(1, 1), asked(1, 2), ended("recused", 1, 1), accepted(1, 2)],
    [urgent(submitted(1)), urgent(asked(1, 1)), declared_urgent(1, 1), accepted(1, 1)],
    [submitted(1), asked(1, 1), ended("unassigned", 1, 1), asked(1, 2), accepted(1, 2), decided(1, request=2)],
    [*approved(1), submitted(2), asked(2, 2), accepted(2, 2), decided(2, request=2)],
]


@pytest.mark.parametrize("steps", POSSIBLE)
def test_what_the_workflow_allows_is_possible(steps):
    assert impossible(steps) == []


IMPOSSIBLE = {
    "a second submission while the first is under review": [submitted(1), submitted(2)],
    "a gap in the numbers": [*approved(1), submitted(3)],
    "a number again": [*approved(1), submitted(1)],
    "a decision before anybody was asked": [submitted(1), decided(1)],
    "an approval with too few signatures": [submitted(1), assigned(1, clinical=2), decided(1)],
    "an approval by a lay reviewer": [submitted(1), assigned(1), decided(1, capacity="lay")],
    "no approval though the signatures are there": [submitted(1), assigned(1), decided(1, status="under_review")],
    "an approval by a request for changes": [submitted(1), assigned(1), decided(1, "request_changes", "approved")],
    "a request to review what is approved": [*approved(1), assigned(1)],
    "a recall of what is approved": [*approved(1), stepped("recalled", 1, "recalled")],
    "a step to a status that it does not lead to": [submitted(1), stepped("declined", 1, "recalled")],
    "a step on a version that was never submitted": [submitted(1), assigned(2)],
    "an approval withdrawn from what is public": [
        *approved(1),
        published(1),
        stepped("approval_withdrawn", 1, "changes_requested"),
    ],
    "the publication of what is not approved": [submitted(1), assigned(1), published(1)],
    "the publication of what was never submitted": [*approved(1), published(2)],
    "a decision on a request that was not accepted, once any was": [
        submitted(1),
        asked(1, 1),
        asked(1, 2),
        accepted(1, 2),
        decided(1, request=1),
    ],
    "an acceptance of what nobody asked": [submitted(1), asked(1, 1), accepted(1, 2)],
    "an acceptance of no request": [submitted(1), asked(1, 1), accepted(1)],
    "an acceptance of two requests": [submitted(1), asked(1, 1), asked(1, 2), accepted(1, 1, 2)],
    "an acceptance twice": [submitted(1), asked(1, 1), accepted(1, 1), accepted(1, 1)],
    "an acceptance of a request that ended": [submitted(1), asked(1, 1), ended("unassigned", 1, 1), accepted(1, 1)],
    "an acceptance on another version": [*approved(1), submitted(2), asked(2, 1), accepted(1, 1)],
    "an acceptance of what was recalled": [
        submitted(1),
        asked(1, 1),
        stepped("recalled", 1, "recalled"),
        accepted(1, 1),
    ],
    "the same publication twice": [*approved(1), published(1), published(1)],
    "an older version published over a newer one": [*approved(1), *approved(2), published(2), published(1)],
}


@pytest.mark.parametrize("steps", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_the_workflow_refuses_is_found(steps):
    assert impossible(steps) == [len(steps)]
