"""Deciding: an approval, a request for changes, the end of a round, and an approval taken back."""

import pytest
from django.core.exceptions import ValidationError

from articles.models import VersionText
from reviews import workflow
from reviews.models import Assignment, Checkpoint, Decision, Disclosure, Review, Signature
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.approval.blockers import approval_blockers
from tests.factories import (
    PASSWORD,
    approved,
    article,
    board_member,
    decide,
    edit,
    evidence,
    last_event,
    payload,
    review_of,
    rows,
    submitted,
    under_review,
)
from tests.ledger import attacks


@pytest.fixture
def version(author):
    return submitted(author)


@pytest.fixture
def pair(version, editor, clinical, specialist):
    """Return the two open requests to review that fill the quorum."""
    return under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))


def refused(assignment, outcome="approve", *, kind=NotNow, **kwargs):
    """Return the words with which a decision is refused, after making sure that it left nothing behind."""
    before = rows()
    given = {"actor": assignment.reviewer, "password": PASSWORD, "digest": assignment.review.version.digest, **kwargs}
    with pytest.raises(kind) as error:
        workflow.decide(assignment, outcome=outcome, **given)
    assert rows() == before
    return str(error.value)


# approving


def test_one_of_two_approvals_is_not_enough(version, pair):
    decide(pair[0])

    assert review_of(version).status == "under_review"


def test_the_second_approval_makes_the_version_approved(version, pair):
    decide(pair[0])
    decide(pair[1])

    review = review_of(version)
    assert review.status == "approved"
    assert review.approved_at is not None
    assert payload("decided")["status"] == "approved"
    assert Checkpoint.objects.count() == 2  # one for each signature


def test_two_clinicians_without_a_specialist_do_not_fill_the_quorum(version, editor, clinical, specialist):
    second = board_member("bea")
    for row in under_review(version, editor, (clinical, "clinical"), (second, "clinical")):
        decide(row)
    assert review_of(version).status == "under_review"

    [row] = under_review(version, editor, (specialist, "specialist"))
    decide(row)

    assert review_of(version).status == "approved"


def test_two_specialists_fill_the_quorum(version, editor, specialist):
    second = board_member("bea", capacities=["specialist"], specialties=["Oncology"])
    for row in under_review(version, editor, (specialist, "specialist"), (second, "specialist")):
        decide(row)

    assert review_of(version).status == "approved"


def test_a_text_of_high_risk_needs_all_three(author, editor, clinical, specialist, pharmacist):
    version = submitted(author, risk="high")
    trio = under_review(version, editor, (pharmacist, "pharmacist"), (clinical, "clinical"), (specialist, "specialist"))
    seen = []
    for row in trio:
        decide(row)
        seen.append(review_of(version).status)

    assert seen == ["under_review", "under_review", "approved"]


def test_a_lay_approval_counts_for_nothing(version, editor, clinical, lay):
    for row in under_review(version, editor, (lay, "lay"), (clinical, "clinical")):
        decide(row)

    assert review_of(version).status == "under_review"


def test_the_quorum_ends_the_requests_that_are_still_open(version, pair, editor, lay):
    [third] = under_review(version, editor, (lay, "lay"))
    decide(pair[0])
    decide(pair[1])

    assert Assignment.objects.get(pk=third.pk).ended_as == "review_ended"


def test_a_decision_keeps_its_words_and_ends_the_request(version, pair, clinical):
    decision = decide(pair[0], reason="Clear and right.")

    decision = Decision.objects.get(pk=decision.pk)
    assert (decision.outcome, decision.reason, decision.supersedes) == ("approve", "Clear and right.", None)
    assert Assignment.objects.get(pk=pair[0].pk).ended_as == "decided"
    assert "Clear and right." not in last_event("decided").payload
    assert "Clear and right." in last_event("decided").private.text


def test_an_outcome_is_one_of_two(pair):
    for outcome in ("withdraw", "reject", ""):
        assert "Choose approve or request_changes." in refused(pair[0], outcome, kind=ValidationError)


def test_nobody_decides_twice_on_one_request(pair):
    decide(pair[0])

    assert refused(pair[0]) == "This request has already ended: decided."


def test_a_decision_on_another_text_than_the_one_shown_is_refused(author, pair):
    stale = submitted(author).digest

    said = "What you were shown is not the text of version 1. Read version 1 before you sign."
    assert refused(pair[0], digest=stale) == said
    assert refused(pair[0], "request_changes", digest=stale, reason="No.") == said
    assert refused(pair[0], digest="") == said


