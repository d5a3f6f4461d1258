"""The health checks for operators: one sentence per failed check, without names or titles."""

import datetime

from django.core.cache import caches
from django.db import Error
from django.utils import timezone

from articles.search.index import checking
from reviews.evidence import triggers
from reviews.evidence.ledger import checkpoints, keys
from reviews.models import Checkpoint, LedgerEvent, LedgerHead
from reviews.operations.background import pages, queue

CHECKS = ("database", "triggers", "key", "queue", "scheduler", "mail", "checkpoint", "pages", "search", "cache")
LONGEST_WAIT = datetime.timedelta(minutes=10)  # of a job, and between two runs of the scheduler
LONGEST_WAIT_OF_MAIL = datetime.timedelta(minutes=30)
LONGEST_WITHOUT_CHECKPOINT = datetime.timedelta(hours=26)  # a checkpoint is made each day


def findings(now: datetime.datetime | None = None) -> dict[str, str]:
    """Return one sentence per failed check, keyed by the check's name."""
    now = now or timezone.now()
    try:
        found = {"triggers": _triggers(), "key": _key(), **_queue(now), "mail": _mail(now)}
        found["checkpoint"] = _checkpoint(now)
        found["pages"] = pages.sentence()
        found["search"] = checking.behind()
    except Error:
        found = {"database": "The database does not answer, or is not migrated."}
    found["cache"] = _cache()
    return {name: found[name] for name in CHECKS if found.get(name)}


def _cache() -> str:
    is_down = getattr(caches["default"], "is_down", None)  # a cache in memory does not have it
    return "The cache does not answer: pages are shown, but more slowly." if is_down and is_down() else ""


def _triggers() -> str:
    wrong = len({*triggers.missing(), *triggers.changed()})
    return f"{wrong} of the triggers that keep evidence append-only are missing or changed." if wrong else ""


def _key() -> str:
    head = LedgerHead.objects.filter(pk=1).first()
    if head and head.position and head.key_id != keys.signer().key_id:
        return "The configured key is not the ledger's: set LEDGER_KEY_FILE to the new one and restart."
    return ""


def _queue(now: datetime.datetime) -> dict[str, str]:
    """Report the worker first: while a recurring job waits the scheduler adds none, so its silence is no fault."""
    state = queue.state(now)
    if state.longest_wait > LONGEST_WAIT:
        return {"queue": f"A job has waited for {_minutes(state.longest_wait)}: is the worker running?"}
    if state.since_plan and state.since_plan > LONGEST_WAIT:
        return {"scheduler": f"The scheduler last queued a job {_minutes(state.since_plan)} ago."}
    return {}


def _mail(now: datetime.datetime) -> str:
    number, longest = queue.undelivered(now)
    if not number or longest < LONGEST_WAIT_OF_MAIL:
        return ""
    return f"The mail server has not accepted {number} of our mails, the oldest for {_minutes(longest)}."


def _checkpoint(now: datetime.datetime) -> str:
    if unusable := checkpoints.unusable():
        return unusable
    newest = Checkpoint.objects.order_by("-size").first()
    if newest and newest.size not in checkpoints.waiting_for_commit():
        if not all(path.exists() for path in checkpoints.paths_of(newest)):
            return "The file of the newest checkpoint is missing: run “manage.py checkpoint”."
        if checkpoints.unlike(newest):
            return "The newest checkpoint differs between its file and the database: run “manage.py verify_ledger”."
    size = newest.size if newest else 0
    oldest = LedgerEvent.objects.filter(position__gt=size).order_by("position").values_list("at", flat=True).first()
    if oldest and datetime.datetime.fromisoformat(oldest) < now - LONGEST_WITHOUT_CHECKPOINT:
        return "No checkpoint covers events that are more than a day old: run “manage.py checkpoint” each day."
    return ""


def _minutes(span: datetime.timedelta) -> str:
    return f"{int(span.total_seconds() // 60)} minutes"
