"""
Continuing the ledger after the restore of an older backup.

The later events are lost, and checkpoints kept elsewhere show it: to a verification it looks like a rollback by an
attacker. The holder of the ledger's key can declare the restore in an event, which names each lost checkpoint and can
never be removed.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from reviews.evidence import ledger
from reviews.evidence.ledger import checkpoints, keys, merkle
from reviews.models import LedgerEvent, LedgerHead
from reviews.models.actions import Action
from reviews.operations.backup import Refused
from reviews.verifying import heads, restored, verify


class Found(NamedTuple):
    """A checkpoint file that was kept: its path, its bytes, its parsed note, and its SHA-256."""

    path: Path
    data: bytes
    note: checkpoints.Note
    sha256: str


def accept(*, reason: str, folder: Path | None = None, later_keys: Sequence[str] = ()) -> LedgerEvent:
    """
    Record the restore of an older backup and the lost checkpoints in an event, and move the lost files.

    `folder` has checkpoints kept outside CHECKPOINT_DIR. `later_keys` are public keys to which the key was rotated
    after the backup: the restored database does not have them. Raise Refused, and leave nothing behind, if there is no
    reason, nothing is lost, the configured key is not the ledger's or the ledger has any other problem; also if a kept
    checkpoint is damaged, of another history or not signed with a key of the ledger.
    """
    if not reason.strip():
        raise Refused("Say with --reason why an older backup was restored.")
    head = LedgerHead.objects.filter(pk=1).first()
    if head is None or not head.position:
        raise Refused("The database holds no ledger: restore a backup first.")
    _require_key(head)
    try:
        lost = _lost(head, _found(head, folder), [*checkpoints.public_keys(), *later_keys])
    except OSError as error:
        raise Refused(f"The checkpoints in {error.filename} cannot be read: {error.strerror}.") from error
    _require_nothing_else(lost)
    kept: list[Path] = []
    try:
        _keep(head, lost, kept)
        return _write(head, lost, reason.strip(), kept)
    except OSError as error:
        raise Refused(f"The lost checkpoints could not be copied: {error.strerror or error}.") from error
    finally:
        for path in kept:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # the folder has other files
                path.parent.rmdir()


def _require_key(head: LedgerHead) -> None:
    try:
        key_id = keys.signer().key_id
    except ImproperlyConfigured as error:
        raise Refused(str(error)) from error
    if key_id != head.key_id:
        raise Refused(f"The ledger is signed with key {head.key_id}, but the configured key is {key_id}.")


def _found(head: LedgerHead, folder: Path | None) -> list[Found]:
    """Return all checkpoint files that were kept, each note once."""
    own = checkpoints.folder(head.ledger_id)
    paths = [*_texts(own), *(file.path for file in restored.read_files([head.ledger_id]))]
    if folder is not None:
        if not folder.is_dir():
            raise Refused(f"The folder {folder} does not exist.")
        inner = folder / head.ledger_id
        given = sorted(_texts_below(inner if inner.is_dir() else folder))
        if not given:
            raise Refused(f"The folder {folder} holds no checkpoint of this ledger.")
        paths += given
    found: dict[str, Found] = {}
    for path in paths:
        data = path.read_bytes()
        text = data.decode("utf-8", "surrogateescape")
        try:
            note = checkpoints.read_note(text)
        except checkpoints.BadNote as error:
            raise Refused(f"The checkpoint file {path} is damaged: {error}.") from error
        sha256 = restored.digest(text)
        found.setdefault(sha256, Found(path, data, note, sha256))
    return list(found.values())


def _texts_below(folder: Path) -> list[Path]:
    """Return all text files in the folder and below; raise OSError for an unreadable folder."""

    def stop(error: OSError) -> None:
        raise error

    return [
        Path(inside) / name
        for inside, _, names in os.walk(folder, onerror=stop, followlinks=True)
        for name in names
        if name.endswith(".txt")
    ]


def _texts(folder: Path) -> list[Path]:
    return [folder / name for name, _ in heads.read_folder(folder)]


def _lost(head: LedgerHead, found: list[Found], publics: list[str]) -> list[Found]:
    """Return the checkpoints beyond the end of the ledger, by size; raise Refused for one of another history."""
    named, roots = restored.named(), _roots(head, {each.note.size for each in found})
    lost = []
    for each in sorted(found, key=lambda each: (each.note.size, each.sha256)):
        if each.sha256 in named:
            continue
        if each.note.origin != checkpoints.origin(head.ledger_id):
            raise Refused(f"The checkpoint file {each.path} is of another ledger.")
        if not any(checkpoints.is_signed_by(each.note, public) for public in publics):
            raise Refused(
                f"The checkpoint file {each.path} is signed with none of the keys that the restored ledger knows. If "
                "the ledger was handed over to another key after the backup, name its public half with --later-key; "
                "otherwise the file does not prove a loss."
            )
        if each.note.size > head.position:
            lost.append(each)
        elif each.note.root != roots[each.note.size]:
            raise Refused(
                f"The checkpoint file {each.path} was signed over events other than those in the database: the "
                "database is not an earlier state of that ledger."
            )
    if not lost:
        raise Refused("Nothing of this ledger is lost: none of the checkpoints found is newer than the database.")
    return lost


def _roots(head: LedgerHead, sizes: set[int]) -> dict[int, str]:
    tree, roots = merkle.Tree(), {0: merkle.root([])}
    for digest in LedgerEvent.objects.order_by("position").values_list("hash", flat=True).iterator(chunk_size=5000):
        tree.add(digest)
        if tree.size in sizes:
            roots[tree.size] = tree.root()
    return roots


def _require_nothing_else(lost: list[Found]) -> None:
    report = verify(lost=frozenset(each.sha256 for each in lost))
    if first := report.first:
        raise Refused(
            f"The ledger has problems that a restore does not explain, first at {first.position}: {first.message}"
        )


def _keep(head: LedgerHead, lost: list[Found], kept: list[Path]) -> None:
    """Copy the lost checkpoints to their folder, and add the copies to `kept`; skip those already there."""
    own = checkpoints.folder(head.ledger_id)
    target = restored.folder(head.ledger_id, head.position)
    target.mkdir(parents=True, exist_ok=True)
    for each in lost:
        path = target / restored.file_name(each.note.size, each.sha256)
        if each.path.parent.parent == own or path.exists():
            continue
        kept.append(path)
        with open(path, "xb") as file:
            file.write(each.data)
            file.flush()
            os.fsync(file.fileno())


def _write(head: LedgerHead, lost: list[Found], reason: str, kept: list[Path]) -> LedgerEvent:
    """Append the event; after its commit the copies are kept, and the originals are moved too."""
    named = [{"size": each.note.size, "root": each.note.root, "note_sha256": each.sha256} for each in lost]
    payload = {"ends_at": head.position, "lost_until": lost[-1].note.size, "lost": named}
    with transaction.atomic(durable=True):
        if LedgerHead.objects.select_for_update().get(pk=1).position != head.position:
            raise Refused("A step was taken in the meantime: stop the site, check the ledger, and try again.")
        transaction.on_commit(lambda: restored.put_apart(head.ledger_id), robust=True)  # before the new file
        event = ledger.append(Action.RESTORE_ACCEPTED, actor=None, payload=payload, private={"reason": reason})
    kept.clear()
    return event
