"""
Every state, every step, every kind of person.

What may happen is written down here a second time, by hand, so that a change of the table in `reviews.workflow.table`
is noticed; each cell is then tried on the real functions, inside a savepoint that is rolled back.
"""

import datetime
from dataclasses import dataclass, field
from functools import cached_property

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article, Authorship
from reviews import workflow
from reviews.models import Assignment, LedgerEvent, Review, Schedule
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.table import STEPS, as_markdown, diagram, state_of
from tests import factories
from tests.factories import PASSWORD

EVERY = (
    "draft", "submitted", "under_review", "changes_requested", "recalled", "declined", "approved", "published",
)  # fmt: skip
PENDING = ("submitted", "under_review")

# step: (who, in which states, leads to, password, reason)
GOLDEN = {
    "submit": ("author", ("draft", "changes_requested", "recalled", "declined", "approved", "published"),
               ("submitted",), False, False),
    "recall": ("author", PENDING, ("recalled",), False, True),
    "assign": ("editor who did not write it", PENDING, ("under_review",), False, False),
    "unassign": ("editor", ("under_review",), ("under_review", "changes_requested"), False, True),
    "recuse": ("assigned reviewer", ("under_review",), ("under_review", "changes_requested"), False, True),
    "decline": ("editor who did not write it", PENDING, ("declined",), False, True),
    "approve": ("assigned reviewer", ("under_review",), ("under_review", "approved"), True, False),
    "request_changes": ("assigned reviewer", ("under_review",), ("under_review", "changes_requested"), True, True),
    "end_round": ("editor", ("under_review",), ("changes_requested",), False, False),
    "withdraw_approval": ("signer of a live approval", ("approved",), ("changes_requested",), True, True),
    "schedule": ("editor who did not write it, unless no other is active", ("approved",), ("approved",), False, False),
    "cancel_schedule": ("editor", EVERY, (), False, True),
    "publish": ("editor who did not write it, unless no other is active", ("approved",), ("published",), False, False),
    "issue_notice": ("editor", EVERY, (), False, True),
}  # fmt: skip

EVENT = {
    "submit": "submitted", "recall": "recalled", "assign": "assigned", "unassign": "unassigned", "recuse": "recused",
    "decline": "declined", "approve": "decided", "request_changes": "decided", "end_round": "round_ended",
    "withdraw_approval": "approval_withdrawn", "schedule": "scheduled", "cancel_schedule": "schedule_cancelled",
    "publish": "published", "issue_notice": "notice_issued",
}  # fmt: skip

# the states that are tried: several of them share a row of the table
STATES = {
    "draft": "draft",
    "submitted": "submitted",
    "under_review": "under_review",
    "one_approval": "under_review",
    "one_request": "under_review",
    "changes_requested": "changes_requested",
    "recalled": "recalled",
    "declined": "declined",
    "approved": "approved",
    "scheduled": "approved",
    "published": "published",
    "newer_submitted": "submitted",
    "retracted": "published",
    "removed": "published",
}

ACTORS = (
    "author", "coauthor_on_board", "other_author", "deactivated_author", "editor", "second_editor", "writing_editor",
    "deactivated_editor", "clinical", "specialist", "lay", "unassigned", "former", "admin", "superuser", "plain",
)  # fmt: skip

AUTHORS = {"author", "coauthor_on_board"}
FREE_EDITORS = {"editor", "second_editor"}
EDITORS = {*FREE_EDITORS, "writing_editor"}
ASKED = {"clinical", "specialist", "lay"}

PEOPLE = {
    "submit": AUTHORS, "recall": AUTHORS, "assign": FREE_EDITORS, "decline": FREE_EDITORS, "unassign": EDITORS,
    "end_round": EDITORS, "cancel_schedule": EDITORS, "issue_notice": EDITORS, "schedule": FREE_EDITORS,
    "publish": FREE_EDITORS, "recuse": ASKED, "approve": ASKED, "request_changes": ASKED,
}  # fmt: skip

# whose live approval there is to withdraw; a lay reviewer's made nothing approved
SIGNERS = {
    "one_approval": {"clinical"},
    **dict.fromkeys(("approved", "scheduled", "published", "retracted", "removed"), ASKED - {"lay"}),
}

WITHOUT_REVIEW = {"draft": {"submit", "issue_notice"}}
WITHOUT_ASSIGNMENT = {"submitted"}
WITH_SCHEDULE = {"approved", "scheduled", "published", "newer_submitted", "retracted", "removed"}
ON_ASSIGNMENT = {"approve", "request_changes", "recuse", "unassign"}

