"""What a step reads more than once is read once, and never kept beyond the step."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models.people import Role, roles_of
from articles.models.rows.remembered import remembered, remembering
from reviews import workflow
from reviews.workflow import NotAllowed
from tests import factories


def reads(queries, table: str) -> int:
    return sum(f"FROM {table}" in query["sql"].replace('"', "") for query in queries.captured_queries)


@pytest.mark.django_db
def test_a_decision_reads_the_signed_text_and_the_roles_of_the_signer_once(author, editor, clinical):
    assignment = factories.under_review(factories.submitted(author), editor, (clinical, "clinical"))[0]

    with CaptureQueriesContext(connection) as queries:
        factories.decide(assignment)

    assert reads(queries, "articles_versiontext") == 1
    assert sum("SELECT auth_group.name" in query["sql"] for query in queries.captured_queries) == 1


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