def test_the_assignment_of_somebody_else_is_not_decided(pair, specialist, author, editor):
    for actor in (specialist, author, editor):
        said = refused(pair[0], actor=actor, kind=NotAllowed)
        assert said == "Only the assigned reviewer can do this."


def test_a_reviewer_who_became_ineligible_cannot_sign(pair, clinical):
    before = rows()
    row = Disclosure.objects.get(member__user=clinical)
    row.valid_until = row.made_on.replace(year=row.made_on.year - 1)
    row.made_on = row.made_on.replace(year=row.made_on.year - 2)
    row.save()

    said = "Clara Clinical has no current disclosure of interests."
    assert refused(pair[0], kind=NotAllowed) == said
    assert refused(pair[0], "request_changes", reason="No.", kind=NotAllowed) == said
    assert rows()["reviews_signature"] == before["reviews_signature"] == []


def test_a_reviewer_who_lost_the_capacity_cannot_sign_in_it(pair, clinical):
    member = clinical.board_member
    member.capacities = ["lay"]
    member.save()

    assert "is not on the board as clinical reviewer" in refused(pair[0], kind=NotAllowed)


# what stops an approval


def test_a_blocking_comment_stops_an_approval_until_it_is_resolved(version, pair, specialist):
    comment = workflow.comment(version, actor=specialist, text="The dose is wrong.", blocking=True)
    assert refused(pair[0]) == "A blocking comment is not resolved yet."
    assert approval_blockers(version.review, pair[0].reviewer_id) == ["A blocking comment is not resolved yet."]

    workflow.resolve_comment(comment, actor=specialist)

    assert decide(pair[0])


def test_a_blocking_comment_on_an_earlier_version_stops_the_next(author, editor, clinical, specialist):
    draft = article(author)
    version = submitted(author, draft)
    under_review(version, editor, (specialist, "specialist"))
    workflow.comment(version, actor=specialist, text="The dose is wrong.", blocking=True)
    workflow.recall(version.review, actor=author, reason="One more look.")
    edit(draft, "Other words.", by=author)
    [row] = under_review(submitted(author, draft), editor, (clinical, "clinical"))

    assert refused(row) == "A blocking comment is not resolved yet."


def test_a_blocking_comment_does_not_stop_a_request_for_changes(version, pair, specialist):
    workflow.comment(version, actor=specialist, text="The dose is wrong.", blocking=True)

    assert decide(pair[0], "request_changes")


def test_a_colleagues_request_for_changes_stops_an_approval(pair):
    decide(pair[0], "request_changes")

    assert refused(pair[1]) == "Changes are requested by Clara Clinical: this version can no longer be approved."


def test_who_asked_for_changes_is_named_and_addressed(version, pair, editor, author):
    decide(pair[0], "request_changes")
    lasting = "this version can no longer be approved."

    def told(reader):
        return approval_blockers(review_of(version), 0, reader)

    assert told(author) == told(None) == [f"Changes are requested by Clara Clinical: {lasting}"]
    assert told(pair[0].reviewer) == [f"Changes are requested by you: {lasting}"]
    decide(pair[1], "request_changes")
    assert told(pair[1].reviewer) == [f"Changes are requested by you and Clara Clinical: {lasting}"]


def test_a_text_that_is_not_the_one_submitted_is_not_approved(version, pair):
    attacks.disarm()
    attacks.change(VersionText, version.pk, "text", version.frozen.text.replace("filter", "make"))
    attacks.rearm()

    assert "What is stored of version 1 is not what was submitted and signed: tell" in refused(pair[0])
    assert "What is stored of version 1" in refused(pair[1], "request_changes", reason="It says so.")


# asking for changes


def test_a_request_for_changes_leaves_the_colleagues_to_finish(version, pair):
    decide(pair[0], "request_changes")

    assert review_of(version).status == "under_review"
    assert Assignment.objects.get(pk=pair[1].pk).is_open


def test_the_round_ends_by_itself_when_the_last_reviewer_has_answered(version, pair):
    decide(pair[0], "request_changes")
    decide(pair[1], "request_changes")

    review = review_of(version)
    assert (review.status, review.end_reason) == ("changes_requested", "Every reviewer has answered.")


def test_the_round_ends_by_itself_when_the_only_reviewer_asks_for_changes(version, editor, clinical):
    [row] = under_review(version, editor, (clinical, "clinical"))
    decide(row, "request_changes")

    assert review_of(version).status == "changes_requested"


def test_an_approval_followed_by_a_request_for_changes_ends_the_round_too(version, pair):
    decide(pair[0])
    decide(pair[1], "request_changes")

    assert review_of(version).status == "changes_requested"


