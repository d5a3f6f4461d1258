"""
The queue of jobs, kept in the database: what is to be done, by when it is tried again, and how it stands.

The library hands jobs to workers. What it leaves open is here: a job that failed is tried again, later each time; one
whose worker was killed is taken up by another; and what comes round again is put into the queue in time.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from config.tasks import TaskResultStatus
from reviews.messages.mail import deliver
from reviews.operations.background import jobs, pages

MINUTE, HOUR, DAY = (datetime.timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
PLAN = {
    jobs.publish_due: MINUTE,
    jobs.send_reminders: HOUR,
    pages.compare_pages: HOUR,
    jobs.make_checkpoint: DAY,
    jobs.prune: DAY,
}
PLANNED = {job.module_path for job in PLAN}
FORMERLY = {  # as release 0.3.0 and those before it named the jobs that may still wait
    "reviews.background.mail.deliver": deliver.module_path,
    **{f"reviews.background.jobs.{job.name}": job.module_path for job in PLAN if job is not pages.compare_pages},
    "reviews.background.pages.compare_pages": pages.compare_pages.module_path,
    "reviews.desk.password_mail.send_way_to_password": "reviews.desk.sign_in.password_mail.send_way_to_password",
}

LEASE = 10 * MINUTE  # a job takes seconds, a mail at most the mail server's half minute
TRIES = 20  # with the waits between them, two days
LONGEST_WAIT = 4 * HOUR


def plan(now: datetime.datetime | None = None) -> list[str]:
    """Put each recurring job whose time has come round into the queue, unless it waits there; return their names."""
    now = now or timezone.now()
    added = []
    for job, period in PLAN.items():
        rows = DBTaskResult.objects.filter(task_path=job.module_path)
        unfinished = rows.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]).exists()
        if not unfinished and not rows.filter(enqueued_at__gt=now - period).exists():
            job.enqueue()
            added.append(job.name)
    return added


def mend(now: datetime.datetime | None = None) -> int:
    """
    Put back into the queue what failed and what a killed worker left, and return how many.

    A failed job waits 1 minute, then 2, 4 and so on up to 4 hours, and is given up after 20 tries, in two days. A
    recurring one is not tried again: it comes round anyway. A job whose worker died each time is given up as well.
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
            mended += _put_back(row, run_after=get_date_max())  # which stands for: at once
        else:
            _untouched(row).update(status=TaskResultStatus.FAILED, finished_at=now)
    return mended


def _rename():
    """Give jobs that an earlier release ordered the name that their function has now, so that a worker finds it."""
    waiting = DBTaskResult.objects.filter(task_path__in=FORMERLY).order_by()
    for former in waiting.values_list("task_path", flat=True).distinct():
        DBTaskResult.objects.filter(task_path=former).update(task_path=FORMERLY[former])


def _put_back(row: DBTaskResult, run_after: datetime.datetime) -> int:
    """Make the job ready again, unless a worker or another scheduler has touched it meanwhile."""
    return _untouched(row).update(status=TaskResultStatus.READY, run_after=run_after)


def _untouched(row: DBTaskResult):
    return DBTaskResult.objects.filter(pk=row.pk, status=row.status, started_at=row.started_at)


def undelivered(now: datetime.datetime) -> tuple[int, datetime.timedelta]:
    """Return how many mails the server did not take, tried again or given up in the last two days, and since when."""
    tried = DBTaskResult.objects.filter(task_path=deliver.module_path).exclude(worker_ids=[])
    stuck = tried.filter(
        Q(status=TaskResultStatus.READY) | Q(status=TaskResultStatus.FAILED, finished_at__gt=now - 2 * DAY)
    ).order_by()
    found = stuck.aggregate(number=Count("pk"), since=Min("enqueued_at"))
    return found["number"], now - found["since"] if found["since"] else datetime.timedelta()


@dataclass(frozen=True)
class Standing:
    """How the queue stands: jobs by status, the longest that one has waited, and how long ago the plan was followed."""

    jobs: dict[str, int]
    longest_wait: datetime.timedelta
    since_plan: datetime.timedelta | None  # None where no scheduler ever ran


def standing(now: datetime.datetime | None = None) -> Standing:
    """Return how the queue stands now, in three queries."""
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
    return Standing(counts, max(waits, default=datetime.timedelta()), now - last if last else None)
