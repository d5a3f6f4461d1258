"""The triggers themselves: dropped, replaced by one that does nothing, or disabled."""

import pytest
from django.db import transaction

from reviews.evidence import triggers
from reviews.models import LedgerEvent
from reviews.verifying import verify
from tests.ledger import attacks
from tests.ledger.attacks import execute, undone
from tests.ledger.tampering.cells import is_named


class TestTriggers:
    def test_every_trigger_dropped_alone(self, story):
        statements = triggers.dialect(transaction.get_connection()).create()
        assert verify().problems == []

        for name, (table, _) in statements.items():
            with undone():
                execute(triggers.dialect(transaction.get_connection()).drop(name, table))
                assert triggers.missing() == [name]
        name = next(iter(statements))
        with undone():
            execute(triggers.dialect(transaction.get_connection()).drop(name, statements[name][0]))
            assert is_named(verify().problems, "trigger", LedgerEvent.objects.count() + 1, name)

        print(f"\ntriggers dropped and found: {len(statements)}")
        assert len(statements) > 60

    def test_a_trigger_of_the_same_name_that_does_nothing(self, story):
        statements = triggers.dialect(transaction.get_connection()).create()
        name = "reviews_decision_only_added" + ("_update" if attacks.is_sqlite() else "")

        weaken(name, *statements[name])

        assert triggers.missing() == []
        assert name in triggers.changed()
        assert is_named(verify().problems, "trigger", LedgerEvent.objects.count() + 1, name)

    @pytest.mark.postgresql
    def test_a_trigger_disabled(self, story):
        execute("SET CONSTRAINTS ALL IMMEDIATE")

        execute("ALTER TABLE reviews_decision DISABLE TRIGGER reviews_decision_only_added")

        assert is_named(verify().problems, "trigger", LedgerEvent.objects.count() + 1, "reviews_decision_only_added")


def weaken(name: str, table: str, statement: str):
    if attacks.is_sqlite():
        execute(f"DROP TRIGGER {name}")
        execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN 0 BEGIN SELECT 1; END")
    else:
        body = "BEGIN RETURN NEW; END"
        execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $b$ {body} $b$")
