"""What a step reads more than once is read once, and never kept beyond the step."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.frozen.signed_text import frozen_text
from articles.models.people import Role, roles_of
from articles.models.rows.remembered import remembered, remembering
from reviews import workflow
from reviews.models import Review
from reviews.models.comment import held_by, is_held
from reviews.workflow import NotAllowed
from reviews.workflow.approval import eligibility, full_review
from reviews.workflow.reading import read_review
from reviews.workflow.steps.publication.blockers import publication_blockers
from tests import factories
from tests.generated import Site


def reads(queries, column: str) -> int:
    """Return how often statements bring the values of a column; asking whether a row is there does not."""
    return sum(query["sql"].replace('"', "").count(column) for query in queries.captured_queries)


@pytest.mark.django_db
def test_a_decision_reads_the_signed_text_and_the_roles_of_the_signer_once(author, editor, clinical):
    assignment = factories.under_review(factories.submitted(author), editor, (clinical, "clinical"))[0]

    with CaptureQueriesContext(connection) as queries:
        factories.decide(assignment)

    assert reads(queries, "articles_versiontext.text") == 1
    assert not any("SELECT auth_group.name" in query["sql"] for query in queries.captured_queries)
    assert sum("auth_user_groups" in query["sql"] for query in queries.captured_queries) == 1


@pytest.mark.django_db
def test_the_next_step_reads_again_what_has_changed_meanwhile(author, editor, clinical):
    version = factories.submitted(author)
    factories.under_review(version, editor, (clinical, "clinical"))
    editor.groups.remove(Group.objects.get(name=Role.EDITOR.group))

    assert roles_of(editor) == []
    with pytest.raises(NotAllowed):
        workflow.decline(version.review, actor=editor, reason="Not for us.")


def test_outside_of_a_step_nothing_is_remembered():
    read = iter(range(9))

    assert [remembered("number", lambda: next(read)) for _ in range(2)] == [0, 1]
    with remembering():
        assert [remembered("number", lambda: next(read)) for _ in range(2)] == [2, 2]
        with remembering():
            assert remembered("number", lambda: next(read)) == 3
        assert remembered("number", lambda: next(read)) == 2
    assert remembered("number", lambda: next(read)) == 4


def answers(article, review, people) -> dict:
    """Return what the rules say of a review: the state of its rows, who may judge it, and what holds up publication."""
    return {
        "roles": [roles_of(person) for person in people],
        "text": frozen_text(review.version),
        "writers": [review.version.was_written_by(person) for person in people],
        "held": (is_held(article.pk), sorted(held_by(article.pk))),
        "assignments": [(row.pk, row.is_open, row.reviewer.email) for row in review.all_assignments()],
        "decisions": [(row.pk, row.counts, row.assignment.capacity) for row in review.all_decisions()],
        "counting": [row.pk for row in review.counting_decisions()],
        "against": [
            eligibility.reasons_against(people[-1], review, capacity)
            for capacity in ("clinical", "specialist", "pharmacist", "lay")
        ],
        "publication": publication_blockers(article, review),
        "full review": full_review.why_missing(review),
    }


@pytest.mark.django_db
def test_what_is_read_ahead_is_what_each_rule_reads_on_its_own():
    Site(1).grow(articles=3, steps=60)
    reviews = list(Review.objects.select_related("version", "article").order_by("pk"))
    accounts = list(get_user_model().objects.order_by("pk"))
    assert len(reviews) > 3

    for place, review in enumerate(reviews):
        people = [accounts[place % len(accounts)], accounts[(place * 7 + 3) % len(accounts)]]
        alone = answers(review.article, review, people)
        with remembering():
            ahead = read_review(review.article, review.version_id, actor=people[0], reviewer=people[1].pk)
            assert answers(review.article, ahead, people) == alone
        counting = review.decisions.counting().order_by("decided_at", "pk")
        assert alone["counting"] == list(counting.values_list("pk", flat=True))
