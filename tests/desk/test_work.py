"""My work: what each list holds, in which order, and what it says of each row."""

import datetime

import pytest
from django.utils import timezone
from lxml import html

from articles.models import Article, Audience, Authorship
from reviews import workflow
from reviews.models import Assignment, Quorum, Review
from tests.desk.pages import url
from tests.factories import (
    accepted,
    approved,
    article,
    board_member,
    decide,
    edit,
    published,
    save,
    submitted,
    under_review,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def rows(client, heading: str) -> list[str]:
    """Return the words of each row that My work lists under a heading."""
    page = html.document_fromstring(client.get(url("desk")).content)
    lists = page.xpath(f"//*[self::h2 or self::h3][.='{heading}']/following-sibling::ul[1]")
    return [" ".join(row.text_content().split()) for row in (lists[0] if lists else ())]


def ask(version, editor, reviewer, due=None):
    """Ask by this day, which may have passed since; the reviewer accepts."""
    row = accepted(workflow.assign(version.review, actor=editor, reviewer=reviewer, capacity="clinical"))
    if due:
        Assignment.objects.filter(pk=row.pk).update(due=due)
    return Assignment.objects.get(pk=row.pk)


def test_a_reviewer_sees_what_is_due_first_and_what_is_overdue_since_yesterday(at, author, editor, clinical):
    today = timezone.localdate()
    for title, due in [("Third", today + DAY), ("Second", today), ("First", today - DAY)]:
        ask(submitted(author, article(author, title=title)), editor, clinical, due)

    told = rows(at(clinical), "To review")

    assert [row.split()[0] for row in told] == ["First", "Second", "Third"]
    assert f"version 1, as clinical reviewer, due {today - DAY:%-d %B %Y} Overdue" in told[0]
    assert ["Overdue" in row for row in told] == [True, False, False]


def test_a_request_that_is_not_answered_asks_for_an_answer(at, author, editor, clinical):
    row = workflow.assign(submitted(author).review, actor=editor, reviewer=clinical, capacity="clinical")
    monday = datetime.datetime(2026, 11, 30, 9, tzinfo=datetime.UTC)
    Assignment.objects.filter(pk=row.pk).update(assigned_at=monday)

    (told,) = rows(at(clinical), "To review")
    assert "version 1, as clinical reviewer. Answer by 3 December 2026: accept or decline" in told

    accepted(row)
    assert ", due " in rows(at(clinical), "To review")[0]


def test_an_urgent_review_is_called_so_until_its_full_review_is_complete(at, author, editor, clinical, specialist):
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=1, pharmacist=0, urgent_days=7)
    version = submitted(author, title="Lymph")
    first, second = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    assert "Urgent" not in at(clinical).get(url("desk")).content.decode()

    workflow.declare_urgent(version.review, actor=editor, reason="A drug was recalled.")

    day = timezone.localdate() + 7 * DAY
    [told] = rows(at(clinical), "To review")
    assert told.startswith(f"Lymph version 1, as clinical reviewer, due {day:%-d %B %Y} Urgent")
    assert "by Ada Author Urgent" in rows(at(editor), "Under review")[0]
    assert "Under review Urgent" in rows(at(author), "In progress")[0]
    for person in (clinical, editor, author):
        head = html.document_fromstring(at(person).get(url("desk_review", version.review.pk)).content)
        assert "Under review Urgent" in " ".join(head.xpath("string(//header[@class='head'])").split())
    decide(first)
    assert "Urgent" in rows(at(specialist), "To review")[0]
    decide(second)

    assert rows(at(editor), "Approved: publish")[0].endswith("by Ada Author")


def test_each_review_of_mine_says_how_far_it_is(at, author, editor, clinical, specialist, pharmacist):
    version = submitted(author, title="Lymph", risk="high")
    asked = under_review(
        version, editor, (clinical, "clinical"), (specialist, "specialist"), (pharmacist, "pharmacist")
    )

    def told(*signed):
        found = {
            rows(at(person), heading)[0].partition("Ada Author")[2] or rows(at(person), heading)[0]
            for person, heading in (
                (editor, "Under review"),
                (author, "In progress"),
                (asked[-1].reviewer, "To review"),
            )
        }
        (phrase,) = {each[each.index(" signed") - 6 :].strip() for each in found}
        return phrase

    assert told() == "0 of 3 signed, still needed: 2 clinical (1 as specialist), 1 pharmacist"
    decide(asked[0])
    assert told() == "1 of 3 signed, still needed: 1 specialist, 1 pharmacist"
    decide(asked[1])
    assert told() == "2 of 3 signed, still needed: 1 pharmacist"
    decide(asked[2], "request_changes")
    assert Review.objects.get(version=version).status == "changes_requested"
    assert "signed" not in rows(at(author), "Returned or recalled")[0]


