"""
The database as the migrations left it, put back after each test that commits.

Django flushes it and lets everything that a migration leaves behind be made anew, which takes half a second; and the
append-only tables rightly refuse a flush. Here the rows of the migrations are kept, and only what is there is deleted.
Production code has no such switch.
"""

import sqlite3
import time

from django.db import connections, transaction

from reviews.evidence import triggers

LONGEST_READ = 10  # seconds


def keep() -> dict:
    """Return, for each database, what `put_back` needs: called once, when the migrations have just run."""
    return {connection.alias: KINDS[connection.vendor](connection) for connection in connections.all()}


class SQLite:
    """The whole database, page by page: with its triggers and indexes, in a millisecond."""

    def __init__(self, connection):
        self.copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(self.copy)

    def put_back(self, connection):
        """Put all pages back. A browser that is closed may just have asked for a picture: wait until that is read."""
        connection.ensure_connection()
        last = time.monotonic() + LONGEST_READ
        while True:
            try:
                return self.copy.backup(connection.connection)
            except sqlite3.OperationalError:
                if time.monotonic() > last:
                    raise
                time.sleep(0.01)


class PostgreSQL:
    """The rows of the few tables that have any, and the body of each trigger."""

    def __init__(self, connection):
        with connection.cursor() as cursor:
            self.tables = sorted(set(connection.introspection.table_names(cursor)) - {"django_migrations"})
            self.rows = {table: self._read(cursor, table) for table in self._filled(cursor)}
            self.triggers = triggers.dialect(connection).bodies(cursor)

    def put_back(self, connection):
        """Delete and insert with every trigger off: those of ours, and those that check foreign keys."""
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            speaks = triggers.dialect(connection)
            filled = self._filled(cursor)
            ours = {name: table for name, table in speaks.installed(cursor).items() if table in filled}
            tables = sorted(set(ours.values()))
            statements = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]
            statements += ["SET LOCAL session_replication_role = replica"]
            statements += [f'DELETE FROM "{table}"' for table in filled]
            cursor.execute(";".join(statements))
            for table, rows in self.rows.items():
                cursor.execute(
                    f'INSERT INTO "{table}" SELECT * FROM json_populate_recordset(NULL::"{table}", %s)', [rows]
                )
            statements = ["SET LOCAL session_replication_role = origin"]
            statements += [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
            statements += [f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}" for name, table in ours.items()]
            cursor.execute(";".join(statements))
            as_they_were = speaks.bodies(cursor) == self.triggers
        if not as_they_were:
            triggers.install(connection.alias)

    def _filled(self, cursor) -> list[str]:
        if not self.tables:  # no test of this run asks for the database
            return []
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in self.tables)
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]

    def _read(self, cursor, table: str) -> str:
        cursor.execute(f'SELECT json_agg(kept)::text FROM "{table}" kept')
        return cursor.fetchone()[0]


KINDS = {"sqlite": SQLite, "postgresql": PostgreSQL}
