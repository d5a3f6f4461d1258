"""A ledger from its first event on: each test begins with an empty one."""

import pytest
from django.db import transaction

from reviews.evidence import ledger
from reviews.evidence.ledger import checkpoints
from reviews.models import Checkpoint, LedgerEvent, LedgerHead
from reviews.models.actions import Action
from reviews.verifying import verify
from tests import factories
from tests.ledger import story as stories


def test_an_event_in_a_transaction_that_fails_leaves_nothing(db):
    with transaction.atomic():
        ledger.append(Action.CHECKPOINT_MADE, actor=None)
        transaction.set_rollback(True)

    assert not LedgerEvent.objects.exists()
    assert LedgerHead.objects.get().position == 0
    assert verify().problems == []


@pytest.mark.parametrize("action", ["published", "checkpoint made", ""])
def test_an_event_that_the_table_does_not_name_is_not_written(db, action):
    with pytest.raises(TypeError, match="no Action"), transaction.atomic():
        ledger.append(action, actor=None)

    assert not LedgerEvent.objects.exists()


def test_an_empty_ledger_is_whole(db):
    report = verify()

    assert report.problems == []
    assert report.events == 0


def test_each_further_event_leaves_the_ledger_whole(db):
    for name in ("one", "two", "three"):
        factories.person(name, groups=["author", "editor"])

        assert verify().problems == []


def test_a_file_is_written_after_the_commit_only(db, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        ledger.append(Action.CHECKPOINT_MADE, actor=None)
        assert not settings.CHECKPOINT_DIR.exists()
        assert checkpoints.waiting_for_commit() == {2}
        assert verify().problems == []

    point = Checkpoint.objects.get()
    assert checkpoints.path_of(point.ledger_id, 2).read_text() == point.note


def test_an_earlier_state_is_found_by_newer_checkpoint_files_outside(db):
    """Restoring a backup and forgetting what came after is found, whatever the database itself says."""
    story = stories.begin()
    stories.write_files()
    size = LedgerEvent.objects.count()
    with stories.rolled_back():
        stories.go_on(story)
        stories.write_files()
        assert verify().problems == []

    problems = verify().problems

    assert problems[0].position == size + 1
    assert problems[0].kind == "rollback"


def test_an_empty_database_is_found_by_checkpoint_files_outside(db):
    with stories.rolled_back():
        stories.begin()
        stories.write_files()

    assert [(problem.position, problem.kind) for problem in verify().problems] == [(1, "rollback")]
