"""Appending to the ledger: one event per step, the last statement of its transaction."""

import base64
import datetime
import hashlib
import secrets
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction

from articles.models import Article
from articles.models.people import roles_of
from articles.models.rows.put import put
from articles.models.rows.together import Together
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

RECORDS_ALL_SETTINGS = {Action.SETTINGS_RECORDED.value: True}  # in the payload of the one event that does


@transaction.atomic(savepoint=False)  # for a caller without a transaction, such as the saving of an account
def append(
    action: Action,
    *,
    actor: User | None,
    about: User | None = None,
    article: Article | None = None,
    payload: dict[str, Any] | None = None,
    private: dict[str, Any] | None = None,
    rows: Iterable[models.Model] = (),
    rows_private: bool = False,
    settings: Iterable[guarded.Row | models.Model] = (),
    checkpoint: bool = False,
    now: datetime.datetime | None = None,
) -> LedgerEvent:
    """
    Append an event to the ledger, within the caller's transaction.

    `rows` are all rows of evidence and process that the step wrote. The private part holds their digests and those of
    their history rows: such digests could be guessed. The public part names the rows, unless `rows_private`. `settings`
    are the changed rows beside the texts: see `guarded.commitments`. `private` holds names and reasons; the
    actor's name and roles are added. The public part has only random pseudonyms, new in each event, of the actor and
    of the account that the event is `about`; their primary keys are private. With `checkpoint`, or for an action that
    always has one, a checkpoint of the new head is made, and the payload says so.

    Write nothing and raise TypeError if `action` is no Action, or WrongKey if the configured key is not the ledger's.
    """
    if not isinstance(action, Action):
        raise TypeError(f"Name the event in reviews.models.actions, and append that: {action!r} is no Action.")
    checkpoint = checkpoint or Mark.CHECKPOINT in action.marks
    head = _lock_head()
    pseudonyms = {person.pk: secrets.token_hex(8) for person in (actor, about) if person}
    public = dict(payload or {})
    secret = {**(private or {}), "actor_name": name_of(actor), "actor_roles": roles_of(actor) if actor else []}
    if actor:
        secret["actor"] = str(actor.pk)
    if about:
        public["account"], secret["account"] = pseudonyms[about.pk], str(about.pk)
    for in_public, in_private in (
        _committed(rows, rows_private),
        guarded.commitments(settings) if settings else ({}, {}),
    ):
        public, secret = public | in_public, secret | in_private
    if checkpoint:
        public["checkpoint"] = True
    acting = pseudonyms[actor.pk] if actor else ""
    event = _write(head, action, actor=acting, article=article, public=public, secret=secret, now=now)
    _record_settings(head)  # after the event: the one that accepts a restore must come first
    return event