# beyond person and state: cells that the right person finds closed, and why
NOT_NOW = {
    **{("one_approval", "recall", who): "has decided on this version already" for who in AUTHORS},
    **{("one_request", "recall", who): "has decided on this version already" for who in AUTHORS},
    **{("under_review", "end_round", who): "No reviewer has asked for changes" for who in EDITORS},
    **{("one_approval", "end_round", who): "No reviewer has asked for changes" for who in EDITORS},
    ("one_approval", "recuse", "clinical"): "has ended already: decided",
    ("one_approval", "approve", "clinical"): "has ended already: decided",
    ("one_approval", "request_changes", "clinical"): "has ended already: decided",
    ("one_request", "recuse", "clinical"): "has ended already: decided",
    ("one_request", "approve", "clinical"): "has ended already: decided",
    ("one_request", "request_changes", "clinical"): "has ended already: decided",
    ("one_request", "approve", "specialist"): "A colleague has asked for changes",
    ("one_request", "approve", "lay"): "A colleague has asked for changes",
    **{("scheduled", "schedule", who): "scheduled already" for who in FREE_EDITORS},
    **{("approved", "cancel_schedule", who): "closed already: cancelled" for who in EDITORS},
    **{
        (state, "cancel_schedule", who): "closed already: published"
        for state in ("published", "newer_submitted", "retracted", "removed")
        for who in EDITORS
    },
    **{
        (state, "issue_notice", who): "Nothing of this article is public"
        for state in STATES
        if state not in ("published", "newer_submitted", "retracted", "removed")
        for who in EDITORS
    },
}

# where a step can lead to two states, to which it leads here
LEADS_TO = {
    ("under_review", "approve"): "under_review",
    ("one_approval", "approve", "specialist"): "approved",
    ("one_approval", "approve", "lay"): "under_review",
    **{(state, "unassign"): "under_review" for state in ("under_review", "one_approval", "one_request")},
    **{(state, "recuse"): "under_review" for state in ("under_review", "one_approval", "one_request")},
    **{(state, "request_changes"): "under_review" for state in ("under_review", "one_approval", "one_request")},
}


@dataclass
class World:
    """One article in one state, and everybody who may try something on it."""

    people: dict
    article: Article
    state: str
    targets: dict = field(default_factory=dict)

    def review(self) -> Review | None:
        """Return the review of the latest version, read afresh."""
        latest = Article.objects.values_list("latest_version", flat=True).get(pk=self.article.pk)
        return Review.objects.select_related("version").filter(version=latest).first()

    @cached_property
    def shown(self) -> Review | None:
        """Return the review as it was on everybody's screen before anything was tried."""
        return self.review()

    @cached_property
    def requests(self) -> dict:
        """Return the latest request to review of each person who was asked, as it was on their screen."""
        found = Assignment.objects.filter(review__article=self.article).select_related("review__version", "reviewer")
        return {row.reviewer_id: row for row in found.order_by("pk")}

    def assignment_for(self, who):
        """Return this person's own latest assignment, or else the specialist's: somebody else's."""
        return self.requests.get(self.people[who].pk) or self.requests[self.people["specialist"].pk]


def cells(state):
    """Return (step, person) for all that can be called in this state: a step needs the row that it is about."""
    for step in GOLDEN:
        if step not in WITHOUT_REVIEW.get(state, GOLDEN):
            continue
        if step in ON_ASSIGNMENT and state in WITHOUT_ASSIGNMENT:
            continue
        if step == "cancel_schedule" and state not in WITH_SCHEDULE:
            continue
        for who in ACTORS:
            yield step, who


def expected(state, step, who):
    """Return what has to come of a cell: the class of the refusal and a part of its words, or None and the state."""
    people = SIGNERS.get(state, set()) if step == "withdraw_approval" else PEOPLE[step]
    if who not in people:
        return NotAllowed, ""
    about = "published" if state == "newer_submitted" and step in ON_ASSIGNMENT else STATES[state]
    _, states, to, _, _ = GOLDEN[step]
    if about not in states:
        return NotNow, "this can be done only when it is"
    if (state, step, who) in NOT_NOW:
        return NotNow, NOT_NOW[state, step, who]
    if not to:
        return None, STATES[state]
    return None, LEADS_TO.get((state, step, who)) or LEADS_TO.get((state, step)) or to[0]


def build(state) -> World:
    """Return a world whose article is in this state, reached through the workflow."""
    people = cast()
    draft = written(people)
    world = World(people, draft, state)
    if state == "draft":
        return world
    version = factories.submitted(people["author"], draft)
    steps = {"submitted": [], "recalled": [asked, recalled], "declined": [asked, declined]}
    steps |= {
        "under_review": [asked],
        "one_approval": [asked, first_approves],
        "one_request": [asked, first_requests],
        "changes_requested": [asked, first_requests, round_ended],
        "approved": [asked, all_approve, scheduled, cancelled],
        "scheduled": [asked, all_approve, scheduled],
    }
    public = [asked, all_approve, scheduled, published]
    steps |= {
        "published": public,
        "newer_submitted": [*public, resubmitted],
        "retracted": [*public, retracted],
        "removed": [*public, removed],
    }
    for step in steps[state]:
        step(world, version)
    factories.edit(draft, f"Lymph nodes filter lymph, in state {state}.", by=people["author"])
    former = people["former"]
    former.groups.clear()
    return world


