"""Every step as it is taken at the desk: by its form, with its refusals on the page and nothing left behind."""

import datetime

import pytest
from django.utils import timezone
from lxml import html

from articles.models import Article
from reviews import workflow
from reviews.models import Assignment, Review, Task
from tests.desk.pages import SIGNED, text, url
from tests.factories import (
    article,
    board_member,
    decide,
    edit,
    evidence,
    person,
    submitted,
    under_review,
)

pytestmark = pytest.mark.django_db


def test_the_whole_job_from_draft_to_public_page(at, author, editor, clinical, specialist):
    draft = article(author)

    at(author).post(url("submit", draft.pk), {"change": "major", "note": "First version"})
    review = Review.objects.get(article=draft)
    answer = at(editor).post(url("assign", review.pk), {"ask": [clinical.pk, specialist.pk]}, follow=True)
    assert "2 reviewers are asked." in text(answer)
    for assignment in Assignment.objects.all():
        assert at(assignment.reviewer).post(url("accept", assignment.pk)).url == url("desk_review", review.pk)
        answer = at(assignment.reviewer).post(url("decide", assignment.pk), {**SIGNED, "digest": review.version.digest})
        assert answer.status_code == 302
    answer = at(editor).post(url("publish", review.pk), follow=True)

    assert "Version 1 is public." in text(answer)
    draft.refresh_from_db()
    assert draft.published_version == review.version
    assert at(author).get(draft.get_absolute_url(), follow=True).status_code == 200


def test_who_steps_back_because_of_a_conflict_sees_the_article_no_more(at, asked, author, clinical):
    at(clinical).post(url("recuse", asked[0].pk), {"reason": "I advise the maker.", "conflict": "on"})

    asked[0].refresh_from_db()
    assert asked[0].ended_as == Assignment.Ending.CONFLICT
    assert "conflict of interest" not in text(at(author).get(url("desk_review", asked[0].review_id)))
    assert at(clinical).get(url("desk_review", asked[0].review_id)).status_code == 403
    assert at(clinical).get(url("desk_article", asked[0].review.article_id)).status_code == 404
    assert at(clinical).get(url("desk_article", asked[0].review.article_id)).status_code == 404


def test_the_conflict_of_one_reviewer_hides_the_article_from_nobody_else(at, asked, clinical, specialist):
    at(clinical).post(url("recuse", asked[0].pk), {"reason": "I advise the maker.", "conflict": "on"})

    assert at(specialist).get(url("desk_review", asked[0].review_id)).status_code == 200
    assert at(specialist).get(url("desk_article", asked[0].review.article_id)).status_code == 200


def test_a_conflict_hides_no_other_article(at, asked, author, editor, clinical):
    [other] = under_review(submitted(author), editor, (clinical, "clinical"))
    at(clinical).post(url("recuse", asked[0].pk), {"reason": "I advise the maker.", "conflict": "on"})

    assert at(clinical).get(url("desk_review", other.review_id)).status_code == 200


@pytest.mark.parametrize(
    ("step", "told"),
    [("recuse", "Clara Clinical stepped back"), ("unassign", "cancelled the request to Clara Clinical")],
)
def test_why_somebody_was_let_go_is_for_editors_alone(at, asked, author, editor, clinical, specialist, step, told):
    who = {"recuse": clinical, "unassign": editor}[step]
    at(who).post(url(step, asked[0].pk), {"reason": "I advise the maker."})

    review = asked[0].review
    pages = [url("desk_article", review.article_id), url("desk_review", review.pk)]
    for reader in (author, specialist):
        seen = [text(at(reader).get(page)) for page in pages]
        assert told in seen[0]
        assert "I advise the maker." not in "".join(seen), f"{reader} reads it"
    assert "I advise the maker." in text(at(editor).get(pages[0]))


def test_an_editor_takes_a_request_back_with_a_reason(at, asked, editor):
    refused = at(editor).post(url("unassign", asked[0].pk), {"reason": ""})
    done = at(editor).post(url("unassign", asked[0].pk), {"reason": "On leave."})

    assert (refused.status_code, done.status_code) == (422, 302)
    asked[0].refresh_from_db()
    assert asked[0].end_reason == "On leave."


