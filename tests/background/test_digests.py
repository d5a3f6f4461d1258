"""Messages: each stands in the inbox once, and is emailed at once or with one daily email."""

import datetime
import threading

import pytest
from django.core import mail as outbox
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from reviews import workflow
from reviews.messages import mail, notifications
from reviews.models import Assignment, Digest, Message
from reviews.operations.background import jobs, queue
from tests.desk.pages import text
from tests.factories import decide, submitted, under_review

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = datetime.datetime(2030, 3, 4, 8, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def at_seven(settings, editor, editor2, clinical, specialist, author):
    """A daily email at seven o'clock; what people were told of their new accounts is forgotten."""
    settings.MAIL_DIGEST_HOUR = 7
    settings.TIME_ZONE = "UTC"
    Message.objects.all().delete()
    outbox.outbox.clear()


def told(person, subject, *, at_once=False):
    notifications.send([person.email], subject, f"About {subject}.", "/desk/articles/1/", at_once=at_once)


def subjects():
    return [(message.to[0], message.subject) for message in outbox.outbox]


def test_what_can_wait_is_emailed_once_a_day_and_the_rest_at_once(editor, clinical):
    told(editor, "First")
    told(editor, "Second")
    told(clinical, "Please review", at_once=True)
    assert subjects() == [(clinical.email, "Please review")]
    outbox.outbox.clear()

    sent = [mail.send_digests(now) for now in (MORNING - 2 * DAY / 24, MORNING, MORNING + DAY / 24)]

    assert sent == [0, 1, 0]
    [message] = outbox.outbox
    assert (message.to, message.subject) == ([editor.email], "2 messages from the desk")
    assert message.body.index("About First.") < message.body.index("About Second.")
    assert message.body.count("/desk/articles/1/") == 2
    assert {row.delivery for row in Message.objects.all()} == {"emailed"}


def test_days_without_a_run_are_made_up_for_and_nothing_is_sent_twice(editor):
    told(editor, "First")
    assert mail.send_digests(MORNING + 3 * DAY) == 1
    told(editor, "Second")
    assert mail.send_digests(MORNING + 3 * DAY) == 0
    assert mail.send_digests(MORNING + 5 * DAY) == 1
    assert mail.send_digests(MORNING + 6 * DAY) == 0

    assert [message.subject for message in outbox.outbox] == ["1 message from the desk"] * 2
    assert "First" not in outbox.outbox[1].body


def test_what_was_read_on_the_desk_is_not_emailed_again(client, editor):
    told(editor, "First")
    row = Message.objects.get()
    client.force_login(editor)
    assert client.get(reverse("open_message", args=[row.pk])).headers["Location"] == "/desk/articles/1/"

    assert mail.send_digests(MORNING) == 0
    row.refresh_from_db()
    assert (row.delivery, row.read_at is not None) == ("read here", True)


def test_a_job_that_is_done_twice_writes_one_message_and_a_refused_mail_is_noted(editor, queued, work, monkeypatch):
    told(editor, "Urgent", at_once=True)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", _refuse)
    work()
    row = Message.objects.get()
    assert row.delivery == ("not delivered yet: the mail server did not accept the email, and it is tried again")
    assert row.failure.endswith("ConnectionRefusedError.")
    monkeypatch.undo()
    queue.mend(timezone.now() + DAY / 24)
    queued.update(run_after=timezone.now() - DAY)

    work()

    assert Message.objects.count() == 1
    assert Message.objects.get().delivery == "emailed"
    assert subjects() == [(editor.email, "Urgent")]


def _refuse(self, *args, **kwargs):
    raise ConnectionRefusedError


def test_a_step_tells_its_people_and_the_inbox_has_the_same(author, editor, clinical, specialist, client):
    pair = under_review(submitted(author), editor, (clinical, "clinical"), (specialist, "specialist"))
    decide(pair[0], "request_changes")

    client.force_login(editor)
    page = client.get(reverse("inbox")).content.decode()

    assert "Changes requested: " in page
    assert "in the next daily email" in page
    assert "Changes requested" in {row.subject.split(":")[0] for row in Message.objects.waiting()}
    assert {row.subject.split(":")[0] for row in Message.objects.filter(recipient=clinical)} == {
        "Please review",
        "You signed",
    }


def test_an_inbox_is_its_owners_alone(client, editor, editor2):
    told(editor, "Secret")
    client.force_login(editor2)

    assert "Secret" not in client.get(reverse("inbox")).content.decode()
    assert client.get(reverse("open_message", args=[Message.objects.get().pk])).status_code == 404


def test_all_that_was_shown_is_marked_as_read_and_nothing_newer(client, editor):
    told(editor, "First")
    shown = Message.objects.get()
    told(editor, "Second")
    client.force_login(editor)
    assert "(2<span" in client.get(reverse("inbox")).content.decode()

    client.post(reverse("read_all"), {"newest": shown.pk})

    assert [row.subject for row in Message.objects.unread()] == ["Second"]
    assert client.post(reverse("read_all"), {"newest": "x"}).status_code == 302
    assert Message.objects.unread().count() == 1


def test_old_messages_are_deleted(editor):
    told(editor, "First")
    mail.send_digests(MORNING)
    Message.objects.update(sent_at=timezone.now() - 2 * mail.KEPT)

    jobs.prune.func()

    assert not Message.objects.exists()
    assert not Digest.objects.exists()


def test_what_waited_is_sent_although_there_are_no_daily_emails_any_more(editor, settings):
    told(editor, "First")
    settings.MAIL_DIGEST_HOUR = None

    assert mail.send_digests(MORNING) == 1
    assert subjects() == [(editor.email, "1 message from the desk")]


def test_who_has_left_gets_no_daily_email(editor):
    told(editor, "First")
    editor.is_active = False
    editor.save()
    outbox.outbox.clear()  # the mail about the account

    assert mail.send_digests(MORNING) == 0
    assert outbox.outbox == []


@pytest.mark.postgresql
def test_three_workers_send_one_daily_email(editor, queued):
    told(editor, "First")
    for row in queued.all():
        mail.deliver.func(_Context(row.pk), *row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    queued.all().delete()
    barrier, sent = threading.Barrier(3), []

    def run():
        try:
            barrier.wait()
            sent.append(mail.send_digests(MORNING))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=run) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(sent) == [0, 0, 1]
    assert queued.filter(task_path=mail.deliver_digest.module_path).count() == 1
    assert connection.vendor == "postgresql"


class _Context:
    """What a job knows of itself."""

    def __init__(self, key):
        self.task_result = type("Result", (), {"id": key})


def test_a_comment_that_blocks_is_emailed_at_once_and_another_waits(author, editor, clinical, specialist):
    pair = under_review(submitted(author), editor, (clinical, "clinical"), (specialist, "specialist"))
    outbox.outbox.clear()

    workflow.comment(pair[0].review.version, actor=clinical, text="Nice.")
    assert outbox.outbox == []
    workflow.comment(pair[0].review.version, actor=clinical, text="Wrong.", blocking=True)
    assert {subject.split(":")[0] for _, subject in subjects()} == {"Comment"}


@pytest.mark.parametrize(
    ("because", "why"),
    [
        ({"because": Assignment.Because.NO_TIME}, "You do not see the page of this message any more."),
        (
            {"conflict": True, "reason": "My brother sells it."},
            "You stepped back from this article because of a conflict",
        ),
    ],
)
def test_the_old_message_of_a_declined_request_leads_back_to_it_and_says_why(
    author, editor, clinical, client, because, why
):
    row = workflow.assign(submitted(author).review, actor=editor, reviewer=clinical, capacity="clinical")
    page = reverse("desk_review", args=[row.review_id])
    asked = Message.objects.get(recipient=clinical, page=page)
    client.force_login(clinical)
    opened = reverse("open_message", args=[asked.pk])
    assert client.get(opened).headers["Location"] == page
    workflow.recuse(row, actor=clinical, **because)

    answer = client.get(opened, follow=True)

    assert answer.redirect_chain == [(f"{reverse('inbox')}#message-{asked.pk}", 302)]
    assert why in text(answer)


def test_a_request_for_changes_is_told_in_a_sentence(author, editor, clinical):
    version = submitted(author)
    [row] = under_review(version, editor, (clinical, "clinical"))
    decide(row, "request_changes", "The dose is wrong.")

    told = Message.objects.filter(recipient=author, subject__startswith="Changes requested").first()

    assert told.body == f"Changes to version 1 of “{version.title}” are requested."
