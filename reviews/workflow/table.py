"""
The one table of steps: who may take each step, in which states, the states after it, and its event.

The functions of this package, the desk's buttons, the replay of the ledger, the tests and the diagram in README use it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.models.people import Role, active, holds
from reviews.models import Decision, Review
from reviews.models.actions import Action
from reviews.workflow.errors import NotAllowed, NotNow

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class State(models.TextChoices):
    """The state of an article's latest version. The first and the last are not statuses of a review."""

    DRAFT = "draft", _("a draft that was never submitted")
    SUBMITTED = Review.Status.SUBMITTED.value, _("submitted")
    UNDER_REVIEW = Review.Status.UNDER_REVIEW.value, _("under review")
    CHANGES_REQUESTED = Review.Status.CHANGES_REQUESTED.value, _("returned with changes requested")
    RECALLED = Review.Status.RECALLED.value, _("recalled")
    DECLINED = Review.Status.DECLINED.value, _("declined")
    APPROVED_URGENTLY = "approved_urgently", _("approved urgently, with its full review due")
    APPROVED = Review.Status.APPROVED.value, _("approved")
    PUBLISHED_URGENTLY = "published_urgently", _("published, with its full review due")
    PUBLISHED = "published", _("published")


def state_of(review: Review | None) -> State:
    """Return the state of a version from its review; None means that nothing was ever submitted."""
    if review is None:
        return State.DRAFT
    return state_as(review.status, published=review.published_at is not None, owing=review.owes_full_review)


def state_as(status: str, *, published: bool, owing: bool) -> State:
    """Return the state of a version whose review has this status; `owing` is `Review.owes_full_review`."""
    if published:
        return State.PUBLISHED_URGENTLY if owing else State.PUBLISHED
    return State.APPROVED_URGENTLY if owing else State(status)


class Who(models.TextChoices):
    """The person who may take a step; the label is the sentence that refuses it to others."""

    AUTHOR = "author", _("Only an author of this article can do this.")
    EDITOR = "editor", _("Only an editor can do this.")
    EDITOR_NOT_WRITER = (
        "editor who did not write it",
        _("You wrote all or part of this text. Another editor must do this."),
    )
    PUBLISHER = (
        "editor who did not write it; any editor if no such editor is active",
        _("You wrote all or part of this text. Another editor must publish it."),
    )
    REVIEWER = "assigned reviewer", _("Only the assigned reviewer can do this.")
    BOARD = "board member who did not write it", _("Only a member of the medical advisory board can do this.")
    SIGNER = (
        "signer of an approval that still stands",
        _("Only a signer whose approval counts can withdraw it. Lay approvals do not count."),
    )


@dataclass(frozen=True)
class Step:
    """
    A step of the workflow, which may be taken in `first` and leads to one of `to`.

    `urgently` adds the states in which an urgent version owes its full review, each with those that the step leads to.
    `button` is its label at the desk if a page offers it as a button of its own. A step with `of_article` needs no
    review. `then` is README's remark. `only` is the sentence that refuses the step in any other state.
    """

    name: str
    who: Who
    first: tuple[State, ...]
    to: tuple[State, ...]
    event: Action
    button: "StrOrPromise" = ""
    of_article: bool = False
    password: bool = False
    reason: bool = False
    then: str = ""
    only: "StrOrPromise" = ""
    urgently: Mapping[State, tuple[State, ...]] = field(default_factory=dict)

    @cached_property
    def leads(self) -> dict[State, tuple[State, ...]]:
        """Return each state in which the step may be taken, with the states it leads to; none if it moves nothing."""
        return {**dict.fromkeys(self.first, self.to), **self.urgently}

    @property
    def states(self) -> tuple[State, ...]:
        return tuple(self.leads)

    @property
    def is_offered(self) -> bool:
        """Tell whether a page offers the step as a button. It does not read the label, which is translated later."""
        return isinstance(self.button, Promise)

    @property
    def moves(self) -> bool:
        """Tell whether the step may change the state of the version."""
        return any(to and to != (state,) for state, to in self.leads.items())


S = State
PENDING = tuple(map(State, Review.PENDING))
OWING = {state: (state,) for state in (S.APPROVED_URGENTLY, S.PUBLISHED_URGENTLY)}
ENDS_IF_ANSWERED = "ends the review if changes are requested and no other reviewer still has to decide"

