from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reviews.evidence.ledger import exporting


class Command(BaseCommand):
    help = (
        "Write the public part of the ledger, one JSON object a line, for anyone to verify without us. "
        "Names and reasons that are not public are not in it. Readers find the same under /ledger/."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?", help="where to write it; standard output without")
        parser.add_argument("--verifier", type=Path, metavar="FILE", help="write the verifier there too")

    def handle(self, *, file, verifier, **options):
        try:
            self._write(file, verifier)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error

    def _write(self, file, verifier):
        if file:
            replaced_by(file, exporting.lines())
        else:
            self.stdout._out.writelines(exporting.lines())
        if verifier:
            verifier.write_bytes(exporting.verifier())


def replaced_by(file: Path, lines: Iterable[str]):
    """Write the lines where the file was, once all are there: an earlier export is not lost to one that fails."""
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
