"""Mail as jobs: ordered with the step, delivered after it, tried again when the server is down."""

import datetime
import logging
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from reviews.desk.sign_in.password_mail import send_way_to_password
from reviews.messages import notifications
from reviews.messages.mail import deliver
from reviews.operations.background import queue
from tests.factories import decide, review_of, submitted, under_review

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "clara.clinical@example.org"


class DownBackend:
    """A mail server that refuses, in words that hold the address."""

    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({ADDRESS: (550, b"no such person")})


def orders(queued) -> list[str]:
    rows = queued.filter(task_path=deliver.module_path).order_by("enqueued_at", "pk")
    return sorted(row.args_kwargs["args"][1].split(":")[0] for row in rows)


def test_an_order_commits_with_its_step_and_is_delivered_once(queued, work, author, editor, clinical, specialist):
    pair = under_review(submitted(author), editor, (clinical, "clinical"), (specialist, "specialist"))
    work()
    queued.all().delete()
    mail.outbox.clear()

    decide(pair[0])

    assert orders(queued) == ["You signed"]
    assert mail.outbox == []
    work()
    work()
    assert [message.subject.split(":")[0] for message in mail.outbox] == ["You signed"]
    assert mail.outbox[0].to == [clinical.email]
    assert review_of(pair[0].review.version).status == "under_review"


def test_what_is_rolled_back_sends_no_mail(queued, work):
    with transaction.atomic():
        notifications.send([ADDRESS], "Of a step", "that was not taken", "/desk/")
        assert queued.count() == 1  # it is a row of the step's own transaction
        transaction.set_rollback(True)

    work()

    assert not queued.exists()
    assert mail.outbox == []


def test_a_mail_that_is_not_taken_is_tried_again_later_and_given_up_in_the_end(queued, work, settings, caplog):
    settings.EMAIL_BACKEND = "tests.background.test_mail_jobs.DownBackend"
    notifications.send([ADDRESS], "Please review", "…", "/desk/")
    now = timezone.now()
    waits = []
    with caplog.at_level(logging.INFO):
        for _ in range(queue.TRIES):
            work()
            failed = queued.get()
            assert failed.status == "FAILED"
            if queue.mend(now):
                failed.refresh_from_db()
                waits.append(failed.run_after - failed.finished_at)
                queued.update(run_after=now)

    minutes = [wait // queue.MINUTE for wait in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, *[240] * 11]
    assert 48 * 60 <= sum(minutes) < 49 * 60
    assert queued.get().status == "FAILED"
    assert ADDRESS not in caplog.text + queued.get().traceback
    assert "SMTPRecipientsRefused" in queued.get().traceback


def test_a_mail_goes_out_once_the_server_is_back(queued, work, settings):
    back = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "tests.background.test_mail_jobs.DownBackend"
    notifications.send([ADDRESS], "Please review", "…", "/desk/")
    work()
    settings.EMAIL_BACKEND = back

    queue.mend()
    work()
    assert mail.outbox == []  # it waits its minute
    queued.update(run_after=timezone.now())
    work()

    assert [message.to for message in mail.outbox] == [[ADDRESS]]
    assert queued.get().status == "SUCCESSFUL"


def test_a_second_delivery_bears_the_same_message_id(queued, work):
    notifications.send([ADDRESS], "Please review", "…", "/desk/")
    work()
    queued.update(status="RUNNING", started_at=timezone.now() - queue.LEASE - datetime.timedelta(seconds=1))

    assert queue.mend() == 1
    work()

    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second
    assert first.endswith("@localhost>")


def test_the_way_to_a_password_is_made_at_delivery_and_once_in_five_minutes(queued, work, client, clinical):
    cache.clear()
    queued.all().delete()
    for _ in range(3):
        client.post(reverse("password_reset"), {"email": clinical.email})

    (job,) = queued.filter(task_path=send_way_to_password.module_path)
    assert job.args_kwargs["args"] == [clinical.pk]
    work()
    assert len(mail.outbox) == 1
    assert "https://testserver/desk/" in mail.outbox[0].body


def test_who_was_locked_meanwhile_gets_no_way_to_a_password(queued, work, client, clinical):
    cache.clear()
    queued.all().delete()
    client.post(reverse("password_reset"), {"email": clinical.email})
    type(clinical).objects.filter(pk=clinical.pk).update(is_active=False)

    work()

    assert mail.outbox == []
