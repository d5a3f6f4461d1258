"""Submitting and recalling: what is opened, what stops a draft, and what a recall ends."""

import json

import pytest
from django.core.exceptions import ValidationError

from articles.models import Article, Audience, Wording
from reviews import workflow
from reviews.models import Assignment, LedgerEvent, Quorum, Review
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.steps.submission import submission_blockers
from tests.factories import (
    approved,
    article,
    board_member,
    decide,
    edit,
    evidence,
    payload,
    published,
    review_of,
    save,
    submitted,
    under_review,
)

# what is opened


def test_versions_are_numbered_from_one_and_the_article_points_at_the_latest(author, editor):
    draft = article(author)
    first = submitted(author, draft)
    workflow.recall(first.review, actor=author, reason="One more look.")
    edit(draft, "Other words.", by=author)
    second = submitted(author, draft)

    draft = Article.objects.get(pk=draft.pk)
    assert (first.number, second.number) == (1, 2)
    assert draft.latest_version == second
    assert draft.published_version is None


def test_the_frozen_version_keeps_its_words_when_the_draft_goes_on(author):
    draft = article(author)
    version = submitted(author, draft)
    edit(draft, "Other words.", by=author)

    assert "Other words" not in version.frozen.text
    assert json.loads(version.frozen.text)["sections"][0]["body"] == "<p>Lymph nodes filter lymph.</p>"


def test_the_terms_of_the_review_are_part_of_its_event(author):
    submitted(author)

    event = payload("submitted")
    assert event["quorum"] == {"clinical": 2, "specialist": 1, "pharmacist": 0}
    assert (event["change"], event["risk"], event["open_review"], event["approvals_needed"]) == (
        "major", "standard", False, 2,
    )  # fmt: skip


def test_a_high_risk_asks_for_three_signatures_one_of_them_a_pharmacists(author):
    assert submitted(author, risk="high").review.quorum == {"clinical": 2, "specialist": 1, "pharmacist": 1}


def test_a_row_for_the_other_risk_says_nothing_of_this_one(author):
    Quorum(kind="topic", risk="standard", clinical=1, specialist=0).save()
    Quorum(kind="policy", risk="high", clinical=1, specialist=0).save()

    assert submitted(author, risk="high").review.quorum == {"clinical": 2, "specialist": 1, "pharmacist": 1}
    assert submitted(author, kind="policy").review.quorum == {"clinical": 2, "specialist": 0, "pharmacist": 0}


def test_the_editorial_policy_asks_for_no_specialist(author):
    assert submitted(author, kind="policy").review.quorum == {"clinical": 2, "specialist": 0, "pharmacist": 0}


def test_a_quorum_edited_later_touches_no_open_review(author):
    version = submitted(author)
    Quorum(kind="topic", risk="standard", clinical=5, specialist=2, open_review=True).save()

    review = review_of(version)
    assert review.quorum == {"clinical": 2, "specialist": 1, "pharmacist": 0}
    assert (review.approvals_needed, review.open_review) == (2, False)
    assert submitted(author).review.quorum == {"clinical": 5, "specialist": 2, "pharmacist": 0}


# what stops it


def test_the_same_draft_is_not_submitted_twice(author, editor):
    draft = article(author)
    version = submitted(author, draft)
    workflow.decline(version.review, actor=editor, reason="Too short.")
    before = evidence()

    with pytest.raises(NotNow, match=r"says the same as version 1; change something first\."):
        submitted(author, draft)

    assert evidence() == before


def test_only_one_version_of_an_article_is_under_review(author):
    draft = article(author)
    submitted(author, draft)
    edit(draft, "Other words.", by=author)
    before = evidence()

    with pytest.raises(NotNow, match=r"Version 1 is submitted\. You can submit again when its review has ended\."):
        submitted(author, draft, change="minor")

    assert evidence() == before


def test_the_first_version_is_major(author):
    draft = article(author)
    before = evidence()

    for change in ("correction", "minor"):
        with pytest.raises(ValidationError, match="first version of an article is a major change"):
            submitted(author, draft, change=change)

    assert evidence() == before


def test_an_unknown_change_class_is_named_with_those_there_are(author):
    with pytest.raises(ValidationError, match="Choose one of these: correction, minor, major"):
        submitted(author, change="tiny")


