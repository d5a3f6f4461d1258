"""
Verify an exported ledger, the proof of one text, or the dossier of an article, without its publisher.

    python verify_export.py EXPORT [--key HEX] [--checkpoint FILE ...]
    python verify_export.py --proof FILE [--text FILE] [--key HEX] [--checkpoint FILE ...]
    python verify_export.py --dossier FILE.zip [--key HEX] [--checkpoint FILE ...]

EXPORT is what "export_ledger" wrote, --proof what the page of a text gave as its proof, --text the signed text, --key
the publisher's public key as you know it from elsewhere, --checkpoint a signed checkpoint that you kept. Only Python
3.11 and the package "cryptography" are needed. Exits with 1, and names the first bad position, if something does not
fit.
"""

import argparse
import base64
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections import Counter
from functools import reduce
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "imprimatur/export/1"
PROOF = "imprimatur/proof/1"
DOSSIER = "imprimatur/dossier/1"
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
    return check_export(text, key, kept)[0]


def check_export(text: str, key: str | None, kept: list[str] | tuple[str, ...]) -> tuple[str, list[dict], int, str]:
    """Return the sentence of `verify`, the events, the size of the newest checkpoint, and the key at the end."""
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
    said = f"All is well: {len(events)} events and {len(sizes)} checkpoints fit together, signed with {keys[-1]}.{told}"
    return said, events, max(sizes, default=0), public


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


def zipped(files: list[tuple[bytes, int, int, bytes]]) -> bytes:
    """Return the archive of these files: name, CRC-32, length and deflated content. It has room for nothing else."""
    heads, at = [b""], 0
    body = list[bytes]()
    for name, crc, size, content in files:
        told = struct.pack("<5H3L2H", 20, 0, 8, 0, 33, crc, len(content), size, len(name), 0)
        heads.append(b"PK\x01\x02\x14\x03" + told + struct.pack("<3H2L", 0, 0, 0, 0o100600 << 16, at) + name)
        body += [b"PK\x03\x04" + told + name, content]
        at += len(body[-2]) + len(content)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(files), len(files), len(b"".join(heads)), at, 0)
    return b"".join([*body, *heads, end])


