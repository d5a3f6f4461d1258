"""Everyone concerned is told of a step: in the inbox, with the article, the version and the page to open."""

import pytest

from reviews import workflow
from reviews.models import Message
from tests.factories import PASSWORD, approved, article, asked, decide, published, review_of, submitted, under_review

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told():
    """Return a function that gives who was told of a step, by the words that begin the subject; it forgets them."""

    def since(version):
        found = set()
        for row in Message.objects.select_related("recipient"):
            assert version.title in row.body
            assert f"version {version.number}" in row.body.lower()
            assert row.page.startswith(("/desk/reviews/", "/articles/", "/desk/articles/")) or row.page == "/desk/"
            found.add((row.subject.split(":")[0], row.recipient.username))
        Message.objects.all().delete()
        return found

    return since


@pytest.fixture
def two(author, editor, clinical, specialist):
    """Two open requests, of which nobody has accepted the second."""
    version = submitted(author)
    rows = [*under_review(version, editor, (clinical, "clinical")), *asked(version, editor, (specialist, "specialist"))]
    Message.objects.all().delete()
    return rows


def test_editors_are_told_of_a_submission(author, editor, editor2, told):
    draft = article(author)
    Message.objects.all().delete()

    assert told(submitted(author, draft)) == {("Submitted", "editor"), ("Submitted", "editor2")}


def test_the_editor_is_told_at_once_of_a_conflict_and_of_a_declined_request(two, clinical, specialist, told):
    workflow.recuse(two[0], actor=clinical, reason="My sister wrote it.", conflict=True)
    workflow.recuse(two[1], actor=specialist, because="no_time")

    assert set(Message.objects.values_list("at_once", flat=True)) == {True}
    assert told(two[0].review.version) == {("Stepped back", "editor"), ("Declined", "editor")}


def test_the_editor_is_told_of_a_request_for_changes_and_authors_of_the_outcome(two, specialist, told):
    decide(two[0], "request_changes")
    assert told(two[0].review.version) == {("Changes requested", "editor"), ("You signed", "reviewer1")}
    decide(two[1], "request_changes")
    assert told(two[0].review.version) == {
        ("Changes requested", "editor"), ("Changes requested", "author"), ("You signed", "reviewer2")
    }  # fmt: skip


def test_authors_and_the_editor_are_told_of_a_comment_and_its_author_of_the_answer(two, author, clinical, told):
    thread = workflow.comment(two[0].review.version, actor=clinical, text="Look.")
    assert told(two[0].review.version) == {("Comment", "editor"), ("Comment", "author")}
    workflow.comment(two[0].review.version, actor=author, text="Done.", thread=thread)
    assert told(two[0].review.version) == {("Comment", "editor"), ("Comment", "reviewer1")}


def test_authors_are_told_of_every_other_outcome(author, editor, clinical, specialist, told):
    version = submitted(author)
    Message.objects.all().delete()
    workflow.decline(version.review, actor=editor, reason="Not for us.")
    assert {("Declined", "author"), ("Declined", "editor")} <= told(version)

    other = submitted(author)
    approved(other, editor, clinical, specialist)
    assert {("Approved", "author"), ("Approved", "editor")} <= told(other)
    workflow.publish(other, actor=editor)
    assert {("Published", "author"), ("Published", "reviewer1")} <= told(other)

    third = published(submitted(author), editor, clinical, specialist)
    Message.objects.all().delete()
    workflow.issue_notice(third.article, actor=editor, kind="concern", reason="A doubt.")
    assert {name for _subject, name in told_of_notice(third)} == {"author", "reviewer1", "reviewer2"}
    fourth = approved(submitted(author), editor, clinical, specialist)
    Message.objects.all().delete()
    signer = fourth.assignments.get(reviewer=clinical)
    workflow.withdraw_approval(review_of(fourth.version), actor=clinical, password=PASSWORD, reason="A doubt.")
    assert {("Changes requested", "author"), ("Changes requested", "editor")} <= told(signer.review.version)


def told_of_notice(version):
    """Return who was told of a notice: its mail names the version in brackets."""
    rows = [row for row in Message.objects.select_related("recipient") if f"(version {version.number})" in row.body]
    return {(row.subject, row.recipient.username) for row in rows}
