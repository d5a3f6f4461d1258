"""Who may be asked to review a version, in which capacity, and in words why not."""

from functools import partial

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article, Authorship, Contributor
from reviews import workflow
from reviews.models import Review
from reviews.workflow import NotNow
from reviews.workflow.approval import eligibility
from tests.factories import (
    PASSWORD,
    approved,
    article,
    board_member,
    disclose,
    edit,
    evidence,
    person,
    review_of,
    save,
    submitted,
    topic,
)
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
        "Clara Clinical is not on the board as pharmacist reviewer."
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

    said = ["The credentials of Clara Clinical have not been checked, or the check has expired."]
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

    said = ["Clara Clinical has no current disclosure of interests."]
    assert eligibility.reasons_against(clinical, review, "clinical") == ([] if in_date else said)


def test_the_newest_disclosure_counts(author, editor, clinical):
    review = submitted(author).review
    today = timezone.localdate()
    disclose(clinical.board_member, made_on=today - 20 * DAY, conflicts=["Oncology"])

    assert eligibility.reasons_against(clinical, review, "clinical") == []

    disclose(clinical.board_member, conflicts=["Oncology"])
    assert eligibility.reasons_against(clinical, review, "clinical") == [
        "Clara Clinical has declared a conflict of interest on a topic of this text: Oncology."
    ]


def test_the_newest_disclosure_counts_though_an_older_one_runs_longer(author, editor, clinical):
    review = submitted(author).review
    today = timezone.localdate()
    disclose(clinical.board_member, conflicts=["Oncology"], valid_until=today + 30 * DAY)

    assert eligibility.reasons_against(clinical, review, "clinical") == [
        "Clara Clinical has declared a conflict of interest on a topic of this text: Oncology."
    ]


def test_a_newest_disclosure_that_has_run_out_is_not_saved_by_an_older_one(author, editor, clinical):
    review = submitted(author).review
    today = timezone.localdate()
    row = clinical.board_member.disclosures.get()
    row.made_on, row.valid_until = today - 300 * DAY, today + 65 * DAY
    row.save()
    disclose(clinical.board_member, made_on=today - 200 * DAY, valid_until=today - DAY)

    assert eligibility.reasons_against(clinical, review, "clinical") == [
        "Clara Clinical has no current disclosure of interests."
    ]


def test_a_conflict_on_another_topic_bars_nobody(author, editor):
    review = submitted(author).review
    member = board_member("bea", conflicts=["Cardiology"])

    assert eligibility.reasons_against(member, review, "clinical") == []


def test_a_conflict_on_a_topic_covers_its_parts_and_what_it_is_a_part_of_and_a_specialty_its_parts(author, editor):
    part, whole = topic("Melanoma"), topic("Oncology")
    middle = topic("Skin cancer")
    for narrower, wider in ((part, middle), (middle, whole)):
        narrower.parent = wider
        narrower.save()
    narrow, wide = submitted(author, topics=("Melanoma",)).review, submitted(author, topics=("Oncology",)).review
    with_conflict = board_member("bea", "Bea Board", conflicts=["Oncology"])
    of_a_part = board_member("cia", "Cia Board", conflicts=["Melanoma"])
    knows_it = board_member("dan", "Dan Board", ["specialist"], specialties=["Skin cancer"])
    of_another = board_member("eve", "Eve Board", conflicts=["Surgery"])
    said = "{} Board has declared a conflict of interest on a topic of this text: {}."

    assert eligibility.reasons_against(with_conflict, narrow, "clinical") == [said.format("Bea", "Oncology")]
    assert eligibility.reasons_against(of_a_part, wide, "clinical") == [said.format("Cia", "Melanoma")]
    assert eligibility.reasons_against(of_another, wide, "clinical") == []
    assert eligibility.reasons_against(knows_it, narrow, "specialist") == []
    assert eligibility.reasons_against(knows_it, wide, "specialist") == [
        "Dan Board is not a specialist in any of this text's topics."
    ]
    assert "conflict" in refusal(narrow, editor, with_conflict)


