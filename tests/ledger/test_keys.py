"""The key: where it comes from, that no other is taken, and how it is handed over."""

import hashlib
import json
import stat

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from reviews.evidence import ledger
from reviews.evidence.ledger import keys
from reviews.evidence.ledger.events import rotate
from reviews.models import LedgerEvent, LedgerHead
from reviews.models.actions import Action
from reviews.verifying import verify
from tests import factories


@pytest.fixture
def new_key(tmp_path):
    path = tmp_path / "new.key"
    keys.make(path)
    return path


def append():
    with transaction.atomic():
        return ledger.append(Action.CHECKPOINT_MADE, actor=None)


def test_a_key_is_readable_by_its_owner_alone_and_never_written_over(new_key):
    content = new_key.read_bytes()

    with pytest.raises(FileExistsError):
        keys.make(new_key)

    assert stat.S_IMODE(new_key.stat().st_mode) == 0o600
    assert new_key.read_bytes() == content


def test_a_key_is_there_whole_or_not_at_all(tmp_path, monkeypatch):
    def full(handle):
        assert not (tmp_path / "half.key").exists(), "somebody could read half a key"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keys.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        keys.make(tmp_path / "half.key")

    assert not [path for path in tmp_path.iterdir() if "half" in path.name]


def test_the_number_of_a_key_is_the_hash_of_its_public_half(new_key):
    signer = keys.read(new_key)

    assert signer.key_id == hashlib.sha256(bytes.fromhex(signer.public)).hexdigest()[:16]
    assert keys.verifies(signer.public, signer.sign(b"words"), b"words")
    assert not keys.verifies(signer.public, signer.sign(b"words"), b"word")
    assert not keys.verifies("no key", signer.sign(b"words"), b"words")


def test_with_debug_a_key_is_made_once(db, settings, tmp_path):
    settings.DEBUG, settings.LEDGER_KEY_FILE = True, tmp_path / "var" / "ledger.key"

    assert keys.signer() == keys.signer()
    assert stat.S_IMODE(settings.LEDGER_KEY_FILE.stat().st_mode) == 0o600


def test_without_debug_no_key_is_made(db, settings, tmp_path):
    settings.LEDGER_KEY_FILE = tmp_path / "ledger.key"

    with pytest.raises(ImproperlyConfigured, match=r"No key can be read from .*: No such file.*ledger_key"):
        keys.signer()

    assert not settings.LEDGER_KEY_FILE.exists()


def test_no_key_is_made_for_a_ledger_that_has_events(db, settings, tmp_path):
    append()
    LedgerHead.objects.filter(pk=1).update(position=0)  # whatever the head says
    settings.DEBUG, settings.LEDGER_KEY_FILE = True, tmp_path / "ledger.key"

    with pytest.raises(ImproperlyConfigured):
        keys.signer()

    assert not settings.LEDGER_KEY_FILE.exists()


def test_a_file_that_holds_no_such_key_is_refused_with_a_sentence(db, settings, tmp_path):
    settings.LEDGER_KEY_FILE = tmp_path / "ledger.key"

    settings.LEDGER_KEY_FILE.write_text("no key")
    with pytest.raises(ImproperlyConfigured, match="does not hold a private key"):
        keys.signer()

    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    other = tmp_path / "other.key"
    other.write_bytes(Ed448PrivateKey.generate().private_bytes(*pem))
    settings.LEDGER_KEY_FILE = other
    with pytest.raises(ImproperlyConfigured, match="another kind than Ed25519"):
        keys.signer()


def test_another_key_is_refused_and_nothing_is_stored(db, settings, new_key):
    append()
    before = factories.evidence()
    settings.LEDGER_KEY_FILE = new_key

    with pytest.raises(keys.WrongKey, match="is signed with key"):
        append()
    with pytest.raises(keys.WrongKey, match="rotate"):
        keys.require_the_ledgers_key()

    assert factories.evidence() == before
    assert {problem.kind for problem in verify().problems} == {"key"}


def test_the_old_key_hands_over_and_then_only_the_new_one_works(db, settings, new_key):
    append()
    old, new = keys.signer(), keys.read(new_key)

    event = rotate(new)

    handed, taken = LedgerEvent.objects.order_by("position")[event.position - 1 :]
    assert (handed.action, handed.key_id) == ("key_rotated", old.key_id)
    assert json.loads(handed.payload)["public_key"] == new.public
    assert (taken.action, taken.key_id) == ("key_accepted", new.key_id)
    with pytest.raises(keys.WrongKey):
        append()
    settings.LEDGER_KEY_FILE = new_key
    append()
    keys.require_the_ledgers_key()
    assert verify().problems == []
    assert {problem.kind for problem in verify(public_key=old.public).problems} == {"key"}


def test_a_ledger_that_was_only_just_handed_over_is_trusted_by_the_new_key_alone(db, settings, new_key):
    append()
    old = keys.signer()

    rotate(keys.read(new_key))

    settings.LEDGER_KEY_FILE = new_key
    assert verify().problems == []
    assert {problem.kind for problem in verify(public_key=old.public).problems} == {"key"}