def test_once_changes_are_asked_for_nothing_is_still_needed(at, author, editor, clinical, specialist):
    version = submitted(author, title="Lymph")
    first, _ = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(first, "request_changes")

    for person, heading in ((editor, "Under review"), (author, "In progress"), (specialist, "To review")):
        assert rows(at(person), heading)[0].endswith("changes requested")


def test_sections_without_their_specialist_are_counted(at, author, editor, clinical, specialist):
    Quorum.objects.create(kind="topic", risk="standard", clinical=2, specialist=0, pharmacist=0, by_section=True)
    version = submitted(author, title="Lymph")
    more = board_member("more", "Mo More")
    asked = under_review(version, editor, (clinical, "clinical"), (more, "clinical"), (specialist, "specialist"))
    for row in asked[:2]:
        decide(row)

    assert rows(at(specialist), "To review")[0].endswith("2 of 2 signed, still needed: a specialist for 1 section")


def test_an_approval_stands_with_its_signer_until_the_text_is_public(at, author, editor, clinical, specialist):
    version = approved(submitted(author, title="Lymph"), editor, clinical, specialist).version
    assert len(rows(at(clinical), "Approved by you, not yet public")) == 1
    assert rows(at(clinical), "To review") == []

    workflow.publish(version, actor=editor)

    assert rows(at(clinical), "Approved by you, not yet public") == []


def test_a_queue_says_as_what_each_version_is_reviewed(at, author, editor, clinical, specialist):
    draft = article(author, title="Lymph")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Lower doses.", by=author)
    version = submitted(author, Article.objects.get(pk=draft.pk), change="minor")
    (row,) = rows(at(editor), "Submitted: ask reviewers")
    assert row.startswith("Lymph version 2, minor, submitted ")

    terms = {"risk": "high", "change": "major"}
    workflow.assign(version.review, actor=editor, reviewer=clinical, capacity="clinical", **terms)

    (row,) = rows(at(editor), "Under review")
    assert row.startswith("Lymph version 2, major, high risk, submitted ")
    assert " by Ada Author 0 of 3 signed" in row
    assert rows(at(editor), "Submitted: ask reviewers") == []


def test_what_is_scheduled_is_not_among_what_waits_to_be_published(at, author, editor, clinical, specialist):
    version = approved(submitted(author, title="Lymph"), editor, clinical, specialist).version
    assert len(rows(at(editor), "Approved: publish")) == 1

    order = workflow.schedule(version, actor=editor, at=timezone.now() + DAY)

    assert rows(at(editor), "Approved: publish") == []
    (row,) = rows(at(editor), "Scheduled")
    assert row.startswith("Lymph version 1, on ")
    assert row.endswith(" UTC, by Edith Editor")

    workflow.cancel_schedule(order, actor=editor, reason="Not yet.")

    assert len(rows(at(editor), "Approved: publish")) == 1
    assert rows(at(editor), "Scheduled") == []


def test_an_approved_version_that_a_newer_one_overtook_does_not_wait(at, author, editor, clinical, specialist):
    draft = article(author, title="Lymph")
    first = approved(submitted(author, draft), editor, clinical, specialist)
    edit(draft, "Lower doses.", by=author)
    published(submitted(author, Article.objects.get(pk=draft.pk)), editor, clinical, specialist)

    assert first.status == "approved"
    assert rows(at(editor), "Approved: publish") == []


def test_a_version_submitted_after_the_order_holds_it_back_and_one_before_it_does_not(
    at, author, editor, clinical, specialist
):
    draft = article(author, title="Lymph")
    first = approved(submitted(author, draft), editor, clinical, specialist).version
    edit(draft, "Lower doses.", by=author)
    submitted(author, Article.objects.get(pk=draft.pk))
    workflow.schedule(first, actor=editor, at=timezone.now() + DAY, despite=2)
    assert "Held back" not in rows(at(editor), "Scheduled")[0]

    edit(draft, "Lowest doses.", by=author)
    workflow.recall(Article.objects.get(pk=draft.pk).latest_version.review, actor=author, reason="A slip.")
    submitted(author, Article.objects.get(pk=draft.pk))

    assert rows(at(editor), "Scheduled")[0].endswith("Held back by a newer version")


