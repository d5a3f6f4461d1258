"""Publication, schedules, notices and disclaimers at the desk."""

import datetime

import pytest
from django.utils import timezone
from lxml import html

from articles.models import Article, Disclaimer
from reviews import workflow
from reviews.models import Review, Task
from tests.desk.pages import text, url
from tests.factories import (
    PASSWORD,
    approved,
    article,
    decide,
    edit,
    published,
    submitted,
    under_review,
)

pytestmark = pytest.mark.django_db


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

    form = {"kind": "correction", "reason": "The trial is being looked into.", "seen": 0}
    at(editor).post(page, form)
    twice = at(editor).post(page, form)
    notice = version.article.notices.get()
    at(editor).post(url("lift_notice", notice.pk), {"reason": "The trial stands."})
    again = at(editor).post(url("lift_notice", notice.pk), {"reason": "The trial stands."})

    assert (twice.status_code, again.status_code) == (409, 409)
    assert "Another notice was issued after you opened this page" in text(twice)
    assert version.article.notices.count() == 2
    assert "The trial stands." in text(at(author).get(page))


@pytest.mark.parametrize(
    ("kind", "label"),
    [("correction", "Correction"), ("concern", "Expression of concern"), ("retraction", "Retraction")],
)
def test_reviewers_are_told_what_stands_over_the_public_text_that_they_compare_with(
    at, author, editor, clinical, specialist, kind, label
):
    version = published(submitted(author), editor, clinical, specialist)
    edit(version.article, "Lymph nodes filter all lymph.", by=author)
    newer = submitted(author, version.article)
    under_review(newer, editor, (clinical, "clinical"))
    notice = workflow.issue_notice(version.article, actor=editor, kind=kind, reason="The dose is wrong.")
    pages = [url("desk_review", newer.review.pk) + "?changes=published", url("desk_article", version.article_id)]

    for page in pages:
        said = words_of(at(clinical).get(page))
        assert f"{label}, issued by Edith Editor on " in said
        assert ", about version 1 (the public version): " in said
        assert "The dose is wrong." in said
    workflow.issue_notice(version.article, actor=editor, kind=kind, reason="The dose is right.", lifts=notice)
    for page in pages:
        assert "issued by Edith Editor on" not in words_of(at(clinical).get(page))


def words_of(response) -> str:
    return " ".join(html.document_fromstring(response.content).text_content().split())


def test_a_disclaimer_needs_a_second_editor(at, author, editor, editor2):
    article(author)
    at(editor).post(url("issue_disclaimer", "public"), {"text": "Ask your doctor."})
    row = Disclaimer.objects.get(text="Ask your doctor.")

    own = at(editor).post(url("confirm_disclaimer", row.pk))
    other = at(editor2).post(url("confirm_disclaimer", row.pk))

    assert (own.status_code, other.status_code) == (403, 302)
    assert row in Disclaimer.objects.in_force()


def test_a_refused_notice_can_be_sent_again_from_the_page_that_refuses_it(at, author, editor, clinical, specialist):
    version = published(submitted(author), editor, clinical, specialist)
    page = url("notices", version.article_id)
    form = {"kind": "correction", "reason": "A doubt.", "seen": 0, "versions": 1}
    at(editor).post(page, form)

    refused = at(editor).post(page, form)
    seen = html.document_fromstring(refused.content).xpath("//input[@name='seen']/@value")[0]
    again = at(editor).post(page, {**form, "seen": seen})

    assert (refused.status_code, seen, again.status_code) == (409, "1", 302)


def test_both_pages_name_the_other_version_and_the_older_asks_before_it_is_published(
    at, author, editor, clinical, specialist
):
    draft = article(author)
    first = approved(submitted(author, draft), editor, clinical, specialist)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    workflow.schedule(first.version, actor=editor, at=tomorrow)
    edit(draft, "Lower doses.", by=author)
    second = submitted(author, draft, note="The dose was ten times too high.").review

    older, newer = (
        text(at(editor).get(url("desk_review", first.pk))),
        text(at(editor).get(url("desk_review", second.pk))),
    )
    refused = at(editor).post(url("publish", first.pk))
    stale = at(editor).post(url("publish", first.pk), {"despite": "1"})
    done = at(editor).post(url("publish", first.pk), {"despite": "2"})

    assert "Version 2</a> was submitted after this one" in older
    assert "The dose was ten times too high." in older
    assert "Version 2 prevents this:" in older
    assert "Version 1</a> is approved but not yet public; it was scheduled for" in newer
    assert "this version prevents that" in newer
    assert (refused.status_code, stale.status_code, done.status_code) == (409, 422, 302)
    assert "read it, then confirm that version 1 is to be published all the same." in text(refused)
    assert "I have read version 2 and want to publish this version anyway" in text(refused)
    assert "Another version was submitted after you opened this page. Read it first." in text(stale)


