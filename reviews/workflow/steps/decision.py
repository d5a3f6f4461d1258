from collections.abc import Collection
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from articles.text.plain.plaintext import tidy_lines
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Answer, Assignment, Capacity, Decision, Review, Schedule, Signature
from reviews.models.actions import Action
from reviews.workflow.approval import eligibility, opened, quorum, sections, signing, worksheet
from reviews.workflow.approval.blockers import approval_blockers, checked, overridden_sentence
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.reading import read_assignment, read_review
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.assignment import require_open
from reviews.workflow.steps.ending import end_assignments, end_review, end_round_if_finished
from reviews.workflow.steps.publication.scheduling import close_schedules
from reviews.workflow.steps.urgency import approve_urgently, changes_wanted_after, complete
from reviews.workflow.table import require_person, require_state
from reviews.workflow.transaction import lock, reason_given, signed_content, version_payload

MEANING: dict[str, Signature.Meaning] = {
    Decision.Outcome.APPROVE: Signature.Meaning.APPROVAL,
    Decision.Outcome.REQUEST_CHANGES: Signature.Meaning.REVIEW,
    Decision.Outcome.WITHDRAW: Signature.Meaning.WITHDRAWAL,
}


@refusals_logged
def decide(
    assignment: Assignment,
    *,
    actor: User,
    outcome: str,
    password: str,
    digest: str,
    reason: str = "",
    read_elsewhere: Collection[str] | None = None,
    answers: worksheet.Given | None = None,
) -> Decision:
    """
    Sign the assigned reviewer's conclusion on the version with the digest that they were shown.

    An approval that meets the quorum makes the version approved. If the review is urgent, the first clinical or
    specialist approval does, and the one that meets the quorum completes the full review; the approval of a signer who
    has declared a conflict since does not count towards that. A request for changes ends
    the review if no other assignment is open, but not if the version is approved. An approval needs each text that the
    signer does not know to have been opened at the desk, or its audience to be in `read_elsewhere`; the signed
    statement says which was which. Without `read_elsewhere` the caller vouches that the signer read elsewhere what was
    not opened. `answers` to the worksheet are signed with it.

    Raise ValidationError for a wrong password, a missing reason, a text that was not read or a wrong answer, NotAllowed
    unless the actor is the assigned reviewer and eligible, NotNow for another digest or if something blocks the
    approval.
    """
    if outcome not in (Decision.Outcome.APPROVE, Decision.Outcome.REQUEST_CHANGES):
        raise ValidationError({"outcome": _("Choose approve or request_changes.")})
    reason = tidy_lines(reason) if outcome == Decision.Outcome.APPROVE else reason_given(reason)
    signing.authenticate(actor, password)
    return _decide(
        assignment,
        actor=actor,
        outcome=outcome,
        digest=digest,
        reason=reason,
        read_elsewhere=read_elsewhere,
        given=answers or {},
    )


@transaction.atomic(durable=True)
def _decide(
    assignment: Assignment,
    *,
    actor: User,
    outcome: str,
    digest: str,
    reason: str,
    read_elsewhere: Collection[str] | None,
    given: worksheet.Given,
) -> Decision:
    article = lock(assignment.review.article_id)
    review, assignment = read_assignment(article, assignment, actor=actor)
    content = signed_content(review.version)
    _require_decider(assignment, review, actor, outcome, article)
    require_state(outcome, review)
    _require_what_was_shown(assignment, review, digest)
    if outcome == Decision.Outcome.APPROVE and (blockers := approval_blockers(review, assignment.reviewer_id, actor)):
        raise NotNow(" ".join(blockers))
    answers = worksheet.answers_to_sign(content, given)
    read = _read(actor, review, content, read_elsewhere) if outcome == Decision.Outcome.APPROVE else ""
    mine = [row for row in review.live_decisions() if row.assignment.reviewer_id == assignment.reviewer_id]
    earlier = mine[0] if mine else None
    known = _sections_read(assignment, review, outcome, content)
    more = read + sections.sentence(review, content, known) + worksheet.sentence(answers)
    decision = _sign(assignment, review, outcome, reason, earlier, more, known)
    _save_answers(review, content, decision, answers)
    rows = [decision.signature, decision, *answers, assignment, *_conclude(review, outcome, actor)]
    event = ledger.append(
        Action.DECIDED,
        actor=actor,
        article=article,
        payload={
            **version_payload(review.version),
            "outcome": outcome,
            "capacity": assignment.capacity,
            "status": review.status,
            **_due(review),
            **_looked_at(review, outcome, known),
        },
        private={"reason": reason},
        rows=rows,
    )
    notifications.signed(decision.signature, review, event)
    if outcome == Decision.Outcome.REQUEST_CHANGES and review.is_pending:
        notifications.changes_wanted(decision, review)
    elif outcome == Decision.Outcome.REQUEST_CHANGES and review.owes_full_review:
        changes_wanted_after(decision, review)
    elif review.owes_full_review and not eligibility.still_needed(review):
        complete(article, review, actor)
    return decision


