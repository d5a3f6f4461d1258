"""The public part of the ledger, for anyone to verify without us."""

import json
from collections.abc import Iterator
from pathlib import Path

from reviews.evidence.ledger import verify_export
from reviews.evidence.ledger.events import HASHED
from reviews.models.ledger import Checkpoint, LedgerEvent
from reviews.verifying import one_state

AT_A_TIME = 2000


def lines(size: int | None = None) -> Iterator[str]:
    """
    Yield the header, the events in order and the checkpoints, each as one line of JSON; names and reasons are left out.

    With `size` the ledger ends after so many events, as it did then, which gives the same lines for ever. All is read
    in one state of the database.
    """
    with one_state():
        events, points = LedgerEvent.objects.order_by("position"), Checkpoint.objects.order_by("size")
        if size is not None:
            events, points = events.filter(position__lte=size), points.filter(size__lte=size)
        yield _line({"format": verify_export.FORMAT, "events": events.count()})
        for row in events.values(*HASHED, "hash", "signature").iterator(chunk_size=AT_A_TIME):
            yield _line({"event": row})
        for note in points.values_list("note", flat=True).iterator(chunk_size=AT_A_TIME):
            yield _line({"checkpoint": note})


def verifier() -> bytes:
    """Return the script with which anybody verifies an export."""
    return Path(verify_export.__file__).read_bytes()


def _line(row: dict) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"