def test_a_specialist_judges_as_one_only_on_their_own_topics(author, editor, specialist):
    review = submitted(author, topics=("Cardiology",)).review

    assert refusal(review, editor, specialist, "specialist") == (
        "Simon Specialist is not a specialist in any of this text's topics."
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

    assert refusal(review, editor, member) == "Bea Board wrote all or part of this text."


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

    for chosen in (member, get_user_model().objects.get(pk=member.pk)):  # a form reads the person anew
        assert refusal(review, member, chosen).startswith("You cannot ask yourself to review")
    assert workflow.assign(review, actor=editor2, reviewer=member, capacity="clinical").is_open


def test_an_editor_who_wrote_a_part_assigns_nobody(author, editor, clinical):
    draft = article(author)
    edit(draft, "Lymph nodes, filter lymph.", by=editor)
    review = submitted(author, draft).review

    assert refusal(review, editor, clinical) == "You wrote all or part of this text. Another editor must do this."


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


@pytest.mark.parametrize(
    ("on_the_byline", "orcid", "own", "is_refused"),
    [
        ("Clara Clinical", "", "", True),
        ("clara  CLINICAL", "", "", True),
        ("Clára Clinical", "", "", True),
        ("Clara Clinical", "0000-0002-1825-0097", "", True),
        ("Clara Clinical", "0000-0002-1825-0097", "0000-0001-5109-3700", False),
        ("Carla Clinical", "", "", False),
    ],
)
def test_a_byline_without_an_account_that_bears_a_reviewers_name_is_not_reviewed_by_them(
    author, editor, clinical, on_the_byline, orcid, own, is_refused
):
    draft = article(author)
    named = Contributor.objects.create(name=on_the_byline, orcid=orcid)
    save(Authorship(article=draft, contributor=named, position=1), author)
    clinical.contributor.orcid = own
    clinical.contributor.save()
    review = submitted(author, draft).review

    if is_refused:
        assert refusal(review, editor, clinical).startswith("The byline names Clara Clinical. If this is the reviewer")
    else:
        assert workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical")


def test_a_reviewer_of_the_same_name_judges_the_text_that_is_submitted_with_both_orcid_ids(author, editor, clinical):
    draft = article(author)
    named = Contributor.objects.create(name="Clara Clinical")
    save(Authorship(article=draft, contributor=named, position=1), author)
    first = submitted(author, draft).review
    said = refusal(first, editor, clinical)
    assert "the text must be submitted again, because the byline of this version cannot change." in said
    named.orcid, clinical.contributor.orcid = "0000-0002-1825-0097", "0000-0001-5109-3700"
    named.save()
    clinical.contributor.save()
    assert refusal(first, editor, clinical) == said
    workflow.recall(first, actor=author, reason="With ORCID iDs.")

    again = submitted(author, Article.objects.get(pk=draft.pk)).review

    assert workflow.assign(again, actor=editor, reviewer=clinical, capacity="clinical")


# found out later


def jane(author, *, off_the_byline):
    """Return a draft that names Jane Doe, who has no account as yet, or named her once."""
    draft = article(author)
    named = Contributor.objects.create(name="J. Doe")
    row = save(Authorship(article=draft, contributor=named, position=2), author)
    if off_the_byline:
        row._history_user = author
        row.delete()
    return draft, named


def joins(named) -> User:
    """Give the contributor an account, the full name, and a seat on the board."""
    member = board_member("jane", "Jane Doe")
    member.contributor.delete()
    named.name, named.user = "Jane Doe", member
    named.save()
    return User.objects.get(pk=member.pk)


@pytest.mark.parametrize("off_the_byline", [False, True])
def test_who_was_named_before_they_had_an_account_wrote_it_all_the_same(author, editor, off_the_byline):
    draft, named = jane(author, off_the_byline=off_the_byline)
    review = submitted(author, draft).review

    member = joins(named)

    assert refusal(review, editor, member) == "Jane Doe wrote all or part of this text."
    assert [each.person.name for each in eligibility.candidates(review) if not any(each.against.values())] == []


def test_who_is_named_in_a_later_draft_alone_may_judge_the_earlier_text(author, editor, clinical):
    draft = article(author)
    review = submitted(author, draft).review
    save(Authorship(article=draft, contributor=clinical.contributor, position=2), author)

    assert workflow.assign(review, actor=editor, reviewer=clinical, capacity="clinical")


def test_an_approval_of_somebody_found_to_be_an_author_does_not_publish(author, editor, clinical, specialist):
    draft, named = jane(author, off_the_byline=False)
    version = submitted(author, draft)
    approved(version, editor, clinical, specialist)
    own, named.user_id = clinical.contributor, clinical.pk
    own.user = None
    own.save()
    named.save()

    with pytest.raises(NotNow, match=r"wrote all or part of this text\. They must withdraw their approval"):
        workflow.publish(version, actor=editor)


def test_a_conflict_that_is_declared_after_signing_holds_publication_back_until_the_approval_is_withdrawn(
    author, editor, clinical, specialist
):
    version = submitted(author)
    approved(version, editor, clinical, specialist)
    disclose(clinical.board_member, conflicts=["Oncology"])
    specialist.groups.clear()
    disclose(specialist.board_member, conflicts=["Oncology"])
    assert [name.split()[0] for name in eligibility.against_approvals(review_of(version))] == ["Clara", "Simon"]
    before = evidence()

    for step in (workflow.publish, partial(workflow.schedule, at=timezone.now() + DAY)):
        with pytest.raises(NotNow, match="Clara Clinical has declared a conflict of interest on a topic of this text"):
            step(version, actor=editor)
    assert evidence() == before

    workflow.withdraw_approval(version.review, actor=clinical, password=PASSWORD, reason="I hold shares.")
    assert Review.objects.get(version=version).status == "changes_requested"


def test_what_ran_out_after_signing_holds_nothing_back(author, editor, clinical, specialist):
    version = submitted(author)
    approved(version, editor, clinical, specialist)
    change_member(clinical, credential_checked_on=None, credential_valid_until=None, credential_checked_by=None)

    assert workflow.publish(version, actor=editor)
