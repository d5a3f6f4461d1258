"""Appending to the ledger: one event per step, the last statement of its transaction."""

import base64
import datetime
import hashlib
import secrets
from collections.abc import Iterable
from functools import partial

from django.db import models, transaction

from articles.models.people import roles_of
from articles.text.canonical import canonical, sha256
from reviews.evidence.ledger import checkpoints, guarded, keys, merkle
from reviews.evidence.ledger.rows import ROW_FORMAT, row_digest, row_name, with_history
from reviews.models.actions import Action, Mark
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

SETTINGS_ARE_TOLD = {Action.SETTINGS_RECORDED.value: True}  # in the one event that records them all


@transaction.atomic(savepoint=False)  # where the caller has no transaction, as when an account is saved on its own
def append(
    action: Action,
    *,
    actor,
    about=None,
    article=None,
    payload: dict | None = None,
    private: dict | None = None,
    rows: Iterable[models.Model] = (),
    rows_private: bool = False,
    settings: Iterable[tuple[type[models.Model], int]] = (),
    checkpoint: bool = False,
    now: datetime.datetime | None = None,
) -> LedgerEvent:
    """
    Add an event at the end of the ledger, within the caller's transaction.

    `rows` are all the rows of evidence and process that the step wrote. The private part holds their digests and those
    of their history rows: an unsalted digest of so plain a row could be guessed. The public part names the rows, but
    not with `rows_private`, as for people's settings. `settings` are the rows beside the texts that were changed, by
    model and key: see `guarded`. `private` holds names and reasons; the actor's name and roles join it. Public are
    made-up names alone, other ones in each event, for the actor and for whose account the event is `about`; the numbers
    of both accounts are private. With `checkpoint`, or for an action that always has one, the new head is signed for
    keeping outside the database, and the event says so. Raise TypeError for an action that `Action` does not name, and
    WrongKey when the key at hand is not the ledger's; nothing is then written.
    """
    if not isinstance(action, Action):
        raise TypeError(f"Name the event in reviews.models.actions, and append that: {action!r} is no Action.")
    checkpoint = checkpoint or Mark.CHECKPOINT in action.marks
    head = _lock_head()
    made_up = {person.pk: secrets.token_hex(8) for person in (actor, about) if person}
    public = dict(payload or {})
    secret = {**(private or {}), "actor_name": name_of(actor), "actor_roles": roles_of(actor) if actor else []}
    if actor:
        secret["actor"] = str(actor.pk)
    if about:
        public["account"], secret["account"] = made_up[about.pk], str(about.pk)
    for in_public, in_private in (_committed(rows, rows_private), guarded.told(settings) if settings else ({}, {})):
        public, secret = public | in_public, secret | in_private
    if checkpoint:
        public["checkpoint"] = True
    acting = made_up[actor.pk] if actor else ""
    event = _write(head, action, actor=acting, article=article, public=public, secret=secret, now=now)
    if checkpoint:
        checkpoints.make(head)
    _record_settings(head)  # after the event: one that accepts a restore comes first of all
    return event


def _committed(rows: Iterable[models.Model], rows_private: bool) -> tuple[dict, dict]:
    """Return what the public and the private part of an event say of these rows and of their history rows."""
    digests = {row_name(row): row_digest(row) for row in with_history(list(rows))}
    if not digests:
        return {}, {}
    return {} if rows_private else {"rows": sorted(digests)}, {"rows": digests, "rows_format": ROW_FORMAT}


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
    signed, never for where it is named. A checkpoint by the new key follows at once, so that what the pages give to
    outsiders ends with what that key has signed. Return the first event.
    """
    with transaction.atomic(durable=True):
        if LedgerEvent.objects.filter(key_id=new.key_id).exists():
            raise keys.WrongKey(f"Key {new.key_id} has signed this ledger already: hand it over to a new one.")
        event = append(Action.KEY_ROTATED, actor=actor, payload={"key_id": new.key_id, "public_key": new.public})
        head = _lock_head()
        head.key_id = new.key_id
        public = {"key_id": new.key_id, "checkpoint": True}
        _write(head, Action.KEY_ACCEPTED, actor="", article=None, public=public, secret={}, now=None, signer=new)
        checkpoints.make(head, new)
    return event


def _lock_head() -> LedgerHead:
    head = LedgerHead.objects.select_for_update().get(pk=1)
    if not head.position:
        _begin(head)
    return head


def _record_settings(head: LedgerHead):
    """Record the settings in a ledger of a release that did not, once."""
    if not settings_are_recorded(head.ledger_id):
        secret = guarded.all_told()
        public = SETTINGS_ARE_TOLD
        _write(head, Action.SETTINGS_RECORDED, actor="", article=None, public=public, secret=secret, now=None)


def settings_are_recorded(ledger_id: str) -> bool:
    """Tell whether the ledger tells of all settings; an event says so for ever, so the answer yes is remembered."""
    if ledger_id not in _recorded:
        first = LedgerEvent.objects.filter(position=1, payload__contains=canonical(SETTINGS_ARE_TOLD)[1:-1])
        if not first.exists() and not LedgerEvent.objects.filter(action=Action.SETTINGS_RECORDED).exists():
            return False
        transaction.on_commit(partial(_recorded.add, ledger_id))  # what is rolled back is not remembered
    return True


_recorded: set[str] = set()


def _begin(head: LedgerHead):
    """Write event 1: it names the ledger by a random id, gives the key that signs it, and records the settings."""
    signer = keys.signer()
    head.ledger_id = secrets.token_hex(16)
    head.key_id = signer.key_id
    payload = {"ledger_id": head.ledger_id, "key_id": signer.key_id, "public_key": signer.public, **SETTINGS_ARE_TOLD}
    _write(head, Action.LEDGER_STARTED, actor="", article=None, public=payload, secret=guarded.all_told(), now=None)


def _write(head, action: Action, *, actor, article, public, secret, now, signer=None) -> LedgerEvent:
    signer = signer or keys.signer()
    if signer.key_id != head.key_id:
        raise keys.WrongKey(f"The ledger is signed with key {head.key_id}, but the key at hand is {signer.key_id}.")
    private = LedgerPrivate(salt=secrets.token_hex(32), text=canonical(secret)) if secret else None
    event = LedgerEvent(
        position=head.position + 1,
        ledger_id=head.ledger_id,
        at=(now or datetime.datetime.now(datetime.UTC)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        action=action.value,
        article=str(article.public_id) if article else "",
        actor=actor,
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
