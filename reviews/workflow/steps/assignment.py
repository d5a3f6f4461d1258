import datetime
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Version
from articles.text.languages import within_sentence
from articles.text.plain.plaintext import tidy, tidy_lines
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import Assignment, Capacity, Review
from reviews.models.actions import Action
from reviews.workflow.approval import eligibility, quorum, sections
from reviews.workflow.approval.blockers import completion_blockers
from reviews.workflow.errors import NotAllowed, NotNow
from reviews.workflow.reading import lock_members, read_assignment, read_review
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.steps.ending import end_round_if_finished
from reviews.workflow.steps.publication.dates import months_later
from reviews.workflow.table import STEPS, require_person, require_state
from reviews.workflow.transaction import lock, reason_given, signed_content, version_payload

NOT_YOURSELF = gettext_lazy("You cannot ask yourself to review. Another editor must assign you.")
ANSWER_WORKING_DAYS = 3
MONTHS_AHEAD = 12  # a request cannot be due later
FRIDAY = 5  # as isoweekday() counts
WEIGHT: dict[str, dict[str, int]] = {
    "risk": {Article.Risk.STANDARD: 0, Article.Risk.HIGH: 1},
    "change": {Version.Change.CORRECTION: 0, Version.Change.MINOR: 1, Version.Change.MAJOR: 2},
}


@refusals_logged
@transaction.atomic(durable=True)
def assign(
    review: Review,
    *,
    actor: User,
    reviewer: User,
    capacity: str,
    due: datetime.date | None = None,
    risk: str | None = None,
    change: str | None = None,
) -> Assignment:
    """Ask one reviewer to review the version in a capacity; as `ask` says."""
    (assignment,) = _ask(review, actor, [(reviewer, capacity)], due, risk, change)
    return assignment


@refusals_logged
@transaction.atomic(durable=True)
def ask(
    review: Review,
    *,
    actor: User,
    reviewers: Sequence[tuple[User, str]],
    due: datetime.date | None = None,
    risk: str | None = None,
    change: str | None = None,
) -> list[Assignment]:
    """
    Ask these people to review the version, each in a capacity, by a date or `due_by_default`: all of them, or none.

    The version is then under review. The first request confirms risk and change class; `risk` and `change` can raise
    them, never lower them, and not once the review is urgent. A raised review gets the quorum of its new class. An
    urgent version stays approved. Raise ValidationError for a day that has passed or is more than a year away,
    for nobody and for somebody named twice, NotAllowed if somebody is not eligible, NotNow if one is already asked.
    """
    if not reviewers:
        raise ValidationError({"ask": _("Choose at least one person.")})
    keys = [reviewer.pk for reviewer, _capacity in reviewers]
    if twice := next((reviewer for reviewer, _capacity in reviewers if keys.count(reviewer.pk) > 1), None):
        raise ValidationError({"ask": _("{name} is chosen twice.").format(name=ledger.name_of(twice))})
    return _ask(review, actor, reviewers, due, risk, change)


def _ask(
    review: Review,
    actor: User,
    reviewers: Sequence[tuple[User, str]],
    due: datetime.date | None,
    risk: str | None,
    change: str | None,
) -> list[Assignment]:
    for _reviewer, capacity in reviewers:
        _require_values(capacity, risk, change)
    _require_day(due)
    article = lock(review.article_id)
    lock_members(review.version_id, reviewer=reviewers[0][0].pk)
    review = read_review(article, review.version_id, actor=actor, reviewer=reviewers[0][0].pk)
    require_person("assign", actor, article=article, review=review)
    require_state("assign", review)
    if any(reviewer.pk == actor.pk for reviewer, _capacity in reviewers):
        raise NotAllowed(NOT_YOURSELF)
    if reasons := [each for who, what in reviewers for each in eligibility.reasons_against(who, review, what)]:
        raise NotAllowed(" ".join(reasons))
    if blockers := [each for who, _capacity in reviewers for each in assignment_blockers(review, who)]:
        raise NotNow(" ".join(dict.fromkeys(blockers)))
    day = due or due_by_default(review)
    _confirm_terms(review, actor, risk, change)
    return [_assigned(review, actor, who, what, day) for who, what in reviewers]


def _assigned(review: Review, actor: User, reviewer: User, capacity: str, due: datetime.date) -> Assignment:
    assignment = Assignment(
        review=review,
        reviewer=reviewer,
        reviewer_name=ledger.name_of(reviewer),
        capacity=capacity,
        assigned_by=actor,
        assigned_at=timezone.now(),
        due=due,
    )
    assignment.save()
    ledger.append(
        Action.ASSIGNED,
        actor=actor,
        article=review.article,
        payload={**version_payload(review.version), "capacity": capacity, **_confirmed(review)},
        private={"reviewer": assignment.reviewer_name},
        rows=[assignment, review],
    )
    notifications.asked(assignment, review)
    return assignment


