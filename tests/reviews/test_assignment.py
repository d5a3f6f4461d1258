"""Asking reviewers: what a request says, the risk and change class it raises, and how it ends."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reviews import workflow
from reviews.models import Assignment, Quorum
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.approval import eligibility
from reviews.workflow.steps.assignment import assignment_blockers, default_due
from reviews.workflow.steps.publication.dates import months_later
from tests.factories import (
    approved,
    article,
    decide,
    edit,
    events,
    evidence,
    last_event,
    payload,
    review_of,
    submitted,
    under_review,
)
from tests.reviews.asking import DAY, refusal

# being asked


def test_a_request_names_reviewer_capacity_and_day(author, editor, clinical):
    due = timezone.localdate() + 14 * DAY

    row = workflow.assign(submitted(author).review, actor=editor, reviewer=clinical, capacity="clinical", due=due)

    row = Assignment.objects.get(pk=row.pk)
    assert (row.reviewer_name, row.capacity, row.due, row.assigned_by) == ("Clara Clinical", "clinical", due, editor)
    assert payload("assigned")["capacity"] == "clinical"
    assert "Clara Clinical" not in last_event("assigned").payload
    assert "Clara Clinical" in last_event("assigned").private.text


def test_a_request_without_a_day_is_due_in_ten_working_days(author, editor, clinical, settings):
    row = workflow.assign(submitted(author).review, actor=editor, reviewer=clinical, capacity="clinical")

    assert Assignment.objects.get(pk=row.pk).due == default_due()
    assert default_due(datetime.date(2026, 11, 26)) == datetime.date(2026, 12, 10)  # from a Thursday
    assert default_due(datetime.date(2026, 11, 28)) == datetime.date(2026, 12, 11)  # from a Saturday
    settings.REVIEW_WORKING_DAYS = 1
    assert default_due(datetime.date(2026, 11, 27)) == datetime.date(2026, 11, 30)  # from a Friday


def test_nobody_is_asked_by_a_day_that_has_passed(author, editor, clinical):
    review, today = submitted(author).review, timezone.localdate()
    before = evidence()

    with pytest.raises(ValidationError, match=r"This day has passed\. Choose today or a later day\."):
        workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical", due=today - DAY)

    assert evidence() == before
    assert workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical", due=today).due == today


def test_nobody_is_asked_by_a_day_more_than_a_year_away(author, editor, clinical, specialist):
    review, today = submitted(author).review, timezone.localdate()
    last = months_later(today, 12)
    before = evidence()

    for due in (last + DAY, datetime.date.max):
        with pytest.raises(ValidationError, match=r"This day is more than a year away\. Choose an earlier one\."):
            workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical", due=due)
        with pytest.raises(ValidationError, match="more than a year away"):
            workflow.ask(review, actor=editor, reviewers=[(clinical, "clinical"), (specialist, "clinical")], due=due)

    assert evidence() == before
    assert workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical", due=last).due == last


def test_a_reviewer_is_asked_once_at_a_time(author, editor, clinical):
    review = submitted(author).review
    workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical")

    assert assignment_blockers(review, clinical) == ["Clara Clinical has already been asked."]
    assert refusal(review, editor, clinical) == "Clara Clinical has already been asked."


def test_the_constraint_says_the_same_as_the_step(author, editor, clinical):
    review = submitted(author).review
    row = workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical")
    row.pk = None

    with pytest.raises(ValidationError, match=r"This reviewer has already been asked\."):
        row.validate_constraints()


def test_who_has_approved_is_not_asked_again(author, editor, clinical, specialist):
    version = submitted(author)
    first, _ = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(first)

    assert refusal(version.review, editor, clinical) == "Clara Clinical has approved this version already."


def test_the_first_editor_to_assign_has_triaged_it(author, editor, editor2, clinical, specialist):
    version = submitted(author)
    workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical")
    workflow.assign(version.review, actor=editor2, reviewer=specialist, capacity="specialist")

    assert review_of(version).triaged_by == editor


# risk and change class


def test_raising_the_risk_adds_the_pharmacist(author, editor, clinical):
    version = submitted(author)

    workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical", risk="high")

    review = review_of(version)
    assert (review.risk, review.quorum["pharmacist"], review.approvals_needed) == ("high", 1, 3)
    assert (payload("assigned")["risk"], payload("assigned")["quorum"]) == ("high", review.quorum)
    assert version.risk == "standard"


def test_raising_the_risk_takes_no_signature_away_whatever_the_settings_say(author, editor, clinical):
    Quorum.objects.create(kind="topic", risk="standard", clinical=3, specialist=2, pharmacist=0)
    Quorum.objects.create(kind="topic", risk="high", clinical=2, specialist=1, pharmacist=1)
    version = submitted(author)

    workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical", risk="high")

    assert review_of(version).quorum == {"clinical": 3, "specialist": 2, "pharmacist": 1}


def test_two_signatures_no_longer_do_once_the_risk_was_raised(author, editor, clinical, specialist, pharmacist):
    version = submitted(author)
    for reviewer, capacity in [(clinical, "clinical"), (specialist, "specialist")]:
        row = workflow.assign(version.review, actor=editor, reviewer=reviewer, capacity=capacity, risk="high")
        decide(row)
    assert review_of(version).status == "under_review"

    [row] = under_review(version, editor, (pharmacist, "pharmacist"))
    decide(row)

    assert review_of(version).status == "approved"


def test_risk_and_change_class_are_never_lowered(author, editor, clinical):
    version = submitted(author, risk="high")
    before = evidence()

    with pytest.raises(ValidationError, match=r"The risk is high and can only be raised\."):
        workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical", risk="standard")
    with pytest.raises(ValidationError, match=r"The change class is major and can only be raised\."):
        workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical", change="minor")

    assert evidence() == before


def test_a_correction_raised_to_a_minor_change_needs_the_full_quorum(author, editor, clinical, specialist):
    draft = article(author)
    approved(submitted(author, draft), editor, clinical, specialist)
    workflow.publish(draft.versions.get(), actor=editor)
    edit(draft, "Lymph nodes filter, lymph.", by=author)
    version = submitted(author, draft, change="correction")
    assert version.review.approvals_needed == 1

    row = workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical", change="minor")
    decide(row)

    review = review_of(version)
    assert (review.status, review.change, review.approvals_needed) == ("under_review", "minor", 2)
    assert version.change == "correction"


# how a request ends


def test_unassigning_keeps_the_row_with_the_reason(author, editor, editor2, clinical):
    version = submitted(author)
    [row] = under_review(version, editor, (clinical, "clinical"))

    workflow.unassign(row, actor=editor2, reason="On leave.")

    row = Assignment.objects.get(pk=row.pk)
    assert (row.ended_as, row.end_reason, row.is_open) == ("unassigned", "On leave.", False)
    assert review_of(version).status == "under_review"
    assert assignment_blockers(version.review, clinical) == []


def test_a_request_ends_once(author, editor, clinical):
    [row] = under_review(submitted(author), editor, (clinical, "clinical"))
    workflow.unassign(row, actor=editor, reason="On leave.")
    before = evidence()

    with pytest.raises(NotNow, match=r"This request has already ended: request cancelled by an editor\."):
        workflow.recuse(row, actor=clinical, reason="No time.")

    assert evidence() == before


def test_who_stepped_back_for_lack_of_time_can_be_asked_again_about_this_version_and_the_next(author, editor, clinical):
    draft = article(author)
    version = submitted(author, draft)
    [row] = under_review(version, editor, (clinical, "clinical"))
    workflow.recuse(row, actor=clinical, reason="No time.")

    [again] = under_review(version, editor, (clinical, "clinical"))
    assert again.pk != row.pk
    workflow.recall(version.review, actor=author, reason="One more look.")
    edit(draft, "Other words.", by=author)
    assert under_review(submitted(author, draft), editor, (clinical, "clinical"))


def test_who_stepped_back_with_a_conflict_is_never_asked_about_the_article_again(author, editor, clinical):
    draft = article(author)
    version = submitted(author, draft)
    [row] = under_review(version, editor, (clinical, "clinical"))
    workflow.recuse(row, actor=clinical, reason="My brother made it.", conflict=True)
    workflow.recall(version.review, actor=author, reason="One more look.")
    edit(draft, "Other words.", by=author)

    newer = submitted(author, draft)

    said = "Clara Clinical has stepped back from this article because of a conflict of interest."
    assert refusal(newer.review, editor, clinical) == said
    assert under_review(submitted(author), editor, (clinical, "clinical"))


def test_only_the_reviewer_steps_back(author, editor, clinical, specialist):
    row, _ = under_review(submitted(author), editor, (clinical, "clinical"), (specialist, "specialist"))
    before = evidence()

    with pytest.raises(NotAllowed, match=r"Only the assigned reviewer can do this\."):
        workflow.recuse(row, actor=specialist, reason="He has no time.")

    assert evidence() == before


def test_a_round_in_which_changes_are_requested_ends_when_the_last_reviewer_steps_back(
    author, editor, clinical, specialist
):
    version = submitted(author)
    first, second = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(first, "request_changes")
    assert review_of(version).status == "under_review"

    workflow.recuse(second, actor=specialist, reason="No time.")

    review = review_of(version)
    assert (review.status, review.end_reason) == ("changes_requested", "Every reviewer has answered.")
    assert payload("recused")["status"] == "changes_requested"
    assert events()[-1] == "recused"


def test_earlier_reviewers_are_proposed_to_the_editor_and_nobody_is_assigned(author, editor, clinical, specialist):
    draft = article(author)
    version = submitted(author, draft)
    first, second = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(first)
    decide(second, "request_changes")
    edit(draft, "Other words.", by=author)

    newer = submitted(author, draft)

    assert sorted(eligibility.earlier_reviewers(newer.review), key=str) == sorted(
        [(clinical, "clinical"), (specialist, "specialist")], key=str
    )
    assert not newer.review.assignments.exists()
    assert eligibility.earlier_reviewers(version.review) == []
