"""Each cell of the table is tried on the real functions, inside a savepoint that is rolled back."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from reviews import workflow
from reviews.models import LedgerEvent, Schedule
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.table import STEPS, as_markdown, diagram, state_of
from tests import factories
from tests.factories import PASSWORD
from tests.reviews.step_table.golden import ACTORS, EVENT, GOLDEN, STATES, URGENTLY, cells, expected
from tests.reviews.step_table.world import build


def take(world, step, who):
    """Take one step as one person, with all that is asked for given rightly."""
    actor, review, article = world.people[who], world.shown, world.article
    reason = "For the sake of this test."
    if step == "submit":
        return workflow.submit(article, actor=actor, change="major" if review is None else "minor", note="Changed")
    if step == "issue_notice":
        return workflow.issue_notice(article, actor=actor, kind="correction", reason=reason)
    if step == "cancel_schedule":
        row = Schedule.objects.filter(article=article).latest("pk")
        return workflow.cancel_schedule(row, actor=actor, reason=reason)
    if step == "assign":
        return workflow.assign(review, actor=actor, reviewer=world.people["free"], capacity="clinical")
    if step == "record_plan":
        return workflow.record_plan(
            review, actor=actor, reviewer=world.people["tied"], reason=reason, measures="A second reader."
        )
    if step in ("approve", "request_changes"):
        row = world.assignment_for(who)
        digest = row.review.version.digest
        return workflow.decide(row, actor=actor, outcome=step, password=PASSWORD, digest=digest, reason=reason)
    if step == "attest":
        capacity = who if who in ("specialist", "pharmacist") else "clinical"
        digest = review.version.digest
        return workflow.attest(review.version, actor=actor, capacity=capacity, password=PASSWORD, digest=digest)
    if step == "accept":
        return workflow.accept(world.assignment_for(who), actor=actor)
    if step in ("recuse", "unassign"):
        return getattr(workflow, step)(world.assignment_for(who), actor=actor, reason=reason)
    if step == "schedule":
        return workflow.schedule(review.version, actor=actor, at=timezone.now() + datetime.timedelta(days=2))
    if step == "publish":
        return workflow.publish(review.version, actor=actor)
    more = {"password": PASSWORD} if step == "withdraw_approval" else {}
    return getattr(workflow, step)(review, actor=actor, reason=reason, **more)


COMPLETES = {("approved_urgently", "approved"), ("published_urgently", "published")}


def noting(writes):
    """Return a wrapper of statements that notes those which write; without any there is nothing to compare."""

    def wrapper(execute, sql, params, many, context):
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            writes.append(sql)
        return execute(sql, params, many, context)

    return wrapper


@pytest.mark.once
@pytest.mark.parametrize("state", STATES)
def test_each_person_can_take_exactly_the_steps_of_the_table(db, state):
    world = build(state)
    before, evidence = factories.rows(), factories.evidence()
    position, mails = LedgerEvent.objects.count(), len(connection.run_on_commit)
    tried = allowed = 0

    assert state_of(world.review()) == STATES[state]
    for step, who in cells(state):
        refusal, words = expected(state, step, who)
        cell = f"{state}: {step} by {who}"
        savepoint, writes = transaction.savepoint(), []
        refused = None
        try:
            with connection.execute_wrapper(noting(writes)):
                take(world, step, who)
        except (NotAllowed, NotNow, ValidationError) as error:
            refused = error
        assert type(refused) is (refusal or type(None)), f"{cell}: {refused!r}"
        if refusal:
            assert factories.is_sentence(str(refused)), f"{cell}: {refused}"
            assert words in str(refused), f"{cell}: {refused}"
            assert not writes or factories.rows() == before, f"{cell}: a refusal left something behind"
            assert len(connection.run_on_commit) == mails, f"{cell}: a refusal sent a mail"
        else:
            new = list(LedgerEvent.objects.filter(position__gt=position))
            completes = step == "approve" and (STATES[state], words) in COMPLETES
            assert [event.action for event in new] == [EVENT[step], *["full_review_completed"] * completes], cell
            assert new[0].article == str(world.article.public_id), cell
            assert factories.actor_of(new[0]) == str(world.people[who].pk), cell
            assert state_of(world.review()) == words, cell
            leads_to = URGENTLY.get(step, {}).get(STATES[state], GOLDEN[step][2])
            assert not leads_to or words in leads_to, cell
            allowed += 1
        transaction.savepoint_rollback(savepoint)
        del connection.run_on_commit[mails:]
        tried += 1

    assert factories.evidence() == evidence
    assert tried == len(list(cells(state)))
    print(f"{state}: {tried} cells tried, {allowed} allowed")


def test_more_than_fifteen_hundred_cells_are_tried():
    counts = {state: len(list(cells(state))) for state in STATES}

    print(f"{sum(counts.values())} cells in {len(counts)} states, {len(ACTORS)} kinds of person")
    assert sum(counts.values()) > 1500


def test_the_table_of_steps_is_the_one_written_down_here():
    assert {
        step.name: (step.who.value, step.first, step.to, step.password, step.reason) for step in STEPS.values()
    } == GOLDEN
    assert {step.name: dict(step.urgently) for step in STEPS.values() if step.urgently} == URGENTLY


def test_the_table_and_the_diagram_of_the_readme_name_every_step():
    for name in GOLDEN:
        assert f"| `{name}` |" in as_markdown()
    for name, (_, _, to, _, _) in GOLDEN.items():
        assert (f": {name}" in diagram()) == bool(to and name != "schedule")


REASONS = [
    ("submitted", "recall", "author"), ("submitted", "decline", "editor"), ("under_review", "unassign", "editor"),
    ("under_review", "record_plan", "editor"),
    ("under_review", "declare_urgent", "editor"),
    ("under_review", "recuse", "clinical"), ("under_review", "request_changes", "clinical"),
    ("approved", "withdraw_approval", "clinical"), ("scheduled", "cancel_schedule", "editor"),
    ("published", "issue_notice", "editor"), ("draft", "submit", "author"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "step", "who"), REASONS)
def test_a_step_that_needs_a_reason_is_refused_without_one(db, monkeypatch, state, step, who):
    world = build(state)
    before = factories.rows()
    function = {"request_changes": "decide"}.get(step, step)
    plain = getattr(workflow, function)
    name = "note" if step == "submit" else "reason"
    monkeypatch.setattr(workflow, function, lambda *args, **kwargs: plain(*args, **{**kwargs, name: " \n "}))

    with pytest.raises(ValidationError) as refused:
        take(world, step, who)

    sentence = "Say in a sentence what changed and why." if step == "submit" else "Give the reason in a sentence."
    assert refused.value.message_dict == {name: [sentence]}
    assert factories.rows() == before
    assert {step for step, row in GOLDEN.items() if row[4]} == {row[1] for row in REASONS} - {"submit"}