def _committed(rows: Iterable[models.Model], rows_private: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the public and the private entries of an event about these rows and their history rows."""
    digests = {row_name(row): row_digest(row) for row in with_history(list(rows))}
    if not digests:
        return {}, {}
    return {} if rows_private else {"rows": sorted(digests)}, {"rows": digests, "rows_format": ROW_FORMAT}


def name_of(user: User | None) -> str:
    """Return the person's public name, or else the full name or username of the account; "" for None."""
    if user is None:
        return ""
    contributor = getattr(user, "contributor", None)
    return contributor.name if contributor else user.get_full_name() or user.get_username()


def event_hash(event: LedgerEvent) -> str:
    """Return the SHA-256 over all columns of the event but its hash and signature."""
    return hash_of([getattr(event, column) for column in HASHED])


def hash_of(values: Iterable[Any]) -> str:
    """Return the hash of an event from the values of the HASHED columns, in that order."""
    text = canonical(dict(zip(HASHED, values, strict=True)))
    return hashlib.sha256(f"{EVENT_FORMAT}\n{text}".encode()).hexdigest()


def commitment(salt: str, text: str) -> str:
    """Return the commitment to the private part of an event."""
    return sha256(f"{salt}\n{text}")


def rotate(new: keys.Signer, *, actor: User | None = None) -> LedgerEvent:
    """
    Rotate the ledger's key: the old key signs one event, the new key a second one, and then a checkpoint.

    The second event proves that the new key signed this ledger: a rewritten ledger could merely name it. With the
    checkpoint, the public export ends with a signature of the new key. Return the first event.
    """
    with transaction.atomic(durable=True):
        if LedgerEvent.objects.filter(key_id=new.key_id).exists():
            raise keys.WrongKey(f"Key {new.key_id} has signed this ledger already: hand it over to a new one.")
        event = append(Action.KEY_ROTATED, actor=actor, payload={"key_id": new.key_id, "public_key": new.public})
        head = _lock_head()
        head.key_id = new.key_id
        public = {"key_id": new.key_id, "checkpoint": True}
        _write(head, Action.KEY_ACCEPTED, actor="", article=None, public=public, secret={}, now=None, signer=new)
    return event


def _lock_head() -> LedgerHead:
    head: LedgerHead = _locked.get()
    if not head.position:
        _begin(head)
    return head


_locked = Together(lambda: {"head": LedgerHead.objects.select_for_update().filter(pk=1)})


def _record_settings(head: LedgerHead) -> None:
    """Record all settings, once, in a ledger that was started before release 0.3."""
    if not settings_are_recorded(head.ledger_id):
        secret = guarded.all_commitments()
        public = RECORDS_ALL_SETTINGS
        _write(head, Action.SETTINGS_RECORDED, actor="", article=None, public=public, secret=secret, now=None)


def settings_are_recorded(ledger_id: str) -> bool:
    """
    Tell whether an event of the ledger records all settings. A yes is cached, since events never change.

    That of event 1 holds even if its transaction is rolled back: no other ledger will have this random id. A later
    event may be rolled back alone.
    """
    if ledger_id in _recorded:
        return True
    first = LedgerEvent.objects.filter(position=1, payload__contains=canonical(RECORDS_ALL_SETTINGS)[1:-1])
    if first.exists():
        _recorded.add(ledger_id)
        return True
    if LedgerEvent.objects.filter(action=Action.SETTINGS_RECORDED).exists():
        transaction.on_commit(partial(_recorded.add, ledger_id))
        return True
    return False


_recorded: set[str] = set()


def _begin(head: LedgerHead) -> None:
    """Write event 1, which has the ledger's random id, the key that signs it, and all settings."""
    signer = keys.signer()
    head.ledger_id = secrets.token_hex(16)
    head.key_id = signer.key_id
    payload = {
        "ledger_id": head.ledger_id,
        "key_id": signer.key_id,
        "public_key": signer.public,
        **RECORDS_ALL_SETTINGS,
    }
    _write(
        head, Action.LEDGER_STARTED, actor="", article=None, public=payload, secret=guarded.all_commitments(), now=None
    )


def _write(
    head: LedgerHead,
    action: Action,
    *,
    actor: str,
    article: Article | None,
    public: dict[str, Any],
    secret: dict[str, Any],
    now: datetime.datetime | None,
    signer: keys.Signer | None = None,
) -> LedgerEvent:
    """Write the event, its private part, the new head, and the checkpoint of it if the public part announces one."""
    signer = signer or keys.signer()
    if signer.key_id != head.key_id:
        raise keys.WrongKey(f"The ledger is signed with key {head.key_id}, but the configured key is {signer.key_id}.")
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
    rows: list[models.Model] = [event]
    if private:
        private.event = event
        rows.append(private)
    head.frontier = merkle.grow(head.frontier, head.position, event.hash)
    head.position, head.hash = event.position, event.hash
    if public.get("checkpoint"):
        rows.append(checkpoints.made(head, signer))
    put(rows, head)
    return event


def ensure_head(using: str = "default", **kwargs: Any) -> None:
    """Create the head row if it is missing; runs after each migrate."""
    LedgerHead.objects.using(using).get_or_create(pk=1)
