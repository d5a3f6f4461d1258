from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reviews.evidence.ledger import keys
from reviews.operations.backup import Refused, accepting
from reviews.verifying import restored


class Command(BaseCommand):
    help = (
        "Say in the ledger that an older backup was restored, and name every checkpoint of what was lost, so that a "
        "verification tells of it as of a restore. Gather all checkpoints that are kept anywhere first: one that turns "
        "up later is an alarm again. Run it before anything else is done on the restored site."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--reason", required=True, help="why; it is kept in the private part of the event")
        parser.add_argument(
            "--checkpoints", type=Path, metavar="FOLDER", help="checkpoints kept elsewhere than in CHECKPOINT_DIR"
        )

        parser.add_argument(
            "--later-key",
            action="append",
            default=[],
            type=keys.public_key,
            metavar="HEX",
            help="the public half of a key that the ledger was handed over to after the backup; once for each",
        )

    def handle(self, *, reason, **options):
        try:
            given = {"folder": options["checkpoints"], "later_keys": options["later_key"]}
            event = accepting.accept(reason=reason, **given)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Event {event.position} says that what came after event {event.position - 1} was lost. The lost "
            f"checkpoints are in {restored.folder(event.ledger_id, event.position - 1)}: keep them with the others."
        )
