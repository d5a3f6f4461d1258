"""Publishing: who, which version, and what moves with it."""

import datetime
import json

import pytest
from django.utils import timezone

from articles.models import Article
from reviews import workflow
from reviews.models import Checkpoint, LedgerEvent
from reviews.workflow import NotAllowed, NotNow
from reviews.workflow.steps.publication.blockers import publication_blockers
from reviews.workflow.steps.publication.dates import months_later
from tests.factories import (
    approved,
    article,
    decide,
    edit,
    evidence,
    payload,
    person,
    published,
    review_of,
    save,
    submitted,
    under_review,
)


@pytest.fixture
def by_an_editor(author, editor, clinical, specialist):
    """Return an approved version of which the editor wrote a comma."""
    draft = article(author)
    edit(draft, "Lymph nodes, filter lymph.", by=editor)
    version = submitted(author, draft)
    triager = person("triager", groups=["editor"])
    approved(version, triager, clinical, specialist)
    triager.is_active = False
    triager.save()
    return version


def dates(version):
    return Article.objects.values_list("last_reviewed", "next_review_due").get(pk=version.article_id)


def test_a_draft_that_was_read_before_publication_takes_no_pointer_back(author, editor, clinical, specialist):
    version = submitted(author)
    read_before = Article.objects.get(pk=version.article_id)
    published(version, editor, clinical, specialist)
    after = {name: getattr(Article.objects.get(pk=version.article_id), name) for name in Article.POINTERS}

    read_before.title = "A newer title"
    save(read_before, author)

    now = Article.objects.get(pk=version.article_id)
    assert now.title == "A newer title"
    assert {name: getattr(now, name) for name in Article.POINTERS} == after
    assert None not in after.values()


def test_publishing_moves_the_pointer_and_nothing_of_the_draft(author, editor, clinical, specialist):
    draft = article(author)
    version = submitted(author, draft)
    approved(version, editor, clinical, specialist)
    edit(draft, "Words to come.", by=author)
    before = Article.history.count()

    workflow.publish(version, actor=editor)

    draft = Article.objects.get(pk=draft.pk)
    assert draft.published_version == version
    assert draft.sections.get().body == "<p>Words to come.</p>"
    assert Article.history.count() == before
    assert review_of(version).published_at is not None
    assert Checkpoint.objects.count() == 3  # of two signatures, and of the publication


def test_the_event_of_publication_holds_the_signatures_as_readers_see_them(author, editor, clinical, specialist):
    version = submitted(author)
    published(version, editor, clinical, specialist)

    event = payload("published")
    signatures = sorted(event["signatures"].values(), key=lambda row: row["printed_name"])
    assert [row["printed_name"] for row in signatures] == ["Clara Clinical", "Simon Specialist"]
    assert {row["digest"] for row in signatures} == {version.digest}
    assert signatures[0]["signed_at"].endswith("Z")
    assert (event["previous"], event["by_a_writer"]) == (None, False)


def test_only_an_approved_version_is_published(author, editor, clinical, specialist):
    version = submitted(author)
    first, _ = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(first)
    before = evidence()

    with pytest.raises(NotNow, match=r"Version 1 is under review. Only an approved version"):
        workflow.publish(version, actor=editor)

    assert evidence() == before


def test_only_a_newer_version_takes_the_place_of_the_public_one(author, editor, clinical, specialist):
    draft = article(author)
    first = submitted(author, draft)
    approved(first, editor, clinical, specialist)
    edit(draft, "Other words.", by=author)
    second = submitted(author, draft, change="minor")
    published(second, editor, clinical, specialist)
    before = evidence()

    with pytest.raises(NotNow, match=r"Version 2 is already published\. Version 1 is not newer"):
        workflow.publish(first, actor=editor)

    assert evidence() == before
    assert payload("published")["previous"] is None
    draft = Article.objects.get(pk=draft.pk)
    assert publication_blockers(draft, first.review) == [
        "Version 2 is already published. Version 1 is not newer, so it cannot be published."
    ]


def test_publishing_twice_is_refused(author, editor, clinical, specialist):
    version = submitted(author)
    published(version, editor, clinical, specialist)
    before = evidence()

    with pytest.raises(NotNow, match="Version 1 is published"):
        workflow.publish(version, actor=editor)

    assert evidence() == before


# by a writer


def test_a_writer_does_not_publish_while_another_editor_is_active(by_an_editor, editor, editor2):
    before = evidence()

    with pytest.raises(NotAllowed, match=r"You wrote all or part of this text. Another editor must publish it\."):
        workflow.publish(by_an_editor, actor=editor)

    assert evidence() == before
    assert workflow.publish(by_an_editor, actor=editor2)
    assert payload("published")["by_a_writer"] is False


def test_a_writer_publishes_when_no_other_editor_is_active_and_that_is_recorded(by_an_editor, editor):
    workflow.publish(by_an_editor, actor=editor)

    assert payload("published")["by_a_writer"] is True


def test_an_editor_who_wrote_a_part_as_well_is_no_other_editor(author, editor, editor2, clinical, specialist):
    draft = article(author)
    edit(draft, "Lymph nodes, filter lymph.", by=editor)
    edit(draft, "Lymph nodes, filter, lymph.", by=editor2)
    version = submitted(author, draft)
    triager = person("triager", groups=["editor"])
    approved(version, triager, clinical, specialist)
    triager.groups.clear()

    workflow.publish(version, actor=editor2)

    assert payload("published")["by_a_writer"] is True


