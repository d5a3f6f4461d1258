"""
Signed heads of the ledger, kept in the database and outside it.

The format is the C2SP tlog-checkpoint: origin, size, Merkle root in base64, an empty line, and the signature line of
a signed note (c2sp.org/tlog-checkpoint, c2sp.org/signed-note).
"""

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction

from reviews.evidence.ledger import keys, merkle
from reviews.models.actions import Action
from reviews.models.ledger import Checkpoint, LedgerEvent, LedgerHead

NAME_A_KEY = (Action.LEDGER_STARTED, Action.KEY_ROTATED)
ED25519 = b"\x01"
LEDGER = re.compile("[0-9a-f]{32}")  # the id of a ledger, and the name of its folder
LAST = "[AEIMQUYcgkosw048]="  # the end of the base64 of 32 or of 68 bytes
NOTE = re.compile(
    rf"""((.+)\n(0|[1-9][0-9]{{0,17}})\n([A-Za-z0-9+/]{{42}}{LAST})\n)\n— \2 ([A-Za-z0-9+/]{{90}}{LAST})\n"""
)


class Note(NamedTuple):
    """The parts of a checkpoint: the root in hexadecimal, the body as signed."""

    origin: str
    size: int
    root: str
    body: bytes
    signature: bytes
    key_hash: bytes


class BadNote(ValueError):
    """Raised for a text that is not a checkpoint; the message is a clause with the reason."""


def origin(ledger_id: str) -> str:
    return f"imprimatur/{ledger_id}"


def key_hash(name: str, public: str) -> bytes:
    """Return the four bytes that identify the key in a signed note."""
    text = name.encode("utf-8", "surrogatepass")
    return hashlib.sha256(text + b"\n" + ED25519 + bytes.fromhex(public)).digest()[:4]


def write_note(ledger_id: str, size: int, root: str, signer: keys.Signer) -> str:
    """Return the signed note for a ledger of `size` events with this Merkle root (hexadecimal)."""
    name = origin(ledger_id)
    body = f"{name}\n{size}\n{base64.b64encode(bytes.fromhex(root)).decode()}\n"
    signature = base64.b64encode(key_hash(name, signer.public) + signer.sign(body.encode())).decode()
    return f"{body}\n— {name} {signature}\n"


def read_note(text: str) -> Note:
    """
    Return the parts of a signed note; raise BadNote unless it has exactly the format of `write_note`.

    The signature is not checked.
    """
    found = NOTE.fullmatch(text)
    if not found:
        raise BadNote("it is not spelled as a checkpoint is")
    body, name, size, root, signature = found.groups()
    blob = base64.b64decode(signature)
    return Note(
        name, int(size), base64.b64decode(root).hex(), body.encode("utf-8", "surrogatepass"), blob[4:], blob[:4]
    )


def is_signed_by(note: Note, public: str) -> bool:
    """Tell whether the note is signed with the private key of this public key."""
    return note.key_hash == key_hash(note.origin, public) and keys.verifies(public, note.signature, note.body)


def is_ours(checkpoint: Checkpoint, publics: list[str]) -> bool:
    """Tell whether a stored checkpoint is the note of its own ledger and size, signed with one of these keys."""
    try:
        note = read_note(checkpoint.note)
    except BadNote:
        return False
    is_its_own = (note.origin, note.size) == (origin(checkpoint.ledger_id), checkpoint.size)
    return is_its_own and any(is_signed_by(note, public) for public in publics)


def public_keys() -> list[str]:
    """Return every public key named in the stored ledger, in order."""
    events = LedgerEvent.objects.filter(action__in=NAME_A_KEY).values_list("payload", flat=True)
    return [json.loads(payload)["public_key"] for payload in events]


def made(head: LedgerHead, signer: keys.Signer) -> Checkpoint:
    """
    Sign the ledger's head, and return the checkpoint.

    The caller stores it in the transaction that holds the head's lock. Its file is written after the commit.
    """
    root = merkle.root(head.frontier)
    note = write_note(head.ledger_id, head.position, root, signer)
    checkpoint = Checkpoint(size=head.position, ledger_id=head.ledger_id, root=root, note=note)
    transaction.on_commit(_writing(checkpoint), robust=True)
    return checkpoint


