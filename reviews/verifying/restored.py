"""
Restores of an older backup: lost checkpoints are no problem once a signed event names them.

The event names each by size, root and SHA-256. Their files are moved to `lost-after-<position>/`, because the ledger
grows again and makes checkpoints of the same sizes.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from reviews.evidence.ledger import checkpoints
from reviews.models.actions import Action
from reviews.models.ledger import LedgerEvent
from reviews.verifying import heads
from reviews.verifying.chain import Event
from reviews.verifying.problem import Report, Restore

FOLDER = re.compile("lost-after-([0-9]{1,18})")
SHA256 = re.compile("[0-9a-f]{64}")


class LostFile(NamedTuple):
    """A file in a folder of lost checkpoints: the event in the folder's name, its path, the SHA-256 of its note."""

    after: int
    path: Path
    sha256: str


class Restores:
    """The restores recorded by the events, and the files of lost checkpoints."""

    def __init__(self, files: list[LostFile], about_to_be_named: frozenset[str] = frozenset()) -> None:
        self._files, self._named = files, {0: about_to_be_named}
        self._restores: list[Restore] = []

    def learn(self, event: Event) -> None:
        """Read one event; raise ValueError if the restore it records is impossible."""
        if event.action != Action.RESTORE_ACCEPTED:
            return
        lost = event.payload["lost"]
        restore = Restore(event.position, event.payload["ends_at"], event.payload["lost_until"], len(lost))
        sizes = [each["size"] for each in lost]
        if restore.ended_at != event.position - 1 or restore.lost_until != max(sizes) or min(sizes) <= restore.ended_at:
            raise ValueError("what was lost does not begin where the ledger ended")
        self._named[event.position] = frozenset(each["note_sha256"] for each in lost)
        self._restores.append(restore)

    def set_aside(
        self, files: dict[int, heads.File], stored: dict[int, heads.Stored], report: Report
    ) -> dict[int, heads.File]:
        """
        Return the files without those of lost checkpoints; report each file among the lost ones that no event names.

        An event with any problem names nothing: it may be forged. A damaged checkpoint at its position does not count.
        """
        wrong = {problem.position for problem in report.problems if problem.kind != "checkpoint"}
        report.restored = [restore for restore in self._restores if restore.position not in wrong]
        named = {sha256 for position, each in self._named.items() if position not in wrong for sha256 in each}
        for file in self._files:
            if file.sha256 not in named:
                where = f"{file.path.parent.name}/{file.path.name}"
                message = f"No event names the checkpoint file {where} as one that was lost."
                report.add(file.after + 1, "rollback", message)
        kept = {size: file for size, file in files.items() if digest(file.text) not in named}
        for size in sorted((files.keys() - kept.keys()) & stored.keys()):
            message = f"The file of the checkpoint at {size} is one that was lost: run “manage.py checkpoint”."
            report.add(size, "checkpoint", message)
        return kept


def digest(note: str) -> str:
    return hashlib.sha256(note.encode("utf-8", "surrogateescape")).hexdigest()


def folder(ledger_id: str, after: int) -> Path:
    """Return the folder of the checkpoint files that were lost by a restore to this event."""
    return checkpoints.folder(ledger_id) / f"lost-after-{after}"


def file_name(size: int, sha256: str) -> str:
    """Return a file name that is unique to the note: checkpoints of the same size can be lost repeatedly."""
    return f"{size:012d}-{sha256[:16]}.txt"


def read_files(ledgers: Iterable[str] | None = None) -> list[LostFile]:
    """Return the files of lost checkpoints. Call before the database's snapshot is taken."""
    places = [checkpoints.folder(ledger) for ledger in (heads.ledger_ids() if ledgers is None else ledgers)]
    found = [(path, FOLDER.fullmatch(path.name)) for place in places if place.is_dir() for path in place.iterdir()]
    return [
        LostFile(int(after[1]), path / name, hashlib.sha256(data).hexdigest())
        for path, after in sorted((path, after) for path, after in found if after)
        for name, data in heads.read_folder(path)
    ]


def named() -> dict[str, tuple[int, int]]:
    """Return (last event of the backup, size) of every note that an event names as lost, by the note's SHA-256."""
    restores = LedgerEvent.objects.filter(action=Action.RESTORE_ACCEPTED).order_by("position")
    payloads = [json.loads(payload) for payload in restores.values_list("payload", flat=True)]
    return {each["note_sha256"]: (payload["ends_at"], each["size"]) for payload in payloads for each in payload["lost"]}


def put_apart(ledger_id: str) -> int:
    """Move the files of lost checkpoints out of the ledger's folder into their own; return their number."""
    lost = named()
    moved = 0
    for name, data in heads.read_folder(checkpoints.folder(ledger_id)) if lost else []:
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 in lost:
            after, size = lost[sha256]
            folder(ledger_id, after).mkdir(exist_ok=True)
            os.replace(checkpoints.folder(ledger_id) / name, folder(ledger_id, after) / file_name(size, sha256))
            moved += 1
    return moved
