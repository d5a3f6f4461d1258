"""The ledger: a gap-free, hash-chained, signed list of all steps, and its checkpoints."""

from reviews.evidence.ledger.events import append, name_of
from reviews.evidence.ledger.rows import history_of, row_digest, row_name

__all__ = ["append", "history_of", "name_of", "row_digest", "row_name"]
