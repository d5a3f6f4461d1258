"""
Going on after an older backup was restored.

What came after it is lost, and the checkpoints kept elsewhere show it: to a verification that looks as if somebody had
put an old database in place of the true one. Whoever holds the ledger's key can say openly that it was a restore, in
an event that names each lost checkpoint and that nobody can take back.
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
    """A checkpoint file that was kept: its path, its bytes, what it says, and the SHA-256 of it."""

    path: Path
    data: bytes
    note: checkpoints.Note
    sha256: str


def accept(*, reason: str, folder: Path | None = None, later_keys: Sequence[str] = ()) -> LedgerEvent:
    """
    Write down that an older backup was restored and what was lost, and lay the lost checkpoints apart.

    `folder` holds checkpoints kept elsewhere, beside those of CHECKPOINT_DIR; `later_keys` are public keys that the
    ledger was handed over to after the backup, of which the restored database knows nothing. Refuse, leaving nothing
    behind, without a reason, when nothing is lost, when a kept checkpoint is damaged, of another history or not signed
    with a key of the ledger, when the key at hand is not the ledger's, and when anything else is wrong with the ledger.
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
        raise Refused(f"The lost checkpoints could not be laid apart: {error.strerror or error}.") from error
    finally:
        for path in kept:
            path.unlink(missing_ok=True)
            with suppress(OSError):  # as long as others are in it
                path.parent.rmdir()


def _require_key(head: LedgerHead):
    try:
        key_id = keys.signer().key_id
    except ImproperlyConfigured as error:
        raise Refused(str(error)) from error
    if key_id != head.key_id:
        raise Refused(f"The ledger is signed with key {head.key_id}, but the key at hand is {key_id}.")


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
    found = {}
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
    """Return all text files in the folder and below; raise OSError for a folder that may not be read."""

    def stop(error: OSError):
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
    """Return what is beyond the end of the ledger, by size; refuse what is not of this ledger and its history."""
    told, roots = restored.named(), _roots(head, {each.note.size for each in found})
    lost = []
    for each in sorted(found, key=lambda each: (each.note.size, each.sha256)):
        if each.sha256 in told:
            continue
        if each.note.origin != checkpoints.origin(head.ledger_id):
            raise Refused(f"The checkpoint file {each.path} is of another ledger.")
        if not any(checkpoints.is_signed_by(each.note, public) for public in publics):
            raise Refused(
                f"The checkpoint file {each.path} is signed with none of the keys that the restored ledger knows. If "
                "the ledger was handed over to another key after the backup, name its public half with --later-key; "
                "else the file is no proof of a loss."
            )
        if each.note.size > head.position:
            lost.append(each)
        elif each.note.root != roots[each.note.size]:
            raise Refused(
                f"The checkpoint file {each.path} was signed over other events than those that are there: the database "
                "is no earlier state of that ledger."
            )
    if not lost:
        raise Refused("Nothing of this ledger is lost: no checkpoint of it at hand is newer than the database.")
    return lost


def _roots(head: LedgerHead, sizes: set[int]) -> dict[int, str]:
    tree, roots = merkle.Tree(), {0: merkle.root([])}
    for digest in LedgerEvent.objects.order_by("position").values_list("hash", flat=True).iterator(chunk_size=5000):
        tree.add(digest)
        if tree.size in sizes:
            roots[tree.size] = tree.root()
    return roots


def _require_nothing_else(lost: list[Found]):
    report = verify(lost=frozenset(each.sha256 for each in lost))
    if not report.is_whole:
        raise Refused(
            f"More is wrong with the ledger than what a restore explains, first at {report.first.position}: "
            f"{report.first.message}"
        )


def _keep(head: LedgerHead, lost: list[Found], kept: list[Path]):
    """Copy the lost checkpoints to where they belong, and list the copies; those that lie there already stay."""
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
    """Append the event; once it is there the copies stay, and the originals leave the other checkpoints."""
    named = [{"size": each.note.size, "root": each.note.root, "note_sha256": each.sha256} for each in lost]
    payload = {"ends_at": head.position, "lost_until": lost[-1].note.size, "lost": named}
    with transaction.atomic(durable=True):
        if LedgerHead.objects.select_for_update().get(pk=1).position != head.position:
            raise Refused("A step was taken meanwhile: stop the site, look at the ledger, and try again.")
        transaction.on_commit(lambda: restored.put_apart(head.ledger_id), robust=True)  # before the new file
        event = ledger.append(Action.RESTORE_ACCEPTED, actor=None, payload=payload, private={"reason": reason})
    kept.clear()
    return event