def _looked_at(review: Review, outcome: str, known: list[str] | None) -> dict[str, Any]:
    """Return the sections that the signer judged as a specialist, and the findings that stand at an approval."""
    found = {} if known is None else {"sections": known}
    return found | ({"checks": checked(review.version)} if outcome == Decision.Outcome.APPROVE else {})


def _require_what_was_shown(assignment: Assignment, review: Review, digest: str) -> None:
    """Refuse a request that has ended or is not accepted, and another text than the one under review."""
    require_open(assignment)
    if not assignment.is_accepted:
        raise NotNow(_("Declare that you have no conflict of interest and accept the request before you decide."))
    if digest != review.version.digest:
        number = review.version.number
        raise NotNow(
            _("What you were shown is not the text of version {number}. Read version {number} before you sign.").format(
                number=number
            )
        )


@refusals_logged
def withdraw_approval(review: Review, *, actor: User, password: str, reason: str) -> Decision:
    """
    Withdraw the actor's own approval, signed, before publication. The version then has changes requested.

    The approval stays on record, superseded by this decision.
    """
    reason = reason_given(reason)
    signing.authenticate(actor, password)
    return _withdraw(review, actor=actor, reason=reason)


@transaction.atomic(durable=True)
def _withdraw(review: Review, *, actor: User, reason: str) -> Decision:
    article = lock(review.article_id)
    review = read_review(article, review.version_id, actor=actor)
    require_person("withdraw_approval", actor, article=article, review=review)
    require_state("withdraw_approval", review)
    (approval,) = (row for row in review.counting_decisions() if row.assignment.reviewer_id == actor.pk)
    decision = _sign(approval.assignment, review, Decision.Outcome.WITHDRAW, reason, approval)
    rows = end_review(review, Review.Status.CHANGES_REQUESTED, reason, actor)
    orders = close_schedules(review.version, Schedule.Outcome.CANCELLED, timezone.now(), "An approval was withdrawn.")
    event = ledger.append(
        Action.APPROVAL_WITHDRAWN,
        actor=actor,
        article=article,
        payload={
            **version_payload(review.version),
            "status": review.status,
            **({"schedule_cancelled": True} if orders else {}),
        },
        private={"reason": reason},
        rows=[decision.signature, decision, *rows, *orders],
    )
    notifications.signed(decision.signature, review, event)
    notifications.outcome(review)
    for order in orders:
        notifications.not_published(order)
    return decision


def _require_decider(assignment: Assignment, review: Review, actor: User, outcome: str, article: Article) -> None:
    require_person(outcome, actor, article=article, review=review, reviewer_id=assignment.reviewer_id)
    if reasons := eligibility.reasons_against(assignment.reviewer, review, assignment.capacity):
        raise NotAllowed(" ".join(reasons))


