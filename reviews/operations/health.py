"""Whether the site is well, for whoever looks after it: each thing that is not, in a sentence without any content."""

import datetime

from django.core.cache import caches
from django.db import Error
from django.utils import timezone

from reviews.evidence import triggers
from reviews.evidence.ledger import checkpoints, keys
from reviews.models import Checkpoint, LedgerEvent, LedgerHead
from reviews.operations.background import pages, queue

CHECKS = ("database", "triggers", "key", "queue", "scheduler", "mail", "checkpoint", "pages", "cache")
NOTHING_MAY_WAIT_LONGER = datetime.timedelta(minutes=10)
MAIL_MAY_FAIL_FOR = datetime.timedelta(minutes=30)
EVENTS_MAY_STAND_ALONE = datetime.timedelta(hours=26)  # a checkpoint is made each day


def findings(now: datetime.datetime | None = None) -> dict[str, str]:
    """Return what is not well, by the name of what was looked at; empty when all is well."""
    now = now or timezone.now()
    try:
        found = {"triggers": _triggers(), "key": _key(), **_queue(now), "mail": _mail(now)}
        found["checkpoint"] = _checkpoint(now)
        found["pages"] = pages.sentence()
    except Error:
        found = {"database": "The database does not answer, or is not migrated."}
    found["cache"] = _cache()
    return {name: found[name] for name in CHECKS if found.get(name)}


def _cache() -> str:
    is_away = getattr(caches["default"], "is_away", None)  # a cache in this process's memory is always there
    return "The cache does not answer: pages are shown, and take longer." if is_away and is_away() else ""


def _triggers() -> str:
    wrong = len({*triggers.missing(), *triggers.changed()})
    return f"{wrong} of the triggers that keep evidence append-only are missing or changed." if wrong else ""


def _key() -> str:
    head = LedgerHead.objects.filter(pk=1).first()
    if head and head.position and head.key_id != keys.signer().key_id:
        return "The key at hand is not the ledger's: set LEDGER_KEY_FILE to the new one and restart."
    return ""


def _queue(now: datetime.datetime) -> dict[str, str]:
    """Blame the worker where jobs wait: the scheduler orders no job that waits already, and so is not heard of."""
    stands = queue.standing(now)
    if stands.longest_wait > NOTHING_MAY_WAIT_LONGER:
        return {"queue": f"A job has waited for {_minutes(stands.longest_wait)}: is the worker running?"}
    if stands.since_plan and stands.since_plan > NOTHING_MAY_WAIT_LONGER:
        return {"scheduler": f"The scheduler was last heard of {_minutes(stands.since_plan)} ago."}
    return {}


def _mail(now: datetime.datetime) -> str:
    number, longest = queue.undelivered(now)
    if not number or longest < MAIL_MAY_FAIL_FOR:
        return ""
    return f"The mail server has not taken {number} of our mails, the first for {_minutes(longest)}."


def _checkpoint(now: datetime.datetime) -> str:
    if unusable := checkpoints.unusable():
        return unusable
    newest = Checkpoint.objects.order_by("-size").first()
    if newest and newest.size not in checkpoints.waiting_for_commit():
        if not all(path.exists() for path in checkpoints.paths_of(newest)):
            return "The file of the newest checkpoint is missing: run “manage.py checkpoint”."
        if checkpoints.unlike(newest):
            return (
                "The newest checkpoint is not the same in its file and in the database: run “manage.py verify_ledger”."
            )
    size = newest.size if newest else 0
    oldest = LedgerEvent.objects.filter(position__gt=size).order_by("position").values_list("at", flat=True).first()
    if oldest and datetime.datetime.fromisoformat(oldest) < now - EVENTS_MAY_STAND_ALONE:
        return "Events of more than a day ago are under no checkpoint: run “manage.py checkpoint” each day."
    return ""


def _minutes(span: datetime.timedelta) -> str:
    return f"{int(span.total_seconds() // 60)} minutes"
