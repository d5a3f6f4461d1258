import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reviews.evidence.ledger import keys
from reviews.operations.backup import Refused, restoring


class Command(BaseCommand):
    help = (
        "Bring a backup back into an empty database and empty folders of media and checkpoints, migrate it to this "
        "software, and verify all of it. Exits with 1 when it is refused, which leaves nothing behind, or when what "
        "was restored is not whole."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="what “manage.py backup” wrote")
        parser.add_argument(
            "--public-key",
            type=keys.public_key,
            metavar="HEX",
            help="the ledger's key, where LEDGER_KEY_FILE is not at hand",
        )

    def handle(self, *, file, public_key, **options):
        try:
            outcome = restoring.restore(file, public_key=public_key)
        except Refused as error:
            raise CommandError(str(error)) from error
        made, report = outcome.manifest, outcome.ledger
        self.stdout.write(
            f"Restored what version {made.version} held at {made.made_at}: {sum(made.rows.values()):,} rows of "
            f"{len(made.rows)} tables, and {len(made.members) - 1:,} files of checkpoints and media."
        )
        self.stdout.write(
            f"Looked at {report.events:,} events, {report.signatures:,} signatures, {report.rows:,} rows of evidence "
            f"and {report.checkpoint_files:,} checkpoint files. {outcome.pages}"
        )
        for restore in report.restored:
            self.stdout.write(f"{restore.position}: restored: {restore}")
        for problem in report.problems:
            self.stdout.write(f"{problem.position}: {problem.kind}: {problem.message}")
        if not outcome.is_whole:
            self.stdout.write("What was restored is not whole.")
            sys.exit(1)
        self.stdout.write(
            f"All is well: the ledger is whole up to event {report.events:,}. If checkpoints that you keep elsewhere "
            "are newer, run “manage.py accept_restore”."
        )
