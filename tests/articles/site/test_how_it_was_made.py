"""A published page says how it was made: what was reviewed, which comments there were, what a program checked."""

import pytest

from articles.models import Article, Audience, Wording
from reviews import workflow
from reviews.workflow.approval import opened
from tests import factories
from tests.articles.site.pages import page_for, parsed, words

pytestmark = pytest.mark.django_db


def made(client, article) -> str:
    return words(parsed(client.get(page_for(article))).find_class("made")[0])


def test_comments_are_counted_as_they_stood_at_publication(client, author, editor, clinical, specialist):
    version = factories.submitted(author)
    first, second = factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    resolved = workflow.comment(version, actor=clinical, text="Say which node.", blocking=True)
    workflow.comment(version, actor=author, text="We will.", thread=resolved)
    workflow.resolve_comment(resolved, actor=clinical)
    open_one = workflow.comment(version, actor=specialist, text="A picture would help.")
    workflow.comment(version, actor=specialist, text="Among us.", board_only=True)
    for assignment in (first, second):
        factories.decide(assignment)
    workflow.publish(version, actor=editor)

    page = made(client, version.article)
    workflow.comment(version, actor=specialist, text="One more thing.")
    workflow.resolve_comment(open_one, actor=specialist)

    assert "Comments in the review 2, of which 1 was resolved before publication." in page
    assert "None of the open ones was marked as blocking." in page
    assert made(client, version.article) == page


def test_each_published_version_counts_the_comments_of_its_own_review(client, author, editor, clinical, specialist):
    version = factories.submitted(author)
    remark = workflow.comment(version, actor=author, text="Please look at the dose.")
    factories.under_review(version, editor, (clinical, "clinical"))
    factories.decide(version.review.assignments.get(), "request_changes", "Give the dose.")
    workflow.resolve_comment(remark, actor=author)
    factories.edit(version.article, "Give 5 mg.", by=author)
    second = factories.submitted(author, Article.objects.get())
    factories.published(second, editor, clinical, specialist)
    assert "Comments in the review 1, which was resolved before publication." in made(client, version.article)

    factories.edit(version.article, "Give 6 mg.", by=author)
    third = factories.submitted(author, Article.objects.get())
    factories.published(third, editor, clinical, specialist)

    assert "Comments in the review None since the version published before this one." in made(client, version.article)

    factories.edit(version.article, "Give 7 mg.", by=author)
    fourth = factories.submitted(author, Article.objects.get())
    workflow.comment(fourth, actor=author, text="Please look at the dose again.")
    factories.published(fourth, editor, clinical, specialist)
    said = "1, of which 0 were resolved before publication. None of the open ones was marked as blocking. All comments"
    assert f"Comments in the review {said} since the version published before this" in made(client, version.article)


def test_a_minor_change_says_that_only_its_changes_were_reviewed(client, author, editor, clinical, specialist):
    version = factories.published(factories.submitted(author), editor, clinical, specialist)
    assert "What was reviewed The whole text, as it is written for “" in made(client, version.article)

    factories.edit(version.article, "They filter lymph, and more.", by=author)
    minor = factories.submitted(author, Article.objects.get(), change="minor")
    factories.published(minor, editor, clinical, specialist)

    said = made(client, version.article)
    assert "What was reviewed The changes of this version. The whole text was reviewed before, by those named" in said


MAY_HAVE = "A reviewer who had approved an earlier version may have read only what changed since."


def test_the_first_version_says_that_all_signers_signed_to_have_read_the_whole_text(
    client, author, editor, clinical, specialist
):
    version = factories.published(factories.submitted(author), editor, clinical, specialist)

    said = made(client, version.article)

    assert "All 2 signers have signed that they read the whole text." in said
    assert MAY_HAVE not in said


def test_a_later_version_says_of_each_signer_what_they_signed_to_have_read(
    client, author, editor, clinical, specialist, pharmacist
):
    version = factories.published(factories.submitted(author), editor, clinical, specialist)
    factories.edit(version.article, "They filter lymph, and more.", by=author)
    later = factories.submitted(author, Article.objects.get())
    first, second = factories.under_review(later, editor, (clinical, "clinical"), (specialist, "specialist"))
    opened.note_opening(clinical, later.review, whole=[], since=version)
    workflow.decide(
        first, actor=clinical, outcome="approve", password=factories.PASSWORD, digest=later.digest, read_elsewhere=[]
    )
    factories.decide(second)
    workflow.publish(later, actor=editor)

    said = made(client, version.article)

    assert "Simon Specialist signed that they read the whole text." in said
    assert "Clara Clinical signed that they read what changed since version 1, which they had approved." in said
    assert MAY_HAVE not in said


def test_who_read_only_the_texts_that_changed_is_not_said_to_have_read_all(
    client, author, editor, clinical, specialist
):
    draft = factories.article(author)
    own = Wording(section=draft.sections.get(), audience=Audience.objects.get(key="carer"), body="<p>Help them.</p>")
    factories.save(own, author)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    factories.edit(draft, "They filter lymph, and more.", by=author)
    factories.published(factories.submitted(author, Article.objects.get()), editor, clinical, specialist)

    said = made(client, draft)

    assert (
        "Clara Clinical and Simon Specialist signed that they read each text that changed since a version "
        "that they had approved." in said
    )


def test_a_decision_that_does_not_say_what_was_read_keeps_the_careful_sentence(
    client, author, editor, clinical, specialist, monkeypatch
):
    monkeypatch.setattr(opened, "opened_sentence", lambda texts, elsewhere=None: "")
    version = factories.published(factories.submitted(author), editor, clinical, specialist)
    assert "signed that they read" not in made(client, version.article)

    factories.edit(version.article, "They filter lymph, and more.", by=author)
    factories.published(factories.submitted(author, Article.objects.get()), editor, clinical, specialist)

    assert MAY_HAVE in made(client, version.article)


def test_a_text_that_nobody_has_approved_claims_no_review(client, pending_article):
    said = made(client, pending_article)

    assert said.startswith("How this page was made Use of artificial intelligence")
    assert "reviewed" not in said
    assert "checks" not in said
