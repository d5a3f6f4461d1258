"""An article points at its own approved version alone, and only approving decisions make a review approved."""

import pytest
from django.db import connection

from articles.models import Version
from reviews import workflow
from reviews.models import Review
from tests import factories
from tests.factories import decide, submitted, under_review
from tests.reviews.triggers.attacks import assert_refused, point
from tests.reviews.triggers.tables import execute, names, table_of


@pytest.fixture
def other(story, author, editor, clinical, specialist):
    """Another article, its version approved."""
    return factories.approved(submitted(author), editor, clinical, specialist).version


@pytest.fixture
def pending(author, editor, clinical, specialist):
    """The review of a version on which nobody has decided yet."""
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    return Review.objects.get(version=version)


APPROVE = "UPDATE reviews_review SET status = 'approved', approved_at = submitted_at WHERE id = %s"
NEEDS_APPROVALS = "approved by its approving decisions alone"


def insert_copy(row, **changes):
    """Insert a copy of the row by SQL, with other values in the columns named."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    values = [
        changes.pop(field.column) if field.column in changes else field.value_from_object(row) for field in fields
    ]
    prepared = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]
    assert not changes
    execute(
        f"INSERT INTO {table_of(row)} ({names(fields)}) VALUES ({', '.join(['%s'] * len(fields))})", *prepared
    )  # fmt: skip


def test_a_version_of_another_article_cannot_be_published(story, other):
    assert_refused("Only an approved version", lambda: point(story, "published_version_id", other))


def test_a_version_that_is_not_approved_cannot_be_published(pending):
    article = pending.article

    assert_refused("Only an approved version", lambda: point(article, "published_version_id", pending.version))


def test_no_article_is_inserted_with_somebody_elses_version(story, other):
    new = {"slug": "copy", "public_id": "00000000000000000000000000000001"}
    latest = {"latest_version_id": other.pk}

    assert_refused(
        "Only an approved version|has to be a version of this article",
        lambda: insert_copy(story, **new, **latest, published_version_id=other.pk),
    )
    assert_refused(
        "has to be a version of this article",
        lambda: insert_copy(story, **new, **latest, published_version_id=None),
    )


def test_the_latest_version_is_the_articles_own(story, other):
    assert_refused("has to be a version of this article", lambda: point(story, "latest_version_id", other))


def test_a_review_without_decisions_cannot_become_approved(pending):
    assert_refused(NEEDS_APPROVALS, lambda: execute(APPROVE, pending.pk))


def test_one_approval_of_two_makes_no_approved_review(pending):
    decide(pending.assignments.get(capacity="clinical"))

    assert_refused(NEEDS_APPROVALS, lambda: execute(APPROVE, pending.pk))


def test_lay_approvals_make_no_approved_review(author, editor, lay):
    version = submitted(author)
    second = factories.board_member("lay2", capacities=["lay"])
    for assignment in under_review(version, editor, (lay, "lay"), (second, "lay")):
        decide(assignment)

    assert version.review.decisions.live_approvals().count() == 2
    assert_refused(NEEDS_APPROVALS, lambda: execute(APPROVE, version.review.pk))


def test_superseded_approvals_make_no_approved_review(other, clinical):
    review = other.review
    workflow.withdraw_approval(review, actor=clinical, password=factories.PASSWORD, reason="I was wrong.")

    assert review.decisions.filter(outcome="approve").count() == 2
    assert_refused(NEEDS_APPROVALS, lambda: execute(APPROVE, review.pk))


def test_no_review_is_inserted_as_approved(other):
    version = Version(**{field.attname: getattr(other, field.attname) for field in Version._meta.concrete_fields})
    version.pk, version.number, version._state.adding = None, 99, True
    version.save()

    assert_refused(NEEDS_APPROVALS, lambda: insert_copy(other.review, version_id=version.pk))


def test_the_review_of_a_published_version_stays_approved_and_its_own(story, other):
    for change in ("status = 'declined', published_at = NULL", f"version_id = {other.pk}"):
        sql = f"UPDATE reviews_review SET {change} WHERE version_id = %s"
        assert_refused("stays approved", lambda s=sql: execute(s, story.published_version_id))
