"""Asking reviewers: who may be asked, in which capacity, under which terms, and how a request ends."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reviews import eligibility, quorum, workflow
from reviews.models import Assignment, BoardMember, Quorum
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.assignment import assignment_blockers
from tests.factories import (
    approved,
    article,
    board_member,
    decide,
    disclose,
    edit,
    events,
    evidence,
    last_event,
    payload,
    person,
    review_of,
    submitted,
    topic,
    under_review,
)

DAY = datetime.timedelta(days=1)


def change_member(user, **fields):
    member = BoardMember.objects.get(user=user)
    for name, value in fields.items():
        setattr(member, name, value)
    member.save()


def refusal(review, editor, reviewer, capacity="clinical", **kwargs):
    """Return the words with which the request is refused, after making sure that it left nothing behind."""
    before = evidence()
    with pytest.raises((NotAllowed, NotNow)) as refused:
        workflow.assign(review, actor=editor, reviewer=reviewer, capacity=capacity, **kwargs)
    assert evidence() == before
    return str(refused.value)


# who may be asked


def test_only_the_board_is_asked(author, editor):
    review = submitted(author).review

    assert refusal(review, editor, person("paula", "Paula Plain")) == (
        "Paula Plain is not an active member of the medical advisory board."
    )


def test_a_member_who_left_the_group_or_was_deactivated_is_not_asked(author, editor, clinical, specialist):
    review = submitted(author).review
    clinical.groups.clear()
    specialist.is_active = False
    specialist.save()

    assert "not an active member" in refusal(review, editor, clinical)
    assert "not an active member" in refusal(review, editor, specialist)


def test_membership_of_the_group_without_a_row_on_the_board_is_not_enough(author, editor):
    review = submitted(author).review

    assert "not an active member" in refusal(review, editor, person("greta", groups=["reviewer"]))


def test_a_member_is_asked_in_a_capacity_they_hold(author, editor, clinical):
    review = submitted(author).review

    assert refusal(review, editor, clinical, "pharmacist") == (
        "Clara Clinical does not sit on the board as pharmacist reviewer."
    )


def test_a_member_without_a_public_name_cannot_sign(author, editor, clinical):
    review = submitted(author).review
    contributor = clinical.contributor
    contributor.user = None
    contributor.save()
    clinical = type(clinical).objects.get(pk=clinical.pk)

    assert refusal(review, editor, clinical) == "reviewer1 has no public name and credentials to sign with."


@pytest.mark.parametrize(
    ("checked", "until", "in_date"),
    [(-10, 10, True), (0, 1, True), (-10, 0, True), (-10, -1, False), (1, 10, False), (None, None, False),
     (-10, None, False)],
)  # fmt: skip
def test_credentials_are_in_date_from_the_day_of_the_check_to_the_last_day(
    author, editor, clinical, checked, until, in_date
):
    review = submitted(author).review
    today = timezone.localdate()
    days = {"credential_checked_on": checked, "credential_valid_until": until}
    change_member(clinical, **{name: None if day is None else today + day * DAY for name, day in days.items()})

    reasons = eligibility.reasons_against(clinical, review, "clinical")

    said = ["The credentials of Clara Clinical are not checked, or their check has run out."]
    assert reasons == ([] if in_date else said)


def test_a_lay_reviewer_needs_no_credentials(author, editor, lay):
    review = submitted(author).review
    change_member(lay, credential_checked_on=None, credential_valid_until=None)

    assert workflow.assign(review, actor=editor, reviewer=lay, capacity="lay").is_open


@pytest.mark.parametrize(("made", "until", "in_date"), [(-365, 0, True), (-366, -1, False), (1, 366, False)])
def test_a_disclosure_has_to_be_in_date(author, editor, clinical, made, until, in_date):
    review = submitted(author).review
    today = timezone.localdate()
    row = clinical.board_member.disclosures.get()
    row.made_on, row.valid_until = today + made * DAY, today + until * DAY
    row.save()

    said = ["Clara Clinical has no disclosure of interests in date."]
    assert eligibility.reasons_against(clinical, review, "clinical") == ([] if in_date else said)


def test_the_newest_disclosure_counts(author, editor, clinical):
    review = submitted(author).review
    today = timezone.localdate()
    disclose(clinical.board_member, made_on=today - 20 * DAY, conflicts=["Oncology"])

    assert eligibility.reasons_against(clinical, review, "clinical") == []

    disclose(clinical.board_member, conflicts=["Oncology"])
    assert eligibility.reasons_against(clinical, review, "clinical") == [
        "Clara Clinical has declared a conflict of interest on a topic of this text."
    ]


def test_a_conflict_on_another_topic_bars_nobody(author, editor):
    review = submitted(author).review
    member = board_member("bea", conflicts=["Cardiology"])

    assert eligibility.reasons_against(member, review, "clinical") == []


def test_a_specialist_judges_as_one_only_on_their_own_topics(author, editor, specialist):
    review = submitted(author, topics=("Cardiology",)).review

    assert refusal(review, editor, specialist, "specialist") == (
        "Simon Specialist is not a specialist of any of this text's topics."
    )
    assert workflow.assign(review, actor=editor, reviewer=specialist, capacity="clinical").is_open


def test_the_topics_of_the_submitted_version_count_and_not_those_of_the_draft(author, editor, specialist):
    version = submitted(author)
    version.article.article_topics.all().delete()

    assert eligibility.reasons_against(specialist, version.review, "specialist") == []


def test_a_writer_on_the_board_is_not_asked(author, editor):
    member = board_member("bea", "Bea Board", groups=["author", "reviewer"])
    draft = article(author)
    edit(draft, "Lymph nodes, filter lymph.", by=member)
    review = submitted(author, draft).review

    assert refusal(review, editor, member) == "Bea Board wrote this text, or a part of it."


def test_all_reasons_are_given_at_once(author, editor):
    review = submitted(author).review
    member = board_member("bea", "Bea Board", capacities=["lay"], conflicts=["Oncology"])
    change_member(member, credential_checked_on=None, credential_valid_until=None)

    reasons = eligibility.reasons_against(member, review, "specialist")

    assert len(reasons) == 4
    assert refusal(review, editor, member, "specialist") == " ".join(reasons)


def test_nobody_asks_themselves(author, editor2):
    member = board_member("bea", groups=["editor", "reviewer"])
    review = submitted(author).review

    assert refusal(review, member, member).startswith("You cannot ask yourself to review")
    assert workflow.assign(review, actor=editor2, reviewer=member, capacity="clinical").is_open


def test_an_editor_who_wrote_a_part_assigns_nobody(author, editor, clinical):
    draft = article(author)
    edit(draft, "Lymph nodes, filter lymph.", by=editor)
    review = submitted(author, draft).review

    assert refusal(review, editor, clinical) == "You wrote this text, or a part of it: another editor has to do this."


def test_unknown_values_are_wrong_input(author, editor, clinical):
    review = submitted(author).review
    before = evidence()

    for name, value in [("capacity", "surgeon"), ("risk", "low"), ("change", "tiny")]:
        kwargs = {"capacity": "clinical", name: value}
        with pytest.raises(ValidationError, match="Choose one of these") as refused:
            workflow.assign(review, actor=editor, reviewer=clinical, **kwargs)
        assert list(refused.value.message_dict) == [name]

    assert evidence() == before


# being asked


def test_a_request_names_reviewer_capacity_and_day(author, editor, clinical):
    due = timezone.localdate() + 14 * DAY

    row = workflow.assign(submitted(author).review, actor=editor, reviewer=clinical, capacity="clinical", due=due)

    row = Assignment.objects.get(pk=row.pk)
    assert (row.reviewer_name, row.capacity, row.due, row.assigned_by) == ("Clara Clinical", "clinical", due, editor)
    assert payload("assigned")["capacity"] == "clinical"
    assert "Clara Clinical" not in last_event("assigned").payload
    assert "Clara Clinical" in last_event("assigned").private.text


def test_a_reviewer_is_asked_once_at_a_time(author, editor, clinical):
    review = submitted(author).review
    workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical")

    assert assignment_blockers(review, clinical) == ["This reviewer is asked already."]
    assert refusal(review, editor, clinical) == "This reviewer is asked already."


def test_the_constraint_says_the_same_as_the_step(author, editor, clinical):
    review = submitted(author).review
    row = workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical")
    row.pk = None

    with pytest.raises(ValidationError, match=r"This reviewer is asked already\."):
        row.validate_constraints()


def test_who_has_approved_is_not_asked_again(author, editor, clinical, specialist):
    version = submitted(author)
    first, _ = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(first)

    assert refusal(version.review, editor, clinical) == "This reviewer has approved this version already."


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


# the quorum

STANDARD, HIGH = quorum.default_for("topic", "standard"), quorum.default_for("topic", "high")


@pytest.mark.parametrize(
    ("needed", "given", "lacking"),
    [
        (STANDARD, [], ["2 more clinical approvals", "1 more approval by a specialist of one of its topics"]),
        (STANDARD, ["clinical"], ["1 more clinical approval", "1 more approval by a specialist of one of its topics"]),
        (STANDARD, ["clinical", "clinical"], ["1 more approval by a specialist of one of its topics"]),
        (STANDARD, ["specialist"], ["1 more clinical approval"]),
        (STANDARD, ["clinical", "specialist"], []),
        (STANDARD, ["specialist", "specialist"], []),
        (STANDARD, ["specialist", "lay", "lay"], ["1 more clinical approval"]),
        (STANDARD, ["specialist", "pharmacist"], ["1 more clinical approval"]),
        (HIGH, ["clinical", "specialist"], ["1 more approval by a pharmacist"]),
        (HIGH, ["clinical", "specialist", "pharmacist"], []),
        (HIGH, ["pharmacist", "pharmacist", "specialist"], ["1 more clinical approval"]),
        (quorum.CORRECTION, ["lay", "pharmacist"], ["1 more clinical approval"]),
        (quorum.CORRECTION, ["clinical"], []),
        (quorum.CORRECTION, ["specialist"], []),
    ],
)
def test_what_the_approvals_so_far_still_lack_is_said_in_words(needed, given, lacking):
    assert quorum.lacking(needed, given) == lacking


def test_a_row_of_settings_takes_the_place_of_the_default(db):
    Quorum(kind="topic", risk="high", clinical=3, specialist=2, pharmacist=1, open_review=True).save()

    needed, open_review = quorum.settings_for("topic", "high", "major")

    assert (needed, open_review) == ({"clinical": 3, "specialist": 2, "pharmacist": 1}, True)
    assert quorum.approvals_needed(needed) == 4
    assert quorum.settings_for("topic", "high", "correction") == (quorum.CORRECTION, True)


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

    with pytest.raises(NotNow, match=r"This request has ended already: taken back by an editor\."):
        workflow.recuse(row, actor=clinical, reason="No time.")

    assert evidence() == before


def test_who_stepped_back_is_not_asked_about_this_version_again_but_about_the_next(author, editor, clinical):
    draft = article(author)
    version = submitted(author, draft)
    [row] = under_review(version, editor, (clinical, "clinical"))
    workflow.recuse(row, actor=clinical, reason="No time.")

    assert refusal(version.review, editor, clinical) == "Clara Clinical has stepped back from reviewing this version."

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

    with pytest.raises(NotAllowed, match=r"Only the reviewer who was asked can do this\."):
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


def test_a_topic_added_to_the_board_after_submission_counts(author, editor):
    review = submitted(author).review
    member = board_member("bea", capacities=["specialist"])
    assert eligibility.reasons_against(member, review, "specialist")

    member.board_member.specialty_rows.create(topic=topic("Oncology"))

    assert eligibility.reasons_against(member, review, "specialist") == []
