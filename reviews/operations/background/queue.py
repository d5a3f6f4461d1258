"""
The queue of jobs in the database: recurring jobs, retries and the state of the queue.

The library gives jobs to workers. This module adds the rest: a failed job is retried with growing delays, the job of a
killed worker is queued again, and recurring jobs are queued when they are due.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from articles.search.meaning import vectors
from config.tasks import Task, TaskResultStatus
from reviews.messages.mail import deliver, deliver_digest
from reviews.operations.background import jobs, pages

MINUTE, HOUR, DAY = (datetime.timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
PLAN: dict[Task[[], Any], datetime.timedelta] = {
    jobs.publish_due: MINUTE,
    jobs.encode_passages: 5 * MINUTE,
    jobs.send_reminders: HOUR,
    jobs.send_digests: HOUR,
    pages.compare_pages: HOUR,
    jobs.make_checkpoint: DAY,
    jobs.prune: DAY,
    jobs.delete_readers_input: DAY,
}
ONLY_IF: dict[Task[[], Any], Callable[[], Any]] = {jobs.encode_passages: vectors.number_missing}  # else nothing to do
PLANNED = {job.module_path for job in PLAN}
FORMERLY = {  # the names in releases up to 0.3.0, of jobs that may still wait
    "reviews.background.mail.deliver": deliver.module_path,
    **{f"reviews.background.jobs.{job.name}": job.module_path for job in PLAN if job is not pages.compare_pages},
    "reviews.background.pages.compare_pages": pages.compare_pages.module_path,
    "reviews.desk.password_mail.send_way_to_password": "reviews.desk.sign_in.password_mail.send_way_to_password",
}

MAILS = (deliver.module_path, deliver_digest.module_path)
LEASE = 10 * MINUTE  # far longer than a job takes: seconds, or half a minute for a slow mail server
TRIES = 20  # two days, with the waits in between
LONGEST_WAIT = 4 * HOUR


def plan(now: datetime.datetime | None = None) -> list[str]:
    """Queue each recurring job that is due and has work, unless it is queued already; return the names of these."""
    now = now or timezone.now()
    added = []
    for job, period in PLAN.items():
        rows = DBTaskResult.objects.filter(task_path=job.module_path)
        unfinished = rows.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]).exists()
        if not unfinished and not rows.filter(enqueued_at__gt=now - period).exists() and ONLY_IF.get(job, _always)():
            job.enqueue()
            added.append(job.name)
    return added


def _always() -> bool:
    return True


def mend(now: datetime.datetime | None = None) -> int:
    """
    Queue failed jobs and the jobs of killed workers again, and return their number.

    A failed job waits 1 minute, then 2, 4 and so on up to 4 hours. After 20 tries, in two days, it is given up. A
    recurring job is not retried: it is queued again anyway. A job whose worker died each time is given up too.
    """
    now = now or timezone.now()
    _rename()
    mended = 0
    for row in DBTaskResult.objects.failed().exclude(task_path__in=PLANNED).filter(finished_at__gt=now - 2 * DAY):
        tries = len(row.worker_ids)
        if tries < TRIES:
            wait = min(MINUTE * 2 ** max(tries - 1, 0), LONGEST_WAIT)
            mended += _put_back(row, run_after=row.finished_at + wait)
    for row in DBTaskResult.objects.running().filter(started_at__lt=now - LEASE):
        if len(row.worker_ids) < TRIES:
            mended += _put_back(row, run_after=get_date_max())  # the library's value for "at once"
        else:
            _untouched(row).update(status=TaskResultStatus.FAILED, finished_at=now)
    return mended


def _rename() -> None:
    """Give jobs queued by an earlier release the current name of their function, so that a worker finds it."""
    waiting = DBTaskResult.objects.filter(task_path__in=FORMERLY).order_by()
    for former in waiting.values_list("task_path", flat=True).distinct():
        DBTaskResult.objects.filter(task_path=former).update(task_path=FORMERLY[former])


def _put_back(row: DBTaskResult, run_after: datetime.datetime) -> int:
    """Make the job ready again, unless a worker or another scheduler has changed it since; return 1 or 0."""
    return _untouched(row).update(status=TaskResultStatus.READY, run_after=run_after)


def _untouched(row: DBTaskResult) -> QuerySet[DBTaskResult]:
    return DBTaskResult.objects.filter(pk=row.pk, status=row.status, started_at=row.started_at)


def undelivered(now: datetime.datetime) -> tuple[int, datetime.timedelta]:
    """Return the number of mails that failed and wait or were given up in two days, and the age of the oldest."""
    tried = DBTaskResult.objects.filter(task_path__in=MAILS).exclude(worker_ids=[])
    stuck = tried.filter(
        Q(status=TaskResultStatus.READY) | Q(status=TaskResultStatus.FAILED, finished_at__gt=now - 2 * DAY)
    ).order_by()
    found = stuck.aggregate(number=Count("pk"), since=Min("enqueued_at"))
    return found["number"], now - found["since"] if found["since"] else datetime.timedelta()


@dataclass(frozen=True)
class QueueState:
    """Jobs by status, the longest time that a job has waited, and the time since the last recurring job was queued."""

    jobs: dict[str, int]
    longest_wait: datetime.timedelta
    since_plan: datetime.timedelta | None  # None if no scheduler ever ran


def state(now: datetime.datetime | None = None) -> QueueState:
    """Return the current state of the queue, in three queries."""
    now = now or timezone.now()
    counts = dict.fromkeys(TaskResultStatus.values, 0)
    counts |= dict(DBTaskResult.objects.order_by().values_list("status").annotate(Count("pk")))
    waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by().aggregate(
        since_order=Min("enqueued_at", filter=Q(run_after=get_date_max())),
        since_retry=Min("run_after", filter=Q(run_after__lte=now)),
    )  # fmt: skip
    waits = [now - since for since in waiting.values() if since]
    planned = DBTaskResult.objects.filter(task_path=jobs.publish_due.module_path).aggregate(Max("enqueued_at"))
    last = planned["enqueued_at__max"]
    return QueueState(counts, max(waits, default=datetime.timedelta()), now - last if last else None)
