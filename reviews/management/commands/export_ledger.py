from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviews.evidence.ledger import exporting


class Command(BaseCommand):
    help = (
        "Write the public part of the ledger, one JSON object per line, which anyone can verify independently. "
        "It has no private names and reasons. Readers find the same under /ledger/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="the file to write; default: standard output")
        parser.add_argument("--verifier", type=Path, metavar="FILE", help="also write the verifier to this file")

    def handle(self, *, file: Path | None, verifier: Path | None, **options: Any) -> None:
        try:
            self._write(file, verifier)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error

    def _write(self, file: Path | None, verifier: Path | None) -> None:
        if file:
            replace(file, exporting.lines())
        else:
            for line in exporting.lines():
                self.stdout.write(line, ending="")
        if verifier:
            verifier.write_bytes(exporting.verifier())


def replace(file: Path, lines: Iterable[str]) -> None:
    """Write the lines to the file atomically: a failed export leaves an earlier one unchanged."""
    if file.exists() and not file.is_file():  # /dev/stdout, or a pipe
        with open(file, "w", encoding="utf-8", newline="\n") as out:
            out.writelines(lines)
        return
    beside = file.with_name(f".{file.name}.part")
    try:
        with open(beside, "w", encoding="utf-8", newline="\n") as out:
            out.writelines(lines)
        beside.replace(file)
    except OSError as error:
        error.filename = str(file)
        raise
    finally:
        beside.unlink(missing_ok=True)