def test_the_board_is_shown_with_the_reasons_why_not(at, author, editor, clinical):
    board_member("pat", "Pat Partial", ["clinical"], conflicts=["Oncology"])
    review = submitted(author).review

    page = at(editor).get(url("assign", review.pk))

    assert "Pat Partial has declared a conflict of interest on a topic of this text: Oncology." in text(page)
    assert [line.row.name for line in page.context["asking"].lines] == ["Clara Clinical"]


def test_the_list_of_the_board_says_who_is_a_specialist_in_what(at, author, editor, clinical):
    board_member("both", "Bo Both", ["specialist"], specialties=["Surgery", "Oncology"])
    review = submitted(author).review

    page = html.document_fromstring(at(editor).get(url("assign", review.pk)).content)

    cells = {name: page.xpath(f"//tr[contains(th, '{name}')]/td[2]/text()") for name in ("Bo Both", "Clara Clinical")}
    assert cells == {"Bo Both": ["Oncology, Surgery"], "Clara Clinical": ["–"]}


def test_the_risk_can_be_raised_at_the_first_request_and_never_lowered(at, author, editor, clinical, specialist):
    review = submitted(author).review

    at(editor).post(url("assign", review.pk), {"ask": clinical.pk, "risk": "high"})
    lowered = at(editor).post(url("assign", review.pk), {"ask": specialist.pk, "risk": "standard"})

    review.refresh_from_db()
    assert (review.risk, review.quorum["pharmacist"]) == ("high", 1)
    assert lowered.status_code == 422
    assert "can only be raised" in text(lowered)


def test_a_writer_does_not_triage(at, author, editor, clinical):
    draft = article(author)
    edit(draft, "One word by the editor.", by=editor)
    review = submitted(author, draft).review
    before = evidence()

    answer = at(editor).post(url("assign", review.pk), {"ask": clinical.pk})

    assert answer.status_code == 403
    assert "Ask reviewers" not in text(at(editor).get(url("desk_review", review.pk)))
    assert evidence() == before


def test_the_author_sees_what_would_stop_an_approval(at, asked, author, clinical):
    workflow.comment(asked[0].review.version, actor=clinical, text="Check the dose.", blocking=True)

    page = text(at(author).get(url("desk_review", asked[0].review_id)))

    assert "What prevents approval now" in page
    assert "A blocking comment is not resolved yet." in page


def test_once_changes_are_asked_for_the_page_says_what_happens_next(at, asked, author, editor, clinical, specialist):
    page = url("desk_review", asked[0].review_id)
    assert "Still needed" in text(at(author).get(page))
    decide(asked[0], "request_changes")

    for reader in (author, editor, clinical, specialist):
        shown = text(at(reader).get(page))
        assert "Still needed" not in shown
        assert "Nobody is asked yet for" not in shown
        assert "goes back to its authors when every reviewer who was asked has answered, or when an editor" in shown
        by = "you" if reader == clinical else "Clara Clinical"
        assert f"Changes are requested by {by}: this version can no longer be approved." in shown
    decide(asked[1], "request_changes")

    assert "An author changes the draft and submits a new version." in text(at(author).get(page))


def test_who_may_not_read_a_blocking_comment_does_not_learn_that_there_is_one(
    at, asked, author, editor, clinical, specialist
):
    version = asked[0].review.version
    colleague = person("colleague", groups=["editor"])
    edit(version.article, "Later words.", by=colleague)
    page, blocks = url("desk_review", version.review.pk), "A blocking comment is not resolved yet."
    workflow.comment(version, actor=clinical, text="Between us?", blocking=True, board_only=True)

    for reader, is_told in ((author, False), (colleague, False), (editor, True), (clinical, True), (specialist, True)):
        shown = text(at(reader).get(page))
        assert (blocks in shown, "What prevents approval now" in shown) == (is_told, is_told), reader
        assert "has not finished" not in shown

    workflow.comment(version, actor=clinical, text="Which dose?", blocking=True)

    assert blocks in text(at(author).get(page))


