"""Many published articles at once: copies of one that went through the workflow, with a chain of their own, signed."""

import base64
import json
import uuid

from django.db import transaction

from articles import models as content
from articles.text.canonical import canonical
from reviews import models as process
from reviews.evidence import triggers
from reviews.evidence.ledger import checkpoints, guarded, keys, merkle
from reviews.evidence.ledger.events import commitment, event_hash
from reviews.evidence.ledger.rows import digest_of_digests, row_digest, row_name
from reviews.models import Checkpoint, LedgerEvent, LedgerHead, LedgerPrivate
from reviews.verifying.chain import asks_for_checkpoint

STRIDE = 1000
TRACKED = [content.Article, content.ArticleReference, content.ArticleTopic, content.Authorship, content.Section]
PLAIN = [content.Version, content.VersionText, content.VersionTopic, content.VersionReference]
REVIEWED = [process.Review, process.Assignment]
MODELS = [
    *TRACKED,
    *(model.history.model for model in TRACKED),
    *PLAIN,
    *REVIEWED,
    *(model.history.model for model in REVIEWED),
    process.Signature,
    process.Decision,
]
NAMES = {model._meta.db_table for model in MODELS}


def fill(article, events: int):
    """Append copies of the article, each with its events, until the ledger has at least so many events."""
    said = LedgerEvent.objects.filter(article=str(article.public_id)).count()
    copy(article, -(-(events - LedgerHead.objects.get(pk=1).position) // said))


def copy(article, copies: int):
    """Append so many copies of the article, each with its events."""
    template = [(model, list(model._base_manager.order_by("pk"))) for model in MODELS]
    said = list(LedgerEvent.objects.filter(article=str(article.public_id)).select_related("private"))
    head = LedgerHead.objects.get(pk=1)
    triggers.drop()
    for start in range(1, copies + 1, 200):
        with transaction.atomic():
            _write(template, said, head, range(start, min(start + 200, copies + 1)))
    triggers.install()


def _write(template, said, head, numbers):
    rows = {model: [] for model, _ in template}
    ledger = {LedgerEvent: [], LedgerPrivate: [], Checkpoint: []}
    for number in numbers:
        copies = {}
        for model, originals in template:
            for original in originals:
                copy = _copy(original, number)
                rows[model].append(copy)
                copies[row_name(original)] = copy
        public_id = copies_public_id(copies)
        for event in said:
            _append(event, copies, public_id, head, ledger)
    for model, made in rows.items():
        model._base_manager.bulk_create(made, batch_size=500)
    for model, made in ledger.items():
        model.objects.bulk_create(made, batch_size=500)
    for checkpoint in ledger[Checkpoint]:
        checkpoints.folder(head.ledger_id).mkdir(parents=True, exist_ok=True)
        (checkpoints.folder(head.ledger_id) / f"{checkpoint.size:012d}.txt").write_text(checkpoint.note)
    head.save()


def copies_public_id(copies) -> str:
    return next(str(copy.public_id) for name, copy in copies.items() if name.startswith("articles_article:"))


def _copy(original, number):
    """Return the row again, with every number that points into the story moved on."""
    values = {}
    for field in original._meta.concrete_fields:
        value = getattr(original, field.attname)
        remote = field.remote_field.model._meta.db_table if field.remote_field else ""
        own = field.primary_key or (field.column == "id" and "historical" in original._meta.db_table)
        if value is not None and ((own and not remote) or remote in NAMES):
            value += number * STRIDE
        values[field.attname] = value
    copy = type(original)(**values)
    if isinstance(copy, content.Article):
        copy.public_id, copy.slug = uuid.uuid4(), f"{copy.slug}-{number}"
    return copy


def _append(event, copies, public_id, head, ledger):
    payload = json.loads(event.payload)
    private = json.loads(event.private.text)
    private["rows"] = {row_name(copies[name]): row_digest(copies[name]) for name in private["rows"]}
    payload["rows"] = sorted(private["rows"])
    if "settings" in private:
        private["settings"] = {
            row_name(copies[name]): guarded.salted(private["settings_salt"], guarded.digest(copies[name]))
            for name in private["settings"]
        }
        payload["settings"] = sorted(private["settings"])
    if "history" in payload:
        payload["history"] = _history(payload["history"], copies)
    if "signatures" in payload:
        payload["signatures"] = {row_name(copies[name]): said for name, said in payload["signatures"].items()}
    new = LedgerEvent(
        position=head.position + 1, ledger_id=head.ledger_id, at=event.at, action=event.action, article=public_id,
        actor=event.actor, payload=canonical(payload), previous_hash=head.hash, key_id=head.key_id,
        private_commitment=commitment(event.private.salt, canonical(private)),
    )  # fmt: skip
    new.hash = event_hash(new)
    new.signature = base64.b64encode(keys.signer().sign(bytes.fromhex(new.hash))).decode()
    head.frontier = merkle.grow(head.frontier, head.position, new.hash)
    head.position, head.hash = new.position, new.hash
    ledger[LedgerEvent].append(new)
    ledger[LedgerPrivate].append(LedgerPrivate(event=new, salt=event.private.salt, text=canonical(private)))
    if asks_for_checkpoint(event.action, payload):
        root = merkle.root(head.frontier)
        note = checkpoints.write_note(head.ledger_id, head.position, root, keys.signer())
        ledger[Checkpoint].append(Checkpoint(size=head.position, ledger_id=head.ledger_id, root=root, note=note))


def _history(said, copies):
    ids, found = {}, []
    for model in TRACKED:
        table = model.history.model._meta.db_table
        numbers = [n for first, last in said["ids"].get(table, []) for n in range(first, last + 1)]
        moved = [copies[f"{table}:{number}"] for number in numbers]
        ids[table] = [[copy.pk, copy.pk] for copy in moved]
        found += [row_digest(copy) for copy in moved]
    return {"ids": {table: runs for table, runs in ids.items() if runs}, "sha256": digest_of_digests(found)}