def _save_answers(review: Review, content: dict[str, Any], decision: Decision, answers: list[Answer]) -> None:
    """
    Save the answers with the decision that they are signed with.

    Refuse the approval that completes a review while a cited work is not attested, if the review asks for it.
    """
    completes = decision.is_approval and not eligibility.still_needed(review)
    if completes and (missing := worksheet.unattested(review, content, answers)):
        named = get_text_list([f"[@{key}]" for key in missing], _("and"))
        said = _(
            "Nobody who approves has said yet of {references} that they opened it and that it supports what is said. "
            "Answer for each in the worksheet."
        )
        raise ValidationError({"answers": said.format(references=named)})
    worksheet.save(answers, decision)


def _read(actor: User, review: Review, content: dict[str, Any], elsewhere: Collection[str] | None) -> str:
    """Return what the approval says of how its signer read the texts, and of overridden findings; refuse one unread."""
    texts = opened.texts_for(actor, review, content)
    if elsewhere is not None and (missing := opened.not_read(texts, elsewhere)):
        named = ", ".join(missing)
        said = ngettext(
            "You have not opened the text for {readers}. Open it, or tick that you have read it elsewhere.",
            "You have not opened the texts for {readers}. Open each, or tick that you have read it elsewhere.",
            len(missing),
        )
        raise ValidationError({"read_elsewhere": said.format(readers=named)})
    return opened.opened_sentence(texts, elsewhere) + overridden_sentence(review.version)


def _sections_read(assignment: Assignment, review: Review, outcome: str, content: dict[str, Any]) -> list[str] | None:
    """Return the keys of the sections that a specialist's approval is signed for; None if the review asks for none."""
    is_asked = review.sections is not None and assignment.capacity == Capacity.SPECIALIST
    if not is_asked or outcome != Decision.Outcome.APPROVE:
        return None
    return sections.read_by(eligibility.specialties_in(assignment.reviewer, review), content)


def _sign(
    assignment: Assignment,
    review: Review,
    outcome: str,
    reason: str,
    supersedes: Decision | None,
    more: str = "",
    signed_for: list[str] | None = None,
) -> Decision:
    now = timezone.now()
    signature = signing.sign(
        assignment.reviewer,
        assignment.capacity,
        review.version,
        meaning=MEANING[outcome],
        now=now,
        more=more,
        disclosed=eligibility.disclosed_as_signed(assignment.reviewer, review),
    )
    decision = Decision(
        review=review,
        assignment=assignment,
        outcome=outcome,
        reason=reason,
        signature=signature,
        supersedes=supersedes,
        decided_at=now,
        sections=signed_for,
    )
    decision.save()
    decision.counts = outcome == Decision.Outcome.APPROVE and assignment.capacity in Capacity.counting()
    review.all_decisions().append(decision)
    if assignment.is_open:
        assignment.ended_at, assignment.ended_as = now, Assignment.Ending.DECIDED
        assignment.save(update_fields=["ended_at", "ended_as"])
    return decision


def _conclude(review: Review, outcome: str, actor: User) -> list[Model]:
    """
    Save the consequences of the decision for the review, and return the rows written.

    A review that is urgent is approved with the rest of its quorum due; `complete` follows with an event of its own.
    """
    if outcome == Decision.Outcome.REQUEST_CHANGES:
        return end_round_if_finished(review, actor)
    if review.is_urgent:
        if review.is_approved or not quorum.approves_urgently(_capacities(review)):
            return []
        approve_urgently(review)
        return [review]
    if eligibility.still_needed(review):
        return []
    now = timezone.now()
    review.status, review.approved_at, review.ended_at = Review.Status.APPROVED, now, now
    review.save(update_fields=["status", "approved_at", "ended_at"])
    notifications.outcome(review)
    return [review, *end_assignments(review, now, actor)]


def _capacities(review: Review) -> list[str]:
    """Return the capacities of the approvals that count."""
    return [row.assignment.capacity for row in review.counting_decisions()]


def _due(review: Review) -> dict[str, str]:
    """Return the entry of the payload of an urgent review: when its full review is due."""
    return {"full_review_due": review.full_review_due.isoformat()} if review.full_review_due else {}