def default_due(today: datetime.date | None = None) -> datetime.date:
    """Return the day by which a reviewer is asked to decide: REVIEW_WORKING_DAYS after today, Monday to Friday."""
    return _working_days_after(today or timezone.localdate(), settings.REVIEW_WORKING_DAYS)


def answer_by(assignment: Assignment) -> datetime.date:
    """Return the day by which the reviewer is asked to accept or decline, or the day it is due if that is earlier."""
    day = _working_days_after(timezone.localdate(assignment.assigned_at), ANSWER_WORKING_DAYS)
    return min(day, assignment.due or day)


def _working_days_after(day: datetime.date, left: int) -> datetime.date:
    while left:
        day += datetime.timedelta(days=1)
        left -= day.isoweekday() <= FRIDAY
    return day


def due_by_default(review: Review) -> datetime.date:
    """Return the day for a request without one: `default_due`, or when the full review of an urgent version is due."""
    today, due = timezone.localdate(), review.full_review_due
    return min(default_due(today), due) if due and due >= today else default_due(today)


def _confirmed(review: Review) -> dict[str, Any]:
    """Return the review's current terms for the payload of its event."""
    return {
        "change": review.change,
        "risk": review.risk,
        "quorum": review.quorum,
        "approvals_needed": review.approvals_needed,
        **({"urgent_days": review.urgent_days} if review.urgent_days else {}),
        **({"sections": review.sections} if review.sections is not None else {}),
        **({"attest_references": True} if review.attest_references else {}),
    }


def assignment_blockers(review: Review, reviewer: User) -> list[str]:
    """Return why this eligible person cannot be asked now."""
    if blockers := completion_blockers(review):
        return blockers
    if any(row.is_open and row.reviewer_id == reviewer.pk for row in review.all_assignments()):
        return [_("{name} has already been asked.").format(name=ledger.name_of(reviewer))]
    approvals = [row for row in review.live_decisions() if row.is_approval]
    mine = [row for row in approvals if row.assignment.reviewer_id == reviewer.pk]
    signed_before = review.sections is not None and all(row.sections is None for row in mine)
    if not mine or (signed_before and mine[0].assignment.capacity == Capacity.SPECIALIST):
        return []
    return [_("{name} has approved this version already.").format(name=ledger.name_of(reviewer))]


@refusals_logged
@transaction.atomic(durable=True)
def accept(assignment: Assignment, *, actor: User) -> Assignment:
    """
    Accept a request to review, and declare no conflict of interest on the article.

    Raise NotAllowed unless it is the actor's own request, and if the site knows of a conflict; NotNow if it has ended
    or is accepted already.
    """
    article, review, assignment = _locked_request(assignment, "accept", actor)
    if reasons := eligibility.interests_of(assignment.reviewer, review):
        raise NotAllowed(" ".join(reasons))
    if assignment.is_accepted:
        raise NotNow(_("You have already accepted this request."))
    assignment.accepted_at = timezone.now()
    assignment.save(update_fields=["accepted_at"])
    ledger.append(
        STEPS["accept"].event,
        actor=actor,
        article=article,
        payload={**version_payload(review.version), "capacity": assignment.capacity},
        private={"reviewer": assignment.reviewer_name},
        rows=[assignment],
    )
    return assignment


@refusals_logged
@transaction.atomic(durable=True)
def unassign(assignment: Assignment, *, actor: User, reason: str) -> Assignment:
    """End an open assignment with a reason; the row stays."""
    reason = reason_given(reason)
    article, review, assignment = _locked_request(assignment, "unassign", actor)
    _end(article, review, assignment, "unassign", actor, reason, Assignment.Ending.UNASSIGNED)
    notifications.no_longer_asked(assignment, review)
    return assignment


@refusals_logged
@transaction.atomic(durable=True)
def recuse(
    assignment: Assignment,
    *,
    actor: User,
    reason: str = "",
    conflict: bool = False,
    because: str = "",
    suggestion: str = "",
) -> Assignment:
    """
    Step back from a review, or decline it if the request is not accepted yet: `because` of one of the reasons there.

    With `conflict`, this person can no longer review any version of the article. A reason in words is required, except
    for who has no time or knows another field. `suggestion` names, for the editors, whom to ask instead.
    """
    if because not in ("", *Assignment.Because.values):
        choices = ", ".join(Assignment.Because.values)
        raise ValidationError({"because": _("Choose one of these: {choices}.").format(choices=choices)})
    article, review, assignment = _locked_request(assignment, "recuse", actor)
    conflict = conflict or because == Assignment.Because.CONFLICT
    if assignment.is_accepted:
        ending = Assignment.Ending.RECUSED
    else:
        ending = Assignment.Ending.DECLINED
        because = because or Assignment.Because.ANOTHER
        assignment.declined_because = Assignment.Because.CONFLICT if conflict else because
    says_it_all = assignment.declined_because in (Assignment.Because.NO_TIME, Assignment.Because.OTHER_FIELD)
    reason = tidy_lines(reason) if says_it_all else reason_given(reason)
    assignment.suggestion = _suggested(suggestion)
    _end(article, review, assignment, "recuse", actor, reason, Assignment.Ending.CONFLICT if conflict else ending)
    if review.takes_decisions:
        notifications.stepped_back(assignment, review)
    return assignment


