"""A signed step leaves the database at once: an older database that forgets it is found."""

import pytest
from django.core import mail
from django.db import transaction

from reviews import workflow
from reviews.evidence.ledger import checkpoints
from reviews.models import Checkpoint, LedgerEvent
from reviews.verifying import verify
from tests import factories


@pytest.fixture
def asked(author, editor, clinical, specialist):
    version = factories.submitted(author)
    return factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))


STEPS = {
    "an objection": lambda row: factories.decide(row, "request_changes"),
    "an approval": factories.decide,
    "a recusal": lambda row: workflow.recuse(row, actor=row.reviewer, reason="No time."),
    "a comment": lambda row: workflow.comment(row.review.version, actor=row.reviewer, text="The dose is wrong."),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_database_put_back_to_before_a_step_of_the_board_is_found(asked, step, django_capture_on_commit_callbacks):
    assert verify().problems == []
    before = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):
        STEPS[step](asked[0])
    assert verify().problems == []

    transaction.savepoint_rollback(before)

    assert "rollback" in {problem.kind for problem in verify().problems}


def test_a_database_put_back_with_its_folder_is_found_by_the_other_place(
    asked, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.CHECKPOINT_COPIES = [tmp_path / "elsewhere"]
    before = transaction.savepoint()
    with django_capture_on_commit_callbacks(execute=True):
        factories.decide(asked[0], "request_changes")
    newest = Checkpoint.objects.order_by("-size").first()
    checkpoints.path_of(newest.ledger_id, newest.size).unlink()

    transaction.savepoint_rollback(before)

    assert "rollback" in {problem.kind for problem in verify().problems}


def test_the_signers_mail_names_the_event_and_its_hash(asked, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        factories.decide(asked[0], "request_changes")

    event = LedgerEvent.objects.filter(action="decided").get()
    body = next(one.body for one in mail.outbox if one.subject.startswith("You signed"))
    assert f"It is event {event.position} of the ledger, with the hash {event.hash}." in body


@pytest.mark.django_db(transaction=True)
def test_a_step_is_taken_though_its_checkpoint_cannot_be_written(author, editor, clinical, specialist, monkeypatch):
    version = factories.submitted(author)
    monkeypatch.setattr(checkpoints, "write_file", _refuse)

    review = factories.approved(version, editor, clinical, specialist)

    review.refresh_from_db()
    assert review.status == "approved"
    newest = Checkpoint.objects.order_by("-size").first()
    assert not checkpoints.path_of(newest.ledger_id, newest.size).exists()


def _refuse(checkpoint):
    raise PermissionError(13, "Permission denied")
