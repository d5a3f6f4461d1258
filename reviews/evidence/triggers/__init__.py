"""
The rules that the database itself enforces, whoever writes to it.

Append-only tables refuse UPDATE, DELETE, TRUNCATE and an insert over an existing row. An article cannot point at a
version of another article, nor publish one that is not approved. A review cannot become approved without enough
approvals that count.

A migration on SQLite rebuilds tables, which loses their triggers or fails because of them. So all triggers are dropped
before it; on PostgreSQL they stay in force. After it, on both, missing and outdated triggers are created.
"""

from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from reviews.evidence.triggers.postgresql import PostgreSQL
from reviews.evidence.triggers.rules import KEPT, append_only_models
from reviews.evidence.triggers.sqlite import SQLite

__all__ = [
    "KEPT",
    "append_only_models",
    "changed",
    "dialect",
    "drop",
    "drop_before_migration",
    "install",
    "install_after_migration",
    "missing",
]


DIALECTS: dict[str, type[SQLite] | type[PostgreSQL]] = {"sqlite": SQLite, "postgresql": PostgreSQL}


def dialect(connection: BaseDatabaseWrapper) -> SQLite | PostgreSQL:
    return DIALECTS[connection.vendor]()


def missing(using: str = "default") -> list[str]:
    """Return the names of the triggers that are not in force although their tables exist."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        installed = dialect(connection).installed(cursor)
    wanted = {name: table for name, (table, _) in dialect(connection).create().items() if table in tables}
    return sorted(name for name, table in wanted.items() if installed.get(name) != table)


def changed(using: str = "default") -> list[str]:
    """Return the names of the triggers whose definition in the database is not the one that `install` creates."""
    sql = dialect(connections[using])
    with connections[using].cursor() as cursor:
        found = sql.bodies(cursor)
    wanted = {name: sql.body(statement) for name, (_, statement) in sql.create().items()}
    return sorted(name for name in wanted.keys() & found if wanted[name] != found[name])


def drop(using: str = "default") -> None:
    """Drop every trigger of ours, including those of earlier releases."""
    sql = dialect(connections[using])
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for name, table in sql.installed(cursor).items():
            cursor.execute(sql.drop(name, table))


def install(using: str = "default") -> None:
    """Create every missing or changed trigger, and drop those that this release no longer has."""
    sql = dialect(connections[using])
    statements = sql.create()
    wrong = sorted({*missing(using), *changed(using)})
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for name, table in sql.installed(cursor).items():
            if name not in statements or statements[name][0] != table:
                cursor.execute(sql.drop(name, table))
        for name in wrong:
            table, statement = statements[name]
            cursor.execute(sql.drop(name, table))
            cursor.execute(statement)


def drop_before_migration(using: str = "default", **kwargs: Any) -> None:
    if connections[using].vendor == "sqlite":
        drop(using)


def install_after_migration(using: str = "default", **kwargs: Any) -> None:
    install(using)
