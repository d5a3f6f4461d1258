"""The recurring jobs. All are idempotent: a job can run twice, for example after its worker was killed."""

import datetime
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.desk.writing import autosave
from articles.models.reader_input.deleting import delete_expired
from articles.search.meaning import vectors
from config.tasks import task
from reviews import workflow
from reviews.desk.article.dossier import making
from reviews.messages import mail, reminders

DONE_IS_KEPT = datetime.timedelta(days=7)  # not longer: a mail's arguments name articles and people
GIVEN_UP_IS_KEPT = datetime.timedelta(days=90)


@task
def publish_due() -> None:
    """Carry out every schedule that is due."""
    workflow.publish_due()


@task
def send_reminders() -> None:
    """Send every reminder that is due and was not sent."""
    reminders.send_due()


@task
def send_digests() -> None:
    """Send each person's daily email, if it is time."""
    mail.send_digests()


@task
def make_checkpoint() -> None:
    """Make a checkpoint if the ledger has grown, and write the missing files of all checkpoints."""
    call_command("checkpoint", stdout=StringIO())


@task
def delete_readers_input() -> None:
    """Delete what readers sent whose date of deletion is over."""
    delete_expired()


@task
def encode_passages() -> None:
    """Give newly published passages their vectors; the rest in a further job, so that other jobs have turns."""
    if vectors.encode_missing():
        encode_passages.enqueue()


@task
def prune() -> None:
    """Delete successful jobs after 7 days and failed ones after 90, old messages, archives and texts never saved."""
    now = timezone.now()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - DONE_IS_KEPT).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - GIVEN_UP_IS_KEPT).delete()
    mail.delete_old(now)
    making.delete_old(now)
    autosave.delete_old(now)
