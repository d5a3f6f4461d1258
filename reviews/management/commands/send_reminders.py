from typing import Any

from django.core.management.base import BaseCommand

from reviews.messages import mail, reminders


class Command(BaseCommand):
    help = (
        "Remind reviewers of due reviews, and editors of long overdue reviews and of articles to be reviewed again, "
        "and send the daily emails that are due. Run daily. A second run sends nothing twice, and the next run makes "
        "up for a missed day."
    )

    def handle(self, **options: Any) -> None:
        sent = reminders.send_due()
        mail.send_digests()
        self.stdout.write(f"{sent} {'reminder is' if sent == 1 else 'reminders are'} queued to be sent by email.")