def test_a_publication_that_only_the_board_knows_the_reason_against_is_refused_without_it(
    at, asked, author, editor, clinical, mailoutbox
):
    for row in asked:
        decide(row)
    version = asked[0].review.version
    at_once = timezone.now() + datetime.timedelta(seconds=1)
    order = workflow.schedule(version, actor=editor, at=at_once)
    workflow.comment(version, actor=clinical, text="Between us?", blocking=True, board_only=True)
    assert "A blocking comment is not resolved yet." in text(at(editor).get(url("desk_review", version.review.pk)))
    mailoutbox.clear()

    workflow.publish_due(at_once)

    order.refresh_from_db()
    assert order.reason == "The medical advisory board has not finished with this text yet."
    for door in (url("desk_article", version.article_id), url("desk_review", version.review.pk), url("desk")):
        assert "blocking comment" not in text(at(author).get(door))
    assert "blocking comment" not in "".join(mail.body for mail in mailoutbox)


def test_a_text_to_read_again_is_not_said_to_have_a_blocking_comment_among_the_board(
    at, asked, author, editor, clinical
):
    for row in asked:
        decide(row)
    version = workflow.publish(asked[0].review.version, actor=editor)
    workflow.comment(version, actor=clinical, text="Between us?", blocking=True, board_only=True)
    unasked = board_member("unasked", "Una Unasked")
    page, blocks = url("attestations", version.article_id), "A blocking comment is not resolved yet."

    assert blocks in text(at(clinical).get(page))
    assert blocks not in text(at(author).get(page))
    assert "has not finished" not in text(at(author).get(page))
    assert blocks not in text(at(unasked).get(page))
    assert "The medical advisory board has not finished with this text yet." in text(at(unasked).get(page))


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


def test_a_refused_submission_says_why_and_keeps_the_note(at, author):
    draft = article(author, ai_use="")

    answer = at(author).post(url("submit", draft.pk), {"change": "major", "note": "A note to keep"})

    assert answer.status_code == 409
    assert "Declare whether artificial intelligence was used" in text(answer)
    assert Article.objects.get().latest_version is None


def test_a_long_list_of_work_says_that_there_is_more_and_shows_the_newest_task(at, author, editor, monkeypatch):
    monkeypatch.setattr("reviews.desk.queues.waiting.MOST_ROWS", 2)
    version = submitted(author)
    for number in range(3):
        Task.objects.create(article=version.article, role="Editors", text=f"Task {number}.", opened_at=timezone.now())

    page = text(at(editor).get(url("desk")))

    assert "Task 2." in page
    assert "Task 0." not in page
    assert page.count("Only the first 2 are shown") == 1

    Task.objects.filter(text="Task 0.").delete()
    assert "More wait" not in text(at(editor).get(url("desk")))


def test_an_editor_who_wrote_part_of_the_text_is_told_why_the_steps_are_not_theirs(at, author, editor, editor2):
    draft = article(author)
    edit(draft, "One word by the editor.", by=editor)
    page = url("desk_review", submitted(author, draft).review.pk)

    mine, other = text(at(editor).get(page)), text(at(editor2).get(page))

    assert mine.count("You wrote all or part of this text. Another editor must do this.") == 2
    assert "You wrote all or part of this text" not in other


def test_who_stepped_back_because_of_a_conflict_is_told_so_and_not_that_there_is_nothing(at, asked, clinical, lay):
    review = asked[0].review
    at(clinical).post(url("recuse", asked[0].pk), {"reason": "My brother made it.", "conflict": "on"})

    for address in (url("desk_review", review.pk), url("recuse", asked[0].pk)):
        answer = at(clinical).get(address)
        assert answer.status_code == 403
        assert "You stepped back from this article because of a conflict of interest" in text(answer)
    twice = at(clinical).post(url("recuse", asked[0].pk), {"reason": "My brother made it.", "conflict": "on"})
    assert twice.status_code == 403
    assert at(lay).get(url("desk_review", review.pk)).status_code == 404


def test_who_chose_minor_for_a_text_that_was_never_reviewed_is_told_that_it_is_major(at, asked, author, editor):
    decide(asked[0], "request_changes")
    workflow.end_round(asked[0].review, actor=editor)
    draft = asked[0].review.article
    edit(draft, "Other words.", by=author)

    answer = at(author).post(url("submit", draft.pk), {"change": "minor", "note": "Mended."}, follow=True)

    assert "Version 2 is submitted for review. It is a major change, although you chose another class" in text(answer)
    assert Review.objects.get(version__number=2).change == "major"
