from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.operations.backup import Refused, taking


class Command(BaseCommand):
    help = (
        "Write the database, the media and the checkpoint files into one new file in the folder, while the site is in "
        "use. The ledger's private key is not in the file: keep it elsewhere. The file holds the whole database: "
        "protect it as you protect the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where to write imprimatur-<UTC time>.tar")
        parser.add_argument("--even-if-damaged", action="store_true", help="take it even if the ledger does not verify")

    def handle(self, *, folder: Path, even_if_damaged: bool, **options: Any) -> None:
        try:
            path, written = taking.take(folder, even_if_damaged=even_if_damaged)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{path} holds {sum(written.rows.values()):,} rows of {len(written.rows)} tables, the ledger up to event "
            f"{written.ledger.position:,} and {len(written.members) - 1:,} files of checkpoints and media."
        )
        if not written.whole:
            self.stdout.write("The ledger in it is not whole: see “manage.py verify_ledger”.")
