import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.evidence.ledger import keys
from reviews.operations.backup import Refused, restoring


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database and empty folders of media and checkpoints, migrate it to this "
        "software, and verify everything. Exits with 1 if it is refused, which leaves nothing behind, or if the "
        "verification finds problems."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file written by “manage.py backup”")
        parser.add_argument(
            "--public-key",
            type=keys.public_key,
            metavar="HEX",
            help="the ledger's public key, if there is no LEDGER_KEY_FILE",
        )

    def handle(self, *, file: Path, public_key: str | None, **options: Any) -> None:
        try:
            outcome = restoring.restore(file, public_key=public_key)
        except Refused as error:
            raise CommandError(str(error)) from error
        made, report = outcome.manifest, outcome.ledger
        self.stdout.write(
            f"Restored the backup of version {made.version} made at {made.made_at}: {sum(made.rows.values()):,} rows "
            f"of {len(made.rows)} tables, and {len(made.members) - 1:,} files of checkpoints and media."
        )
        self.stdout.write(
            f"Verified {report.events:,} events, {report.signatures:,} signatures, {report.rows:,} rows of evidence "
            f"and {report.checkpoint_files:,} checkpoint files. {outcome.pages}"
        )
        for restore in report.restored:
            self.stdout.write(f"{restore.position}: restored: {restore}")
        for problem in report.problems:
            self.stdout.write(f"{problem.position}: {problem.kind}: {problem.message}")
        if not outcome.is_whole:
            self.stdout.write("The restored site is not whole.")
            sys.exit(1)
        self.stdout.write(
            f"All is well: the ledger is whole up to event {report.events:,}. If checkpoints that you keep elsewhere "
            "are newer, run “manage.py accept_restore”."
        )
