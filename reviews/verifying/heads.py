"""The end of the ledger: the head row, and the checkpoints in the database and outside it."""

import os
import re
import time
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from articles.text.canonical import canonical
from reviews.evidence.ledger import checkpoints, keys
from reviews.models.ledger import Checkpoint, LedgerEvent, LedgerHead
from reviews.verifying.chain import Chain
from reviews.verifying.problem import Report

PATIENCE = 1.0  # seconds to wait for a file after the commit of its checkpoint


class File(NamedTuple):
    """A checkpoint outside the database."""

    text: str
    note: checkpoints.Note


class Stored(NamedTuple):
    """A checkpoint in the database."""

    ledger_id: str
    root: str
    note: str


def check_head(chain: Chain, report: Report) -> None:
    """Compare the head row with the end of the chain."""
    names = ("id", "position", "ledger_id", "hash", "key_id", "frontier")
    table = LedgerHead._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY id")  # noqa: S608 (names from the model)
        rows = cursor.fetchall()
    key_id = keys.key_id_of(chain.key) if chain.key else ""
    expected = (1, chain.size, chain.ledger_id, chain.head, key_id, canonical(chain.tree.frontier))
    if not rows or rows[0][0] != 1:
        report.add(chain.size, "head", "The row that says where the ledger ends is missing.")
    elif rows[0][1] != chain.size:
        says = rows[0][1]
        first = min(says, chain.size) + 1 if isinstance(says, int) else 1
        report.add(
            first, "head", f"The ledger says that it ends at event {says}, but the last event is {chain.size}."
        )  # fmt: skip
    elif rows[0] != expected or len(rows) > 1:
        report.add(chain.size, "head", "The row that says where the ledger ends was changed.")


def read_stored(report: Report) -> dict[int, Stored]:
    """Return the checkpoints in the database, by size."""
    stored = {}
    for size, *values in Checkpoint.objects.values_list("size", "ledger_id", "root", "note"):
        report.checkpoints += 1
        if type(size) is int and all(isinstance(value, str) for value in values):
            stored[size] = Stored(*values)
        else:
            report.add(0, "checkpoint", f"What stands among the checkpoints at {size!r} is none.")
    return stored


def read_files(report: Report, public_key: str) -> dict[int, File]:
    """
    Return the checkpoint files, by size. Call before the database's snapshot is taken.

    Otherwise a checkpoint made in between would look like one deleted from the database.
    """
    files: dict[int, File] = {}
    ledgers = ledger_ids()
    _check_no_ledger_was_lost(ledgers, report, public_key)
    for ledger in ledgers:
        for place in checkpoints.places():
            _read_files_of(place / ledger, files, report)
    return files


def _read_files_of(folder: Path, files: dict[int, File], report: Report) -> None:
    """Add the checkpoints of a folder to `files`; report those that differ from the same file in an earlier folder."""
    own = set()
    for name, data in read_folder(folder):
        report.checkpoint_files += 1
        text = data.decode("utf-8", "surrogateescape")
        position = int(name[:-4]) if re.fullmatch("[0-9]{1,18}[.]txt", name) else 0
        try:
            note = checkpoints.read_note(text)
        except checkpoints.BadNote as error:
            report.add(position, "checkpoint", f"The checkpoint file {name} is damaged: {error}.")
            continue
        if name != checkpoints.file_name(note.size) or note.size in own:
            report.add(position, "checkpoint", f"The checkpoint file {name} is of another size, {note.size}.")
            continue
        own.add(note.size)
        if files.setdefault(note.size, File(text, note)).text != text:
            report.add(
                note.size, "checkpoint", f"The checkpoint file {name} in {folder} is not that of the other folder."
            )


def check_checkpoints(
    chain: Chain, stored: dict[int, Stored], files: dict[int, File], report: Report, *, check_signatures: bool
) -> None:
    """Check that every checkpoint, in the database and outside it, is the head of the chain at its size."""
    for size, checkpoint in stored.items():
        if (checkpoint.ledger_id, checkpoint.root) != (chain.ledger_id, chain.roots.get(size)):
            report.add(size, "checkpoint", f"The checkpoint at {size} does not fit the ledger.")
        _check_stored(size, checkpoint, files.get(size), chain, report, check_signatures)
    for size, file in files.items():
        name = checkpoints.file_name(size)
        if size not in stored or stored[size].note != file.text:
            _check_note(size, file.note, f"The checkpoint file {name}", chain, report, check_signatures)
        if size not in stored:
            report.add(size, "checkpoint", f"The checkpoint at {size} was deleted; its file {name} is still there.")
        elif stored[size].note != file.text:
            report.add(size, "checkpoint", f"The checkpoint at {size} is another one in its file {name}.")
    for position in chain.wants_checkpoint:
        if position not in stored:
            report.add(position, "checkpoint", f"Event {position} was signed as a checkpoint, which is missing.")
    _check_files_are_there(chain.ledger_id, set(stored) - set(files), report)


