"""What /healthz and /metrics say: a sentence for each thing that is not well, and no word of any content."""

import datetime
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.models import get_date_max

from articles.site.lists import articles as lists
from reviews.evidence import ledger, triggers
from reviews.evidence.ledger import checkpoints, keys
from reviews.messages.mail import deliver
from reviews.models import Checkpoint
from reviews.models.actions import Action
from reviews.operations import health
from reviews.operations.background import queue
from tests.factories import PASSWORD, published, submitted

FAR = get_date_max()
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def public(author, editor, clinical, specialist, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return published(submitted(author), editor, clinical, specialist)


def test_all_is_well(client, public):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_database_that_does_not_answer(client, db, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("connection to host db-7 failed: password of imprimatur")

    monkeypatch.setattr(triggers, "missing", fail)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.content == b"database: The database does not answer, or is not migrated.\n"


def test_a_page_without_its_database_says_so_and_when_to_come_back(client, db, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("database or disk is full")

    client.raise_request_exception = False
    monkeypatch.setattr(lists, "Tree", fail)

    answer = client.get("/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "check whether it was saved" in answer.content.decode()
    assert "disk" not in answer.content.decode()


def test_a_fault_of_ours_is_no_passing_trouble(client, db, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(lists, "Tree", lambda: 1 / 0)

    assert client.get("/").status_code == 500


@pytest.mark.django_db(transaction=True)
def test_a_missing_trigger(client):
    name, (table, _) = next(iter(triggers.dialect(connection).create().items()))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    try:
        answer = client.get("/healthz")
    finally:
        triggers.install()

    assert answer.status_code == 503
    assert "triggers: 1 of the triggers" in answer.content.decode()
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_job_that_nobody_does(queued):
    queue.plan()
    now = timezone.now()

    assert health.findings(now + 9 * queue.MINUTE) == {}
    assert health.findings(now + 11.5 * queue.MINUTE) == {
        "queue": "A job has waited for 11 minutes: is the worker running?"
    }


@pytest.mark.django_db
def test_a_job_that_waits_for_its_next_try_is_no_fault(queued):
    queue.plan()
    now = timezone.now()
    queued.update(run_after=now + 2 * HOUR)

    assert "queue" not in health.findings(now + HOUR)
    assert "queue" in health.findings(now + 3 * HOUR)


@pytest.mark.parametrize("tried", [False, True])
@pytest.mark.django_db
def test_newer_jobs_do_not_hide_the_one_that_has_waited_longest(queued, tried):
    queue.plan()
    now = timezone.now()
    oldest = queued.first().pk
    for rows, waited in [(queued.exclude(pk=oldest), queue.MINUTE), (queued.filter(pk=oldest), HOUR)]:
        rows.update(enqueued_at=now - (2 * HOUR if tried else waited), run_after=now - waited if tried else FAR)

    assert queue.state(now).longest_wait == HOUR
    assert health.findings(now) == {"queue": "A job has waited for 60 minutes: is the worker running?"}


@pytest.mark.django_db
def test_a_scheduler_that_died(queued):
    queue.plan()
    queued.update(status="SUCCESSFUL")

    assert health.findings() == {}
    assert health.findings(timezone.now() + HOUR) == {"scheduler": "The scheduler last queued a job 60 minutes ago."}


@pytest.mark.parametrize("status", ["FAILED", "READY"])
@pytest.mark.django_db
def test_a_mail_server_that_takes_nothing(queued, author, status):
    submitted(author)
    row = queued.filter(task_path=deliver.module_path).first()
    queued.filter(pk=row.pk).update(status=status, worker_ids=["w1"], finished_at=row.enqueued_at, run_after=FAR)
    later = row.enqueued_at + datetime.timedelta(minutes=29)
    assert "mail" not in health.findings(later)

    found = health.findings(later + datetime.timedelta(minutes=2))

    assert found["mail"] == "The mail server has not accepted 1 of our mails, the oldest for 31 minutes."
    assert ("mail" in health.findings(later + datetime.timedelta(days=3))) == (status == "READY")


@pytest.mark.django_db
def test_newer_mails_do_not_hide_since_when_the_server_takes_none(queued, author):
    submitted(author, title="One")
    submitted(author, title="Other")
    mails, now = queued.filter(task_path=deliver.module_path), timezone.now()
    for row, waited in zip(mails, [HOUR, *[queue.MINUTE] * mails.count()], strict=False):
        mails.filter(pk=row.pk).update(worker_ids=["w1"], enqueued_at=now - waited)

    assert queue.undelivered(now) == (mails.count(), HOUR)
    assert health.findings(now)["mail"].endswith("the oldest for 60 minutes.")


@pytest.mark.django_db
def test_a_mail_that_nobody_has_tried_yet_blames_no_mail_server(queued, author):
    submitted(author)

    assert "mail" not in health.findings(timezone.now() + HOUR)


def test_a_ledger_that_was_handed_over_to_a_key_that_is_not_at_hand(client, public, monkeypatch, tmp_path):
    other = keys.make(tmp_path / "other.key") or keys.read(tmp_path / "other.key")
    monkeypatch.setattr(health.keys, "signer", lambda: other)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.content.decode().startswith("key: The configured key is not the ledger's")


def test_a_checkpoint_whose_file_is_gone(client, public):
    newest = Checkpoint.objects.order_by("size").last()
    checkpoints.path_of(newest.ledger_id, newest.size).unlink()
    connection.run_on_commit.clear()  # nothing is on its way any more

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.content.decode().startswith("checkpoint: The file of the newest checkpoint is missing")


@pytest.mark.parametrize("place", ["first", "second"])
def test_a_checkpoint_whose_file_was_altered(client, public, settings, tmp_path, place):
    settings.CHECKPOINT_COPIES = [tmp_path / "second"]
    connection.run_on_commit.clear()
    newest = Checkpoint.objects.order_by("size").last()
    checkpoints.write_missing_files(newest.ledger_id)
    path = checkpoints.paths_of(newest)[place == "second"]
    assert client.get("/healthz").status_code == 200
    path.write_text(newest.note.replace("\n", "\n\n", 1))

    answer = client.get("/healthz")

    said = "checkpoint: The newest checkpoint differs between its file and the database"
    assert (answer.status_code, answer.content.decode()[: len(said)]) == (503, said)
    with pytest.raises(CommandError, match=re.escape(str(path))):
        call_command("checkpoint")
    path.unlink()
    assert (
        client.get("/healthz").content.decode().startswith("checkpoint: The file of the newest checkpoint is missing")
    )
    call_command("checkpoint")
    assert path.read_text() == newest.note


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_that_was_forged_in_the_database_is_written_nowhere(client, public):
    """The file holds what was signed, and stays the proof of it."""
    connection.run_on_commit.clear()
    newest = Checkpoint.objects.order_by("size").last()
    path = checkpoints.path_of(newest.ledger_id, newest.size)
    signed = path.read_bytes()
    triggers.drop()
    forged = newest.note.replace(newest.note.split("\n")[2][:2], "zz", 1)
    Checkpoint._base_manager.filter(pk=newest.pk).update(note=forged)

    said = client.get("/healthz").content.decode()
    with pytest.raises(CommandError, match="Keep both"):
        call_command("checkpoint")
    assert path.read_bytes() == signed
    path.unlink()
    with pytest.raises(CommandError, match="in the database is not signed by this ledger"):
        call_command("checkpoint")

    assert "The newest checkpoint differs between its file and the database" in said
    assert not path.exists(), "what this ledger has not signed is no checkpoint"
    triggers.install()


def test_a_checkpoint_whose_file_cannot_be_read(client, public):
    connection.run_on_commit.clear()
    newest = Checkpoint.objects.order_by("size").last()
    path = checkpoints.path_of(newest.ledger_id, newest.size)
    path.unlink()
    path.mkdir()

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.content.decode().startswith(
        "checkpoint: The newest checkpoint differs between its file and the database"
    )


def test_events_under_no_checkpoint(public, author):
    submitted(author, title="Another")

    assert health.findings(timezone.now() + 20 * HOUR) == {}
    assert health.findings(timezone.now() + 30 * HOUR).keys() == {"checkpoint"}


def test_newer_events_do_not_hide_an_old_one_under_no_checkpoint(public, author):
    submitted(author, title="Another")
    ledger.append(Action.SETTINGS_CHANGED, actor=None, now=timezone.now() + 20 * HOUR)

    assert health.findings(timezone.now() + 30 * HOUR).keys() == {"checkpoint"}


# the figures


def test_the_figures_are_for_who_bears_the_token(client, db, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "one-that-nobody-guesses"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer one-that"}).status_code == 404

    answer = client.get("/metrics", headers={"Authorization": "Bearer one-that-nobody-guesses"})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")


def figures(client, settings) -> dict[str, float]:
    settings.METRICS_TOKEN = "t"
    lines = client.get("/metrics", headers={"Authorization": "Bearer t"}).content.decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}


def test_the_figures_count_what_is_there(client, settings, public, queued, author, clinical):
    submitted(author, title="A title that is nobody's business")
    queued.all().delete()  # mail
    queue.plan()
    client.post("/desk/sign-in/", {"username": "reviewer1", "password": "wrong"})

    said = figures(client, settings)

    assert said['imprimatur_reviews{status="approved"}'] == 1
    assert said['imprimatur_reviews{status="submitted"}'] == 1
    assert said["imprimatur_articles_public"] == 1
    assert said['imprimatur_security_records{kind="wrong_sign_in"}'] == 1
    assert said['imprimatur_jobs{status="ready"}'] == queued.count() == len(set(queue.PLAN) - set(queue.ONLY_IF))
    assert said["imprimatur_ledger_events"] > said["imprimatur_ledger_events_after_checkpoint"] > 0
    assert said['imprimatur_well{check="triggers"}'] == 1


def test_the_figures_count_the_events_since_the_newest_checkpoint(client, settings, public, author):
    submitted(author, title="Another")
    call_command("checkpoint", stdout=StringIO())
    assert figures(client, settings)["imprimatur_ledger_events_after_checkpoint"] == 0

    ledger.append(Action.SETTINGS_CHANGED, actor=None)

    assert figures(client, settings)["imprimatur_ledger_events_after_checkpoint"] == 1


def checks(said) -> dict[str, float]:
    return {name.split('"')[1]: value for name, value in said.items() if name.startswith("imprimatur_well{")}


def test_the_figures_tell_of_each_check_whether_it_passes(client, settings, public, queued, author):
    submitted(author)
    mail = queued.filter(task_path=deliver.module_path).first()
    queued.filter(pk=mail.pk).update(status="FAILED", worker_ids=["w1"], finished_at=mail.enqueued_at)
    queued.filter(pk=mail.pk).update(enqueued_at=mail.enqueued_at - HOUR, finished_at=mail.enqueued_at)

    found = checks(figures(client, settings))

    assert found["mail"] == 0
    assert set(found) == {
        "database", "triggers", "key", "queue", "scheduler", "mail", "checkpoint", "pages", "search", "cache",
    }  # fmt: skip
    assert {name for name, passes in found.items() if not passes} == set(health.findings())


def test_without_the_database_no_check_that_asks_it_is_said_to_pass(client, settings, db, monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("connection to host db-7 failed")

    monkeypatch.setattr(triggers, "missing", fail)

    assert checks(figures(client, settings)) == {"database": 0, "cache": 1}


def test_the_figures_name_nobody_and_nothing(client, settings, public, clinical):
    settings.METRICS_TOKEN = "t"

    text = client.get("/metrics", headers={"Authorization": "Bearer t"}).content.decode()

    for word in (public.title, clinical.username, clinical.email, PASSWORD, public.digest):
        assert word not in text


def test_the_figures_cost_the_same_queries_for_one_article_and_for_many(
    client, settings, public, author, django_assert_max_num_queries
):
    settings.METRICS_TOKEN = "t"
    for number in range(3):
        submitted(author, title=f"Number {number}")

    with django_assert_max_num_queries(24) as asked:
        client.get("/metrics", headers={"Authorization": "Bearer t"})
    before = len(asked)
    for number in range(3, 9):
        submitted(author, title=f"Number {number}")
    with django_assert_max_num_queries(before):
        client.get("/metrics", headers={"Authorization": "Bearer t"})
