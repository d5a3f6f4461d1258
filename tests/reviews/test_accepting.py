"""A reviewer accepts a request, with no conflict of interest declared, or declines it."""

import json

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from reviews import workflow
from reviews.models import Assignment, LedgerPrivate
from reviews.workflow import NotAllowed, NotNow
from tests.factories import (
    PASSWORD,
    accepted,
    asked,
    decide,
    disclose,
    events,
    evidence,
    is_sentence,
    last_event,
    payload,
    review_of,
    submitted,
)


@pytest.fixture
def version(author):
    return submitted(author)


@pytest.fixture
def row(version, editor, clinical):
    return asked(version, editor, (clinical, "clinical"))[0]


def private(action: str) -> dict:
    return json.loads(LedgerPrivate.objects.get(event=last_event(action)).text)


def refused(step, kind, words: str, *args, **kwargs):
    """Take a step that has to be refused with these words, and leave nothing behind."""
    before = evidence()
    with pytest.raises(kind, match=words) as refusal:
        step(*args, **kwargs)
    assert kind is ValidationError or is_sentence(str(refusal.value))
    assert evidence() == before


def test_a_reviewer_accepts_their_request(version, row, clinical):
    workflow.accept(row, actor=clinical)

    found = Assignment.objects.get(pk=row.pk)
    assert found.is_open
    assert found.accepted_at is not None
    assert found.history.count() == 2
    said = payload("accepted")
    assert (said["version"], said["capacity"]) == (1, "clinical")
    assert said["rows"] == [f"reviews_assignment:{row.pk}", f"reviews_historicalassignment:{found.history.first().pk}"]
    assert private("accepted")["reviewer"] == "Clara Clinical"
    assert events()[-1] == "accepted"
    assert review_of(version).status == "under_review"


def test_nobody_else_accepts_a_request(row, editor, specialist):
    refused(workflow.accept, NotAllowed, "Only the assigned reviewer", row, actor=editor)
    refused(workflow.accept, NotAllowed, "Only the assigned reviewer", row, actor=specialist)


def test_a_request_is_accepted_once(row, clinical):
    accepted(row)

    refused(workflow.accept, NotNow, "already accepted", row, actor=clinical)


def test_a_request_that_has_ended_is_not_accepted(row, editor, clinical):
    workflow.unassign(row, actor=editor, reason="On leave.")

    refused(workflow.accept, NotNow, "has already ended: request cancelled", row, actor=clinical)


def test_nothing_is_accepted_once_the_review_has_ended(version, row, author, clinical):
    workflow.recall(version.review, actor=author, reason="A paragraph is missing.")

    refused(workflow.accept, NotNow, "only while the version is under review", row, actor=clinical)


def test_who_has_disclosed_a_conflict_since_cannot_declare_that_there_is_none(row, clinical):
    disclose(clinical.board_member, conflicts=["Oncology"])

    refused(workflow.accept, NotAllowed, "has declared a conflict of interest on a topic", row, actor=clinical)


@pytest.mark.parametrize("because", ["no_time", "other_field"])
def test_a_request_is_declined_with_a_reason_and_a_suggestion(row, clinical, because):
    workflow.recuse(row, actor=clinical, because=because, suggestion=" Dr  Dora Doe, who wrote the guideline ")

    found = Assignment.objects.get(pk=row.pk)
    assert (found.ended_as, found.declined_because, found.end_reason) == ("declined", because, "")
    assert found.suggestion == "Dr Dora Doe, who wrote the guideline"
    assert found.accepted_at is None
    said = private("recused")
    assert (said["declined_because"], said["suggestion"]) == (because, found.suggestion)
    assert not {"declined_because", "suggestion"} & set(payload("recused"))


def test_another_reason_needs_a_sentence(row, clinical):
    for because in ("another", "conflict", ""):
        refused(workflow.recuse, ValidationError, "Give the reason", row, actor=clinical, because=because)

    workflow.recuse(row, actor=clinical, because="another", reason="I know the authors too well.")

    found = Assignment.objects.get(pk=row.pk)
    assert (found.ended_as, found.declined_because) == ("declined", "another")


def test_a_reason_that_is_none_of_the_list_and_a_long_suggestion_are_refused(row, clinical):
    refused(workflow.recuse, ValidationError, "Choose one of these", row, actor=clinical, because="whim", reason="So.")
    long = {"because": "no_time", "suggestion": "x" * 301}
    refused(workflow.recuse, ValidationError, "Keep it under 300", row, actor=clinical, **long)


def test_a_conflict_is_declared_by_declining_and_bars_from_the_article(version, row, editor, clinical):
    workflow.recuse(row, actor=clinical, because="conflict", reason="My brother made it.")

    found = Assignment.objects.get(pk=row.pk)
    assert (found.ended_as, found.declined_because) == ("conflict", "conflict")
    refused(
        workflow.assign, NotAllowed, "has stepped back from this article because of a conflict of interest",
        version.review, actor=editor, reviewer=clinical, capacity="clinical",
    )  # fmt: skip


def test_who_accepted_steps_back_and_has_not_declined(row, clinical):
    accepted(row)
    workflow.recuse(row, actor=clinical, because="no_time", reason="I am ill.")

    found = Assignment.objects.get(pk=row.pk)
    assert (found.ended_as, found.declined_because) == ("recused", "")
    assert "declined_because" not in private("recused")


def test_who_declined_can_be_asked_again_and_accepts_again(version, row, editor, clinical):
    workflow.recuse(row, actor=clinical, because="no_time")
    (again,) = asked(version, editor, (clinical, "clinical"))

    decide(again)

    assert Assignment.objects.get(pk=again.pk).ended_as == "decided"


def test_the_last_to_decline_ends_a_round_with_a_request_for_changes(version, row, editor, clinical, specialist):
    (second,) = asked(version, editor, (specialist, "specialist"))
    decide(second, "request_changes")

    workflow.recuse(row, actor=clinical, because="other_field")

    assert review_of(version).status == "changes_requested"


def test_the_editor_is_told_why_and_that_somebody_is_suggested_but_not_whom(
    row, clinical, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        workflow.recuse(row, actor=clinical, because="no_time", suggestion="Dora Doe")

    (message,) = mail.outbox
    assert message.subject == f"Declined: {row.review.version.title}"
    assert "Clara Clinical has declined to review version 1 of" in message.body
    assert ": no time. They suggest somebody else: the page says whom. No reviewer is asked now." in message.body
    assert "Dora" not in message.body


def test_the_editor_is_told_of_a_conflict(row, clinical, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        workflow.recuse(row, actor=clinical, because="conflict", reason="Shares.")

    assert ": a conflict of interest. No reviewer is asked now." in mail.outbox[0].body
    assert "Shares" not in mail.outbox[0].body


@pytest.mark.parametrize("outcome", ["approve", "request_changes"])
def test_nobody_decides_on_a_request_that_they_have_not_accepted(version, row, clinical, outcome):
    terms = {"actor": clinical, "outcome": outcome, "password": PASSWORD, "digest": version.digest, "reason": "Wrong."}

    refused(workflow.decide, NotNow, "no conflict of interest and accept the request before", row, **terms)

    accepted(row)
    assert workflow.decide(row, **terms).outcome == outcome