def _writing(checkpoint: Checkpoint) -> Callable[[], None]:
    """Return a function that writes the file and has the `size`. (Django logs the function's name if it fails.)"""

    def write() -> None:
        write_file(checkpoint)

    write.__dict__["size"] = checkpoint.size
    return write


def unusable() -> str:
    """Return a sentence if this process cannot read or write a folder of checkpoints, else ""."""
    return next(filter(None, map(_unusable, places())), "")


def _unusable(top: Path) -> str:
    try:
        folders = [top] if top.is_dir() else [next(each for each in top.parents if each.is_dir())]
        wrong = [each for each in folders if not os.access(each, os.R_OK | os.W_OK | os.X_OK)]
        if not wrong and top.is_dir():  # ignore other folders, such as lost+found
            inside = [each for each in top.iterdir() if LEDGER.fullmatch(each.name)]
            wrong = [each for each in inside if not os.access(each, os.R_OK | os.W_OK | os.X_OK)]
    except OSError as error:
        return f"The folder of the checkpoints cannot be read: {error.strerror}."
    return f"The checkpoints cannot be written: the site's user may not use {wrong[0]}." if wrong else ""


def waiting_for_commit() -> set[int]:
    """Return the sizes of the checkpoints whose files will be written when the running transaction commits."""
    callbacks = (callback for _, callback, *_ in connection.run_on_commit)
    return {callback.size for callback in callbacks if hasattr(callback, "size")}


def places() -> list[Path]:
    """Return the folders for checkpoints outside the database: CHECKPOINT_DIR, and its copies."""
    return [Path(settings.CHECKPOINT_DIR), *map(Path, settings.CHECKPOINT_COPIES)]


def folder(ledger_id: str) -> Path:
    return Path(settings.CHECKPOINT_DIR) / ledger_id


def file_name(size: int) -> str:
    return f"{size:012d}.txt"


def path_of(ledger_id: str, size: int) -> Path:
    return folder(ledger_id) / file_name(size)


def write_file(checkpoint: Checkpoint) -> Path:
    """Write the checkpoint's note to its file in every place, atomically; keep an existing file unchanged."""
    for path in paths_of(checkpoint):
        if not path.exists():
            _write(path, checkpoint.note)
    return paths_of(checkpoint)[0]


def paths_of(checkpoint: Checkpoint) -> list[Path]:
    """Return the paths of the checkpoint's file, one per place."""
    return [place / checkpoint.ledger_id / file_name(checkpoint.size) for place in places()]


def unlike(newest: Checkpoint | None = None) -> list[str]:
    """Return the existing files, of `newest` or of all checkpoints, that differ from the note in the database."""
    points = [newest] if newest else Checkpoint.objects.order_by("size")
    kept = ((path, point.note) for point in points for path in paths_of(point) if path.exists())
    return [str(path) for path, note in kept if _read(path) != note.encode()]


def _read(path: Path) -> bytes:
    """Return the content of the file, or no bytes if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _write(path: Path, note: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(f".{os.getpid()}.part")
    with open(scratch, "w", encoding="utf-8", newline="\n") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    os.rename(scratch, path)


def write_missing_files(ledger_id: str) -> int:
    """
    Write the missing files of all stored checkpoints, and return the number of checkpoints that missed one.

    Files are missing after a crash between commit and file, or if a place was added later. A checkpoint not signed with
    a key of the ledger is never written: a file outside is a proof.
    """
    there = [{path.name for path in (place / ledger_id).glob("*.txt")} for place in places()]
    in_all = set.intersection(*there)
    missing = [point for point in Checkpoint.objects.all() if file_name(point.size) not in in_all]
    publics = public_keys() if missing else []
    missing = [point for point in missing if is_ours(point, publics)]
    for checkpoint in missing:
        write_file(checkpoint)
    return len(missing)