STEPS = {
    step.name: step
    for step in [
        Step("submit", Who.AUTHOR, (S.DRAFT, S.CHANGES_REQUESTED, S.RECALLED, S.DECLINED, S.APPROVED, S.PUBLISHED),
             (S.SUBMITTED,), Action.SUBMITTED, _("Submit draft"), of_article=True,
             then="the draft is frozen as the next version", only=_("You can submit again when its review has ended."),
             urgently=dict.fromkeys(OWING, (S.SUBMITTED,))),
        Step("recall", Who.AUTHOR, PENDING, (S.RECALLED,), Action.RECALLED, _("Recall"), reason=True,
             then="only before any decision",
             only=_("Only a version that is submitted or under review can be recalled.")),
        Step("assign", Who.EDITOR_NOT_WRITER, PENDING, (S.UNDER_REVIEW,), Action.ASSIGNED, _("Ask a reviewer"),
             then="confirms change class and risk",
             only=_("Reviewers can be asked only while a version is submitted or under review."), urgently=OWING),
        Step("declare_urgent", Who.EDITOR_NOT_WRITER, (S.UNDER_REVIEW,), (S.UNDER_REVIEW, S.APPROVED_URGENTLY),
             Action.URGENCY_DECLARED, _("Declare urgent"), reason=True,
             then="if the quorum permits it; one clinical or specialist signature then approves",
             only=_("A review can be declared urgent only while the version is under review.")),
        Step("record_plan", Who.EDITOR_NOT_WRITER, (*PENDING, S.APPROVED, S.PUBLISHED), (), Action.PLAN_RECORDED,
             reason=True, then="for disclosed interests that touch the text: their member may then review this version",
             only=_("A plan can be recorded only while somebody can sign the version, or has."),
             urgently=dict.fromkeys(OWING, ())),
        Step("unassign", Who.EDITOR, (S.UNDER_REVIEW,), (S.UNDER_REVIEW, S.CHANGES_REQUESTED), Action.UNASSIGNED,
             reason=True, then=ENDS_IF_ANSWERED,
             only=_("A request can be cancelled only while the version is under review."), urgently=OWING),
        Step("accept", Who.REVIEWER, (S.UNDER_REVIEW,), (), Action.ACCEPTED,
             then="declares no conflict of interest",
             only=_("A request can be accepted only while the version is under review."),
             urgently=dict.fromkeys(OWING, ())),
        Step("recuse", Who.REVIEWER, (S.UNDER_REVIEW,), (S.UNDER_REVIEW, S.CHANGES_REQUESTED), Action.RECUSED,
             reason=True, then=f"declines a request that is not accepted; {ENDS_IF_ANSWERED}",
             only=_("You can step back only while the version is under review."),
             urgently=OWING),
        Step("decline", Who.EDITOR_NOT_WRITER, PENDING, (S.DECLINED,), Action.DECLINED, _("Decline"), reason=True,
             only=_("Only a version that is submitted or under review can be declined.")),
        Step(Decision.Outcome.APPROVE.value, Who.REVIEWER, (S.UNDER_REVIEW,),
             (S.UNDER_REVIEW, S.APPROVED, S.APPROVED_URGENTLY),
             Action.DECIDED, password=True, then="approved when the quorum is met",
             only=_("A decision can be signed only while the version is under review."),
             urgently={S.APPROVED_URGENTLY: (S.APPROVED_URGENTLY, S.APPROVED),
                       S.PUBLISHED_URGENTLY: (S.PUBLISHED_URGENTLY, S.PUBLISHED)}),
        Step(Decision.Outcome.REQUEST_CHANGES.value, Who.REVIEWER, (S.UNDER_REVIEW,),
             (S.UNDER_REVIEW, S.CHANGES_REQUESTED), Action.DECIDED, password=True, reason=True,
             then="ends the review if no other reviewer still has to decide",
             only=_("A decision can be signed only while the version is under review."), urgently=OWING),
        Step("end_round", Who.EDITOR, (S.UNDER_REVIEW,), (S.CHANGES_REQUESTED,), Action.ROUND_ENDED,
             _("End the review"), then="only after a request for changes",
             only=_("A review can be ended only while the version is under review.")),
        Step("withdraw_approval", Who.SIGNER, (S.APPROVED,), (S.CHANGES_REQUESTED,), Action.APPROVAL_WITHDRAWN,
             _("Withdraw your approval"), password=True, reason=True,
             only=_("An approval can be withdrawn only while the version is approved and not yet published."),
             urgently={S.APPROVED_URGENTLY: (S.CHANGES_REQUESTED,)}),
        Step("schedule", Who.PUBLISHER, (S.APPROVED,), (S.APPROVED,), Action.SCHEDULED, _("Schedule publication"),
             then="published at the chosen time, by `publish_due`",
             only=_("Only an approved version that is not yet published can be scheduled."),
             urgently={S.APPROVED_URGENTLY: (S.APPROVED_URGENTLY,)}),
        Step("cancel_schedule", Who.EDITOR, tuple(S), (), Action.SCHEDULE_CANCELLED, reason=True,
             then="only while publication is still scheduled"),
        Step("publish", Who.PUBLISHER, (S.APPROVED,), (S.PUBLISHED,), Action.PUBLISHED, _("Publish now"),
             then="readers see it at once",
             only=_("Only an approved version that is not yet published can be published."),
             urgently={S.APPROVED_URGENTLY: (S.PUBLISHED_URGENTLY,)}),
        Step("attest", Who.BOARD, (S.PUBLISHED,), (), Action.ATTESTED, password=True,
             then="only for the public version, if no newer one is on its way; at the full quorum “last reviewed” and "
             "“next review due” move",
             only=_("Only a published version with a complete full review can be confirmed as needing no change.")),
        Step("issue_notice", Who.EDITOR, tuple(S), (), Action.NOTICE_ISSUED, _("Issue a notice"), of_article=True,
             reason=True, then="only for a published article"),
    ]
}  # fmt: skip


