"""Tables and their rows as SQL names them."""

from django.db import connection

SQLITE, POSTGRESQL = "sqlite", "postgresql"


def execute(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def table_of(model) -> str:
    return model._meta.db_table


def row_of(model):
    """Return a row of the table, the last."""
    return model._base_manager.order_by("pk").last()


def names(fields, quote='"') -> str:
    return ", ".join(f'"{field.column}"' for field in fields)


def where(row) -> tuple[str, object]:
    """Return the condition that finds the row by its primary key, and the key as the database has it."""
    key = row._meta.pk
    return f'"{key.column}" = %s', key.get_db_prep_value(row.pk, connection)
