"""Mail as jobs: ordered within a step's transaction, delivered after its commit."""

from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django_tasks_db import DatabaseBackend

from config.tasks import TaskContext, task, task_backends


class NotDelivered(Exception):
    """Raised for a mail that the server did not take; it says why without anybody's address."""


def order(recipient: str, subject: str, body: str):
    """Order a mail to one person: it goes out once the running transaction is committed, and only then."""

    def put():
        deliver.enqueue(recipient, " ".join(subject.split()), body)

    if isinstance(task_backends[deliver.backend], DatabaseBackend):
        put()  # a row of the transaction, which a worker sees when it is committed
    else:
        transaction.on_commit(put, robust=True)


@task(takes_context=True)
def deliver(context: TaskContext, recipient: str, subject: str, body: str):
    """Send one mail to one person."""
    send(context, recipient, subject, body)


def send(context: TaskContext, recipient: str, subject: str, body: str):
    """
    Send the mail of a job; raise NotDelivered when the server does not take it.

    A second delivery, as after a crash between sending and noting it, bears the same Message-ID, so that mail programs
    can tell.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<{context.task_result.id}@{domain}>"}
    try:
        EmailMessage(subject=subject, body=body, to=[recipient], headers=headers).send()
    except Exception as error:  # its own words may hold the address, and a log is no place for it
        reason = f"{type(error).__name__} {getattr(error, 'smtp_code', '')}".strip()
        raise NotDelivered(f"The mail server did not take a mail: {reason}.") from None
