"""A request to review is accepted once, after it was made and while it is open."""

import pytest

from reviews import workflow
from reviews.models import Assignment, Signature
from tests.factories import accepted, asked, decide, submitted
from tests.reviews.triggers.attacks import assert_refused
from tests.reviews.triggers.tables import execute
from tests.reviews.triggers.test_pointers_and_approvals import insert_copy

SET = "UPDATE reviews_assignment SET accepted_at = {} WHERE id = %s"
ONCE = "A request is accepted once, while it is open"


@pytest.fixture
def row(author, editor, clinical):
    return asked(submitted(author), editor, (clinical, "clinical"))[0]


def test_an_acceptance_is_never_changed_or_taken_back(row):
    accepted(row)

    assert_refused(ONCE, lambda: execute(SET.format("NULL"), row.pk))
    assert_refused(ONCE, lambda: execute(SET.format("'2020-01-01 00:00:00+00:00'"), row.pk))


def test_a_request_that_has_ended_is_not_accepted(row, editor):
    workflow.unassign(row, actor=editor, reason="On leave.")

    assert_refused(ONCE, lambda: execute(SET.format("assigned_at"), row.pk))


def test_no_request_is_made_as_accepted(row, clinical):
    workflow.recuse(row, actor=clinical, because="no_time")
    ended = Assignment.objects.get(pk=row.pk)

    assert_refused(
        "asked before they accept",
        lambda: insert_copy(ended, accepted_at=ended.assigned_at, declined_because="", ended_as="recused"),
    )


def test_no_decision_is_inserted_for_a_request_that_is_not_accepted(author, editor, clinical, specialist):
    mine, other = asked(submitted(author), editor, (clinical, "clinical"), (specialist, "specialist"))
    decision = decide(mine)
    signature = insert_copy(decision.signature)
    changes = {"assignment_id": other.pk, "signature_id": Signature.objects.latest("pk").pk}

    assert signature is None
    assert_refused("accepts the request before they decide", lambda: insert_copy(decision, **changes))
