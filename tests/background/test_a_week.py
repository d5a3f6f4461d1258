"""A fortnight of reminders and daily emails on a simulated clock: each is sent once, also after days without a run."""

import datetime
import threading

import pytest
from django.core import mail as outbox
from django.db import connections
from django.utils import timezone

from reviews import workflow
from reviews.messages import mail, notifications, reminders
from reviews.models import Digest, Message, Reminder
from tests.factories import accepted, submitted

pytestmark = pytest.mark.django_db(transaction=True)

DAY = datetime.timedelta(days=1)
MISSED = {1, 2, 9}  # days from the due date on which nothing runs
RUNS = [days for days in range(-4, 17) if days not in MISSED]


@pytest.fixture
def asked(author, editor, clinical, settings):
    """A review that is accepted and due in ten days; what was told so far is forgotten."""
    settings.MAIL_DIGEST_HOUR, settings.TIME_ZONE = 7, "UTC"
    terms = {"reviewer": clinical, "capacity": "clinical", "due": timezone.localdate() + 10 * DAY}
    row = accepted(workflow.assign(submitted(author).review, actor=editor, **terms))
    Message.objects.all().delete()
    outbox.outbox.clear()
    return row


def moment(day, hour):
    return datetime.datetime.combine(day, datetime.time(hour), datetime.UTC)


def tell(editor, days):
    """Tell the editor something that can wait, each day, also when nothing runs."""
    notifications.send([editor.email], f"News of day {days}", "Look.", "/desk/", at_once=False)


TO_REVIEWER = {-3: "Due soon", 0: "Due today", 3: "Overdue"}
TO_EDITOR = {8: "Long overdue", 15: "Ask somebody else?"}


def test_each_reminder_and_each_daily_email_is_sent_once(asked, editor, clinical):
    title, sent = asked.review.version.title, {}
    for days in range(-4, 17):
        tell(editor, days)
        if days not in MISSED:
            for hour in (6, 8, 20):
                reminders.send_due(asked.due + days * DAY)
                mail.send_digests(moment(asked.due + days * DAY, hour))
        sent[days] = [message.subject for message in outbox.outbox]
        outbox.outbox.clear()

    told = {days: [each for each in subjects if "from the desk" not in each] for days, subjects in sent.items()}
    assert {days: subjects for days, subjects in told.items() if subjects} == {
        days: [f"{words}: {title}"] for days, words in TO_REVIEWER.items()
    }
    digests = {days: [each for each in subjects if "from the desk" in each] for days, subjects in sent.items()}
    assert {days: len(found) for days, found in digests.items()} == {days: int(days in RUNS) for days in digests}
    assert digests[3] == ["3 messages from the desk"]
    assert Message.objects.filter(recipient=editor, digest__mailed_at__isnull=False).count() == 21 + len(TO_EDITOR)
    for days, words in TO_EDITOR.items():
        message = Message.objects.get(recipient=editor, subject__startswith=words)
        assert message.digest.day == asked.due + days * DAY
    assert Reminder.objects.filter(assignment=asked).count() == 5


def test_a_task_that_has_ended_is_reminded_of_no_more(asked, editor, clinical):
    assert reminders.send_due(asked.due - 3 * DAY) == 1
    workflow.unassign(asked, actor=editor, reason="On leave.")

    for days in (0, 3, 15):
        reminders.send_due(asked.due + days * DAY)

    assert Reminder.objects.filter(assignment=asked).count() == 1


@pytest.mark.postgresql
def test_three_workers_send_each_once(asked, editor, queued):
    for days in RUNS:
        Message.objects.create(
            recipient=editor, job=f"day {days}", subject="News", body="Look.", at_once=False, sent_at=timezone.now()
        )
        together(
            lambda days=days: (
                reminders.send_due(asked.due + days * DAY),
                mail.send_digests(moment(asked.due + days * DAY, 8)),
            )
        )

    reminded = [row.args_kwargs["args"][1].split(":")[0] for row in queued.filter(task_path=mail.deliver.module_path)]
    told = [each for each in reminded if each.startswith((*TO_REVIEWER.values(), *TO_EDITOR.values()))]
    assert len(told) == len({*told}) == 5
    assert Digest.objects.filter(recipient=editor).count() == len(RUNS)
    assert queued.filter(task_path=mail.deliver_digest.module_path).count() == len(RUNS)
    assert not Message.objects.filter(recipient=editor).waiting().exists()


def together(run):
    """Let three workers do the same at the same time."""
    barrier, failed = threading.Barrier(3), []

    def work():
        try:
            barrier.wait()
            run()
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failed == []