def test_a_disclaimer_waits_for_another_editor_until_a_newer_one_is_confirmed(at, author, editor, editor2):
    carer = Audience.objects.get(key="carer")
    heading = "Disclaimers to confirm"
    article(author)
    issued = workflow.issue_disclaimer(carer, actor=editor, text="One.")
    assert rows(at(editor), heading) == []
    assert [f"number {issued.number}" in row for row in rows(at(editor2), heading)] == [True]

    newer = workflow.issue_disclaimer(carer, actor=editor, text="Two.")
    assert len(rows(at(editor2), heading)) == 2
    workflow.confirm_disclaimer(newer, actor=editor2)

    assert rows(at(editor2), heading) == []


def test_what_is_to_be_reviewed_again_is_listed_by_its_day_and_not_once_it_is_retracted(
    at, author, editor, clinical, specialist, monkeypatch
):
    for title in ("Retracted", "Kept"):
        published(submitted(author, article(author, title=title)), editor, clinical, specialist)
    due = Article.objects.get(title="Kept").next_review_due
    workflow.issue_notice(Article.objects.get(title="Retracted"), actor=editor, kind="retraction", reason="Wrong.")
    heading, client = "Next review due soon or overdue", at(editor)

    def on(day):
        monkeypatch.setattr(timezone, "localdate", lambda: day)
        return rows(client, heading)

    assert on(due - 61 * DAY) == []
    assert on(due - 60 * DAY) == [f"Kept due {due:%-d %B %Y}"]
    assert on(due) == [f"Kept due {due:%-d %B %Y}"]
    assert on(due + DAY) == [f"Kept due {due:%-d %B %Y} Past its review date"]


def test_an_author_finds_their_articles_by_what_became_of_them(at, author, editor, clinical, specialist):
    drafts = {title: article(author, title=title) for title in ("New", "Sent", "Recalled", "Declined", "Out", "Ready")}
    save(
        Authorship(article=article(author, title="Translated"), contributor=editor.contributor, role="translator"),
        author,
    )
    versions = {title: submitted(author, draft) for title, draft in drafts.items() if title != "New"}
    workflow.recall(versions["Recalled"].review, actor=author, reason="A slip.")
    workflow.decline(versions["Declined"].review, actor=editor, reason="Not for us.")
    published(versions["Out"], editor, clinical, specialist)
    approved(versions["Ready"], editor, clinical, specialist)
    editor.groups.add(author.groups.get())

    client = at(author)

    assert {row.split()[0] for row in rows(client, "Returned or recalled")} == {"Recalled", "Declined"}
    assert {row.split()[0] for row in rows(client, "Never submitted")} == {"New", "Translated"}
    assert {row.split()[0] for row in rows(client, "In progress")} == {"Sent", "Ready"}
    assert rows(at(editor), "Never submitted") == []


def mentions(client) -> list[str]:
    page = html.document_fromstring(client.get(url("desk")).content)
    found = page.xpath("//section[@aria-labelledby='comments']//li")
    return [" ".join(row.text_content().split()) for row in found if "mentioned you" in row.text_content()]


def test_a_mention_is_listed_until_it_is_answered_or_its_thread_is_resolved(at, author, editor, clinical):
    version = submitted(author, title="Lymph")
    under_review(version, editor, (clinical, "clinical"))
    thread = workflow.comment(version, actor=clinical, text="Is it so, @author?")
    assert mentions(at(clinical)) == mentions(at(editor)) == []
    [told] = mentions(at(author))
    assert told == f"Lymph Clara Clinical mentioned you, {timezone.localdate():%-d %B %Y}"
    assert f"#comment-{thread.pk}" in at(author).get(url("desk")).content.decode()

    workflow.comment(version, actor=author, text="It is, @reviewer1.", thread=thread)
    assert (mentions(at(author)), len(mentions(at(clinical)))) == ([], 1)
    workflow.comment(version, actor=editor, text="@author and @reviewer1, agreed?", thread=thread)
    assert (len(mentions(at(author))), len(mentions(at(clinical)))) == (1, 2)
    workflow.resolve_comment(thread, actor=clinical)

    assert mentions(at(author)) == mentions(at(clinical)) == []


def test_a_mention_is_listed_only_where_the_comment_may_be_read(at, author, editor, clinical, specialist):
    version = submitted(author, title="Lymph")
    asked = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    workflow.comment(version, actor=clinical, text="Between us, @reviewer2.", board_only=True)
    assert len(mentions(at(specialist))) == 1

    workflow.recuse(asked[1], actor=specialist, reason="A conflict.", conflict=True)

    assert mentions(at(specialist)) == []


def test_a_mention_of_somebody_assigned_the_thread_is_listed_once(at, author, editor, clinical):
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"))
    workflow.comment(version, actor=clinical, text="@author, look.", assignee=author)

    page = html.document_fromstring(at(author).get(url("desk")).content)

    assert len(page.xpath("//section[@aria-labelledby='comments']//li")) == 1
