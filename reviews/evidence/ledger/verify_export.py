"""
Verify an exported ledger, or the proof of one text, without its publisher.

    python verify_export.py EXPORT [--key HEX] [--checkpoint FILE ...]
    python verify_export.py --proof FILE [--text FILE] [--key HEX] [--checkpoint FILE ...]

EXPORT is what "export_ledger" wrote, --proof what the page of a text gave as its proof, --text the signed text, --key
the publisher's public key as you know it from elsewhere, --checkpoint a signed checkpoint that you kept. Only Python
3.11 and the package "cryptography" are needed. Exits with 1, and names the first bad position, if something does not
fit.
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
PROOF = "imprimatur/proof/1"
NAMING = ("ledger_started", "key_rotated")  # the events that name a key
SHOWING = ("published", "full_review_completed")  # the events that show signatures
PARTS = {"format", "facts", "events", "checkpoint"}  # of a proof
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
    """Check that a publication or a completed review has approvals of its own digest, which earlier events hold."""
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
        if event["action"] in SHOWING:
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


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def root_by(path: list[str], leaf: int, size: int, digest: str) -> bytes | None:
    """Return the root to which an audit path leads (RFC 9162, 2.1.3.2); None if its length is wrong."""
    last, node = size - 1, sha256(b"\x00" + bytes.fromhex(digest)).digest()
    for beside in path:
        if bytes.fromhex(beside).hex() != beside or not last:
            return None
        is_right = leaf & 1 or leaf == last
        both = bytes.fromhex(beside) + node if is_right else node + bytes.fromhex(beside)
        node = sha256(b"\x01" + both).digest()
        while is_right and leaf and not leaf & 1:
            leaf, last = leaf >> 1, last >> 1
        leaf, last = leaf >> 1, last >> 1
    return None if last else node


def approvals_in(payload: dict, shown: dict, position: int) -> dict[str, int]:
    """Return the position of the decision for each signature shown that it recorded."""
    require(payload["outcome"] == "approve", f"{position}: it is no approval.")
    found = {name: position for name in payload["rows"] if name in shown}
    fits = all(shown[name]["capacity"] == payload["capacity"] for name in found)
    require(fits, f"{position}: it is in another capacity.")
    return found


def hurried(urgent: dict, event: dict, payload: dict) -> dict:
    """Return what is known of the urgency of a review, with what this event says of it."""
    if event["action"] == "full_review_completed":
        return urgent | {"completed_in": event["position"], "completed_at": event["at"]}
    require(not urgent, f"{event['position']}: the review was urgent already.")
    declared = {"declared_in": event["position"], "declared_at": event["at"]}
    return declared | {"full_review_due": payload["full_review_due"], "completed_in": None, "completed_at": None}


def facts_of(events: list[tuple[dict, dict]]) -> dict:
    """Return what events, each with its payload, say of the one version that they submit, approve and publish."""
    published = [row for row in events if row[0]["action"] == "published"]
    completed = [row for row in events if row[0]["action"] == "full_review_completed"]
    require(len(published) == 1 and len(completed) < 2, "0: a proof has the publication of one version.")
    publication, said = published[0]
    article, version = publication["article"], (said["version"], said["digest"])
    where, known, submitted, notices = f"{publication['position']}: ", dict[str, int](), list[dict](), list[dict]()
    attested, again = set[str](), list[dict]()
    urgent, until, shown = dict[str, object](), publication["position"], dict(said["signatures"])
    for event, payload in completed:
        until, shown = max(until, event["position"]), shown | payload["signatures"]
    for event, payload in events:
        kind, position = event["action"], event["position"]
        ours = event["article"] == article and (payload.get("version"), payload.get("digest")) == version
        is_before = ours and position < publication["position"]
        if is_before and kind == "submitted":
            submitted.append(event)
        elif (urgent and ours and kind == "full_review_completed") or (is_before and kind == "urgency_declared"):
            urgent = hurried(urgent, event, payload)
        elif ours and position < until and kind == "decided" and {*payload["rows"]} & {*shown}:
            known |= approvals_in(payload, shown, position)
        elif kind == "notice_issued" and event["article"] == article and version[0] in payload["versions"]:
            notices.append({"event": position, "at": event["at"], "lifted_by": None, **payload})
        elif ours and not is_before and kind == "attested":
            attested |= {*payload["rows"]}
            signed = [(name in attested, row["digest"], row["meaning"]) for name, row in payload["signatures"].items()]
            require({*signed} <= {(True, payload["digest"], "no_change")}, f"{position}: it shows another signature.")
            again += [{"event": position, "at": event["at"], **payload}] * bool(payload["last_reviewed"])
        else:
            require(kind in (*NAMING, "published"), f"{position}: it does not belong to this proof.")
    require(len(submitted) == 1, f"{where}it publishes a text that was never submitted.")
    for event, payload in [*published, *completed]:
        earlier = {name for name, position in known.items() if position < event["position"]}
        check_publication(event, payload, {(article, *version), *earlier})
    signatures = [{"event": known[name], **signature} for name, signature in shown.items()]
    return {
        "article": article,
        "version": version[0],
        "digest": version[1],
        "submitted_in": submitted[0]["position"],
        "submitted_at": submitted[0]["at"],
        "published_in": publication["position"],
        "published_at": publication["at"],
        "signatures": sorted(signatures, key=lambda row: (row["event"], canonical(row))),
        "notices": standing(notices),
        **({"read_again": again} if again else {}),
        **({"urgency": urgent} if urgent else {}),
    }


def standing(notices: list[dict]) -> list[dict]:
    """Return the notices, each with the event that lifted it, if any; a notice that lifts another is none itself."""
    lifting = {notice["lifts"]: notice["event"] for notice in notices if notice["lifts"]}
    kept = [notice for notice in notices if not notice["lifts"]]
    lifted = [[event for name, event in lifting.items() if name in {*notice["rows"]}] for notice in kept]
    names = ("event", "at", "kind", "reason")
    return [
        {name: notice[name] for name in names} | {"lifted_by": min(by, default=None)}
        for notice, by in zip(kept, lifted, strict=True)
    ]


def check_proof(text: str) -> tuple[dict, str, int, bytes, list[str]]:
    """Check a proof, and return its facts, its ledger's name, its checkpoint's size and root, and the keys."""
    proof = json.loads(text)
    require(isinstance(proof, dict) and proof.get("format") == PROOF, "0: this is not a proof.")
    is_spelled = text == canonical(proof) and {*proof} == PARTS
    require(is_spelled and all({*row} == {"event", "path"} for row in proof["events"]), "0: the proof is misspelled.")
    name, size, root, *_ = proof["checkpoint"].split("\n")
    public, keys, events = "", list[str](), list[tuple[dict, dict]]()
    before: dict = {"position": 0, "hash": "0" * 64}
    for event, path in ((row["event"], row["path"]) for row in proof["events"]):
        position = event["position"]
        require(before["position"] < position <= int(size), f"{position}: it is out of order.")
        follows = position == before["position"] + 1
        previous = before["hash"] if follows else event["previous_hash"]
        payload, public = check_event(event, position, previous, public)
        require(name == f"imprimatur/{event['ledger_id']}", f"{position}: it is of another ledger.")
        found = root_by(path, position - 1, int(size), event["hash"])
        is_in_it = found is not None and base64.b64encode(found).decode() == root
        require(is_in_it, f"{position}: the checkpoint was signed over other events.")
        keys.append(public)
        public = payload["public_key"] if event["action"] == "key_rotated" else public
        events.append((event, payload))
        before = event
    check_checkpoint(proof["checkpoint"], {size: base64.b64decode(root)}, {public}, name)
    facts = facts_of(events)
    require(canonical(facts) == canonical(proof["facts"]), "0: the facts are not those that the events tell of.")
    return facts, name, int(size), base64.b64decode(root), [*keys, public]


def verify_proof(
    text: str, key: str | None = None, kept: list[str] | tuple[str, ...] = (), signed: bytes | None = None
) -> str:
    """Return sentences about the verified proof of a text; raise Bad for the first thing that does not fit."""
    facts, name, size, root, keys = check_proof(text)
    require(key is None or key in keys, "1: the ledger is signed with another key than the one you know.")
    for note in map(as_issued, kept):
        other = [*note.split("\n"), ""][1]
        advice = f"{other}: your checkpoint is at {other} events, this proof at {size}. Take the proof at yours."
        require(not re.fullmatch("[0-9]+", other) or int(other) == size, advice)
        check_checkpoint(note, {str(size): root}, set(keys), name)
    is_it = signed is None or sha256(signed).hexdigest() == facts["digest"]
    require(is_it, "0: the text is another than the one that was signed.")
    said = [
        *(
            f"Careful: a notice of {row['kind']} was issued at {row['at']}, event {row['event']}"
            + (f", and lifted by event {row['lifted_by']}." if row["lifted_by"] else f": {row['reason']}")
            for row in facts["notices"]
        ),
        f"All is well: version {facts['version']} of article {facts['article']} was published.",
        "Its text is the one you gave." if signed is not None else "Compare its text with --text.",
        f"Its SHA-256 is {facts['digest']}.",
        *(
            f"Event {row['event']}: approved by {row['printed_name']} ({row['capacity']}) at {row['signed_at']}."
            for row in facts["signatures"]
        ),
        f"Event {facts['published_in']}: published at {facts['published_at']}.",
        *(urgently(facts["urgency"]) if "urgency" in facts else []),
        *(
            f"Event {row['event']}: read again, no change needed, signed by "
            + " and ".join(each["printed_name"] for each in row["signatures"].values())
            + f" until {row['at']}."
            for row in facts.get("read_again", [])
        ),
        f"All this is in the ledger of {size} events signed with {keys[-1]}. A proof does not tell of later notices.",
    ]
    return "\n".join(said)


def urgently(urgent: dict) -> list[str]:
    """Return in a sentence that the version was approved urgently, and whether its full review is complete."""
    said = f"Event {urgent['declared_in']}: the review was declared urgent, so one approval sufficed."
    if urgent["completed_in"]:
        return [f"{said} Event {urgent['completed_in']}: its full review was completed at {urgent['completed_at']}."]
    return [f"{said} The full review is due by {urgent['full_review_due']}; this proof has no completion of it."]


def text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise Bad(f"0: {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Bad(f"0: {path} is damaged: it is not UTF-8 at byte {error.start}.") from error


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path, nargs="?")
    parser.add_argument("--proof", type=Path)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--key")
    parser.add_argument("--checkpoint", nargs="*", default=[], type=Path)
    given = parser.parse_args()
    if (given.export is None) == (given.proof is None) or (given.text and not given.proof):
        parser.error("give an export, or a proof with --proof; --text goes with a proof.")
    try:
        text, *kept = [text_of(path) for path in (given.proof or given.export, *given.checkpoint)]
        if given.proof:
            print(verify_proof(text, given.key, kept, text_of(given.text).encode() if given.text else None))
        else:
            print(verify(text, given.key, kept))
    except (Bad, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        sys.exit(str(error) if isinstance(error, Bad) else f"0: the file is damaged ({error!r}).")
