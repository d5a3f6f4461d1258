"""
Dump and load of the database: once for SQLite, once for PostgreSQL.

Both dump one snapshot, and read the facts for the manifest from the same snapshot.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

from articles.models.rows.one_state import one_state
from reviews.evidence.triggers.rules import OURS
from reviews.models import Checkpoint, LedgerHead
from reviews.operations.backup import Refused
from reviews.operations.backup.archive import Archive
from reviews.operations.backup.manifest import Head

Cursor = sqlite3.Cursor | CursorWrapper
HEAD, CHECKPOINTS = LedgerHead._meta.db_table, Checkpoint._meta.db_table


class Facts(NamedTuple):
    """The facts about a database in the manifest, and the notes of its checkpoints by size."""

    rows: dict[str, int]
    migrations: list[tuple[str, str]]
    ledger: Head
    notes: dict[int, str]


def of_the_site() -> "SQLite | PostgreSQL":
    dialects: dict[str, type[SQLite] | type[PostgreSQL]] = {"sqlite": SQLite, "postgresql": PostgreSQL}
    return dialects[connection.vendor]()


def row_counts() -> dict[str, int]:
    """Return the number of rows of each table of the site's database, without SQLite's internal tables."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        return _count(cursor, [name for name in names if not name.startswith("sqlite_")])


class SQLite:
    """A SQLite file: copied by SQLite's online backup, and restored with one rename."""

    member = "database.sqlite3"

    @property
    def version(self) -> str:
        return sqlite3.sqlite_version

    def dump(self, path: Path) -> Facts:
        """
        Write the database to a new file and return its facts; block no writer.

        The copy is compacted, so that it holds no deleted data.
        """
        connection.ensure_connection()
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as copy:
                connection.connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
                copy.execute("VACUUM")
                cursor = copy.cursor()
                cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite#_%' ESCAPE '#'"
                )
                return _facts(cursor, [name for (name,) in cursor.fetchall()])
        except sqlite3.Error as error:
            raise Refused(f"SQLite could not copy the database: {error}.") from error

    def require_ready(self) -> None:
        """Raise Refused if the database has tables, or if WAL or journal files are beside it."""
        path = Path(connection.settings_dict["NAME"])
        if path.exists():
            with connection.cursor() as cursor:
                if connection.introspection.table_names(cursor):
                    raise Refused(f"The database {path} already holds tables: restore into a new, empty one.")
        connection.close()
        for beside in _beside(path):
            if beside.exists():
                raise Refused(f"The file {beside} belongs to a database in use, or to a lost one: move it away first.")
        if not path.parent.is_dir():
            raise Refused(f"The folder {path.parent} of the database does not exist.")

    def load(self, archive: Archive, finish: Callable[[], None]) -> None:
        """Load the database, all or nothing; `finish` is called on the loaded database, and may raise Refused."""
        target = Path(connection.settings_dict["NAME"])
        scratch = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            archive.extract(self.member, scratch, mode=0o600)
            with _connected_to(scratch):
                finish()
            if left := [path for path in _beside(scratch) if path.exists()]:
                raise Refused(f"The database could not be closed: {left[0]} still exists.")
            os.rename(scratch, target)
            sync_folder(target.parent)
        except DatabaseError as error:
            raise Refused(f"The database of the backup cannot be used: {error}.") from error
        finally:
            for path in (scratch, *_beside(scratch)):
                path.unlink(missing_ok=True)


