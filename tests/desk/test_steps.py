"""Every step as it is taken at the desk: by its form, with its refusals on the page and nothing left behind."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Disclaimer
from reviews import workflow
from reviews.models import Assignment, Decision, Review
from tests.factories import (
    PASSWORD,
    approved,
    article,
    board_member,
    decide,
    edit,
    evidence,
    person,
    published,
    submitted,
    under_review,
)

pytestmark = pytest.mark.django_db(transaction=True)

SIGNED = {"no_conflict": "on", "outcome": "approve", "password": PASSWORD, "reason": ""}


def url(name, *args):
    return reverse(name, args=args)


def text(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def asked(author, editor, clinical, specialist):
    """A version under review, and the requests to its two reviewers."""
    version = submitted(author)
    return under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))


def test_the_whole_job_from_draft_to_public_page(at, author, editor, clinical, specialist):
    draft = article(author)

    at(author).post(url("submit", draft.pk), {"change": "major", "note": "First version"})
    review = Review.objects.get(article=draft)
    for reviewer, capacity in ((clinical, "clinical"), (specialist, "specialist")):
        at(editor).post(url("assign", review.pk), {"reviewer": reviewer.pk, "capacity": capacity})
    for assignment in Assignment.objects.all():
        answer = at(assignment.reviewer).post(url("decide", assignment.pk), {**SIGNED, "digest": review.version.digest})
        assert answer.status_code == 302
    answer = at(editor).post(url("publish", review.pk), follow=True)

    assert "Version 1 is public." in text(answer)
    draft.refresh_from_db()
    assert draft.published_version == review.version
    assert at(author).get(draft.get_absolute_url(), follow=True).status_code == 200


def test_a_wrong_password_signs_nothing_and_keeps_what_was_typed(at, asked, clinical):
    before = evidence()

    answer = at(clinical).post(
        url("decide", asked[0].pk),
        {
            **SIGNED,
            "outcome": "request_changes",
            "reason": "The dose is wrong.",
            "password": "guess",
            "digest": digest(asked),
        },
    )

    assert answer.status_code == 422
    assert "That is not your password; nothing was signed." in text(answer)
    assert "The dose is wrong." in text(answer)
    assert "guess" not in text(answer)
    assert evidence() == before


def digest(asked) -> str:
    return asked[0].review.version.digest


def test_the_form_repeats_what_is_signed_and_posts_the_digest_it_showed(at, asked, clinical):
    page = text(at(clinical).get(url("desk_review", asked[0].review_id)))

    assert f"As clinical reviewer I have read version 1 of “{asked[0].review.version.title}”" in page
    assert f'name="digest" value="{digest(asked)}"' in page


def test_another_digest_is_refused(at, asked, clinical):
    before = evidence()

    answer = at(clinical).post(url("decide", asked[0].pk), {**SIGNED, "digest": "0" * 64})

    assert answer.status_code == 409
    assert "read it again" in text(answer)
    assert evidence() == before


def test_a_conflict_has_to_be_ruled_out_before_anything_is_signed(at, asked, clinical):
    before = evidence()

    answer = at(clinical).post(url("decide", asked[0].pk), {**SIGNED, "no_conflict": "", "digest": digest(asked)})

    assert answer.status_code == 422
    assert "Say that you have no conflict of interest, or step back from this review." in text(answer)
    assert evidence() == before


def test_a_second_click_signs_nothing_twice(at, asked, clinical):
    form = {**SIGNED, "digest": digest(asked)}
    at(clinical).post(url("decide", asked[0].pk), form)

    answer = at(clinical).post(url("decide", asked[0].pk), form)

    assert answer.status_code == 409
    assert "This request has ended already: decided." in text(answer)
    assert Decision.objects.count() == 1


def test_nobody_signs_for_another(at, asked, specialist, editor, author):
    before = evidence()

    for other in (specialist, editor, author):
        answer = at(other).post(url("decide", asked[0].pk), {**SIGNED, "digest": digest(asked)})
        assert answer.status_code == 403
        assert "Only the reviewer who was asked can do this." in text(answer)

    assert evidence() == before


def test_who_steps_back_because_of_a_conflict_sees_the_article_no_more(at, asked, author, clinical):
    at(clinical).post(url("recuse", asked[0].pk), {"reason": "I advise the maker.", "conflict": "on"})

    asked[0].refresh_from_db()
    assert asked[0].ended_as == Assignment.Ending.CONFLICT
    assert "conflict of interest" not in text(at(author).get(url("desk_review", asked[0].review_id)))
    assert at(clinical).get(url("desk_review", asked[0].review_id)).status_code == 404
    assert at(clinical).get(url("desk_article", asked[0].review.article_id)).status_code == 404


def test_the_reason_for_stepping_back_is_for_editors_alone(at, asked, author, editor, clinical):
    at(clinical).post(url("recuse", asked[0].pk), {"reason": "I advise the maker."})

    page = url("desk_article", asked[0].review.article_id)
    assert "stepped back" in text(at(author).get(page))
    assert "I advise the maker." not in text(at(author).get(page))
    assert "I advise the maker." in text(at(editor).get(page))


def test_an_editor_takes_a_request_back_with_a_reason(at, asked, editor):
    refused = at(editor).post(url("unassign", asked[0].pk), {"reason": ""})
    done = at(editor).post(url("unassign", asked[0].pk), {"reason": "On leave."})

    assert (refused.status_code, done.status_code) == (422, 302)
    asked[0].refresh_from_db()
    assert asked[0].end_reason == "On leave."


def test_the_board_is_shown_with_the_reasons_why_not(at, author, editor, clinical):
    board_member("pat", "Pat Partial", ["clinical"], conflicts=["Oncology"])
    review = submitted(author).review

    page = text(at(editor).get(url("desk_review", review.pk)))

    assert "Pat Partial has declared a conflict of interest on a topic of this text." in page
    assert f'<option value="{clinical.pk}">' in page
    assert "Pat Partial (" not in page


def test_the_risk_can_be_raised_at_the_first_request_and_never_lowered(at, author, editor, clinical, specialist):
    review = submitted(author).review

    at(editor).post(url("assign", review.pk), {"reviewer": clinical.pk, "capacity": "clinical", "risk": "high"})
    lowered = at(editor).post(
        url("assign", review.pk), {"reviewer": specialist.pk, "capacity": "specialist", "risk": "standard"}
    )

    review.refresh_from_db()
    assert (review.risk, review.quorum["pharmacist"]) == ("high", 1)
    assert lowered.status_code == 422
    assert "can only be raised" in text(lowered)


def test_a_writer_does_not_triage(at, author, editor, clinical):
    draft = article(author)
    edit(draft, "One word by the editor.", by=editor)
    review = submitted(author, draft).review
    before = evidence()

    answer = at(editor).post(url("assign", review.pk), {"reviewer": clinical.pk, "capacity": "clinical"})

    assert answer.status_code in (403, 422)
    assert "Ask this reviewer" not in text(at(editor).get(url("desk_review", review.pk)))
    assert evidence() == before


def test_the_author_sees_what_would_stop_an_approval(at, asked, author, clinical):
    workflow.comment(asked[0].review.version, actor=clinical, text="Check the dose.", blocking=True)

    page = text(at(author).get(url("desk_review", asked[0].review_id)))

    assert "What would stop an approval now" in page
    assert "A blocking comment is not resolved yet." in page


def test_comments_are_raised_answered_and_resolved(at, asked, author, clinical):
    review = asked[0].review
    at(clinical).post(url("comment", review.pk), {"text": "Check the dose.", "blocking": "on"})
    thread = review.article.comments.get()
    at(author).post(url("answer", thread.pk), {"text": "It is from the guideline."})
    refused = at(author).post(url("resolve_comment", thread.pk), {"reason": "It is right."})
    at(clinical).post(url("resolve_comment", thread.pk), {"reason": "Seen the guideline."})

    page = text(at(author).get(url("desk_review", review.pk)))

    assert refused.status_code == 403
    assert "It is from the guideline." in page
    assert "Resolved by Clara Clinical" in page


def test_what_is_for_the_board_is_hidden_from_authors(at, asked, author, clinical, editor):
    review = asked[0].review
    at(clinical).post(url("comment", review.pk), {"text": "Among ourselves.", "board_only": "on"})
    thread = review.article.comments.get()

    assert "Among ourselves." not in text(at(author).get(url("desk_review", review.pk)))
    assert "Among ourselves." in text(at(editor).get(url("desk_review", review.pk)))
    assert at(author).post(url("answer", thread.pk), {"text": "What?"}).status_code == 404


def test_who_may_not_comment_is_shown_no_form_for_it(at, asked, author, clinical):
    page = url("desk_review", asked[0].review_id)
    reader = person("root", groups=["admin"])

    assert "Write a comment" not in text(at(reader).get(page))
    assert "Write a comment" in text(at(author).get(page))
    assert "This has to be resolved before" not in text(at(author).get(page))
    assert "This has to be resolved before" in text(at(clinical).get(page))


def test_a_round_is_ended_once_changes_are_asked_for(at, asked, editor):
    early = at(editor).post(url("end_round", asked[0].review_id))
    decide(asked[0], "request_changes")
    done = at(editor).post(url("end_round", asked[0].review_id), {"reason": "Enough."})

    assert (early.status_code, done.status_code) == (409, 302)
    assert Review.objects.get().status == Review.Status.CHANGES_REQUESTED


def test_recall_and_decline_ask_for_a_reason(at, author, editor):
    first, second = submitted(author).review, submitted(author).review

    assert at(author).post(url("recall", first.pk), {"reason": " "}).status_code == 422
    assert at(author).post(url("recall", first.pk), {"reason": "A figure is missing."}).status_code == 302
    assert at(editor).post(url("decline", second.pk), {"reason": "Not a medical topic."}).status_code == 302

    assert {review.status for review in Review.objects.all()} == {"recalled", "declined"}


def test_an_approval_is_withdrawn_with_a_password(at, author, editor, clinical, specialist):
    review = approved(submitted(author), editor, clinical, specialist)

    wrong = at(clinical).post(url("withdraw_approval", review.pk), {"reason": "New trial.", "password": "guess"})
    done = at(clinical).post(url("withdraw_approval", review.pk), {"reason": "New trial.", "password": PASSWORD})

    assert (wrong.status_code, done.status_code) == (422, 302)
    assert Review.objects.get().status == Review.Status.CHANGES_REQUESTED


def test_publication_is_scheduled_and_the_schedule_cancelled(at, author, editor, clinical, specialist):
    review = approved(submitted(author), editor, clinical, specialist)
    tomorrow = timezone.now() + datetime.timedelta(days=1)

    past = at(editor).post(url("schedule", review.pk), {"at_0": "2020-01-01", "at_1": "08:00"})
    at(editor).post(url("schedule", review.pk), {"at_0": f"{tomorrow:%Y-%m-%d}", "at_1": "08:00"})
    row = review.version.schedules.get()
    at(editor).post(url("cancel_schedule", row.pk), {"reason": "Wait for the press release."})

    assert past.status_code == 422
    row.refresh_from_db()
    assert row.outcome == "cancelled"


def test_a_notice_is_issued_and_lifted(at, author, editor, clinical, specialist):
    version = published(submitted(author), editor, clinical, specialist)
    page = url("notices", version.article_id)

    form = {"kind": "concern", "reason": "The trial is being looked into.", "seen": 0}
    at(editor).post(page, form)
    twice = at(editor).post(page, form)
    notice = version.article.notices.get()
    at(editor).post(url("lift_notice", notice.pk), {"reason": "The trial stands."})
    again = at(editor).post(url("lift_notice", notice.pk), {"reason": "The trial stands."})

    assert (twice.status_code, again.status_code) == (409, 409)
    assert "Another notice was issued since this page was opened" in text(twice)
    assert version.article.notices.count() == 2
    assert "The trial stands." in text(at(author).get(page))


def test_a_disclaimer_needs_a_second_editor(at, author, editor, editor2):
    article(author)
    at(editor).post(url("issue_disclaimer", "public"), {"text": "Ask your doctor."})
    row = Disclaimer.objects.get(text="Ask your doctor.")

    own = at(editor).post(url("confirm_disclaimer", row.pk))
    other = at(editor2).post(url("confirm_disclaimer", row.pk))

    assert (own.status_code, other.status_code) == (403, 302)
    assert row in Disclaimer.objects.in_force()


def test_a_refused_submission_says_why_and_keeps_the_note(at, author):
    draft = article(author, ai_use="")

    answer = at(author).post(url("submit", draft.pk), {"change": "major", "note": "A note to keep"})

    assert answer.status_code == 409
    assert "Declare whether artificial intelligence was used" in text(answer)
    assert Article.objects.get().latest_version is None


def test_the_redline_shows_what_changed_since_the_last_approved_version(at, author, editor, clinical, specialist):
    draft = article(author, body="<p>Take 5 mg daily.</p>")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Take 10 mg daily.", by=author)
    review = submitted(author, draft, change="minor", note="Dose").review

    page = text(at(editor).get(f"{url('desk_review', review.pk)}?changes"))

    assert (
        '<del><span class="visually-hidden">[removed: </span>5 mg<span class="visually-hidden">]</span></del>'
        '<ins><span class="visually-hidden">[added: </span>10 mg<span class="visually-hidden">]</span></ins>'
    ) in page


def test_five_wrong_passwords_at_signing_close_it_for_a_while(at, asked, clinical):
    client = at(clinical)
    for _ in range(5):
        client.post(url("decide", asked[0].pk), {**SIGNED, "password": "guess", "digest": digest(asked)})

    answer = client.post(url("decide", asked[0].pk), {**SIGNED, "digest": digest(asked)})

    assert "Too many wrong passwords" in text(answer)
    assert not Decision.objects.exists()
