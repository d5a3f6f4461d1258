from typing import Any

from django.core.management.base import BaseCommand

from reviews import workflow


class Command(BaseCommand):
    help = "Publish every version whose schedule is due. Run each minute; several at once do no harm."

    def handle(self, **options: Any) -> None:
        for row in workflow.publish_due():
            outcome = row.get_outcome_display().lower()
            self.stdout.write(f"Version {row.version.number} of “{row.version.title}”: {outcome}. {row.reason}".strip())
