"""Who may be asked to review a version, in which capacity, and in words why not."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reviews import eligibility, workflow
from tests.factories import article, board_member, disclose, edit, evidence, person, submitted, topic
from tests.reviews.asking import DAY, change_member, refusal


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


def test_a_topic_added_to_the_board_after_submission_counts(author, editor):
    review = submitted(author).review
    member = board_member("bea", capacities=["specialist"])
    assert eligibility.reasons_against(member, review, "specialist")

    member.board_member.specialty_rows.create(topic=topic("Oncology"))

    assert eligibility.reasons_against(member, review, "specialist") == []
