"""The columns that digests of evidence cover are those of its row format."""

import json
from pathlib import Path

from django.apps import apps
from django.db.models import BooleanField, CharField, TextField

from reviews.evidence import triggers
from reviews.evidence.ledger.rows import ADDED_LATER, ROW_FORMAT, columns
from tests.reviews.triggers.tables import table_of

GOLDEN = Path(__file__).parent / "golden" / "columns.json"


def evidence_columns() -> dict:
    kept = [model for model in apps.get_models() if hasattr(model, "history")]
    tables = {
        table_of(model): [
            field.column for field in columns(model) if field.column not in ADDED_LATER.get(table_of(model), ())
        ]
        for model in [*triggers.append_only_models(), *kept]
    }
    return {"row_format": ROW_FORMAT, "tables": dict(sorted(tables.items()))}


def test_the_columns_of_evidence_are_those_of_its_row_format(db):
    golden = json.loads(GOLDEN.read_text())

    assert evidence_columns() == golden, (
        "The columns of evidence changed. Digests in ledgers that exist cover the columns listed in "
        f"{GOLDEN.name}. Name a new column in ADDED_LATER: it is empty in the rows of before, and covered where it has "
        "a value."
    )


def test_a_column_added_later_is_empty_where_nobody_filled_it(db):
    """So the rows of before keep their digests."""
    for table, names in ADDED_LATER.items():
        (model,) = (model for model in apps.get_models() if model._meta.db_table == table)
        for name in names:
            field = next(field for field in columns(model) if field.column == name)
            if isinstance(field, BooleanField) and not field.null:
                assert field.default is False, (table, name)
                continue
            may_be_empty = field.null or (isinstance(field, CharField | TextField) and field.blank)
            assert (may_be_empty, field.has_default()) == (True, False), (table, name)
