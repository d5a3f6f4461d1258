import json
from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from reviews.ledger import verify_export
from reviews.ledger.events import HASHED
from reviews.ledger.verifying import one_state
from reviews.models import Checkpoint, LedgerEvent


class Command(BaseCommand):
    help = (
        "Write the public part of the ledger, one JSON object a line, for anyone to verify without us. "
        "Names and reasons that are not public are not in it."
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
        with ExitStack() as stack:
            out = stack.enter_context(open(file, "w", encoding="utf-8", newline="\n")) if file else self.stdout._out
            stack.enter_context(one_state())
            for row in lines():
                out.write(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n")
        if verifier:
            verifier.write_text(Path(verify_export.__file__).read_text(encoding="utf-8"), encoding="utf-8")


def lines():
    """Yield the header, the events in order and the checkpoints, each as one JSON object."""
    events = LedgerEvent.objects.order_by("position")
    yield {"format": verify_export.FORMAT, "events": events.count()}
    for row in events.values(*HASHED, "hash", "signature").iterator(chunk_size=2000):
        yield {"event": row}
    for note in Checkpoint.objects.order_by("size").values_list("note", flat=True).iterator(chunk_size=2000):
        yield {"checkpoint": note}
