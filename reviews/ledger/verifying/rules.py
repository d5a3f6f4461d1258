"""Triggers that bear the right name and do something else."""

import re

from django.db import connection

from reviews import triggers

SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
POSTGRESQL = """
SELECT t.tgname, p.prosrc, t.tgtype, t.tgqual IS NULL
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
 WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""
KINDS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}  # pg_trigger.tgtype


def changed() -> list[str]:
    """Return the names of our triggers that are not what `triggers.install` makes them."""
    wanted = {name: statement for name, (_, statement) in triggers.dialect(connection).create().items()}
    with connection.cursor() as cursor:
        cursor.execute(SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
        found = {name: tuple(rest) for name, *rest in cursor.fetchall()}
    expected = _of_sqlite if connection.vendor == "sqlite" else _of_postgresql
    return sorted(name for name, body in found.items() if name in wanted and body != expected(wanted[name]))


def _of_sqlite(statement: str) -> tuple:
    return (statement,)


def _of_postgresql(statement: str) -> tuple:
    """Return the body of the trigger's function, when it fires, and that it fires without a condition of its own."""
    body = statement.split("$body$")[1]
    clause = re.search(r"CREATE TRIGGER \w+ (BEFORE [A-Z ]+) ON .*?FOR EACH (\w+)", statement, re.DOTALL)
    words = [*clause[1].split(), clause[2]]
    return (body, sum(KINDS.get(word, 0) for word in words), True)
