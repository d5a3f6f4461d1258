"""The export of the ledger's public part, which anyone can verify independently."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from articles.models.rows.one_state import one_state
from reviews.evidence.ledger import verify_export
from reviews.evidence.ledger.events import HASHED
from reviews.models.ledger import Checkpoint, LedgerEvent

AT_A_TIME = 2000


def lines(size: int | None = None) -> Iterator[str]:
    """
    Yield the header, the events in order and the checkpoints, each as one line of JSON, without names and reasons.

    With `size`, export only that many events; these lines never change. All rows are read from one snapshot.
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
    """Return the script with which anyone can verify an export."""
    return Path(verify_export.__file__).read_bytes()


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"
