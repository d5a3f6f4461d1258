"""Appending to the ledger: one event per step, the last statement of its transaction."""

import base64
import datetime
import hashlib
import secrets
from collections.abc import Iterable

from django.db import models, transaction

from articles.canonical import canonical, sha256
from articles.roles import roles_of
from reviews.ledger import checkpoints, keys, merkle
from reviews.ledger.rows import ROW_FORMAT, row_digest, row_name, with_history
from reviews.models.ledger import LedgerEvent, LedgerHead, LedgerPrivate

EVENT_FORMAT = "imprimatur/event/1"
HASHED = (
    "position",
    "ledger_id",
    "at",
    "action",
    "article",
    "actor",
    "payload",
    "private_commitment",
    "previous_hash",
    "key_id",
)


@transaction.atomic(savepoint=False)  # where the caller has no transaction, as when an account is saved on its own
def append(
    action: str,
    *,
    actor,
    article=None,
    payload: dict | None = None,
    private: dict | None = None,
    rows: Iterable[models.Model] = (),
    rows_private: bool = False,
    checkpoint: bool = False,
    now: datetime.datetime | None = None,
) -> LedgerEvent:
    """
    Add an event at the end of the ledger, within the caller's transaction.

    `rows` are all the rows of evidence and process that the step wrote; the event commits to their digests and to
    those of their history rows: in public, or, with `rows_private`, in the private part, as where a row is so plain
    that its digest could be guessed. `private` holds names and reasons; the actor's name and roles join it. With
    `checkpoint` the new head is signed for keeping outside the database. Raise WrongKey, and write nothing, when the
    key at hand is not the ledger's.
    """
    head = _lock_head()
    public = dict(payload or {})
    secret = {**(private or {}), "actor_name": name_of(actor), "actor_roles": roles_of(actor) if actor else []}
    if digests := {row_name(row): row_digest(row) for row in with_history(list(rows))}:
        (secret if rows_private else public).update(rows=digests, rows_format=ROW_FORMAT)
    event = _write(head, action, actor=actor, article=article, public=public, secret=secret, now=now)
    if checkpoint:
        checkpoints.make(head)
    return event


def name_of(user) -> str:
    """Return the name a person goes by: the public one where there is one."""
    if user is None:
        return ""
    contributor = getattr(user, "contributor", None)
    return contributor.name if contributor else user.get_full_name() or user.get_username()


def event_hash(event: LedgerEvent) -> str:
    """Return the SHA-256 over all columns of the event but its hash and signature."""
    return hash_of([getattr(event, column) for column in HASHED])


def hash_of(values: Iterable) -> str:
    """Return the hash of an event from the values of the HASHED columns, in that order."""
    text = canonical(dict(zip(HASHED, values, strict=True)))
    return hashlib.sha256(f"{EVENT_FORMAT}\n{text}".encode()).hexdigest()


def commitment(salt: str, text: str) -> str:
    """Return what an event holds in place of its private part."""
    return sha256(f"{salt}\n{text}")


def rotate(new: keys.Signer, *, actor=None) -> LedgerEvent:
    """
    Hand the ledger over to a new key, by an event that the old key signs and one in which the new key takes it on.

    Without the second a rewritten ledger could name the right key at its end: whoever trusts a key looks for what it
    signed, never for where it is named. Return the first.
    """
    with transaction.atomic(durable=True):
        if LedgerEvent.objects.filter(key_id=new.key_id).exists():
            raise keys.WrongKey(f"Key {new.key_id} has signed this ledger already: hand it over to a new one.")
        event = append("key_rotated", actor=actor, payload={"key_id": new.key_id, "public_key": new.public})
        head = _lock_head()
        head.key_id = new.key_id
        public = {"key_id": new.key_id}
        _write(head, "key_accepted", actor=actor, article=None, public=public, secret={}, now=None, signer=new)
    return event


def _lock_head() -> LedgerHead:
    head = LedgerHead.objects.select_for_update().get(pk=1)
    if not head.position:
        _begin(head)
    return head


def _begin(head: LedgerHead):
    """Write event 1: it names the ledger by a random id and gives the key that signs it."""
    signer = keys.signer()
    head.ledger_id = secrets.token_hex(16)
    head.key_id = signer.key_id
    payload = {"ledger_id": head.ledger_id, "key_id": signer.key_id, "public_key": signer.public}
    _write(head, "ledger_started", actor=None, article=None, public=payload, secret={}, now=None)


def _write(head, action, *, actor, article, public, secret, now, signer=None) -> LedgerEvent:
    signer = signer or keys.signer()
    if signer.key_id != head.key_id:
        raise keys.WrongKey(f"The ledger is signed with key {head.key_id}, but the key at hand is {signer.key_id}.")
    private = LedgerPrivate(salt=secrets.token_hex(32), text=canonical(secret)) if secret else None
    event = LedgerEvent(
        position=head.position + 1,
        ledger_id=head.ledger_id,
        at=(now or datetime.datetime.now(datetime.UTC)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        action=action,
        article=str(article.public_id) if article else "",
        actor=str(actor.pk) if actor else "",
        payload=canonical(public),
        private_commitment=commitment(private.salt, private.text) if private else "",
        previous_hash=head.hash,
        key_id=signer.key_id,
    )
    event.hash = event_hash(event)
    event.signature = base64.b64encode(signer.sign(bytes.fromhex(event.hash))).decode()
    event.save()
    if private:
        private.event = event
        private.save()
    head.frontier = merkle.grow(head.frontier, head.position, event.hash)
    head.position, head.hash = event.position, event.hash
    head.save()
    return event


def ensure_head(using="default", **kwargs):
    """Make the head row where it is missing; runs after each migrate."""
    LedgerHead.objects.using(using).get_or_create(pk=1)
