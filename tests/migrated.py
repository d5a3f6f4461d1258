"""
A database as `migrate` leaves it: made once for a set of migrations, and copied from then on.

That of SQLite lies in `var/migrated`, that of PostgreSQL on the server of the tests, each under a digest of all
migrations that it went through. Whoever begins with a copy migrates it all the same, which takes a tenth of the time
and makes anew what is no migration's, such as the triggers.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
from django.apps import apps

ROOT = Path(__file__).parents[1]
TEMPLATES = "imprimatur_migrated_"


def put(path: Path):
    """Lay a migrated database down at this path; it has no ledger and no people yet."""
    shutil.copy(_whole(), path)


def begin_with(creation):
    """Let the test database that `creation` makes begin as a copy, instead of empty; on SQLite, one in memory."""
    if creation.connection.vendor == "postgresql":
        creation.connection.settings_dict["TEST"]["TEMPLATE"] = _template()
        return
    create = creation._create_test_db

    def create_full(*arguments, **options):
        name = create(*arguments, **options)
        if creation.is_in_memory_db(name):
            creation.first = sqlite3.connect(name, uri=True, check_same_thread=False)  # it is there while this is open
            migrated = sqlite3.connect(_whole())
            migrated.backup(creation.first)
            migrated.close()
        return name

    creation._create_test_db = create_full


def _template() -> str:
    """Return the name of a migrated database on the server; those of other migrations are dropped."""
    name, server = f"{TEMPLATES}{_migrations()[:16]}", os.environ["TEST_DATABASE_URL"]
    with _alone(), psycopg.connect(server, autocommit=True) as cursor:
        rows = cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATES])
        there = {row[0] for row in rows}
        if name not in there:
            for older in there:
                cursor.execute(f'DROP DATABASE "{older}"')
            cursor.execute(f'CREATE DATABASE "{name}_part"')
            _migrate(urlsplit(server)._replace(path=f"/{name}_part").geturl())
            cursor.execute(f'ALTER DATABASE "{name}_part" RENAME TO "{name}"')
    return name


@contextmanager
def _alone():
    """Let one process at a time make what the others copy."""
    folder = ROOT / "var" / "migrated"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _whole() -> Path:
    whole = ROOT / "var" / "migrated" / f"{_migrations()}.sqlite3"
    with _alone():
        if not whole.exists():
            for older in whole.parent.glob("*.sqlite3"):
                older.unlink()
            _make(whole)
    return whole


def _migrations() -> str:
    """Return a digest of Django's release and the names and texts of all migrations."""
    found = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            found.update(f"\n{app.label} {file.name}\n".encode() + file.read_bytes())
    return found.hexdigest()


def _make(whole: Path):
    part = whole.with_suffix(".part")
    part.unlink(missing_ok=True)
    _migrate(f"sqlite:///{part}")
    part.rename(whole)


def _migrate(database: str):
    words = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    named = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": database}
    subprocess.run(words, cwd=ROOT, env={**os.environ, **named}, check=True, capture_output=True)
