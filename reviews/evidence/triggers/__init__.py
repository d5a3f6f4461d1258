"""
The rules that the database itself keeps, whatever the door.

Append-only tables refuse UPDATE, DELETE, TRUNCATE and an insert over an existing row. An article cannot point at a
version that is of another article or not approved; a review cannot become approved without its live approvals.

A migration on SQLite rebuilds tables, which loses their triggers or breaks on them: all are dropped before it. On
PostgreSQL they stay in force meanwhile. After it, on both, each is made that is missing or not as this release has it.
"""

from django.db import connections, transaction

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


def dialect(connection) -> SQLite | PostgreSQL:
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor]()


def missing(using: str = "default") -> list[str]:
    """Return the names of the triggers that ought to be in force on existing tables and are not."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        installed = dialect(connection).installed(cursor)
    wanted = {name: table for name, (table, _) in dialect(connection).create().items() if table in tables}
    return sorted(name for name, table in wanted.items() if installed.get(name) != table)


def changed(using: str = "default") -> list[str]:
    """Return the names of the triggers that bear a name of ours and are not what `install` makes them."""
    speaks = dialect(connections[using])
    with connections[using].cursor() as cursor:
        found = speaks.bodies(cursor)
    wanted = {name: speaks.body(statement) for name, (_, statement) in speaks.create().items()}
    return sorted(name for name in wanted.keys() & found if wanted[name] != found[name])


def drop(using: str = "default"):
    """Drop every trigger of ours, those of earlier releases too."""
    speaks = dialect(connections[using])
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for name, table in speaks.installed(cursor).items():
            cursor.execute(speaks.drop(name, table))


def install(using: str = "default"):
    """Make every trigger that is missing or not as it has to be, and drop those that this release no longer has."""
    speaks = dialect(connections[using])
    statements = speaks.create()
    wrong = sorted({*missing(using), *changed(using)})
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for name, table in speaks.installed(cursor).items():
            if name not in statements or statements[name][0] != table:
                cursor.execute(speaks.drop(name, table))
        for name in wrong:
            table, statement = statements[name]
            cursor.execute(speaks.drop(name, table))
            cursor.execute(statement)


def drop_before_migration(using="default", **kwargs):
    if connections[using].vendor == "sqlite":
        drop(using)


def install_after_migration(using="default", **kwargs):
    install(using)
