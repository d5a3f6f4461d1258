"""Checkpoints: rows and files changed, deleted, of another ledger, or signed in another spelling."""

import base64

import pytest

from reviews.evidence.ledger import checkpoints, keys
from reviews.models import Checkpoint, LedgerEvent
from tests.ledger import attacks
from tests.ledger.attacks import look, undone
from tests.ledger.tampering.cells import cells, is_named, sample, tried


class TestCheckpoints:
    def test_every_column_and_row(self, defenceless):
        found = 0

        for key in sample(Checkpoint):
            for cell in tried(cells(Checkpoint, key)):
                assert is_named(look(), "checkpoint", key), cell
                found += 1
            with undone():
                attacks.delete(Checkpoint, key)
                assert is_named(look(), "checkpoint", key, "deleted")
            with undone():
                attacks.insert(Checkpoint, {**attacks.raw(Checkpoint, key), "size": key + 1_000})
                assert is_named(look(), "rewritten", key)

        assert found >= 24

    def test_a_row_deleted_together_with_its_file(self, defenceless, checkpoint_files):
        for path, key in zip(checkpoint_files, attacks.keys_of(Checkpoint), strict=True):
            path.unlink()
            with undone():
                attacks.delete(Checkpoint, key)
                assert is_named(look(), "checkpoint", key, "missing")

    def test_a_file_deleted(self, defenceless, checkpoint_files):
        for path in checkpoint_files:
            path.unlink()
            assert is_named(look(), "checkpoint", int(path.stem), "gone")

    def test_a_file_changed_in_any_byte(self, defenceless, checkpoint_files):
        contents = {path: path.read_bytes() for path in checkpoint_files}
        each_file = [
            [(path, at) for at in range(n % 9, len(content), 9)] for n, (path, content) in enumerate(contents.items())
        ]
        found = 0

        for together in attacks.rounds(*each_file):
            for path, at in together:
                content = contents[path]
                path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            problems = look(check_signatures=False)
            for path, at in together:
                assert is_named(problems, "checkpoint", int(path.stem), path.name), (path, at)
                found += 1

        print(f"\nbytes of checkpoint files changed and found: {found}")
        assert found > 250

    def test_a_file_with_a_byte_more_or_less(self, defenceless, checkpoint_files):
        path = checkpoint_files[1]
        content = path.read_bytes()

        for damaged in (b"", content[:-1], content + b"\n", content.replace(b"\n", b"\r\n"), b" " + content):
            path.write_bytes(damaged)
            assert is_named(look(), "checkpoint", int(path.stem), "damaged")

    def test_a_foreign_file(self, defenceless, checkpoint_files):
        first, second = checkpoint_files[:2]
        foreign = checkpoints.write_note("f" * 32, int(first.stem), "0" * 64, keys.signer())

        first.write_text(foreign)
        assert is_named(look(), "checkpoint", int(first.stem), "of another ledger")

        first.write_text(second.read_text())
        assert is_named(look(), "checkpoint", int(first.stem), "another size")

        first.with_name("000000000007.txt").write_text(second.read_text())
        assert is_named(look(), "checkpoint", 7, "another size")


def test_every_file_and_note_is_signed_in_one_spelling(story, checkpoint_files):
    """Base64 has spare bits: a signature in another spelling would be a change that nobody sees."""
    event = LedgerEvent.objects.order_by("position").first()
    other = respelled(event.signature)
    note = Checkpoint.objects.order_by("size").first().note

    assert base64.b64decode(other) == base64.b64decode(event.signature)
    with pytest.raises(checkpoints.BadNote):
        checkpoints.read_note(note.replace(note.split(" ")[-1].strip(), respelled(note.split(" ")[-1].strip())))


def respelled(text: str) -> str:
    """Return another base64 text of the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    padding = len(text) - len(text.rstrip("="))
    last = text.rstrip("=")[-1]
    return text.rstrip("=")[:-1] + alphabet[alphabet.index(last) ^ 1] + "=" * padding
