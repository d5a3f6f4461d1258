"""Checkpoints: the C2SP note by an independent parser, the files, and what they prove."""

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from reviews.evidence.ledger import checkpoints, keys, merkle
from reviews.models import Checkpoint, LedgerEvent, LedgerHead
from reviews.verifying import verify
from tests import factories


def parse(text: str) -> tuple[str, int, bytes, list[tuple[str, bytes, bytes]]]:
    """Read a note as c2sp.org/signed-note and c2sp.org/tlog-checkpoint say: origin, size, root, signatures."""
    assert text.endswith("\n")
    body, lines = text.rsplit("\n\n", 1)
    origin, size, root, *extensions = body.split("\n")
    signatures = []
    for line in lines.splitlines():
        dash, name, blob = line.split(" ")
        assert dash == "\u2014"
        data = base64.b64decode(blob, validate=True)
        signatures.append((name, data[:4], data[4:]))
    assert extensions == []
    assert str(int(size)) == size
    return origin, int(size), base64.b64decode(root, validate=True), signatures


def test_every_note_is_a_c2sp_checkpoint_of_the_tree_at_its_size(story):
    hashes = list(LedgerEvent.objects.order_by("position").values_list("hash", flat=True))
    public = keys.signer().public

    for row in Checkpoint.objects.all():
        origin, size, root, [(name, key_hash, signature)] = parse(row.note)
        assert (origin, name, size) == (f"imprimatur/{row.ledger_id}", origin, row.size)
        assert root.hex() == row.root == merkle.root_of(hashes[:size])
        assert key_hash == hashlib.sha256(f"{name}\n".encode() + b"\x01" + bytes.fromhex(public)).digest()[:4]
        body = row.note[: row.note.index("\n\n") + 1].encode()
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, body)
    assert Checkpoint.objects.count() > 5


@pytest.mark.parametrize(
    "verifier",
    [
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # Go's documentation of signed notes
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",  # Go's checksum database
    ],
)
def test_the_key_hash_is_that_of_well_known_keys(verifier):
    name, key_hash, blob = verifier.split("+", 2)

    assert checkpoints.key_hash(name, base64.b64decode(blob)[1:].hex()).hex() == key_hash


def test_every_signature_recusal_and_comment_of_the_board_has_a_checkpoint(story):
    always = ["decided", "recused", "published", "notice_issued", "approval_withdrawn", "attested"]
    sizes = set(Checkpoint.objects.values_list("size", flat=True))
    events = {event.pk: event for event in LedgerEvent.objects.all()}

    assert {event.pk for event in events.values() if event.action in always} <= sizes
    assert {events[size].action for size in sizes} - {"checkpoint_made"} == {*always, "commented", "comment_resolved"}
    by_authors = [pk for pk, event in events.items() if event.action == "commented" and pk not in sizes]
    no_reviewers = {str(story.people[name].pk) for name in ("author", "editor")}
    assert {factories.actor_of(events[pk]) for pk in by_authors} <= no_reviewers
    assert all('"checkpoint":true' in events[size].payload for size in sizes)


def test_the_files_are_the_notes_to_the_byte(story, checkpoint_files):
    notes = [note.encode() for note in Checkpoint.objects.order_by("size").values_list("note", flat=True)]

    assert [path.read_bytes() for path in checkpoint_files] == notes
    assert [int(path.stem) for path in checkpoint_files] == list(Checkpoint.objects.values_list("size", flat=True))


def test_an_existing_file_is_never_written_over(story, checkpoint_files):
    checkpoint_files[0].write_text("kept")

    checkpoints.write_file(Checkpoint.objects.order_by("size").first())

    assert checkpoint_files[0].read_text() == "kept"


def test_missing_files_are_written_again_and_counted(story, checkpoint_files):
    for path in checkpoint_files[:2]:
        path.unlink()

    assert checkpoints.write_missing_files(LedgerHead.objects.get().ledger_id) == 2
    assert checkpoints.write_missing_files(LedgerHead.objects.get().ledger_id) == 0
    assert verify().problems == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n— ",
        "a\n1\nAAAA\n\n— b AAAA\n",
        "a\n01\nAAAA\n\n— a AAAA\n",
        "a\n²\nAAAA\n\n— a AAAA\n",
        "a\n٣\nAAAA\n\n— a AAAA\n",
        "a\n1\nAAB=\n\n— a AAAA\n",
        "a\n1\nAAAA\n\n— a AAAA",
        "a\n1\nAAAA\n\n— a AAAA\n— a AAAA\n",
        "a\r\n1\r\nAAAA\r\n\r\n— a AAAA\r\n",
    ],
)
def test_what_is_not_spelled_as_a_note_is_none(text):
    with pytest.raises(checkpoints.BadNote):
        checkpoints.read_note(text)


def _refuse(checkpoint):
    raise PermissionError(13, "Permission denied")


def test_a_folder_that_the_site_may_not_use_is_told(story, monkeypatch):
    folder = checkpoints.folder(LedgerHead.objects.get().ledger_id)
    assert checkpoints.unusable() == ""

    monkeypatch.setattr(checkpoints.os, "access", lambda path, mode: path.name != folder.name)
    assert "the site's user may not use" in checkpoints.unusable()
    assert checkpoints.unusable().endswith(f"/{folder.name}.")

    monkeypatch.setattr(checkpoints.Path, "iterdir", lambda path: _refuse(path))
    assert checkpoints.unusable() == "The folder of the checkpoints cannot be read: Permission denied."


def test_a_further_place_that_the_site_may_not_use_is_told(story, settings, tmp_path, monkeypatch):
    settings.CHECKPOINT_COPIES = [tmp_path / "second", tmp_path / "third"]
    for place in settings.CHECKPOINT_COPIES:
        place.mkdir()
    assert checkpoints.unusable() == ""

    monkeypatch.setattr(checkpoints.os, "access", lambda path, mode: path.name != "third")

    assert checkpoints.unusable().endswith(f"the site's user may not use {tmp_path / 'third'}.")


def test_a_second_place_has_the_same_files_and_is_filled_when_it_is_added(story, checkpoint_files, settings, tmp_path):
    settings.CHECKPOINT_COPIES = [tmp_path / "elsewhere"]
    ledger_id = LedgerHead.objects.get().ledger_id

    assert checkpoints.write_missing_files(ledger_id) == len(checkpoint_files)
    copies = sorted((tmp_path / "elsewhere" / ledger_id).glob("*.txt"))
    assert [path.read_bytes() for path in copies] == [path.read_bytes() for path in checkpoint_files]
    assert verify().problems == []

    copies[0].write_bytes(copies[1].read_bytes())
    assert "is of another size" in verify().problems[0].message
    copies[0].write_bytes(checkpoint_files[0].read_bytes().replace(b"imprimatur/", b"imprimatuR/"))
    assert [problem.kind for problem in verify().problems] == ["checkpoint"]


def test_a_checkpoint_is_on_the_disk_before_it_has_its_name(story, checkpoint_files, monkeypatch):
    done = []
    sync, rename = checkpoints.os.fsync, checkpoints.os.rename
    monkeypatch.setattr(checkpoints.os, "fsync", lambda file: (done.append("synced"), sync(file)))
    monkeypatch.setattr(checkpoints.os, "rename", lambda *paths: (done.append("named"), rename(*paths)))
    checkpoint_files[0].unlink()

    checkpoints.write_file(Checkpoint.objects.order_by("size").first())

    assert done == ["synced", "named"]