def read_folder(folder: Path) -> list[tuple[str, bytes]]:
    """Return the names and contents of the folder's text files, in order of the names."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        found = sorted((entry.name, entry.path) for entry in entries if entry.name.endswith(".txt"))
    return [(name, _read(path)) for name, path in found]


def _read(path: str) -> bytes:
    with open(path, "rb", buffering=0) as file:
        return file.read()


def ledger_ids() -> list[str]:
    """Return the ledger's ids in the head and in the first event: one id, unless one was changed."""
    first = LedgerEvent.objects.order_by("position").values_list("ledger_id", flat=True)[:1]
    head = LedgerHead.objects.values_list("ledger_id", flat=True)
    return sorted({name for name in [*first, *head] if isinstance(name, str) and re.fullmatch("[0-9a-f]{32}", name)})


def _check_no_ledger_was_lost(ledgers: list[str], report: Report, public_key: str) -> None:
    """Report each ledger signed by our key that is not in the database, for example because a new one was started."""
    for folder in [folder for place in checkpoints.places() for folder in sorted(place.glob("*/"))]:
        if folder.name in ledgers:
            continue
        signed = [size for path in sorted(folder.glob("*.txt"))[-1:] if (size := _signed_size(path, public_key))]
        for size in signed:
            message = (
                f"The folder {folder} holds checkpoints of a ledger of {size} events, signed with this site's key, and "
                "the database does not hold that ledger. Bring back the database that does; if that ledger was given "
                "up, move its folder away."
            )
            report.add(1, "rollback", message)


def _signed_size(path: Path, public_key: str) -> int:
    """Return the number of events at a checkpoint file; 0 if it is no checkpoint or not signed with our key."""
    try:
        note = checkpoints.read_note(path.read_bytes().decode("utf-8", "surrogateescape"))
    except checkpoints.BadNote:
        return 0
    return note.size if checkpoints.is_signed_by(note, public_key) else 0


def _check_stored(
    size: int, stored: Stored, file: File | None, chain: Chain, report: Report, check_signatures: bool
) -> None:
    name = f"The checkpoint at {size}"
    try:
        note = file.note if file and file.text == stored.note else checkpoints.read_note(stored.note)
    except checkpoints.BadNote as error:
        report.add(size, "checkpoint", f"{name} is damaged: {error}.")
    else:
        _check_note(size, note, name, chain, report, check_signatures)


def _check_note(
    size: int, note: checkpoints.Note, name: str, chain: Chain, report: Report, check_signatures: bool
) -> None:
    if note.origin != checkpoints.origin(chain.ledger_id):
        report.add(size, "checkpoint", f"{name} is of another ledger.")
    if note.size > chain.size:
        report.add(chain.size + 1, "rollback", f"{name} was signed at {note.size} events; the ledger has {chain.size}.")
    elif note.size != size or note.root != chain.roots.get(note.size):
        report.add(note.size, "rewritten", f"{name} was signed over other events than those that are there.")
    if check_signatures and not any(checkpoints.is_signed_by(note, public) for public in chain.keys.values()):
        report.add(size, "checkpoint", f"{name} is not signed with a key of this ledger.")


def _check_files_are_there(ledger_id: str, sizes: set[int], report: Report) -> None:
    """Report each stored checkpoint without a file; wait a moment for those just committed."""
    sizes = sizes - checkpoints.waiting_for_commit()
    until = time.monotonic() + PATIENCE
    while missing := [size for size in sorted(sizes) if not checkpoints.path_of(ledger_id, size).exists()]:
        if time.monotonic() > until:
            break
        time.sleep(0.02)
    for size in missing:
        report.add(size, "checkpoint", f"The file of the checkpoint at {size} is gone: run “manage.py checkpoint”.")
