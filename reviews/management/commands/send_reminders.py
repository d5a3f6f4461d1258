from django.core.management.base import BaseCommand

from reviews.messages import reminders


class Command(BaseCommand):
    help = (
        "Remind reviewers of what is due, and editors of what is long overdue or to be reviewed again. Run daily; a "
        "second run sends nothing twice, and a day without a run is made up for."
    )

    def handle(self, **options):
        sent = reminders.send_due()
        self.stdout.write(f"{sent} {'reminder is' if sent == 1 else 'reminders are'} ordered, to be sent as mails.")