def files_in(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive by their names; refuse an archive with a byte that is of none of them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        rows = archive.infolist()
        starts = [row.header_offset + 30 + len(row.orig_filename.encode()) for row in rows]
        parts = [data[start : start + row.compress_size] for start, row in zip(starts, rows, strict=True)]
        names = [row.orig_filename.encode() for row in rows]
        again = [(name, row.CRC, row.file_size, part) for name, row, part in zip(names, rows, parts, strict=True)]
        require(data == zipped(again) and len({*names}) == len(names), "0: the archive is not as it was packed.")
        return {row.orig_filename: archive.read(row) for row in rows}


def manifest_of(files: dict[str, bytes]) -> tuple[dict, str]:
    """Return the manifest, and its text, if the other files are those that it names."""
    text = files.get("manifest.json", b"{}").decode()
    manifest = json.loads(text)
    is_one = text == canonical(manifest) and {*manifest} == {"format", "article", "made_at", "files"}
    require(is_one and manifest["format"] == DOSSIER, "0: this is not a dossier.")
    named = {"manifest.json": None, "manifest.sig": None, **manifest["files"]}
    for name in sorted(files.keys() | named.keys()):
        require(name in files, f"0: {name} is missing.")
        require(name in named, f"0: {name} is not in the manifest.")
        is_it = named[name] in (None, {"bytes": len(files[name]), "sha256": sha256(files[name]).hexdigest()})
        require(is_it, f"0: {name} is not the file that the manifest names.")
    return manifest, text


def recorded(events: list[dict], opened: list[dict]) -> tuple[dict[str, tuple[int, str]], dict[int, str]]:
    """Return what the events of an article record: by its name each row's last event and digest, and each version's."""
    rows, versions = dict[str, tuple[int, str]](), dict[int, str]()
    places = [event["position"] for event in events]
    require([row["position"] for row in opened] == places, "0: the dossier has other events than the ledger.")
    for event, row in zip(events, opened, strict=True):
        position, payload = event["position"], json.loads(event["payload"])
        is_it = {*row} == {"position", "salt", "text"}
        found = sha256(f"{row['salt']}\n{row['text']}".encode()).hexdigest() if row["salt"] or row["text"] else ""
        require(is_it and found == event["private_commitment"], f"{position}: its confidential part is another.")
        hidden = json.loads(row["text"] or "{}")
        for digests in (payload.get("rows"), hidden.get("rows")):
            if isinstance(digests, dict):
                rows |= {name: (position, digest) for name, digest in digests.items()}
        if event["action"] == "submitted":
            versions[payload["version"]] = payload["digest"]
    return rows, versions


def row_digest(table: str, columns: list[str], values: list) -> str:
    return sha256(f"{canonical(['imprimatur/row/1', table, columns])}\n{canonical(values)}".encode()).hexdigest()


def check_rows(told: dict, texts: dict[int, str], rows: dict, versions: dict[int, str]) -> Counter:
    """Check each row and each text of a dossier against the events, and return the number of rows by table."""
    found, signed, tables = dict[str, str](), dict[int, str](), Counter[str]()
    for row in told["rows"]:
        require({*row} == {"table", "key", "columns", "values"}, "0: a row is misspelled.")
        name, of_row = f"{row['table']}:{row['key']}", dict(zip(row["columns"], row["values"], strict=True))
        is_named = of_row.get("history_id", of_row["id"]) == row["key"]
        require(name not in found and is_named, f"0: the row {name} is there twice, or misnamed.")
        found[name] = row_digest(row["table"], row["columns"], row["values"])
        tables[row["table"].partition("_")[2]] += 1
        if row["table"] == "articles_version":
            number, digest, key = of_row["number"], of_row["digest"], of_row["id"]
            require(versions.pop(number, None) == digest, f"0: version {number} is not the one that was submitted.")
            signed[key] = digest
            if number in texts:
                is_it = sha256(texts[number].encode()).hexdigest() == digest
                require(is_it, f"0: the text of version {number} is another than the one that was submitted.")
                found[f"articles_versiontext:{key}"] = row_digest(
                    "articles_versiontext", ["text", "version_id"], [texts.pop(number), key]
                )
            else:
                require(number in told["erased"], f"0: the text of version {number} is missing.")
                rows.pop(f"articles_versiontext:{key}")
    require(not versions and not texts, "0: a version is missing, or a text is of none.")
    for row in told["rows"]:
        if row["table"] == "reviews_signature":
            of_row = dict(zip(row["columns"], row["values"], strict=True))
            is_of_it = signed.get(of_row["version_id"]) == of_row["digest"]
            require(is_of_it, f"0: the signature {row['key']} is on another text.")
    for name, (position, digest) in rows.items():
        require(name in found, f"{position}: the row {name} of this event is missing.")
        require(found[name] == digest, f"{position}: the row {name} is not as this event left it.")
    require(found.keys() == rows.keys(), f"0: no event tells of {', '.join(sorted(found.keys() - rows.keys()))}.")
    return tables


def verify_dossier(data: bytes, key: str | None = None, kept: list[str] | tuple[str, ...] = ()) -> str:
    """Return sentences about the verified dossier of an article; raise Bad for the first thing that does not fit."""
    files = files_in(data)
    manifest, text = manifest_of(files)
    said, events, size, public = check_export(files["ledger.jsonl"].decode(), key, kept)
    signature = decoded(files["manifest.sig"].decode(), "0: the signature of the manifest is misspelled.")
    unsigned = "0: the manifest is not signed with the key that signed the last event."
    verified(public, signature, f"{DOSSIER}\n{text}".encode(), unsigned)
    told, article = json.loads(files["dossier.json"]), manifest["article"]
    is_one = files["dossier.json"].decode() == canonical(told) and (told["format"], told["article"]) == (
        DOSSIER,
        article,
    )
    require(is_one, "0: dossier.json is not the dossier of this article.")
    names = {f"versions/{number}.json": number for number in told["versions"] if number not in told["erased"]}
    expected = {"manifest.json", "manifest.sig", "ledger.jsonl", "dossier.json", "dossier.html", *names}
    require(files.keys() == expected, "0: the dossier has other files than it should.")
    ours = [event for event in events if event["article"] == article]
    rows, versions = recorded(ours, told["events"])
    require(canonical([*versions]) == canonical(told["versions"]), "0: the dossier has other versions than the ledger.")
    tables = check_rows(told, {number: files[name].decode() for name, number in names.items()}, rows, versions)
    erased = ", ".join(map(str, told["erased"]))
    lines = [
        said,
        f"All is well: the dossier of article {article}, as the publisher made and signed it at {manifest['made_at']}.",
        f"Proved complete: it has all {len(ours)} events of this article among the {len(events)} of the ledger.",
        "Proved: each row below is as the last event about it left it, and none is missing. "
        + ", ".join(f"{table} {number}" for table, number in sorted(tables.items())),
        f"Proved: the texts of {len(names)} versions are those that were submitted and signed.",
        *([f"Erased: the text of version {erased}. Its SHA-256 and its signatures are here."] if erased else []),
        "Not proved, but signed by the publisher: dossier.html and the part “beside” of dossier.json.",
        f"Not proved: that no event after event {size}, the newest checkpoint, was cut off. A newer export shows it.",
    ]
    return "\n".join(lines)


def bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Bad(f"0: {path} cannot be read: {error.strerror}.") from error


def text_of(path: Path) -> str:
    try:
        return bytes_of(path).decode()
    except UnicodeDecodeError as error:
        raise Bad(f"0: {path} is damaged: it is not UTF-8 at byte {error.start}.") from error


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=Path, nargs="?")
    parser.add_argument("--proof", type=Path)
    parser.add_argument("--dossier", type=Path)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--key")
    parser.add_argument("--checkpoint", nargs="*", default=[], type=Path)
    given = parser.parse_args()
    if [given.export, given.proof, given.dossier].count(None) != 2 or (given.text and not given.proof):
        parser.error("give an export, a proof with --proof, or a dossier with --dossier; --text goes with a proof.")
    try:
        kept = [text_of(path) for path in given.checkpoint]
        if given.dossier:
            print(verify_dossier(bytes_of(given.dossier), given.key, kept))
        elif given.proof:
            signed = text_of(given.text).encode() if given.text else None
            print(verify_proof(text_of(given.proof), given.key, kept, signed))
        else:
            print(verify(text_of(given.export), given.key, kept))
    except (Bad, OSError, zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError) as error:
        sys.exit(str(error) if isinstance(error, Bad) else f"0: the file is damaged ({error!r}).")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, EOFError) as error:
        sys.exit(f"0: the file is damaged ({error!r}).")
