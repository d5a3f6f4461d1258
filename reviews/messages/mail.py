"""Mail as jobs: enqueued in a step's transaction, sent after its commit."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django_tasks_db import DatabaseBackend

from config.tasks import TaskContext, task, task_backends


class NotDelivered(Exception):
    """The mail server did not accept a mail; the message gives the reason without an address."""


def enqueue(recipient: str, subject: str, body: str) -> None:
    """Enqueue a mail to one person. It is sent after the commit of the current transaction; a rollback cancels it."""

    def put() -> None:
        deliver.enqueue(recipient, " ".join(subject.split()), body)

    if isinstance(task_backends[deliver.backend], DatabaseBackend):
        put()  # a row of the transaction, which a worker sees after the commit
    else:
        transaction.on_commit(put, robust=True)


@task(takes_context=True)
def deliver(context: TaskContext, recipient: str, subject: str, body: str) -> None:
    send(context, recipient, subject, body)


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
