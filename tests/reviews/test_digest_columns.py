"""The columns that digests of evidence cover are those of its row format."""

import json
from pathlib import Path

from django.apps import apps

from reviews.evidence import triggers
from reviews.evidence.ledger.rows import ROW_FORMAT, columns
from tests.reviews.triggers.tables import table_of

GOLDEN = Path(__file__).parent / "golden" / "columns.json"


def evidence_columns() -> dict:
    kept = [model for model in apps.get_models() if hasattr(model, "history")]
    tables = {
        table_of(model): [field.column for field in columns(model)] for model in [*triggers.append_only_models(), *kept]
    }
    return {"row_format": ROW_FORMAT, "tables": dict(sorted(tables.items()))}


def test_the_columns_of_evidence_are_those_of_its_row_format(db):
    golden = json.loads(GOLDEN.read_text())

    assert evidence_columns() == golden, (
        "The columns of evidence changed. Digests in ledgers that exist cover the columns listed in "
        f"{GOLDEN.name}: a new column enters the digest under a new ROW_FORMAT only, with the old list kept for the "
        "old rows. Before the first release only, write the new list into the file."
    )
