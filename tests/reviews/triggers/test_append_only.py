"""No door leads to changed evidence: every attack on every append-only table is refused, and leaves all as it was."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from reviews.evidence import triggers
from tests.factories import evidence
from tests.reviews.triggers.attacks import (
    ORM,
    SQL,
    SQL_OF_POSTGRESQL,
    SQL_OF_SQLITE,
    assert_refused_everywhere,
    is_our_refusal,
    loaddata_of_a_changed_row,
    refusal,
)
from tests.reviews.triggers.tables import SQLITE, execute, names, row_of, table_of, where


def test_every_append_only_table_has_a_row_to_attack(story):
    empty = [table_of(model) for model in triggers.append_only_models() if row_of(model) is None]

    assert empty == []
    assert len(triggers.append_only_models()) >= 34


def test_sql_changes_no_evidence(story):
    assert_refused_everywhere(SQL)


def test_sqlites_own_sql_changes_no_evidence(story):
    if connection.vendor == SQLITE:
        assert_refused_everywhere(SQL_OF_SQLITE)


@pytest.mark.postgresql
def test_postgresqls_own_sql_changes_no_evidence(story):
    assert_refused_everywhere(SQL_OF_POSTGRESQL)


def test_the_orm_changes_no_evidence(story):
    assert_refused_everywhere(ORM)


def test_loaddata_changes_no_evidence(story, tmp_path):
    assert_refused_everywhere({"loaddata": lambda row: loaddata_of_a_changed_row(row, tmp_path)})


def test_sqlite_replaces_no_row_by_another_unique_column(story):
    """INSERT OR REPLACE deletes whatever row stands in the way of any unique column, not of the key alone."""
    if connection.vendor != SQLITE:
        return
    before = evidence()

    said = {
        f"{table_of(model)}.{field.column}": refusal(lambda m=model, f=field: _replace_by(row_of(m), f))
        for model in triggers.append_only_models()
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    }

    assert said
    assert {name: sentence for name, sentence in said.items() if not is_our_refusal(sentence)} == {}
    assert evidence() == before


def _replace_by(row, unique):
    others = [field for field in row._meta.concrete_fields if not field.primary_key]
    highest = type(row)._base_manager.order_by("pk").last().pk
    condition, key = where(row)
    execute("PRAGMA recursive_triggers = OFF")
    execute(
        f'INSERT OR REPLACE INTO {table_of(row)} ("{row._meta.pk.column}", {names(others)}) '
        f"SELECT {highest + 1}, {names(others)} FROM {table_of(row)} "
        f'WHERE {condition} AND "{unique.column}" IS NOT NULL',
        key,
    )
    if not execute(f'SELECT 1 FROM {table_of(row)} WHERE {condition} AND "{unique.column}" IS NOT NULL', key):
        raise IntegrityError("append-only: there was nothing to replace")


def test_the_flush_command_is_refused(story):
    before = evidence()

    with pytest.raises(CommandError, match="couldn't be flushed") as refused, transaction.atomic():
        call_command("flush", interactive=False, verbosity=0)

    said = str(refused.value.__cause__)
    assert "append-only" in said or "never deleted" in said  # of whichever table the flush comes to first
    assert evidence() == before