@pytest.mark.parametrize("before", ["approved", "published", "returned"])
def test_an_older_version_is_called_approved_and_not_public_only_while_it_is(
    at, author, editor, clinical, specialist, before
):
    draft = article(author)
    first = submitted(author, draft)
    if before == "returned":
        decide(under_review(first, editor, (clinical, "clinical"))[0], "request_changes")
    else:
        {"approved": approved, "published": published}[before](first, editor, clinical, specialist)
    edit(draft, "Lower doses.", by=author)
    second = submitted(author, draft).review

    said = "Version 1</a> is approved but not yet public" in text(at(editor).get(url("desk_review", second.pk)))

    assert said == (before == "approved")


def test_each_page_says_which_version_holds_a_schedule_back(at, author, editor, clinical, specialist):
    draft = article(author)
    first = approved(submitted(author, draft), editor, clinical, specialist).version
    edit(draft, "Lower doses.", by=author)
    second = submitted(author, draft).review
    decide(under_review(second.version, editor, (clinical, "clinical"))[0], "request_changes")
    workflow.schedule(first, actor=editor, at=timezone.now() + datetime.timedelta(days=1), despite=2)
    ordered = text(at(editor).get(url("desk_review", second.pk)))
    edit(draft, "Still lower doses.", by=author)
    third = submitted(author, draft).review

    held = {row.pk: text(at(editor).get(url("desk_review", row.pk))) for row in (second, third)}

    assert "and will be published then." in ordered
    assert "and version 3 prevents that." in held[second.pk]
    assert "and this version prevents that." in held[third.pk]


def test_what_is_held_back_and_what_is_to_be_looked_into_is_on_the_desk_and_a_task_is_closed_there(
    at, author, editor, clinical, specialist
):
    draft = article(author)
    first = approved(submitted(author, draft), editor, clinical, specialist)
    row = workflow.schedule(first.version, actor=editor, at=timezone.now() + datetime.timedelta(days=1))
    assert "Held back" not in text(at(editor).get(url("desk")))
    edit(draft, "Lower doses.", by=author)
    submitted(author, draft)
    assert "Held back by a newer version" in text(at(editor).get(url("desk")))
    workflow.publish_due(row.publish_at)
    task = Task.objects.get()
    assert "was not published as scheduled" in text(at(editor).get(url("desk")))

    empty = at(editor).post(url("close_task", task.pk), {"outcome": " "})
    foreign = at(author).post(url("close_task", task.pk), {"outcome": "Done."})
    done = at(editor).post(url("close_task", task.pk), {"outcome": "Version 2 comes first."})
    again = at(editor).post(url("close_task", task.pk), {"outcome": "Version 2 comes first."})

    assert (empty.status_code, foreign.status_code, done.status_code, again.status_code) == (422, 403, 302, 409)
    assert "was not published as scheduled" not in text(at(editor).get(url("desk")))
    task.refresh_from_db()
    assert task.outcome == "Version 2 comes first."


def test_the_desk_calls_nothing_published_that_a_notice_sets_aside(at, author, editor, clinical, specialist):
    version = published(submitted(author), editor, clinical, specialist)
    pages = [url("desk_articles"), url("desk_article", version.article_id), url("desk_review", version.review.pk)]
    green = 'data-status="approved">Published<'
    assert all(green in text(at(author).get(page)) for page in pages)

    workflow.issue_notice(version.article, actor=editor, kind="retraction", reason="It was wrong.")

    for page in pages:
        shown = text(at(author).get(page))
        assert green not in shown, page
        assert 'data-status="retraction">Retracted<' in shown, page


