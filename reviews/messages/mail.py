"""
Mail as jobs: enqueued in a step's transaction, sent after its commit.

The job of a message writes it into the inbox of its recipient too. What can wait is emailed once a day to each person,
or as they prefer (`MailPreference`).
"""

import datetime
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import ngettext
from django_tasks_db import DatabaseBackend

from config.tasks import TaskContext, task, task_backends
from reviews.models import Digest, MailPreference, Message

KEPT = datetime.timedelta(days=180)  # a message, read or not


class NotDelivered(Exception):
    """The mail server did not accept a mail; the message gives the reason without an address."""


def enqueue(recipient: str, subject: str, body: str, page: str = "", *, at_once: bool = True) -> None:
    """
    Enqueue a message to one person, with the path of the page to open.

    It is written and sent after the commit of the current transaction; a rollback cancels it. With `at_once` false it
    waits for the next daily email, if there is one (MAIL_DIGEST_HOUR).
    """

    def put() -> None:
        deliver.enqueue(recipient, " ".join(subject.split()), body, page=page, at_once=at_once)

    if isinstance(task_backends[deliver.backend], DatabaseBackend):
        put()  # a row of the transaction, which a worker sees after the commit
    else:
        transaction.on_commit(put, robust=True)


@task(takes_context=True)
def deliver(
    context: TaskContext, recipient: str, subject: str, body: str, *, page: str = "", at_once: bool = True
) -> None:
    """
    Write the message into the inboxes of the accounts with this address, and email it unless it waits.

    If it can wait, each account's preference decides. A second try of the job goes by what the first one wrote.
    """
    job = str(context.task_result.id)
    said = {"subject": subject[:500], "body": body, "page": page, "sent_at": timezone.now()}
    users = User.objects.filter(email=recipient, is_active=True).select_related("mail_preference")
    rows = [
        Message.objects.get_or_create(job=job, recipient=user, defaults={**said, **_way(user, at_once=at_once)})[0]
        for user in users
    ]
    now = at_once or settings.MAIL_DIGEST_HOUR is None
    if any(row.at_once for row in rows) or (now and not rows):
        emailed = Message.objects.filter(job=job, at_once=True)
        send_and_note(context, recipient, subject, _with_link(body, page), emailed)


def _way(user: User, *, at_once: bool) -> dict[str, bool]:
    """Return how a message to this person is emailed: at once, with the daily email, or not at all."""
    Emails = MailPreference.Emails
    preference = getattr(user, "mail_preference", None)
    chosen = preference.emails if preference else Emails.DAILY
    waits = chosen == Emails.PRESSING or (chosen == Emails.DAILY and settings.MAIL_DIGEST_HOUR is not None)
    return {"at_once": at_once or not waits, "inbox_only": not at_once and chosen == Emails.PRESSING}


@task(takes_context=True)
def deliver_digest(context: TaskContext, digest: int) -> None:
    """Email a person the messages of their daily email, as one."""
    row = Digest.objects.select_related("recipient").get(pk=digest)
    messages = list(row.messages.order_by("sent_at", "pk"))
    if row.mailed_at or not messages:
        return
    number = len(messages)
    subject = ngettext("{number} message from the desk", "{number} messages from the desk", number)
    parts = [f"{message.subject}\n\n{_with_link(message.body, message.page)}" for message in messages]
    rule = f"\n\n{'-' * 40}\n\n"
    send_and_note(
        context, row.recipient.email, subject.format(number=number), rule.join(parts), row.messages.order_by()
    )
    Digest.objects.filter(pk=row.pk).update(mailed_at=timezone.now())


def send_digests(now: datetime.datetime | None = None) -> int:
    """
    Enqueue today's daily email to each person for whom messages wait, once MAIL_DIGEST_HOUR is past; return how many.

    A second run on the same day sends nobody a second one, and a run after days without any sends all that waits. If
    there are no daily emails any more, what waited for one is sent too.
    """
    now = now or timezone.now()
    local = timezone.localtime(now)
    if settings.MAIL_DIGEST_HOUR is not None and local.hour < settings.MAIL_DIGEST_HOUR:
        return 0
    told = Digest.objects.filter(day=local.date()).values("recipient")
    waiting = Message.objects.waiting().filter(recipient__is_active=True).exclude(recipient__in=told)
    people = waiting.order_by("recipient").values_list("recipient", flat=True).distinct()
    return sum(_start(user, local.date()) for user in people)


def _start(user: int, day: datetime.date) -> bool:
    """Enqueue the daily email of a person; return False if another run was first, or nothing waits any more."""
    with transaction.atomic():
        digest, is_new = Digest.objects.get_or_create(recipient_id=user, day=day)
        if not is_new:
            return False
        if not Message.objects.waiting().filter(recipient=user).update(digest=digest):
            digest.delete()
            return False
        if isinstance(task_backends[deliver_digest.backend], DatabaseBackend):
            deliver_digest.enqueue(digest.pk)
        else:
            transaction.on_commit(lambda: deliver_digest.enqueue(digest.pk), robust=True)
    return True


def delete_old(now: datetime.datetime | None = None) -> None:
    """Delete the messages that are older than `KEPT`, and the daily emails that held nothing else."""
    Message.objects.filter(sent_at__lt=(now or timezone.now()) - KEPT).delete()
    Digest.objects.filter(messages__isnull=True, mailed_at__isnull=False).delete()


def _with_link(body: str, page: str) -> str:
    return f"{body}\n\n{settings.SITE_URL}{page}" if page else body


def send_and_note(context: TaskContext, recipient: str, subject: str, body: str, messages: QuerySet[Message]) -> None:
    """Send the mail and note on the messages when it was accepted, or why it was not."""
    try:
        send(context, recipient, subject, body)
    except NotDelivered as refusal:
        messages.update(failure=str(refusal)[:200])
        raise
    messages.update(mailed_at=timezone.now(), failure="")


def send(context: TaskContext, recipient: str, subject: str, body: str) -> None:
    """
    Send the mail of a job; raise NotDelivered if the server does not accept it.

    A crash just after the sending leads to a second delivery. It has the same Message-ID, so that mail programs can
    detect the duplicate.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<{context.task_result.id}@{domain}>"}
    try:
        EmailMessage(subject=subject, body=body, to=[recipient], headers=headers).send()
    except Exception as error:  # its message may contain the address, which must not be logged
        reason = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
        raise NotDelivered(f"The mail server did not accept an email: {reason}.") from None