def test_a_submission_needs_a_note_of_reasonable_length(author):
    draft = article(author)

    with pytest.raises(ValidationError, match="Say in a sentence what changed and why"):
        submitted(author, draft, note="  ")
    with pytest.raises(ValidationError, match="Keep it under 1,000 characters; this has 1,001"):
        submitted(author, draft, note="x" * 1001)


def test_a_correction_needs_a_published_text(author, editor):
    draft = article(author)
    workflow.recall(submitted(author, draft).review, actor=author, reason="One more look.")
    edit(draft, "Lymph nodes filter, lymph.", by=author)

    with pytest.raises(ValidationError, match="Only a published text can be corrected"):
        submitted(author, draft, change="correction")


def test_a_correction_that_is_more_is_refused_with_what_is_different(author, editor, clinical, specialist):
    draft = article(author, body="<p>Take 5 mg.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Take 50 mg.", by=author)
    before = evidence()

    with pytest.raises(ValidationError) as refused:
        submitted(author, draft, change="correction")

    assert refused.value.messages == [
        "This is more than a correction. In “What they do”: A number or sign is different: “5” became “50”."
    ]
    assert evidence() == before


def test_a_correction_is_compared_with_what_is_public_and_not_with_the_last_version(
    author, editor, clinical, specialist
):
    draft = article(author, body="<p>Take 5 mg of it.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Take 50 mg of it.", by=author)
    workflow.decline(submitted(author, draft, change="minor").review, actor=editor, reason="Wrong dose.")
    edit(draft, "Take 50 mg, of it.", by=author)

    with pytest.raises(ValidationError, match="more than a correction"):
        submitted(author, draft, change="correction")


def for_carers(body, heading=""):
    """Return what gives a draft a wording for carers with this text."""

    def give(draft):
        readers = Audience.objects.get(key="carer")
        Wording.objects.create(section=draft.sections.get(), audience=readers, heading=heading, body=body)

    return give


def headed(heading):
    """Return what gives the draft's section this heading."""

    def give(draft):
        section = draft.sections.get()
        section.heading = heading
        section.save()

    return give


UNKNOWN, MACHINE = '<p>So.<cite data-ref="x1">[x1]</cite></p>', "<p>As an AI language model, I advise.</p>"


BLOCKED = {
    "no author": ({}, lambda draft: draft.authorships.all().delete(), "Only an author of this article"),
    "no topic": ({"topics": ()}, None, "Add at least one topic"),
    "AI use undeclared": ({"ai_use": ""}, None, "Declare whether artificial intelligence was used"),
    "no words": ({"body": "<p> </p>"}, None, "All its sections are empty"),
    "unknown citation": ({"body": UNKNOWN}, None, "no reference with that key"),
    "unknown citation for others": ({}, for_carers(UNKNOWN), "no reference with that key"),
    "placeholder": ({"body": "<p>Take XX mg.</p>"}, None, "still holds a placeholder: “XX mg”"),
    "placeholder for others": ({}, for_carers("<p>TBC</p>"), "still holds a placeholder: “TBC”"),
    "placeholder in a heading": ({}, headed("Dose (TBD)"), "still holds a placeholder: “TBD”"),
    "placeholder in others' heading": ({}, for_carers("<p>Rest.</p>", "TODO"), "still holds a placeholder: “TODO”"),
    "placeholder in the title": ({"title": "Lymph nodes, TODO"}, None, "The title still holds a placeholder: “TODO”"),
    "machine's voice": ({"body": MACHINE}, None, "contains wording of an AI system"),
    "machine's voice for others": ({}, for_carers(MACHINE), "contains wording of an AI system"),
}


@pytest.mark.parametrize("why", BLOCKED)
def test_a_draft_that_cannot_be_submitted_says_why(author, why):
    fields, change, sentence = BLOCKED[why]
    draft = article(author, **fields)
    if change:
        change(draft)
    before = evidence()

    with pytest.raises((NotNow, NotAllowed)) as refused:
        submitted(author, draft)

    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")
    assert evidence() == before


def test_the_button_and_the_refusal_give_the_same_reasons(author):
    draft = article(author, topics=(), ai_use="")

    with pytest.raises(NotNow) as refused:
        submitted(author, draft)

    assert str(refused.value) == " ".join(submission_blockers(draft))
    assert len(submission_blockers(draft)) == 2