def test_a_schedule_whose_editor_left_says_on_each_page_that_it_will_not_be_carried_out(
    at, author, editor, editor2, clinical, specialist
):
    version = approved(submitted(author), editor, clinical, specialist).version
    order = workflow.schedule(version, actor=editor, at=timezone.now() + datetime.timedelta(days=1))
    pages = [url("desk"), url("desk_review", version.review.pk)]
    said = "Edith Editor is no longer an editor"
    assert not [page for page in pages if said in text(at(editor2).get(page))]

    editor.groups.clear()

    assert [page for page in pages if said in text(at(editor2).get(page))] == pages
    (row,) = workflow.publish_due(order.publish_at)
    assert row.outcome == "refused"
    assert "is no longer allowed to publish it" in row.reason


def test_an_older_order_of_an_editor_who_left_is_told_beside_the_newer_version(
    at, author, editor, editor2, clinical, specialist
):
    version = approved(submitted(author), editor, clinical, specialist).version
    edit(version.article, "Newer words.", by=author)
    newer = submitted(author, Article.objects.get(pk=version.article_id))
    workflow.schedule(version, actor=editor, at=timezone.now() + datetime.timedelta(days=1), despite=2)
    page = url("desk_review", newer.review.pk)
    assert "will be published then" in text(at(editor2).get(page))

    editor.groups.clear()

    told = text(at(editor2).get(page))
    assert "will not be published then, because Edith Editor is no longer an editor" in told


def test_who_stepped_back_with_a_conflict_still_withdraws_the_approval_that_stands_in_the_way(
    at, author, editor, clinical, specialist
):
    """Version 1 is approved and ordered; a signer of it is asked about version 2, and declares a conflict there."""
    first = approved(submitted(author), editor, clinical, specialist).version
    draft = Article.objects.get(pk=first.article_id)
    edit(draft, "Newer words.", by=author)
    newer = submitted(author, draft)
    workflow.schedule(first, actor=editor, at=timezone.now() + datetime.timedelta(days=1), despite=2)
    [asked] = under_review(newer, editor, (clinical, "clinical"))
    page = url("desk_review", newer.review.pk)
    assert "and will be published then." in text(at(editor).get(page))
    workflow.recuse(asked, actor=clinical, reason="My brother made it.", conflict=True)

    told = text(at(editor).get(page))
    theirs = text(at(author).get(page))
    offered = text(at(clinical).get(url("desk")))
    opened = at(clinical).get(url("desk_review", first.review.pk))
    form = {"password": PASSWORD, "reason": "A conflict of interest."}
    done = at(clinical).post(url("withdraw_approval", first.review.pk), form)

    assert "cannot be published as things are now: Clara Clinical has stepped back" in told
    assert "will be published then" not in told
    assert "and cannot be published as things are now." in theirs
    assert "conflict" not in theirs, "why somebody stepped back is for editors alone"
    assert "you can withdraw your approval until it is published" in offered
    assert (opened.status_code, done.status_code, done["Location"]) == (200, 302, "/desk/")
    assert Review.objects.get(version=first).status == "changes_requested"
    assert at(clinical).get(url("desk_review", first.review.pk)).status_code == 403


def test_everybody_is_told_that_an_order_will_not_be_carried_out_as_things_stand(
    at, author, editor, clinical, specialist
):
    version = approved(submitted(author), editor, clinical, specialist).version
    workflow.schedule(version, actor=editor, at=timezone.now() + datetime.timedelta(days=1))
    page = url("desk_review", version.review.pk)
    stopped = "It cannot be published as things are now"
    assert not [user for user in (author, clinical, editor) if stopped in text(at(user).get(page))]

    workflow.comment(version, actor=clinical, text="The dose is wrong.", blocking=True)

    assert [user for user in (author, clinical, editor) if stopped in text(at(user).get(page))] == [
        author,
        clinical,
        editor,
    ]
    assert "A blocking comment is not resolved yet." in text(at(editor).get(page))


