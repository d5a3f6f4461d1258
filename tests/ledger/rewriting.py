"""An attacker without the key, who makes everything in the database fit together again under a key of his own."""

import base64
import hashlib
import json
import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reviews.evidence.ledger import checkpoints, guarded, keys, merkle
from reviews.evidence.ledger.events import HASHED, commitment, hash_of
from reviews.models import Checkpoint, LedgerEvent, LedgerPrivate
from reviews.verifying.chain import asks_for_checkpoint
from tests.ledger import attacks
from tests.ledger.attacks import execute

DUMPS = {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True}


def new_signer() -> keys.Signer:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw().hex()
    return keys.Signer(private, public, keys.key_id_of(public))


def read_events() -> list[dict]:
    """Return every event with its payload and private part as dictionaries, to be changed at will."""
    private = dict(LedgerPrivate.objects.values_list("pk", "text"))
    events = []
    for row in LedgerEvent.objects.order_by("position").values():
        text = private.get(row["position"])
        events.append({**row, "payload": json.loads(row["payload"]), "private": json.loads(text) if text else None})
    return events


def rewrite(events: list[dict], signer: keys.Signer, *, with_rows: bool = True, with_checkpoints: bool = True):
    """Write these events in place of all, with right links, hashes, commitments and head, signed by this key."""
    if with_rows:
        _correct_digests(events)
    execute("DELETE FROM reviews_ledgerprivate")
    execute("DELETE FROM reviews_ledgerevent")
    execute("DELETE FROM reviews_checkpoint") if with_checkpoints else None
    previous, frontier, ledger_id = "0" * 64, [], events[0]["ledger_id"]
    events[0]["payload"].update(key_id=signer.key_id, public_key=signer.public)
    for position, event in enumerate(events, start=1):
        previous = _write(event, position, previous, signer)
        frontier = merkle.grow(frontier, position - 1, previous)
        if with_checkpoints and asks_for_checkpoint(event["action"], event["payload"]):
            _check_point(ledger_id, position, merkle.root(frontier), signer)
    execute(
        "UPDATE reviews_ledgerhead SET position = %s, hash = %s, key_id = %s, frontier = %s",
        [len(events), previous, signer.key_id, json.dumps(frontier, separators=(",", ":"))],
    )


def add(event: dict, signer: keys.Signer):
    """Add an event at the end, with a right link, hash and head, signed by this key under the ledger's own."""
    head = attacks.fetch("SELECT position, hash, key_id, frontier FROM reviews_ledgerhead")[0]
    position, previous, key_id, frontier = head
    grown = _write({**event, "key_id": key_id}, position + 1, previous, signer, key_id=key_id)
    frontier = merkle.grow(json.loads(frontier), position, grown)
    execute(
        "UPDATE reviews_ledgerhead SET position = %s, hash = %s, frontier = %s",
        [position + 1, grown, json.dumps(frontier, separators=(",", ":"))],
    )


def _correct_digests(events: list[dict]):
    """Let every event say of its rows what they are now; forget those that are gone."""
    now = attacks.read_all()
    for event in events:
        for part in (event["payload"], event["private"] or {}):
            if isinstance(part.get("rows"), dict):
                part["rows"] = {name: now.get(name, digest) for name, digest in part["rows"].items()}
    _correct_settings(events)


def _correct_settings(events: list[dict]):
    """Let the first event say of all settings what they are now, and no later one anything."""
    for event in events:
        for part in (event["payload"], event["private"] or {}):
            for name in ("settings", "settings_gone", "settings_salt"):
                part.pop(name, None)
    if events[0]["payload"].get("settings_recorded"):
        events[0]["private"] = (events[0]["private"] or {}) | guarded.all_commitments()


def _write(event: dict, position: int, previous: str, signer: keys.Signer, key_id: str = "") -> str:
    salt, text = secrets.token_hex(32), json.dumps(event["private"], **DUMPS)
    values = {
        **{name: event[name] for name in HASHED},
        "position": position,
        "payload": json.dumps(event["payload"], **DUMPS),
        "private_commitment": commitment(salt, text) if event["private"] else "",
        "previous_hash": previous,
        "key_id": key_id or signer.key_id,
    }
    digest = hash_of(values[name] for name in HASHED)
    signature = base64.b64encode(signer.sign(bytes.fromhex(digest))).decode()
    assert attacks.insert(LedgerEvent, {**values, "hash": digest, "signature": signature})
    if event["private"]:
        assert attacks.insert(LedgerPrivate, {"event_id": position, "salt": salt, "text": text})
    return digest


def _check_point(ledger_id: str, size: int, root: str, signer: keys.Signer):
    note = checkpoints.write_note(ledger_id, size, root, signer)
    assert attacks.insert(Checkpoint, {"size": size, "ledger_id": ledger_id, "root": root, "note": note})


def poison(text: str) -> tuple[str, str]:
    """Return a version's text with another advice, and its digest."""
    text = text.replace("filter", "poison")
    return text, hashlib.sha256(text.encode()).hexdigest()
