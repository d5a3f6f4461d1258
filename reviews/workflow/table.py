"""
The one table of steps: who may take which step in which state, where it leads, and which event tells of it.

The functions of this package, the desk's buttons, the replay of the ledger, the tests and the diagram in README are
made from it.
"""

from dataclasses import dataclass

from django.db import models

from articles.models import Article
from articles.models.people import Role, active, holds
from reviews.models import Decision, Review
from reviews.models.actions import Action
from reviews.workflow.errors import NotAllowed, NotNow


class State(models.TextChoices):
    """Where an article's latest version stands. The first and last are no status of a review."""

    DRAFT = "draft", "a draft that was never submitted"
    SUBMITTED = Review.Status.SUBMITTED.value, "submitted"
    UNDER_REVIEW = Review.Status.UNDER_REVIEW.value, "under review"
    CHANGES_REQUESTED = Review.Status.CHANGES_REQUESTED.value, "returned with changes requested"
    RECALLED = Review.Status.RECALLED.value, "recalled"
    DECLINED = Review.Status.DECLINED.value, "declined"
    APPROVED = Review.Status.APPROVED.value, "approved"
    PUBLISHED = "published", "published"


def state_of(review: Review | None) -> State:
    """Return where a version stands, given its review; none means that nothing was ever submitted."""
    if review is None:
        return State.DRAFT
    if review.published_at:
        return State.PUBLISHED
    return State(review.status)


class Who(models.TextChoices):
    """Who may take a step; the label is the refusal's sentence."""

    AUTHOR = "author", "Only an author of this article can do this."
    EDITOR = "editor", "Only an editor can do this."
    EDITOR_NOT_WRITER = (
        "editor who did not write it",
        "You wrote all or part of this text. Another editor must do this.",
    )
    PUBLISHER = (
        "editor who did not write it, unless no other is active",
        "You wrote all or part of this text. Another editor must publish it.",
    )
    REVIEWER = "assigned reviewer", "Only the assigned reviewer can do this."
    SIGNER = (
        "signer of a live approval",
        "Only a signer whose approval counts can withdraw it. Lay approvals do not count.",
    )


@dataclass(frozen=True)
class Step:
    """
    A step of the workflow. `to` names the states that the version is in afterwards.

    `button` is its label at the desk, for a step that a page offers by itself; `of_article` is one that needs no
    review. `only` is the sentence that refuses it in any other state.
    """

    name: str
    who: Who
    states: tuple[State, ...]
    to: tuple[State, ...]
    event: Action
    button: str = ""
    of_article: bool = False
    password: bool = False
    reason: bool = False
    then: str = ""
    only: str = ""

    @property
    def moves(self) -> bool:
        """Tell whether the step may leave the version in another state."""
        return bool(self.to) and self.to != self.states


S = State
PENDING = tuple(map(State, Review.PENDING))

STEPS = {
    step.name: step
    for step in [
        Step("submit", Who.AUTHOR, (S.DRAFT, S.CHANGES_REQUESTED, S.RECALLED, S.DECLINED, S.APPROVED, S.PUBLISHED),
             (S.SUBMITTED,), Action.SUBMITTED, "Submit draft", of_article=True,
             then="the draft is frozen as the next version", only="You can submit again when its review has ended."),
        Step("recall", Who.AUTHOR, PENDING, (S.RECALLED,), Action.RECALLED, "Recall", reason=True,
             then="only before any decision", only="Only a version that is submitted or under review can be recalled."),
        Step("assign", Who.EDITOR_NOT_WRITER, PENDING, (S.UNDER_REVIEW,), Action.ASSIGNED, "Ask a reviewer",
             then="confirms change class and risk",
             only="Reviewers can be asked only while a version is submitted or under review."),
        Step("unassign", Who.EDITOR, (S.UNDER_REVIEW,), (S.UNDER_REVIEW, S.CHANGES_REQUESTED), Action.UNASSIGNED,
             reason=True, only="A request can be cancelled only while the version is under review."),
        Step("recuse", Who.REVIEWER, (S.UNDER_REVIEW,), (S.UNDER_REVIEW, S.CHANGES_REQUESTED), Action.RECUSED,
             reason=True, only="You can step back only while the version is under review."),
        Step("decline", Who.EDITOR_NOT_WRITER, PENDING, (S.DECLINED,), Action.DECLINED, "Decline", reason=True,
             only="Only a version that is submitted or under review can be declined."),
        Step(Decision.Outcome.APPROVE.value, Who.REVIEWER, (S.UNDER_REVIEW,), (S.UNDER_REVIEW, S.APPROVED),
             Action.DECIDED, password=True, then="approved when the quorum is met",
             only="A decision can be signed only while the version is under review."),
        Step(Decision.Outcome.REQUEST_CHANGES.value, Who.REVIEWER, (S.UNDER_REVIEW,),
             (S.UNDER_REVIEW, S.CHANGES_REQUESTED), Action.DECIDED, password=True, reason=True,
             then="ends the round when nobody else is asked",
             only="A decision can be signed only while the version is under review."),
        Step("end_round", Who.EDITOR, (S.UNDER_REVIEW,), (S.CHANGES_REQUESTED,), Action.ROUND_ENDED, "End the round",
             then="only after a request for changes",
             only="A round can be ended only while the version is under review."),
        Step("withdraw_approval", Who.SIGNER, (S.APPROVED,), (S.CHANGES_REQUESTED,), Action.APPROVAL_WITHDRAWN,
             "Withdraw your approval", password=True, reason=True,
             only="An approval can be withdrawn only while the version is approved and not yet published."),
        Step("schedule", Who.PUBLISHER, (S.APPROVED,), (S.APPROVED,), Action.SCHEDULED, "Schedule publication",
             then="publish_due acts at that time",
             only="Only an approved version that is not yet published can be scheduled."),
        Step("cancel_schedule", Who.EDITOR, tuple(S), (), Action.SCHEDULE_CANCELLED, reason=True,
             then="only while the schedule is open"),
        Step("publish", Who.PUBLISHER, (S.APPROVED,), (S.PUBLISHED,), Action.PUBLISHED, "Publish now",
             then="readers see it at once",
             only="Only an approved version that is not yet published can be published."),
        Step("issue_notice", Who.EDITOR, tuple(S), (), Action.NOTICE_ISSUED, "Issue a notice", of_article=True,
             reason=True, then="only for a published article"),
    ]
}  # fmt: skip