def test_a_writer_who_is_no_editor_never_publishes(by_an_editor, editor, author):
    editor.is_active = False
    editor.save()
    before = evidence()

    for actor in (author, editor):
        with pytest.raises(NotAllowed, match=r"Only an editor can do this\."):
            workflow.publish(by_an_editor, actor=actor)

    assert evidence() == before


def test_an_open_blocking_comment_holds_a_publication_back(author, editor, clinical, specialist):
    version = submitted(author)
    approved(version, editor, clinical, specialist)
    thread = workflow.comment(version, actor=clinical, text="The dose is wrong.", blocking=True)
    before = evidence()

    with pytest.raises(NotNow, match=r"A blocking comment is not resolved yet\."):
        workflow.publish(version, actor=editor)
    with pytest.raises(NotNow, match=r"A blocking comment is not resolved yet\."):
        workflow.schedule(version, actor=editor, at=timezone.now() + datetime.timedelta(days=1))

    assert evidence() == before
    workflow.resolve_comment(thread, actor=clinical)
    assert workflow.publish(version, actor=editor) == version


def test_a_comment_that_blocks_nothing_holds_nothing_back(author, editor, clinical, specialist):
    version = submitted(author)
    approved(version, editor, clinical, specialist)
    workflow.comment(version, actor=clinical, text="A comma is missing.")

    assert workflow.publish(version, actor=editor) == version


# the two dates


def test_a_major_change_moves_last_reviewed_to_the_day_of_the_approval(author, editor, clinical, specialist):
    version = submitted(author)
    published(version, editor, clinical, specialist)

    day = review_of(version).approved_at.date()
    assert dates(version) == (day, months_later(day, 24))
    assert payload("published")["last_reviewed"] == day.isoformat()


def test_a_text_of_high_risk_is_due_after_a_year(author, editor, clinical, specialist, pharmacist):
    version = submitted(author, risk="high")
    trio = under_review(version, editor, (pharmacist, "pharmacist"), (clinical, "clinical"), (specialist, "specialist"))
    for row in trio:
        decide(row)
    workflow.publish(version, actor=editor)

    reviewed, due = dates(version)
    assert due == months_later(reviewed, 12)


def test_a_text_that_waited_for_its_publication_was_reviewed_on_the_day_of_its_approval(
    author, editor, clinical, specialist, monkeypatch
):
    version = submitted(author)
    approved_at = approved(version, editor, clinical, specialist).approved_at
    monkeypatch.setattr("django.utils.timezone.now", lambda: approved_at + datetime.timedelta(days=40))

    workflow.publish(version, actor=editor)

    assert dates(version) == (approved_at.date(), months_later(approved_at.date(), 24))


def test_a_text_that_an_editor_judged_to_be_of_high_risk_is_due_after_a_year(
    author, editor, clinical, specialist, pharmacist
):
    version = submitted(author)
    for reviewer, capacity in [(pharmacist, "pharmacist"), (clinical, "clinical"), (specialist, "specialist")]:
        decide(workflow.assign(version.review, actor=editor, reviewer=reviewer, capacity=capacity, risk="high"))
    workflow.publish(version, actor=editor)

    reviewed, due = dates(version)
    assert due == months_later(reviewed, 12)


def test_a_minor_change_leaves_both_dates(author, editor, clinical, specialist, monkeypatch):
    draft = article(author)
    first = submitted(author, draft)
    published(first, editor, clinical, specialist)
    before = dates(first)
    edit(draft, "Other words.", by=author)
    later = first.submitted_at + datetime.timedelta(days=90)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)

    second = submitted(author, draft, change="minor")
    published(second, editor, clinical, specialist)

    assert Article.objects.get(pk=draft.pk).published_version == second
    assert dates(first) == before
    assert review_of(second).approved_at == later


def test_a_minor_change_raised_to_major_by_the_editor_moves_them(author, editor, clinical, specialist, monkeypatch):
    draft = article(author)
    first = submitted(author, draft)
    published(first, editor, clinical, specialist)
    edit(draft, "Other words.", by=author)
    later = first.submitted_at + datetime.timedelta(days=90)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    second = submitted(author, draft, change="minor")

    for reviewer, capacity in [(clinical, "clinical"), (specialist, "specialist")]:
        row = workflow.assign(second.review, actor=editor, reviewer=reviewer, capacity=capacity, change="major")
        decide(row)
    workflow.publish(second, actor=editor)

    assert dates(second)[0] == later.date()


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [("2026-01-31", 1, "2026-02-28"), ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 24, "2026-02-28"),
     ("2026-12-15", 1, "2027-01-15"), ("2026-11-21", 24, "2028-11-21"), ("2026-08-31", 12, "2027-08-31"),
     ("2026-03-31", 1, "2026-04-30")],
)  # fmt: skip
def test_a_date_so_many_months_later_is_the_same_day_or_the_last_of_that_month(day, months, result):
    assert months_later(datetime.date.fromisoformat(day), months).isoformat() == result


# what the database refuses on its own


def test_no_article_points_at_an_unapproved_version_whatever_the_door(author):
    version = submitted(author)

    with pytest.raises(Exception, match="Only an approved version of this article can be published"):
        Article.objects.filter(pk=version.article_id).update(published_version=version)


def test_every_step_to_publication_is_one_event(author, editor, clinical, specialist):
    version = submitted(author)
    published(version, editor, clinical, specialist)

    of_article = LedgerEvent.objects.filter(article=str(version.article.public_id))
    assert [event.action for event in of_article] == [
        "submitted", "assigned", "assigned", "accepted", "accepted", "decided", "decided", "published",
    ]  # fmt: skip
    assert all(json.loads(event.payload)["digest"] == version.digest for event in of_article)
