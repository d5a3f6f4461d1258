"""The chain itself: positions, links, hashes, signatures and private parts."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson
from django.db.models import Exists, OuterRef

from reviews.evidence.ledger import keys, merkle
from reviews.evidence.ledger.events import EVENT_FORMAT, HASHED
from reviews.evidence.ledger.rows import compact
from reviews.models import Review
from reviews.models.actions import Action, Mark
from reviews.models.ledger import LedgerEvent, LedgerPrivate
from reviews.verifying.problem import Report

START = "0" * 64
CHECKED_ALWAYS = Action.with_mark(Mark.CHECKED_ALWAYS)
CHECKPOINT_UNSAID = Action.with_mark(Mark.CHECKPOINT_UNSAID)
DAMAGE = ("event", "gap", "link", "private")
IN_THE_HASH = tuple(sorted(HASHED))
COLUMNS = (*IN_THE_HASH, "hash", "signature")
KINDS = [int if column == "position" else str for column in COLUMNS]
START_OF_HASH = hashlib.sha256(f"{EVENT_FORMAT}\n".encode())


class Event(NamedTuple):
    """An event for the other verifications; `actor` and `account` are primary keys of accounts, not pseudonyms."""

    position: int
    action: str
    article: str
    actor: str
    payload: dict[str, Any]
    private: dict[str, Any]

    @property
    def account(self) -> str:
        return self.private.get("account", self.payload.get("account", ""))


@dataclass
class Chain:
    """The facts collected by `walk`; complete when all events were read."""

    size: int = 0
    head: str = START
    ledger_id: str = ""
    key: str = ""
    signed_with: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    tree: merkle.Tree = field(default_factory=merkle.Tree)
    roots: dict[int, str] = field(default_factory=dict)
    wants_checkpoint: list[int] = field(default_factory=list)


def walk(chain: Chain, report: Report, *, check_signatures: bool, sizes: set[int]) -> Iterator[Event]:
    """
    Check and yield every event in order; collect facts in `chain` and problems in `report`.

    `sizes` are the tree sizes whose roots are needed. The signatures are by far the slowest check. Without
    `check_signatures`, check only links and hashes, and the signatures of accepted restores.
    """
    rows = LedgerEvent.objects.order_by("position").values_list(*COLUMNS, "private__salt", "private__text")
    for *values, salt, text in rows.iterator(chunk_size=5000):
        report.events += 1
        if list(map(type, values)) != KINDS:  # SQLite takes any value in any column
            report.add(chain.size + 1, "event", f"What stands at event {chain.size + 1} is no event.")
            continue
        row = dict(zip(IN_THE_HASH, values, strict=False))
        digest = _hash(row)
        row["hash"], row["signature"] = values[-2:]
        event = _read(row, None if salt is None else (salt, text), report)
        _check_link(row, digest, chain, report)
        _note_key(event, row, chain, report)
        if check_signatures or event.action in CHECKED_ALWAYS:
            _check_signature(row, chain, report)
        if event.action == Action.KEY_ROTATED:
            _add_key(event, chain)
        _grow(chain, event, row["hash"], digest, sizes)
        yield event
    is_there = Exists(LedgerEvent.objects.filter(pk=OuterRef("pk")))
    for position in LedgerPrivate.objects.exclude(is_there).values_list("pk", flat=True):
        where = position if type(position) is int else report.events + 1
        report.add(where, "private", f"A private part is of event {position!r}, which is none.")


def check_trusted_key(chain: Chain, public_key: str, report: Report) -> None:
    """
    Compare the key that signed the last event with the trusted key: a rewritten chain can be consistent too.

    That the chain names the trusted key proves nothing: anyone could end a rewritten chain with a rotation to our key.
    """
    if chain.size and chain.signed_with != public_key:
        message = "The ledger is signed with another key than the one we hold: it was rewritten."
        if public_key in chain.keys.values():
            message = (
                f"The ledger was handed over to key {keys.key_id_of(chain.signed_with)}, and we hold the one before. "
                "If you did that, set LEDGER_KEY_FILE to the new one; if not, the ledger was rewritten."
            )
        report.add(1, "key", message)


def asks_for_checkpoint(action: str, payload: dict[str, Any]) -> bool:
    """Tell whether a checkpoint was made at this event: the payload says so, or its kind always had one."""
    says_so = bool(payload.get("checkpoint"))
    return says_so or action in CHECKPOINT_UNSAID or payload.get("status") == Review.Status.APPROVED


def _grow(chain: Chain, event: Event, stored_hash: str, digest: str, sizes: set[int]) -> None:
    chain.tree.add(digest)
    chain.size, chain.head = chain.size + 1, stored_hash
    if chain.size in sizes:
        chain.roots[chain.size] = chain.tree.root()
    if asks_for_checkpoint(event.action, event.payload):
        chain.wants_checkpoint.append(event.position)


def _read(row: dict[str, Any], private: tuple[str, str] | None, report: Report) -> Event:
    position = row["position"]
    if row["private_commitment"] and private is None:
        report.add(position, "private", f"The private part of event {position} is missing.")
    elif private and _commitment(*private) != row["private_commitment"]:
        report.add(position, "private", f"The private part of event {position} was changed.")
        private = None
    try:
        payload, secret = _object(row["payload"]), _object(private[1]) if private else {}
    except (ValueError, RecursionError):
        report.add(position, "event", f"The payload of event {position} cannot be read.")
        payload, secret = {}, {}
    return Event(position, row["action"], row["article"], secret.get("actor", row["actor"]), payload, secret)


def _object(text: str) -> dict[str, Any]:
    value = orjson.loads(text)
    if not isinstance(value, dict):
        raise ValueError("it is no JSON object")
    return value


def _commitment(salt: str, text: str) -> str:
    """Return the value of `events.commitment`, also for the texts of a damaged row."""
    return hashlib.sha256(f"{salt}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _check_link(row: dict[str, Any], digest: str, chain: Chain, report: Report) -> None:
    position = row["position"]
    if position != chain.size + 1:
        report.add(chain.size + 1, "gap", f"Event {chain.size + 1} is missing; the next one is {position}.")
        chain.size = position - 1
    if row["previous_hash"] != chain.head:
        report.add(position, "link", f"Event {position} does not follow from the one before it.")
    if row["hash"] != digest:
        report.add(position, "event", f"Event {position} was changed.")
    if chain.ledger_id and row["ledger_id"] != chain.ledger_id:
        report.add(position, "event", f"Event {position} is of another ledger.")
    chain.ledger_id = chain.ledger_id or row["ledger_id"]


def _hash(columns: dict[str, Any]) -> str:
    """Return the value of `events.event_hash` for these columns, without checking that they are canonical."""
    result = START_OF_HASH.copy()
    result.update(compact(columns))
    return result.hexdigest()


def _note_key(event: Event, row: dict[str, Any], chain: Chain, report: Report) -> None:
    """Set the key that this event must be signed with; event 1 names the first one."""
    if event.position == 1 and event.action == Action.LEDGER_STARTED:
        _add_key(event, chain)
        if event.payload.get("ledger_id") != row["ledger_id"]:
            report.add(1, "event", "Event 1 names another ledger than its own.")
    if not chain.key:
        report.add(event.position, "key", "The ledger does not begin by naming its key.")
    chain.signed_with = chain.key


def _add_key(event: Event, chain: Chain) -> None:
    """Make the key named by the event the current one; without a valid key, no later event counts as signed."""
    public = event.payload.get("public_key")
    chain.key = public if keys.is_public_key(public) else ""
    if chain.key:
        chain.keys[keys.key_id_of(chain.key)] = chain.key


def _check_signature(row: dict[str, Any], chain: Chain, report: Report) -> None:
    report.signatures += 1
    right_key = chain.key and row["key_id"] == keys.key_id_of(chain.key)
    if not right_key or not keys.verifies(chain.key, *_signature_and_data(row)):
        report.add(row["position"], "signature", f"Event {row['position']} is not signed with the ledger's key.")


def _signature_and_data(row: dict[str, Any]) -> tuple[bytes, bytes]:
    """Return the signature and the signed hash; no bytes if the signature is not in standard base64."""
    try:
        signature, data = base64.b64decode(row["signature"], validate=True), bytes.fromhex(row["hash"])
    except ValueError:
        return b"", b""
    same = base64.b64encode(signature).decode() == row["signature"]
    return (signature, data) if same else (b"", b"")