def _suggested(suggestion: str) -> str:
    text, most = tidy(suggestion), Assignment._meta.get_field("suggestion").max_length or 0
    if len(text) > most:
        said = _("Keep it under {limit} characters; this has {text}.").format(limit=most, text=len(text))
        raise ValidationError({"suggestion": said})
    return text


def _locked_request(assignment: Assignment, step: str, actor: User) -> tuple[Article, Review, Assignment]:
    """Return the locked article, the review and the open request as it is now, if this person may take the step."""
    article = lock(assignment.review.article_id)
    review, assignment = read_assignment(article, assignment, actor=actor)
    require_person(step, actor, article=article, review=review, reviewer_id=assignment.reviewer_id)
    require_state(step, review)
    require_open(assignment)
    return article, review, assignment


def require_open(assignment: Assignment) -> None:
    """Raise NotNow if the request has ended."""
    if not assignment.is_open:
        raise NotNow(
            _("This request has already ended: {ending}.").format(ending=within_sentence(assignment.how_it_ended))
        )


def _end(
    article: Article, review: Review, assignment: Assignment, step: str, actor: User, reason: str, ending: str
) -> None:
    """Save that the request ended, with what follows for the review, and append the event."""
    assignment.ended_at, assignment.ended_as, assignment.end_reason = timezone.now(), ending, reason
    assignment.save(update_fields=["ended_at", "ended_as", "end_reason", "declined_because", "suggestion"])
    rows = [assignment, *end_round_if_finished(review, actor)]
    status = {} if review.owes_full_review else {"status": review.status}  # urgent versions stay approved
    ledger.append(
        STEPS[step].event,
        actor=actor,
        article=article,
        payload={**version_payload(review.version), "capacity": assignment.capacity, **status},
        private={"reason": reason, "reviewer": assignment.reviewer_name, **_declined(assignment)},
        rows=rows,
    )


def _declined(assignment: Assignment) -> dict[str, str]:
    """Return the entries of the private part that only a declined request or one with a suggestion has."""
    said = {"declined_because": str(assignment.declined_because), "suggestion": assignment.suggestion}
    return {name: words for name, words in said.items() if words}


def _require_values(capacity: str, risk: str | None, change: str | None) -> None:
    if capacity not in Capacity.values:
        raise ValidationError(
            {"capacity": _("Choose one of these: {choices}.").format(choices=", ".join(Capacity.values))}
        )
    if risk is not None and risk not in Article.Risk.values:
        raise ValidationError(
            {"risk": _("Choose one of these: {choices}.").format(choices=", ".join(Article.Risk.values))}
        )
    if change is not None and change not in Version.Change.values:
        raise ValidationError(
            {"change": _("Choose one of these: {choices}.").format(choices=", ".join(Version.Change.values))}
        )


def _require_day(due: datetime.date | None) -> None:
    today = timezone.localdate()
    if due and due < today:
        raise ValidationError({"due": _("This day has passed. Choose today or a later day.")})
    if due and due > months_later(today, MONTHS_AHEAD):
        raise ValidationError({"due": _("This day is more than a year away. Choose an earlier one.")})


def _confirm_terms(review: Review, actor: User, risk: str | None, change: str | None) -> None:
    """Save the review's risk and change class, raised if asked, and that it is under review."""
    raised = False
    for name, value in (("risk", risk), ("change", change)):
        old = getattr(review, name)
        if value is None or value == old:
            continue
        if WEIGHT[name][value] < WEIGHT[name][old]:
            raise ValidationError({name: _only_raised(name, old)})
        if review.is_urgent:
            raise ValidationError({name: _("It can no longer be raised: the review has been declared urgent.")})
        setattr(review, name, value)
        raised = True
    if raised:
        terms = quorum.terms_for(review.version.kind, review.risk, review.change)
        review.quorum = {capacity: max(needed, review.quorum[capacity]) for capacity, needed in terms.needed.items()}
        review.approvals_needed = quorum.approvals_needed(review.quorum)
        review.urgent_days = terms.urgent_days
        review.attest_references = review.attest_references or terms.attest_references
        if terms.by_section and review.sections is None:
            review.sections = sections.to_sign_for(review.version, signed_content(review.version))
    if review.triaged_by_id is None:
        review.triaged_by = actor
    if review.is_pending:
        review.status = Review.Status.UNDER_REVIEW
    terms_of_the_review = ["risk", "change", "quorum", "approvals_needed", "urgent_days", "sections"]
    review.save(update_fields=[*terms_of_the_review, "attest_references", "triaged_by", "status"])


def _only_raised(name: str, old: str) -> str:
    if name == "risk":
        return _("The risk is {old} and can only be raised.").format(old=old)
    return _("The change class is {old} and can only be raised.").format(old=old)