def test_an_order_is_stopped_by_who_gave_it_and_not_by_who_reads_of_it(
    at, author, editor, editor2, clinical, specialist
):
    """The editor wrote a part, and could publish while no other was active."""
    draft = article(author)
    edit(draft, "Words of the editor.", by=editor)
    version = approved(submitted(author, draft), editor2, clinical, specialist).version
    editor2.is_active = False
    editor2.save()
    order = workflow.schedule(version, actor=editor, at=timezone.now() + datetime.timedelta(days=1))
    page, stopped = url("desk_review", version.review.pk), "It cannot be published as things are now"
    assert stopped not in text(at(editor).get(page))

    editor2.is_active = True
    editor2.save()

    said = "Edith Editor is no longer allowed to publish it: Edith Editor wrote all or part of this text"
    assert said in text(at(editor2).get(page))
    assert f"{stopped}.</strong> The editors see why." in text(at(author).get(page))
    workflow.cancel_schedule(order, actor=editor2, reason="To give it anew.")
    workflow.schedule(version, actor=editor2, at=timezone.now() + datetime.timedelta(days=1))
    assert stopped not in text(at(editor).get(page)), "she wrote a part, and did not give this order"


def test_who_left_the_board_is_told_why_they_withdraw_nothing(author, editor, clinical, specialist):
    version = approved(submitted(author), editor, clinical, specialist).version
    clinical.groups.clear()

    with pytest.raises(
        workflow.NotAllowed, match="Only a member of the medical advisory board can withdraw an approval"
    ):
        workflow.withdraw_approval(version.review, actor=clinical, password=PASSWORD, reason="A conflict.")


def test_a_lay_readers_approval_is_not_offered_to_be_withdrawn(at, author, editor, clinical, specialist, lay):
    version = submitted(author)
    people = [(lay, "lay"), (clinical, "clinical"), (specialist, "specialist")]
    for assignment in under_review(version, editor, *people):
        decide(assignment)

    assert "Approved by you, not yet public" in text(at(clinical).get(url("desk")))
    assert "Approved by you, not yet public" not in text(at(lay).get(url("desk")))


@pytest.mark.parametrize(
    ("kind", "said"),
    [("removal", "Version 1 was public and is now removed"), ("retraction", ">version 1</a>, retracted</span>")],
)
def test_the_desk_says_of_a_text_under_a_notice_what_readers_find(at, author, editor, clinical, specialist, kind, said):
    version = published(submitted(author), editor, clinical, specialist)
    page = url("desk_article", version.article_id)
    assert "Next review due" in text(at(author).get(page))

    workflow.issue_notice(version.article, actor=editor, kind=kind, reason="It was wrong.")

    shown = text(at(author).get(page))
    assert said in shown
    assert "Next review due" not in shown
    assert (f'href="/articles/{version.article.slug}/"' in shown) == (kind == "retraction")


def test_a_refused_form_into_which_nothing_was_typed_says_nothing_of_it(at, author, editor, editor2):
    article(author)
    at(editor).post(url("issue_disclaimer", "public"), {"text": "Ask your doctor."})
    row = Disclaimer.objects.get(text="Ask your doctor.")

    refused = at(editor).post(url("confirm_disclaimer", row.pk))
    empty = at(editor).post(url("issue_disclaimer", "public"), {"text": ""})
    typed = at(author).post(url("draft_create"), {"title": "Lymph nodes"})

    for answer, kept in ((refused, False), (empty, False), (typed, True)):
        assert "There is a problem" in text(answer)
        assert ("Your entries are kept below." in text(answer)) == kept


def test_an_order_that_a_notice_stops_is_not_shown_as_if_it_would_be_carried_out(
    at, author, editor, clinical, specialist
):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Lower doses.", by=author)
    review = approved(submitted(author, draft), editor, clinical, specialist)
    workflow.schedule(review.version, actor=editor, at=timezone.now() + datetime.timedelta(days=1))
    page = url("desk_review", review.pk)
    assert "It will not be carried out" not in text(at(editor).get(page))

    workflow.issue_notice(draft, actor=editor, kind="retraction", reason="It was wrong.", versions=[1, 2])

    shown = text(at(editor).get(page))
    assert "It cannot be published as things are now:</strong> A notice forbids it: retraction." in shown
    assert 'data-status="retraction">Retracted</strong>' in shown
    assert 'data-status="approved">Approved</strong>' not in shown