def moves() -> dict[Action, tuple[tuple[State, ...], tuple[State, ...]]]:
    """Return from which states to which each event leads, of those that move a review; two steps may share one."""
    found: dict[Action, tuple[tuple[State, ...], tuple[State, ...]]] = {}
    for step in STEPS.values():
        if step.moves:
            before, after = found.get(step.event, ((), ()))
            found[step.event] = (tuple(dict.fromkeys(before + step.states)), tuple(dict.fromkeys(after + step.to)))
    return found


def require_state(step: str, review: Review | None):
    """Raise NotNow, naming the state, unless the table lets the step be taken in it."""
    if sentence := state_blocker(step, review):
        raise NotNow(sentence)


def state_blocker(step: str, review: Review | None) -> str:
    """Return why the step cannot be taken in this state, or nothing."""
    state = state_of(review)
    if state in STEPS[step].states:
        return ""
    subject = f"Version {review.version.number}" if review else "This article"
    stands = State(review.stands) if state == State.UNDER_REVIEW else state
    return f"{subject} is {stands.label}. {STEPS[step].only}"


def require_person(step: str, actor, *, article: Article, review: Review | None = None, reviewer_id: int | None = None):
    """Raise NotAllowed, with a sentence, unless this person may take the step at all."""
    if sentence := person_blocker(step, actor, article=article, review=review, reviewer_id=reviewer_id):
        raise NotAllowed(sentence)


def person_blocker(step, actor, *, article, review=None, reviewer_id=None) -> str:
    """Return why this person may never take the step, or nothing."""
    who = STEPS[step].who
    if who == Who.AUTHOR:
        return "" if article.has_author(actor) else who.label
    if who == Who.REVIEWER:
        may = reviewer_id is not None and actor.pk == reviewer_id and holds(actor, Role.REVIEWER)
        return "" if may else who.label
    if who == Who.SIGNER:
        if not _has_approved(actor, review):
            return who.label
        return (
            ""
            if holds(actor, Role.REVIEWER)
            else "Only a member of the medical advisory board can withdraw an approval."
        )
    if not holds(actor, Role.EDITOR):
        return Who.EDITOR.label
    if who == Who.EDITOR or not review.version.was_written_by(actor):
        return ""
    return who.label if who == Who.EDITOR_NOT_WRITER or _another_editor_could(review) else ""


def _has_approved(actor, review: Review) -> bool:
    return review.decisions.counting().filter(assignment__reviewer=actor).exists()


def _another_editor_could(review: Review) -> bool:
    """Tell whether an active editor is left who wrote no part of the version."""
    writers = [writer["id"] for writer in review.version.writers]
    others = active(Role.EDITOR).exclude(pk__in=writers)
    return others.exclude(contributor__isnull=False, contributor__in=review.version.linked).exists()


def diagram() -> str:
    """Return the steps as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    for step in STEPS.values():
        if not step.moves:
            continue
        lines += [
            f"    {state} --> {to}: {step.name}"
            for state in step.states
            for to in step.to
            if (state, to) not in ((S.UNDER_REVIEW, S.UNDER_REVIEW),) or step.name == "assign"
        ]
    return "\n".join(lines)


def as_markdown() -> str:
    """Return the table as README shows it."""
    lines = ["| step | who | in which state | leads to | |", "|---|---|---|---|---|"]
    for step in STEPS.values():
        states = "any" if step.states == tuple(S) else ", ".join(step.states)
        notes = [step.then, "password" if step.password else "", "reason" if step.reason else ""]
        to = ", ".join(step.to) or "the same"
        lines.append(f"| `{step.name}` | {step.who} | {states} | {to} | {'; '.join(filter(None, notes))} |")
    return "\n".join(lines)
