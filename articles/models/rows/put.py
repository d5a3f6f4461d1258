"""
Rows put into the database by statements whose SQL is built once per process. They send no signal of Django's.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction


def insert(row: models.Model, using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert the row, and set its key if the database gives it one."""
    row._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]  # as Model.save does
    connection = connections[using]
    key = row._meta.pk
    given = [row.pk] if row.pk is not None else []
    fields = [field for field in row._meta.concrete_fields if given or field is not key]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with transaction.mark_for_rollback_on_error(using), connection.cursor() as cursor:
        cursor.execute(_insert(type(row), connection.vendor, with_key=bool(given)), values)
        if not given:
            setattr(row, key.attname, cursor.fetchone()[0])
    row._state.adding, row._state.db = False, using


def put(inserted: Sequence[models.Model], updated: models.Model) -> None:
    """
    Insert these rows, whose keys are set, and update every column of another, within the caller's transaction.

    On PostgreSQL this is one statement, which saves round trips. SQLite has no statement that writes to several tables.
    """
    statements = [(_insert(type(row), connection.vendor, with_key=True), _values(row)) for row in inserted]
    statements.append((_update(type(updated), connection.vendor), [*_values(updated), updated.pk]))
    with transaction.mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statements = [_joined(statements)]
        for statement, values in statements:
            cursor.execute(statement, values)
    for row in inserted:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _joined(statements: list[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    """Return several statements as one: all but the last in a WITH clause, in which PostgreSQL writes too."""
    *others, (last, _) = statements
    named = ", ".join(f"w{place} AS ({statement})" for place, (statement, _) in enumerate(others))
    return f"WITH {named} {last}", [value for _, values in statements for value in values]


def _values(row: models.Model) -> list[Any]:
    fields = row._meta.concrete_fields
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@cache
def _insert(model: type[models.Model], vendor: str, *, with_key: bool) -> str:
    key = _quoted(model._meta.pk.column)
    columns = [column for column in _columns(model) if with_key or column != key]
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_table(model)} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 (of our models)
    return statement if with_key else f"{statement} RETURNING {key}"


@cache
def _update(model: type[models.Model], vendor: str) -> str:
    changes = ", ".join(f"{column} = %s" for column in _columns(model))
    return f"UPDATE {_table(model)} SET {changes} WHERE {_quoted(model._meta.pk.column)} = %s"  # noqa: S608


def _columns(model: type[models.Model]) -> list[str]:
    return [_quoted(field.column) for field in model._meta.concrete_fields]


def _table(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))
