from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.evidence.ledger import keys
from reviews.evidence.ledger.events import rotate


class Command(BaseCommand):
    help = "Make, show or rotate the key that signs the ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["new", "show", "rotate"])
        parser.add_argument("file", nargs="?", type=Path, help="new: the file to write; rotate: the new key's file")

    def handle(self, *, what: str, file: Path | None, **options: Any) -> None:
        if what == "show":
            signer = keys.signer()
            self.stdout.write(f"Key {signer.key_id}, public key {signer.public}")
            return
        if file is None:
            raise CommandError(f"Name the file of the key: ledger_key {what} FILE.")
        try:
            {"new": self._new, "rotate": self._rotate}[what](file)
        except FileExistsError as error:
            raise CommandError(f"The file {file} already exists.") from error
        except OSError as error:
            raise CommandError(f"The file {file} cannot be used: {error.strerror}.") from error
        except ImproperlyConfigured as error:
            raise CommandError(error) from error

    def _new(self, file: Path) -> None:
        keys.make(file)
        self.stdout.write(
            f"A new key {keys.read(file).key_id} is in {file}. Set LEDGER_KEY_FILE to it, and back it up."
        )

    def _rotate(self, file: Path) -> None:
        new = keys.read(file)
        event = rotate(new)
        self.stdout.write(
            f"Event {event.position} hands the ledger over to key {new.key_id}. "
            f"Set LEDGER_KEY_FILE to {file} now and restart: steps are refused until then."
        )