def cast():
    """Return a person of each kind."""
    people = {
        "author": factories.person("author", groups=["author"]),
        "coauthor_on_board": factories.board_member("coauthor", groups=["author", "reviewer"]),
        "other_author": factories.person("other", groups=["author"]),
        "deactivated_author": factories.person("gone_author", groups=["author"]),
        "editor": factories.person("editor", groups=["editor"]),
        "second_editor": factories.person("second", groups=["editor"]),
        "writing_editor": factories.person("writing", groups=["editor"]),
        "deactivated_editor": factories.person("gone_editor", groups=["editor"]),
        "clinical": factories.board_member("clinical"),
        "specialist": factories.board_member("specialist", capacities=["specialist"], specialties=["Oncology"]),
        "lay": factories.board_member("lay", capacities=["lay"]),
        "unassigned": factories.board_member("unassigned"),
        "former": factories.board_member("former"),
        "free": factories.board_member("free"),
        "admin": factories.person("admin", groups=["admin"]),
        "superuser": factories.person("superuser"),
        "plain": factories.person("plain"),
    }
    people["superuser"].is_superuser = people["superuser"].is_staff = True
    people["superuser"].save()
    factories.article(people["other_author"])
    return people


def written(people):
    """Return a draft with two authors of whom one sits on the board, one who left, and an editor's comma in it."""
    draft = factories.article(people["author"])
    for who in ("coauthor_on_board", "deactivated_author"):
        factories.save(Authorship(article=draft, contributor=people[who].contributor), people["author"])
    factories.edit(draft, "Lymph nodes, filter lymph.", by=people["writing_editor"])
    for who in ("deactivated_author", "deactivated_editor"):
        people[who].is_active = False
        people[who].save()
    return draft


def asked(world, version):
    for who, capacity in [
        ("clinical", "clinical"), ("specialist", "specialist"), ("lay", "lay"), ("former", "clinical"),
    ]:  # fmt: skip
        row = workflow.assign(
            version.review, actor=world.people["editor"], reviewer=world.people[who], capacity=capacity
        )
        world.targets[who] = row


def first_approves(world, version):
    factories.decide(world.targets["clinical"])


def first_requests(world, version):
    factories.decide(world.targets["clinical"], "request_changes")


def all_approve(world, version):
    for who in ("lay", "clinical", "specialist"):
        factories.decide(world.targets[who])


def round_ended(world, version):
    workflow.end_round(version.review, actor=world.people["editor"])


def recalled(world, version):
    workflow.recall(version.review, actor=world.people["author"], reason="One more look.")


def declined(world, version):
    workflow.decline(version.review, actor=world.people["editor"], reason="We have this article.")


def scheduled(world, version):
    workflow.schedule(version, actor=world.people["editor"], at=timezone.now() + datetime.timedelta(days=1))


def cancelled(world, version):
    workflow.cancel_schedule(Schedule.objects.get(version=version), actor=world.people["editor"], reason="Not yet.")


def published(world, version):
    workflow.publish(version, actor=world.people["editor"])


def resubmitted(world, version):
    factories.edit(world.article, "Lymph nodes filter all lymph.", by=world.people["author"])
    factories.submitted(world.people["author"], world.article, change="minor", note="All of it")


def retracted(world, version):
    workflow.issue_notice(world.article, actor=world.people["editor"], kind="retraction", reason="It was wrong.")


def removed(world, version):
    workflow.issue_notice(world.article, actor=world.people["editor"], kind="removal", reason="A court asked for it.")


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
    if step in ("approve", "request_changes"):
        row = world.assignment_for(who)
        digest = row.review.version.digest
        return workflow.decide(row, actor=actor, outcome=step, password=PASSWORD, digest=digest, reason=reason)
    if step in ("recuse", "unassign"):
        return getattr(workflow, step)(world.assignment_for(who), actor=actor, reason=reason)
    if step == "schedule":
        return workflow.schedule(review.version, actor=actor, at=timezone.now() + datetime.timedelta(days=2))
    if step == "publish":
        return workflow.publish(review.version, actor=actor)
    more = {"password": PASSWORD} if step == "withdraw_approval" else {}
    return getattr(workflow, step)(review, actor=actor, reason=reason, **more)


def noting(writes):
    """Return a wrapper of statements that notes those which write; without any there is nothing to compare."""

    def wrapper(execute, sql, params, many, context):
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            writes.append(sql)
        return execute(sql, params, many, context)

    return wrapper


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
            assert [event.action for event in new] == [EVENT[step]], cell
            assert (new[0].article, new[0].actor) == (str(world.article.public_id), str(world.people[who].pk)), cell
            assert state_of(world.review()) == words, cell
            assert not GOLDEN[step][2] or words in GOLDEN[step][2], cell
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
        step.name: (step.who.value, step.states, step.to, step.password, step.reason) for step in STEPS.values()
    } == GOLDEN


def test_the_table_and_the_diagram_of_the_readme_name_every_step():
    for name in GOLDEN:
        assert f"| `{name}` |" in as_markdown()
    for name, (_, _, to, _, _) in GOLDEN.items():
        assert (f": {name}" in diagram()) == bool(to and name != "schedule")


REASONS = [
    ("submitted", "recall", "author"), ("submitted", "decline", "editor"), ("under_review", "unassign", "editor"),
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
