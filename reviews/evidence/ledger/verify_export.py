"""
Verify an exported ledger without its publisher: only Python 3.11 and the package "cryptography" are needed.

    python verify_export.py EXPORT [--key HEX] [--checkpoint FILE ...]

EXPORT is what "export_ledger" wrote, --key the publisher's public key as you know it from elsewhere, --checkpoint a
signed checkpoint that you kept. Exits with 1, and names the first bad position, if something does not fit.
"""

import argparse
import base64
import json
import re
import sys
from functools import reduce
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "imprimatur/export/1"
ENDS = ("approval_withdrawn", "published", "notice_issued", "checkpoint_made", "restore_accepted")


class Bad(Exception):
    """Raised if something does not fit; the message begins with the position."""


def require(condition: object, message: str) -> None:
    if not condition:
        raise Bad(message)


def decoded(text: str, message: str) -> bytes:
    require(base64.b64encode(base64.b64decode(text)).decode() == text, message)
    return base64.b64decode(text)


def verified(public: str, signature: bytes, data: bytes, message: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, data)
    except (InvalidSignature, ValueError) as error:
        raise Bad(message) from error


def check_event(event: dict, position: int, previous: str, public: str) -> tuple[dict, str]:
    """Check one event, and return its payload and the key that signed it."""
    follows = event["position"] == position and event["previous_hash"] == previous
    require(follows, f"{position}: it does not follow from the event before.")
    hashed = {name: value for name, value in event.items() if name not in ("hash", "signature")}
    text = json.dumps(hashed, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    digest = sha256(f"imprimatur/event/1\n{text}".encode()).hexdigest()
    require(digest == event["hash"], f"{position}: it was changed.")
    payload = json.loads(event["payload"])
    if position == 1:
        require(event["action"] == "ledger_started", "1: the ledger does not begin by naming its key.")
        public = payload["public_key"]
    require(event["key_id"] == sha256(bytes.fromhex(public)).hexdigest()[:16], f"{position}: it names another key.")
    signature = decoded(event["signature"], f"{position}: its signature is misspelled.")
    verified(public, signature, bytes.fromhex(digest), f"{position}: its signature is wrong.")
    return payload, public


def check_publication(event: dict, payload: dict, known: set) -> None:
    """Check that a publication has approvals of its own digest, which earlier events committed to."""
    position, version = event["position"], (event["article"], payload["version"], payload["digest"])
    require(version in known, f"{position}: it publishes a text that was never submitted.")
    require(payload["signatures"], f"{position}: it publishes a text that nobody signed.")
    for name, signature in payload["signatures"].items():
        require(name in known, f"{position}: it shows a signature that no earlier event tells of.")
        signed = (signature["digest"], signature["meaning"])
        require(signed == (payload["digest"], "approval"), f"{position}: it shows a signature on another text.")


def grow(frontier: list[bytes], size: int, digest: str) -> bytes:
    """Add a leaf to the Merkle tree (RFC 6962), kept as the roots of its perfect subtrees, and return its root."""
    frontier.append(sha256(b"\x00" + bytes.fromhex(digest)).digest())
    while size & 1:
        right, left = frontier.pop(), frontier.pop()
        frontier.append(sha256(b"\x01" + left + right).digest())
        size >>= 1
    return reduce(lambda right, left: sha256(b"\x01" + left + right).digest(), reversed(frontier))


def check_checkpoint(text: str, roots: dict[str, bytes], publics: set[str], name: str) -> int:
    """Check a signed note, and return its size. Only an undamaged, signed note of this ledger can prove a rewrite."""
    if not (found := re.fullmatch("((.+)\n([0-9]+)\n(.+)\n)\n— (.+) (.+)\n", text)):
        raise Bad("0: a checkpoint is damaged: it is not spelled as one.")
    body, origin, size, root, signer, signature = found.groups()
    require(origin == signer == name, f"0: a checkpoint is of another ledger, {origin}; this is {name}.")
    where = f"{size}: the checkpoint at {size} events"
    blob = decoded(signature, f"{where} is misspelled.")
    marks = {sha256(f"{name}\n\x01".encode() + bytes.fromhex(key)).digest()[:4]: key for key in publics}
    unsigned = f"{where} is damaged, or not signed with a key of this ledger."
    verified(marks.get(blob[:4], ""), blob[4:], body.encode(), unsigned)
    require(size in roots, f"{where} was signed over more events than there are.")
    require(root == base64.b64encode(roots[size]).decode(), f"{where} was signed over other events.")
    return int(size)


def as_issued(text: str) -> str:
    """Return a checkpoint as it was issued, without the changes of spaces and line ends by a copy."""
    return "\n".join(line.strip() for line in text.strip().splitlines()) + "\n"


def read(text: str) -> tuple[list[dict], list[str]]:
    """Return the events and the notes of an export; each line must be spelled exactly as it was written."""
    *lines, rest = text.split("\n")
    rows = [json.loads(line) for line in lines]
    wrong = [at for at, line in enumerate(lines) if line != json.dumps(rows[at], ensure_ascii=False, sort_keys=True)]
    require(not wrong, f"{min(wrong, default=0)}: the line is misspelled.")
    require(rows and not rest and rows[0]["format"] == FORMAT, "0: this is not an exported ledger.")
    size, kinds = rows[0]["events"], [list(row) for row in rows[1:]]
    fits = size and len(rows[0]) == 2 and kinds == [["event"]] * size + [["checkpoint"]] * (len(kinds) - size)
    require(fits, "0: events are missing at the end, or lines are out of order.")
    return [row["event"] for row in rows[1 : size + 1]], [row["checkpoint"] for row in rows[size + 1 :]]


def verify(text: str, key: str | None = None, kept: list[str] | tuple[str, ...] = ()) -> str:
    """Return a sentence about the verified ledger; raise Bad for the first thing that does not fit."""
    events, notes, kept = *read(text), [as_issued(note) for note in kept]
    previous, public, keys, wanted, told = "0" * 64, "", list[str](), list[int](), ""
    frontier, roots, known = list[bytes](), dict[str, bytes](), set[object]()
    for position, event in enumerate(events, start=1):
        payload, public = check_event(event, position, previous, public)
        keys.append(public)  # only now: a key that is merely named has signed nothing
        if event["action"] == "published":
            check_publication(event, payload, known)
        elif event["action"] == "submitted":
            known.add((event["article"], payload["version"], payload["digest"]))
        elif event["action"] == "restore_accepted":
            lost = {note["note_sha256"] for note in payload["lost"]}
            yours = [note for note in kept if sha256(note.encode()).hexdigest() in lost]
            kept = [note for note in kept if note not in yours]
            told += f" Event {position}: a restore, by which {len(lost)} checkpoints were lost, {len(yours)} of yours."
        known |= {*payload.get("rows", {})}
        previous, roots[str(position)] = event["hash"], grow(frontier, position - 1, event["hash"])
        is_end = event["action"] in ENDS or payload.get("status") == "approved"
        wanted += [position] * (is_end or "checkpoint" in payload)
        public = payload["public_key"] if event["action"] == "key_rotated" else public
    require(key is None or key in keys, "1: the ledger is signed with another key than the one you know.")
    name = f"imprimatur/{events[0]['ledger_id']}"
    sizes = [check_checkpoint(note, roots, set(keys), name) for note in (*notes, *kept)]
    require(sizes[: len(notes)] == wanted, "0: the checkpoints are not those that the events tell of.")
    return f"All is well: {len(events)} events and {len(sizes)} checkpoints fit together, signed with {keys[-1]}.{told}"


def text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise Bad(f"0: {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Bad(f"0: {path} is damaged: it is not UTF-8 at byte {error.start}.") from error


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path)
    parser.add_argument("--key")
    parser.add_argument("--checkpoint", nargs="*", default=[], type=Path)
    given = parser.parse_args()
    try:
        text, *kept = [text_of(path) for path in (given.export, *given.checkpoint)]
        print(verify(text, given.key, kept))
    except (Bad, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        sys.exit(str(error) if isinstance(error, Bad) else f"0: the file is damaged ({error!r}).")
