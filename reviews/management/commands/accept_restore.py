from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.evidence.ledger import keys
from reviews.operations.backup import Refused, accepting
from reviews.verifying import restored


class Command(BaseCommand):
    help = (
        "Record in the ledger that an older backup was restored, and name every lost checkpoint, so that a "
        "verification reports a restore and no problem. Gather the checkpoints kept anywhere first: one that turns up "
        "later is a problem again. Run this before anything else on the restored site."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
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
            help="a public key to which the ledger's key was rotated after the backup; repeat for each",
        )

    def handle(self, *, reason: str, **options: Any) -> None:
        try:
            given = {"folder": options["checkpoints"], "later_keys": options["later_key"]}
            event = accepting.accept(reason=reason, **given)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Event {event.position} records that the events after event {event.position - 1} were lost. The lost "
            f"checkpoints are in {restored.folder(event.ledger_id, event.position - 1)}: keep them with the others."
        )