# recalling


def test_a_recall_ends_the_requests_to_review(author, editor, clinical):
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"))

    workflow.recall(version.review, actor=author, reason="A table is missing.")

    review = review_of(version)
    assert (review.status, review.end_reason) == ("recalled", "A table is missing.")
    assert Assignment.objects.get(review=review).ended_as == "review_ended"


def test_an_approved_version_waits_while_a_newer_one_is_submitted(author, editor, clinical, specialist):
    draft = article(author)
    first = submitted(author, draft)
    approved(first, editor, clinical, specialist)
    edit(draft, "Other words.", by=author)

    submitted(author, draft, change="minor")

    assert Review.objects.pending().count() == 1
    assert workflow.publish(first, actor=editor, despite=2) == first


def test_one_clinician_suffices_for_a_correction_and_the_last_review_does_not_move(
    author, editor, clinical, specialist
):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    dates = Article.objects.values_list("last_reviewed", "next_review_due").get(pk=draft.pk)
    edit(draft, "Lymph nodes filter, lymph.", by=author)
    version = submitted(author, draft, change="correction", note="A comma")
    [assignment] = under_review(version, editor, (clinical, "clinical"))

    decide(assignment)
    workflow.publish(version, actor=editor)

    assert review_of(version).status == "approved"
    assert Article.objects.values_list("last_reviewed", "next_review_due").get(pk=draft.pk) == dates


def test_a_member_of_the_board_who_wrote_nothing_may_submit_nothing(author):
    draft = article(author)
    member = board_member("bea")
    before = evidence()

    with pytest.raises(NotAllowed, match=r"Only an author of this article can do this\."):
        workflow.submit(draft, actor=member, change="major", note="For you")

    assert evidence() == before
    assert not LedgerEvent.objects.filter(action="submitted").exists()


@pytest.fixture
def raised(author, editor, clinical, specialist):
    """A draft of standard risk, whose first version an editor judged to be of high risk."""
    draft = article(author)
    version = submitted(author, draft)
    workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical", risk="high")
    workflow.decline(Review.objects.get(), actor=editor, reason="The dose is missing.")
    edit(draft, "Take 5 mg.", by=author)
    return Article.objects.get(pk=draft.pk)


def test_the_risk_to_which_an_editor_raised_a_version_holds_for_the_next(raised, author, client):
    client.force_login(author)
    form = {"change": "major", "note": "A dose."}
    said = client.post(f"/desk/articles/{raised.pk}/versions/", form, follow=True).content.decode()

    review = raised.versions.get(number=2).review
    assert (review.version.risk, review.risk, review.quorum["pharmacist"]) == ("standard", "high", 1)
    assert "It is reviewed as high risk, because an editor set the previous version to high risk." in said
    workflow.recall(review, actor=author, reason="A slip.")
    edit(raised, "Take 6 mg.", by=author)
    assert submitted(author, raised).review.risk == "high", "however many versions follow"


def test_an_article_saved_for_another_reason_leaves_the_raised_risk(raised, author, editor):
    raised.title = "Lymph nodes and doses"
    save(raised, editor)

    assert submitted(author, raised).review.risk == "high"


def test_an_editor_who_lowers_the_draft_lowers_the_risk(raised, author, editor):
    for risk in ("high", "standard"):
        raised.risk = risk
        save(raised, editor)

    assert submitted(author, raised).review.risk == "standard"


def test_a_draft_that_was_high_and_was_lowered_is_reviewed_as_it_stands(author, editor):
    draft = article(author, risk="high")
    workflow.recall(submitted(author, draft).review, actor=author, reason="A slip.")
    draft = Article.objects.get(pk=draft.pk)
    draft.risk = "standard"
    save(draft, editor)

    assert submitted(author, draft).review.risk == "standard"


def test_a_text_of_high_risk_for_lay_people_has_to_say_when_to_get_help(author):
    draft = article(author, risk="high")
    urgent = draft.sections.get(role="urgent")
    urgent.role = "body"
    save(urgent, author)
    before = evidence()

    with pytest.raises(NotNow, match="No section says when to get help"):
        submitted(author, draft)

    assert evidence() == before
    urgent.role = "help_today"
    save(urgent, author)
    assert submitted(author, draft).review.risk == "high"
