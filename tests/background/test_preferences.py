"""How a person wants to be emailed: once a day, each at once, or only what cannot wait; and the welcome."""

import datetime
import re

import pytest
from django.core import mail as outbox
from django.urls import reverse

from reviews.desk.sign_in import password_mail
from reviews.messages import mail, notifications
from reviews.models import MailPreference, Message
from reviews.operations.background import queue
from tests.factories import person

pytestmark = pytest.mark.django_db(transaction=True)

MORNING = datetime.datetime(2030, 3, 4, 8, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def at_seven(settings, editor):
    settings.MAIL_DIGEST_HOUR, settings.TIME_ZONE = 7, "UTC"
    Message.objects.all().delete()
    outbox.outbox.clear()


@pytest.fixture
def told(editor):
    """Return a function that tells the editor something that can wait and something that cannot."""

    def tell():
        notifications.send([editor.email], "News", "Look.", "/desk/", at_once=False)
        notifications.send([editor.email], "Urgent", "Look now.", "/desk/")

    return tell


def chosen(client, user, emails):
    client.force_login(user)
    return client.post(reverse("choose_emails"), {"emails": emails})


def mailed():
    subjects = [message.subject for message in outbox.outbox]
    outbox.outbox.clear()
    return subjects


def test_everybody_gets_one_email_a_day_and_at_once_what_cannot_wait(told):
    told()
    assert mailed() == ["Urgent"]
    mail.send_digests(MORNING)
    assert mailed() == ["1 message from the desk"]


def test_who_wants_each_at_once_gets_no_daily_email(client, editor, told):
    assert chosen(client, editor, "one_by_one").status_code == 302
    told()

    assert mailed() == ["News", "Urgent"]
    assert mail.send_digests(MORNING) == 0
    assert {row.delivery for row in Message.objects.all()} == {"emailed"}


@pytest.mark.parametrize("hour", [7, None])
def test_who_wants_only_what_cannot_wait_finds_the_rest_in_the_inbox(client, editor, told, settings, hour):
    settings.MAIL_DIGEST_HOUR = hour
    chosen(client, editor, "only_pressing")
    told()

    assert mailed() == ["Urgent"]
    assert mail.send_digests(MORNING) == 0
    assert mailed() == []
    page = client.get(reverse("inbox")).content.decode()
    assert "not emailed, as you chose" in page
    assert "Emails: Only what cannot wait" in page


def test_what_waits_is_not_sent_any_more_to_who_wants_only_what_cannot_wait(client, editor, told):
    told()
    mailed()
    chosen(client, editor, "only_pressing")

    assert mail.send_digests(MORNING) == 0
    chosen(client, editor, "once_a_day")
    assert mail.send_digests(MORNING) == 0
    told()
    assert mail.send_digests(MORNING + DAY) == 1


def test_a_choice_is_its_owners_alone_and_kept_once(client, editor, editor2, told):
    chosen(client, editor2, "only_pressing")
    chosen(client, editor2, "one_by_one")
    mailed()
    told()

    assert mailed() == ["Urgent"]
    assert MailPreference.objects.get().user == editor2


@pytest.mark.parametrize("emails", ["", "never", None])
def test_what_is_no_choice_is_refused_and_changes_nothing(client, editor, emails):
    client.force_login(editor)

    answer = client.post(reverse("choose_emails"), {} if emails is None else {"emails": emails})

    assert answer.status_code == 422
    assert not MailPreference.objects.exists()
    assert "There is a problem" in answer.content.decode()


def test_a_second_try_goes_by_the_choice_at_the_first(editor, queued, work, monkeypatch):
    MailPreference.objects.create(user=editor, emails="one_by_one")
    notifications.send([editor.email], "News", "Look.", "/desk/", at_once=False)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", _refuse)
    work()
    monkeypatch.undo()
    MailPreference.objects.update(emails="only_pressing")
    queue.mend(datetime.datetime.now(datetime.UTC) + DAY / 24)
    queued.update(run_after=datetime.datetime.now(datetime.UTC) - DAY)

    work()

    assert mailed() == ["News"]
    assert Message.objects.get().delivery == "emailed"


def _refuse(self, *args, **kwargs):
    raise ConnectionRefusedError


def newcomer():
    """Return an account as the administration makes it: without a password."""
    user = person("nina", groups=["author"], password=None)
    Message.objects.all().delete()
    outbox.outbox.clear()
    return user


def test_a_new_account_is_welcomed_once_with_a_link_that_sets_a_password(client, settings):
    nina = newcomer()

    password_mail.welcome(nina)
    password_mail.welcome(nina)

    [message] = outbox.outbox
    assert (message.to, message.subject) == ([nina.email], "Welcome to Imprimatur")
    assert "Your username is nina." in message.body
    assert "Your roles: Authors." in message.body
    assert "disclose" not in message.body
    [path] = re.findall(rf"^{settings.SITE_URL}(/desk/password/reset/\S+/\S+/)$", message.body, re.MULTILINE)
    row = Message.objects.get()
    assert (row.delivery, row.subject) == ("emailed", "Welcome to Imprimatur")
    assert path not in row.body
    form = client.get(path, follow=True)
    new = {"new_password1": "plain words of eighteen", "new_password2": "plain words of eighteen"}
    assert client.post(form.redirect_chain[-1][0], new).status_code == 302
    nina.refresh_from_db()
    assert nina.check_password(new["new_password1"])


def test_a_new_member_of_the_board_is_told_to_disclose_interests_first(settings):
    nina = person("nina", groups=["reviewer"], password=None)
    outbox.outbox.clear()

    password_mail.welcome(nina)

    [message] = outbox.outbox
    assert "Your roles: Medical advisory board." in message.body
    assert f"Until you have, you cannot be asked to review: {settings.SITE_URL}/desk/disclosures/" in message.body


def test_a_welcome_that_was_not_taken_is_tried_again_and_the_queue_holds_no_link(queued, work, monkeypatch):
    nina = newcomer()
    queued.all().delete()
    password_mail.welcome(nina)
    assert queued.get().args_kwargs == {"args": [nina.pk], "kwargs": {}}
    monkeypatch.setattr("django.core.mail.EmailMessage.send", _refuse)
    work()
    assert Message.objects.get().delivery.startswith("not delivered yet")
    monkeypatch.undo()
    queue.mend(datetime.datetime.now(datetime.UTC) + DAY / 24)
    queued.update(run_after=datetime.datetime.now(datetime.UTC) - DAY)

    work()

    assert mailed() == ["Welcome to Imprimatur"]
    assert Message.objects.get().delivery == "emailed"


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "pbkdf2_sha256$1$a$b"}, {"email": ""}])
def test_who_has_left_or_has_a_password_is_not_welcomed(change):
    nina = newcomer()
    type(nina).objects.filter(pk=nina.pk).update(**change)

    password_mail.welcome(nina)

    assert outbox.outbox == []
    assert not Message.objects.exists()
