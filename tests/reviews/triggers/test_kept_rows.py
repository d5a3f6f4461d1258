"""Rows of the process are never deleted, and the ledger takes no event but the next."""

import pytest

from reviews.evidence import grants, triggers
from reviews.models import LedgerEvent, LedgerHead
from reviews.models.accountable import Accountable
from reviews.verifying.evidence import EVIDENCE
from tests.reviews.triggers.attacks import assert_refused
from tests.reviews.triggers.tables import execute


def test_each_row_that_the_ledger_tells_of_is_kept_but_for_those_whose_deletion_is_an_event():
    wanted = {model._meta.db_table for model in [*EVIDENCE, LedgerHead] if not issubclass(model, Accountable)}

    assert sorted(wanted - set(grants.evidence_tables())) == []


def test_rows_of_the_process_are_never_deleted(story):
    for table in triggers.KEPT:
        assert execute(f"SELECT COUNT(*) FROM {table}") > [(0,)], f"{table} has no row to attack"
        assert_refused("never deleted", lambda t=table: execute(f"DELETE FROM {t}"))


@pytest.mark.postgresql
def test_tables_of_the_process_are_never_truncated(story):
    for table in triggers.KEPT:
        assert_refused("never deleted|append-only", lambda t=table: execute(f"TRUNCATE {t} CASCADE"))


def test_the_ledger_takes_no_event_but_the_next(story):
    last = LedgerEvent.objects.last().position
    for position in (0, 1, last, last + 2, last + 100):
        event = LedgerEvent.objects.last()
        event.position, event.hash = position, "f" * 64
        assert_refused(
            "The ledger has no gaps|is append-only", lambda e=event: LedgerEvent.objects.bulk_create([e])
        )  # fmt: skip