class PostgreSQL:
    """A PostgreSQL database: pg_dump of one snapshot, and pg_restore in one transaction."""

    member = "database.pgdump"

    @property
    def version(self) -> str:
        connection.ensure_connection()
        return str(connection.connection.info.server_version)

    def dump(self, path: Path) -> Facts:
        """Write the database to a new file in pg_dump's custom format and return its facts; block no writer."""
        tool = self._tool("pg_dump")
        with one_state(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            self._run(
                tool, "--format=custom", "--no-owner", "--no-privileges", "--no-password",
                f"--snapshot={snapshot}", f"--file={path}",
            )  # fmt: skip
            return _facts(cursor, connection.introspection.table_names(cursor))

    def require_ready(self) -> None:
        """Raise Refused if the database has tables, the role cannot create tables, or pg_restore is missing."""
        self._tool("pg_restore")
        if relations := self._relations():
            raise Refused(
                f"The database {connection.settings_dict['NAME']} already holds tables, such as {relations[0][0]}: "
                "restore into a new, empty one."
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, has_schema_privilege(current_schema(), 'CREATE')")
            role, makes_tables = cursor.fetchone()
        if not makes_tables:
            raise Refused(
                f"The role “{role}” may not create tables in this database: restore as the owner of the tables."
            )
        connection.close()

    def load(self, archive: Archive, finish: Callable[[], None]) -> None:
        """Load the database, all or nothing; `finish` is called on the loaded database, and may raise Refused."""
        with tempfile.TemporaryDirectory(prefix="imprimatur-") as folder:
            dump = Path(folder) / self.member
            archive.extract(self.member, dump, mode=0o600)
            tool = self._tool("pg_restore")
            self._run(tool, "--list", str(dump))
            connection.close()
            self._run(
                tool, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password",
                f"--dbname={self._parameters()['dbname']}", str(dump),
            )  # fmt: skip
        try:
            finish()
        except BaseException:
            self._clear()
            raise

    def _relations(self) -> list[tuple[str, str]]:
        """Return the names and kinds of all tables, views and sequences, without those of the server and extensions."""
        with connection.cursor() as cursor:
            cursor.execute("""
                SELECT c.oid::regclass::text, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
                   AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
                 ORDER BY 1""")
            return cursor.fetchall()

    def _clear(self) -> None:
        """Drop all that was restored into the formerly empty database."""
        tables = [name for name, kind in self._relations() if kind in "rp"]
        with connection.cursor() as cursor:
            for name in tables:
                cursor.execute(f"DROP TABLE IF EXISTS {name} CASCADE")
            cursor.execute(
                "SELECT p.oid::regprocedure::text, p.proname FROM pg_proc p "
                "WHERE p.pronamespace = current_schema()::regnamespace"
            )
            for signature, name in cursor.fetchall():
                if name.startswith(OURS):
                    cursor.execute(f"DROP FUNCTION {signature}")
        connection.close()

    def _tool(self, name: str) -> str:
        """Return the path of a PostgreSQL program; raise Refused if it is missing or older than the server."""
        path = shutil.which(name)
        if path is None:
            raise Refused(f"The program {name} is missing: install PostgreSQL's client programs, and put them on PATH.")
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 (found above)
        version = re.search(r"\) ([0-9]+)", said.stdout)
        server = int(self.version) // 10_000
        if version is None or int(version[1]) < server:
            found = version[1] if version else "unknown"
            raise Refused(
                f"The program {name} is of version {found}, older than the server's {server}: install that of {server}."
            )
        return path

    def _run(self, *command: str) -> None:
        """Run a program on the site's database; the password is passed in the environment."""
        names = {
            each.keyword.decode(): each.envvar.decode() for each in psycopg.pq.Conninfo.get_defaults() if each.envvar
        }
        login = {names[name]: str(value) for name, value in self._parameters().items() if name in names}
        done = subprocess.run(  # noqa: S603 (a path that `_tool` found)
            command, env={**os.environ, **login}, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode:
            words = next((line for line in done.stderr.splitlines() if "error" in line), f"exit {done.returncode}")
            raise Refused(f"{Path(command[0]).name} failed: {words.strip().rstrip('.')}.")

    def _parameters(self) -> dict[str, Any]:
        return connection.get_connection_params()


@contextmanager
def _connected_to(path: Path) -> Iterator[None]:
    """Connect the site to this SQLite file."""
    settings, usual = connection.settings_dict, connection.settings_dict["NAME"]
    connection.close()
    settings["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        settings["NAME"] = usual


def _facts(cursor: Cursor, tables: Iterable[str]) -> Facts:
    tables = sorted(tables)
    if HEAD not in tables:
        raise Refused("The database is not set up: run “manage.py migrate” first.")

    def rows(sql: str) -> list[Any]:
        cursor.execute(sql)
        return cursor.fetchall()

    head = rows(f"SELECT ledger_id, position, hash, key_id FROM {HEAD} WHERE id = 1")  # noqa: S608 (from the model)
    return Facts(
        rows=_count(cursor, tables),
        migrations=sorted(rows("SELECT app, name FROM django_migrations")),
        ledger=Head(*(head[0] if head else ("", 0, "", ""))),
        notes=dict(rows(f"SELECT size, note FROM {CHECKPOINTS} ORDER BY size")),  # noqa: S608 (from the model)
    )


def _count(cursor: Cursor, tables: Iterable[str]) -> dict[str, int]:
    counts = {}
    for table in sorted(tables):
        cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608 (a name that the database gave)
        (counts[table],) = cursor.fetchone()
    return counts


def _beside(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")]


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
