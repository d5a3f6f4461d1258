"""Keys and checkpoints at the edges of a ledger: after it was handed over, and where a later one is kept outside."""

import pytest
from django.core.management import CommandError, call_command

from reviews.evidence import ledger
from reviews.evidence.ledger import checkpoints, events, keys
from reviews.models import Checkpoint, LedgerEvent, LedgerHead
from reviews.models.actions import Action
from reviews.verifying import verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(tmp_path):
    keys.make(tmp_path / "second.key")
    return keys.read(tmp_path / "second.key")


@pytest.fixture
def begun():
    ledger.append(Action.CHECKPOINT_MADE, actor=None)
    return keys.signer()


def test_a_key_that_was_handed_over_is_not_taken_on_again(begun, second, monkeypatch):
    events.rotate(second)
    monkeypatch.setattr(keys, "signer", lambda: second)
    before = LedgerEvent.objects.count()

    with pytest.raises(keys.WrongKey, match="has signed this ledger already"):
        events.rotate(begun)

    assert LedgerEvent.objects.count() == before


def test_who_still_holds_the_key_before_is_told_so(begun, second, monkeypatch):
    events.rotate(second)

    (problem,) = verify().problems

    assert problem.kind == "key"
    assert f"handed over to key {second.key_id}" in problem.message
    with monkeypatch.context() as at_hand:
        at_hand.setattr(keys, "signer", lambda: second)
        ledger.append(Action.SETTINGS_CHANGED, actor=None)
    with pytest.raises(CommandError, match="the configured key is"):
        call_command("checkpoint")


def test_no_checkpoint_is_made_while_a_later_one_is_kept_outside(begun):
    note = Checkpoint.objects.get().note
    head = LedgerHead.objects.get()
    later = checkpoints.path_of(head.ledger_id, head.position + 12)
    later.write_text(note)

    with pytest.raises(CommandError, match="accept_restore"):
        call_command("checkpoint")

    later.unlink()
    call_command("checkpoint")
    assert LedgerEvent.objects.count() == head.position