def test_a_request_for_changes_needs_a_reason(pair):
    assert "Give the reason in a sentence." in refused(pair[0], "request_changes", reason=" ", kind=ValidationError)


def test_a_reviewer_supersedes_their_own_request_when_they_are_asked_again(version, pair, editor, clinical):
    first = decide(pair[0], "request_changes")
    [again] = under_review(version, editor, (clinical, "clinical"))

    second = decide(again)
    decide(pair[1])

    second = Decision.objects.get(pk=second.pk)
    assert second.supersedes == first
    assert list(Decision.objects.live_approvals().filter(review__version=version)).count(second) == 1
    assert Decision.objects.filter(pk=first.pk).exists()
    assert review_of(version).status == "approved"


def test_an_editor_ends_a_round_without_waiting_for_the_others(version, pair, editor):
    decide(pair[0], "request_changes")

    workflow.end_round(version.review, actor=editor)

    review = review_of(version)
    assert (review.status, review.end_reason) == ("changes_requested", "An editor ended the review.")
    assert Assignment.objects.get(pk=pair[1].pk).ended_as == "review_ended"


def test_a_round_without_a_request_for_changes_is_not_ended(version, pair, editor):
    decide(pair[0])
    before = evidence()

    with pytest.raises(NotNow, match=r"No reviewer has requested changes yet, so the review cannot be ended\."):
        workflow.end_round(version.review, actor=editor)

    assert evidence() == before


# taking an approval back


def withdraw(version, actor, **kwargs):
    given = {"password": PASSWORD, "reason": "A trial was retracted.", **kwargs}
    return workflow.withdraw_approval(version.review, actor=actor, **given)


def test_a_signer_takes_their_approval_back_and_it_stays_on_record(version, editor, clinical, specialist):
    approved(version, editor, clinical, specialist)

    decision = withdraw(version, clinical)

    review = review_of(version)
    assert (review.status, review.end_reason) == ("changes_requested", "A trial was retracted.")
    assert decision.supersedes.outcome == "approve"
    assert decision.signature.meaning == "withdrawal"
    assert Decision.objects.filter(review=review).count() == 3
    assert Signature.objects.filter(version=version).count() == 3
    with pytest.raises(NotNow, match="Version 1 is returned with changes requested"):
        workflow.publish(version, actor=editor)


def test_an_approval_is_taken_back_once(version, editor, clinical, specialist):
    approved(version, editor, clinical, specialist)
    withdraw(version, clinical)
    before = evidence()

    with pytest.raises(NotAllowed, match=r"Only a signer whose approval counts can withdraw it\. Lay"):
        withdraw(version, clinical)

    assert evidence() == before


def test_nobody_takes_another_ones_approval_back(version, editor, clinical, specialist, author):
    approved(version, editor, clinical, specialist)
    other = board_member("bea")
    before = evidence()

    for actor in (author, editor, other):
        with pytest.raises(NotAllowed, match="Only a signer whose approval"):
            withdraw(version, actor)

    assert evidence() == before


def test_a_public_text_is_not_taken_back_by_withdrawing_an_approval(version, editor, clinical, specialist):
    approved(version, editor, clinical, specialist)
    workflow.publish(version, actor=editor)
    before = evidence()

    with pytest.raises(NotNow, match=r"Version 1 is published\. An approval can be withdrawn only while"):
        withdraw(version, clinical)

    assert evidence() == before


def test_a_withdrawal_needs_password_and_reason(version, editor, clinical, specialist):
    approved(version, editor, clinical, specialist)
    before = evidence()

    with pytest.raises(ValidationError, match="That is not your password"):
        withdraw(version, clinical, password="guess")
    with pytest.raises(ValidationError, match="Give the reason"):
        withdraw(version, clinical, reason="")

    assert evidence() == before


# the database keeps the rule as well


def test_a_decision_against_a_text_says_what_is_wrong(pair):
    decision = decide(pair[0], "request_changes")
    decision.reason = ""

    with pytest.raises(ValidationError, match=r"Say what is wrong\."):
        decision.validate_constraints()


def test_a_second_review_of_the_article_is_refused_in_a_sentence(version):
    review = Review(version=version, article=version.article, status="submitted", approvals_needed=1)

    with pytest.raises(ValidationError, match=r"This article already has a version under review\."):
        review.validate_constraints()


def test_no_review_becomes_approved_by_setting_a_column(version, pair):
    decide(pair[0])

    with pytest.raises(Exception, match="becomes approved by its approving decisions alone"):
        Review.objects.filter(version=version).update(status="approved", approved_at=version.submitted_at)