def moves() -> dict[str, dict[State, tuple[State, ...]]]:
    """Return for each event that can change a state where it leads from each state; two steps may share an event."""
    found: dict[str, dict[State, tuple[State, ...]]] = {}
    for step in filter(lambda step: step.moves, STEPS.values()):
        leads = found.setdefault(step.event, {})
        for state, to in step.leads.items():
            leads[state] = tuple(dict.fromkeys(leads.get(state, ()) + to))
    return found


def require_state(step: str, review: Review | None) -> None:
    """Raise NotNow, with the state in its message, unless the table allows the step in this state."""
    if sentence := state_blocker(step, review):
        raise NotNow(sentence)


def state_blocker(step: str, review: Review | None) -> str:
    """Return why the step cannot be taken in this state, or ""."""
    state = state_of(review)
    if state in STEPS[step].states:
        return ""
    if review is None:
        return f"{gettext('This article is {state}.').format(state=state.label)} {STEPS[step].only}"
    stands = State(review.stands) if state == State.UNDER_REVIEW else state
    said = gettext("Version {number} is {state}.").format(number=review.version.number, state=stands.label)
    return f"{said} {STEPS[step].only}"


def require_person(
    step: str, actor: User, *, article: Article, review: Review | None = None, reviewer_id: int | None = None
) -> None:
    """Raise NotAllowed, with a sentence, if this person may never take the step."""
    if sentence := person_blocker(step, actor, article=article, review=review, reviewer_id=reviewer_id):
        raise NotAllowed(sentence)


def person_blocker(
    step: str, actor: User, *, article: Article, review: Review | None = None, reviewer_id: int | None = None
) -> str:
    """Return why this person may never take the step, or "". Steps for authors and for any editor need no review."""
    who = STEPS[step].who
    if who == Who.AUTHOR:
        return "" if article.has_author(actor) else str(who.label)
    if who == Who.REVIEWER:
        may = reviewer_id is not None and actor.pk == reviewer_id and holds(actor, Role.REVIEWER)
        return "" if may else str(who.label)
    if who == Who.BOARD:
        return "" if holds(actor, Role.REVIEWER) else str(who.label)
    if who == Who.SIGNER:
        if not _has_approved(actor, _required(review)):
            return str(who.label)
        return (
            ""
            if holds(actor, Role.REVIEWER)
            else gettext("Only a member of the medical advisory board can withdraw an approval.")
        )
    if not holds(actor, Role.EDITOR):
        return str(Who.EDITOR.label)
    if who == Who.EDITOR or not _required(review).version.was_written_by(actor):
        return ""
    return str(who.label) if who == Who.EDITOR_NOT_WRITER or _another_editor_could(_required(review)) else ""


def _required(review: Review | None) -> Review:
    """Return the review; raise TypeError if the caller named none."""
    if review is None:
        raise TypeError("Name the review: this step depends on who wrote or approved its version.")
    return review


def _has_approved(actor: User, review: Review) -> bool:
    return any(row.assignment.reviewer_id == actor.pk for row in review.counting_decisions())


def _another_editor_could(review: Review) -> bool:
    """Tell whether there is an active editor who wrote no part of the version."""
    writers = [writer["id"] for writer in review.version.writers]
    others = active(Role.EDITOR).exclude(pk__in=writers)
    return others.exclude(contributor__isnull=False, contributor__in=review.version.linked_contributors).exists()


def diagram() -> str:
    """Return the steps as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    for step in STEPS.values():
        if not step.moves:
            continue
        lines += [
            f"    {state} --> {to}: {step.name}"
            for state, reached in step.leads.items()
            for to in reached
            if state != to or (step.name, state) == ("assign", S.UNDER_REVIEW)
        ]
    return "\n".join(lines)


def as_markdown() -> str:
    """Return the table as README shows it."""
    lines = ["| step | who | in which state | leads to | conditions and effects |", "|---|---|---|---|---|"]
    for step in STEPS.values():
        states = "any" if step.states == tuple(S) else ", ".join(step.states)
        notes = [step.then, "needs the password" if step.password else "", "needs a reason" if step.reason else ""]
        to = ", ".join(dict.fromkeys(to for reached in step.leads.values() for to in reached)) or "the same"
        lines.append(f"| `{step.name}` | {step.who} | {states} | {to} | {'; '.join(filter(None, notes))} |")
    return "\n".join(lines)
