"""What comes round, what failed and what a killed worker left: each is in the queue when it has to be, once."""

import datetime
import re
import signal
import subprocess
import sys
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from reviews.management.commands.worker import Worker
from reviews.models import Checkpoint
from reviews.operations.background import jobs, queue
from tests import migrated
from tests.config.test_production import ROOT, manage


@pytest.mark.django_db
def test_each_recurring_job_is_ordered_when_its_time_comes_and_waits_once(queued):
    now = timezone.now()

    assert sorted(queue.plan(now)) == [
        "compare_pages",
        "delete_readers_input",
        "make_checkpoint",
        "prune",
        "publish_due",
        "send_digests",
        "send_reminders",
    ]
    assert queue.plan(now + 3 * queue.DAY) == []  # all still wait for a worker

    queued.update(status="SUCCESSFUL", finished_at=now)
    assert queue.plan(now + queue.MINUTE / 2) == []
    assert queue.plan(now + 2 * queue.MINUTE) == ["publish_due"]


@pytest.mark.django_db
def test_passages_are_encoded_only_if_some_lack_a_vector(queued, monkeypatch):
    monkeypatch.setitem(queue.ONLY_IF, jobs.encode_passages, lambda: 3)

    assert "encode_passages" in queue.plan()


@pytest.mark.django_db
def test_a_recurring_job_that_failed_waits_for_its_next_time(queued):
    queue.plan()
    now = timezone.now()
    queued.update(status="FAILED", finished_at=now, worker_ids=["one"])

    assert queue.mend(now) == 0
    assert "publish_due" in queue.plan(now + 2 * queue.MINUTE)


@pytest.mark.django_db
@pytest.mark.parametrize("former", queue.FORMERLY)
def test_a_job_that_an_earlier_release_ordered_is_found_by_its_name_of_today(queued, former):
    queue.plan()
    queued.update(task_path=former)

    queue.mend()

    for job in queued.all():
        assert import_string(job.task_path).module_path == queue.FORMERLY[former]


def test_the_former_name_of_each_job_is_known():
    """A job that is added later has none; then it is named here."""
    jobs_of_ours = {
        f"{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}.{name}"
        for path in (ROOT / "reviews").rglob("*.py")
        for name in re.findall(r"^@task\b.*\ndef (\w+)", path.read_text(), re.MULTILINE)
    }

    later = {
        "reviews.desk.article.dossier.making.make_dossier",
        "reviews.desk.sign_in.password_mail.send_welcome",
        "reviews.messages.mail.deliver_digest",
    }
    assert jobs_of_ours - later == set(queue.FORMERLY.values())


@pytest.mark.django_db
def test_only_a_job_that_is_long_overdue_is_taken_from_its_worker(queued):
    queue.plan()
    now = timezone.now()
    queued.update(status="RUNNING", started_at=now, worker_ids=["one"])

    assert queue.mend(now + queue.LEASE - queue.MINUTE) == 0
    assert queue.mend(now + queue.LEASE + queue.MINUTE) == queued.count() > 0
    assert set(queued.values_list("status", flat=True)) == {"READY"}


@pytest.mark.django_db
@pytest.mark.parametrize("meanwhile", [{"status": "SUCCESSFUL"}, {"started_at": timezone.now()}])
def test_a_job_that_somebody_touched_meanwhile_is_not_taken_back(queued, meanwhile):
    queue.plan()
    queued.update(status="RUNNING", started_at=timezone.now() - 2 * queue.LEASE, worker_ids=["one"])
    row = queued.first()
    queued.filter(pk=row.pk).update(**meanwhile)

    assert queue._put_back(row, run_after=timezone.now()) == 0

    assert queued.get(pk=row.pk).status == meanwhile.get("status", "RUNNING")


@pytest.mark.django_db
def test_a_job_whose_worker_died_each_time_is_given_up(queued):
    queue.plan()
    now = timezone.now()
    queued.update(status="RUNNING", started_at=now - 2 * queue.LEASE, worker_ids=["dead"] * queue.TRIES)

    assert queue.mend(now) == 0
    assert set(queued.values_list("status", flat=True)) == {"FAILED"}


@pytest.mark.django_db
def test_what_a_worker_touched_meanwhile_is_left_to_it(queued):
    queue.plan()
    row = queued.first()
    queued.filter(pk=row.pk).update(status="RUNNING", started_at=timezone.now())

    assert queue._put_back(row, timezone.now()) == 0
    assert queued.get(pk=row.pk).status == "RUNNING"


@pytest.mark.django_db(transaction=True)
def test_the_jobs_do_what_they_say(queued, work, author):
    old = timezone.now() - datetime.timedelta(days=8)
    jobs.publish_due.enqueue()
    queued.update(status="SUCCESSFUL", finished_at=old)
    queue.plan()

    work()

    assert set(queued.values_list("status", flat=True)) == {"SUCCESSFUL"}
    assert not queued.filter(finished_at=old).exists()
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_a_scheduler_where_jobs_are_done_at_once_says_so(settings):
    settings.BACKGROUND = False

    with pytest.raises(CommandError, match="BACKGROUND is off"):
        call_command("scheduler", once=True)


def test_a_scheduler_and_a_worker_as_processes_do_the_jobs_and_end_when_asked(production, tmp_path):
    migrated.put(tmp_path / "site.sqlite3")
    started = [
        subprocess.Popen(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=production, stderr=subprocess.PIPE, text=True
        )
        for words in (["scheduler", "--interval", "0.2"], ["worker", "--interval", "0.2"])
    ]
    try:
        wait_until((tmp_path / "checkpoints").is_dir)
        for process in started:
            process.send_signal(signal.SIGTERM)
        errors = [process.communicate(timeout=20)[1] for process in started]
    finally:
        for process in started:
            process.kill()

    assert [process.returncode for process in started] == [0, 0]
    assert "make_checkpoint" in errors[0]
    assert '"path' not in errors[1]
    assert "state=SUCCESSFUL" in errors[1]
    assert manage(production, "verify_ledger").returncode == 0


def wait_until(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_a_worker_outlives_a_database_that_is_away(queued, monkeypatch):
    queue.plan()
    worker = Worker(**OF_A_TEST)
    answers = iter([OperationalError("the server closed the connection"), InterfaceError("connection already closed")])
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setattr(DBTaskResult.objects, "ready", lambda: fail_then(answers, queued))

    worker.run()

    assert next(answers, None) is None
    assert set(queued.values_list("status", flat=True)) == {"SUCCESSFUL"}


def fail_then(answers, queued):
    for answer in answers:
        raise answer
    return type(queued.all()).ready(queued.all())


OF_A_TEST = {
    "queue_names": ["default"],
    "interval": 0,
    "batch": True,
    "backend_name": "default",
    "startup_delay": False,
    "max_tasks": None,
    "worker_id": "of a test",
    "excluded_queue_names": [],
}
