"""The recurring jobs. Each may be carried out twice, as after a worker was killed, and does its work only once."""

import datetime
from io import StringIO

from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.tasks import task
from reviews import workflow
from reviews.messages import reminders

DONE_IS_KEPT = datetime.timedelta(days=7)  # with its arguments: mails name articles and people
GIVEN_UP_IS_KEPT = datetime.timedelta(days=90)


@task
def publish_due():
    """Carry out every schedule whose time has come."""
    workflow.publish_due()


@task
def send_reminders():
    """Send each reminder that is due and was not sent."""
    reminders.send_due()


@task
def make_checkpoint():
    """Sign the ledger's head where it has grown, and write every checkpoint's file that is missing."""
    call_command("checkpoint", stdout=StringIO())


@task
def prune():
    """Delete jobs that are done after 7 days, and those that were given up after 90."""
    now = timezone.now()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - DONE_IS_KEPT).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - GIVEN_UP_IS_KEPT).delete()
