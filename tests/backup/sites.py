"""Sites with a database of their own, which processes of their own work on."""

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg import sql

from tests.races.runner import call


@dataclass
class Site:
    """A place for a site: folders, a key, and the address of a database that nobody else uses."""

    folder: Path
    url: str
    key: Path

    @property
    def checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "TEST_DATABASE_URL": self.url,
            "LEDGER_KEY_FILE": str(self.key),
            "CHECKPOINT_DIR": str(self.checkpoints),
            "MEDIA_ROOT": str(self.media),
            "TMPDIR": str(self.folder),
            "PGOPTIONS": "-c synchronous_commit=off",  # nothing here is about the disk
        }

    def do(self, scene: str, *arguments):
        """Call a function of `scenes` in a process of its own on this site."""
        return call(f"tests.backup.scenes:{scene}", *arguments, environment=self.environment)

    def do_all(self, *scenes: tuple) -> list:
        """Call several (scene, arguments …) one after another in one process; return what each returns."""
        return self.do("play", scenes)

    def run(self, *commands: list[str]) -> list[tuple[int, str]]:
        """Run commands of manage.py in one process; return for each its exit code and what it said."""
        return self.do("run", commands)


class Databases:
    """PostgreSQL databases for sites: emptied after each use, since dropping is slow, and dropped at last."""

    def __init__(self):
        self._free: list[str] = []
        self._all: list[str] = []

    def take(self) -> str:
        if not self._free:
            name = f"imprimatur_backup_{secrets.token_hex(6)}"
            _administer("postgres", sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            self._all.append(name)
            return name
        return self._free.pop()

    def give_back(self, name: str):
        _administer(name, sql.SQL("DROP SCHEMA public CASCADE; CREATE SCHEMA public"))
        self._free.append(name)

    def drop(self):
        for name in self._all:
            _administer("postgres", sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def site(folder: Path, key: Path, databases: Databases):
    """Give a site whose database is empty: on SQLite none at all, on PostgreSQL one that nobody else uses."""
    folder.mkdir()
    if connection.vendor == "sqlite":
        yield Site(folder, f"sqlite:///{folder / 'site.sqlite3'}", key)
        return
    login, name = connection.settings_dict, databases.take()
    person = ":".join(quote(login[part], safe="") for part in ("USER", "PASSWORD") if login[part])
    host = f"{quote(login['HOST'], safe='')}:{login['PORT'] or 5432}"
    try:
        yield Site(folder, f"postgres://{person}@{host}/{name}", key)
    finally:
        databases.give_back(name)


def _administer(database: str, statement: sql.Composable):
    login = connection.settings_dict
    with psycopg.connect(
        dbname=database,
        user=login["USER"],
        password=login["PASSWORD"],
        host=login["HOST"],
        port=login["PORT"] or 5432,
        autocommit=True,
    ) as server:
        server.execute(statement)
