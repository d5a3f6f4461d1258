"""The story of an article: one true sentence for each step, newest first, with its reason."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from articles.models import Article
from reviews import workflow
from reviews.desk.article.timeline import timeline
from reviews.models.actions import Action
from tests.factories import PASSWORD, accepted, approved, article, asked, decide, edit, submitted, under_review

pytestmark = pytest.mark.django_db

ACCEPTED = "{} declared no conflict of interest and accepted to review version 1 as {} reviewer."


def story(draft) -> list[tuple[str, str]]:
    """Return what the story tells an editor, oldest first: each sentence with its reason."""
    entries, _ = timeline(draft, User.objects.get(username="editor"))
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
    return [(entry.sentence, entry.reason) for entry in reversed(entries)]


def newer(author, draft, words):
    edit(draft, words, by=author)
    return submitted(author, Article.objects.get(pk=draft.pk), note=words)


def test_a_round_is_told_step_by_step(author, editor, clinical, specialist):
    draft = article(author)
    version = submitted(author, draft)
    first, second = under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    workflow.recuse(first, actor=clinical, reason="No time.")
    workflow.unassign(second, actor=editor, reason="On leave.")
    again, third = asked(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    again = accepted(again)
    workflow.recuse(third, actor=specialist, because="no_time", suggestion="Dora Doe")
    asked(version, editor, (specialist, "specialist"))
    thread = workflow.comment(version, actor=clinical, text="Too much.", blocking=True)
    workflow.resolve_comment(thread, actor=clinical, reason="Seen the guideline.")
    decide(again, "request_changes", "The dose is wrong.")
    workflow.end_round(version.review, actor=editor)

    assert story(draft) == [
        ("Ada Author submitted version 1 as a major change.", "First version"),
        ("Edith Editor asked Clara Clinical to review version 1 as clinical reviewer.", ""),
        ("Edith Editor asked Simon Specialist to review version 1 as specialist reviewer.", ""),
        (ACCEPTED.format("Clara Clinical", "clinical"), ""),
        (ACCEPTED.format("Simon Specialist", "specialist"), ""),
        ("Clara Clinical stepped back from reviewing version 1.", "No time."),
        ("Edith Editor cancelled the request to Simon Specialist.", "On leave."),
        ("Edith Editor asked Clara Clinical to review version 1 as clinical reviewer.", ""),
        ("Edith Editor asked Simon Specialist to review version 1 as specialist reviewer.", ""),
        (ACCEPTED.format("Clara Clinical", "clinical"), ""),
        ("Simon Specialist declined to review version 1.", "Reason: no time.\nSuggests instead: Dora Doe."),
        ("Edith Editor asked Simon Specialist to review version 1 as specialist reviewer.", ""),
        ("Clara Clinical commented on version 1.", ""),
        ("Clara Clinical resolved a comment on version 1: answered.", ""),
        ("Clara Clinical asked for changes to version 1 as clinical reviewer.", "The dose is wrong."),
        ("Edith Editor ended the review of version 1.", "An editor ended the review."),
    ]


def test_what_comes_after_an_approval_is_told_step_by_step(author, editor, clinical, specialist):
    draft = article(author)
    version = submitted(author, draft)
    approved(version, editor, clinical, specialist)
    assert story(draft)[5:] == [
        ("Clara Clinical approved version 1 as clinical reviewer.", ""),
        (
            "Simon Specialist approved version 1 as specialist reviewer. The quorum is met: the version is approved.",
            "",
        ),
    ]
    at = timezone.now() + datetime.timedelta(days=1)
    order = workflow.schedule(version, actor=editor, at=at)
    workflow.cancel_schedule(order, actor=editor, reason="Not yet.")
    workflow.publish(version, actor=editor)
    draft = Article.objects.get(pk=draft.pk)
    notice = workflow.issue_notice(draft, actor=editor, kind="concern", reason="A doubt.")
    workflow.issue_notice(draft, actor=editor, kind="concern", reason="Settled.", lifts=notice)

    assert story(draft)[-5:] == [
        (f"Edith Editor scheduled version 1 for {at.astimezone(datetime.UTC):%-d %B %Y, %H:%M} UTC.", ""),
        ("Edith Editor cancelled the schedule of version 1.", "Not yet."),
        ("Edith Editor published version 1.", ""),
        ("Edith Editor issued a notice: expression of concern.", "A doubt."),
        ("Edith Editor lifted a notice: expression of concern.", "Settled."),
    ]


def test_how_versions_end_unpublished_is_told(author, editor, clinical, specialist):
    draft = article(author)
    workflow.recall(submitted(author, draft).review, actor=author, reason="A slip.")
    workflow.decline(newer(author, draft, "Second.").review, actor=editor, reason="Not for us.")
    third = newer(author, draft, "Third.")
    approved(third, editor, clinical, specialist)
    order = workflow.schedule(third, actor=editor, at=timezone.now() + datetime.timedelta(hours=1))
    newer(author, draft, "Fourth.")
    workflow.publish_due(order.publish_at)
    refused = story(draft)[-1]
    workflow.withdraw_approval(third.review, actor=clinical, password=PASSWORD, reason="A mistake.")

    told = story(draft)
    assert ("Ada Author recalled version 1.", "A slip.") in told
    assert ("Edith Editor declined version 2.", "Not for us.") in told
    assert refused[0] == "Version 3 was not published as scheduled."
    assert "Version 4 was submitted on" in refused[1]
    assert told[-1] == ("Clara Clinical withdrew the approval of version 3.", "A mistake.")


def test_each_step_of_the_story_has_a_sentence_of_its_own():
    sentences = [action.sentence for action in Action]
    assert len({*sentences}) == len(sentences)
