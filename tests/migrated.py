"""
A SQLite database as `migrate` leaves it: made once for a set of migrations, and copied from then on.

It lies in `var/migrated`, under a digest of all migrations that it went through. Whoever begins with a copy migrates it
all the same, which takes a tenth of the time and makes anew what is no migration's, such as the triggers.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import django
from django.apps import apps

ROOT = Path(__file__).parents[1]


def put(path: Path):
    """Lay a migrated database down at this path; it has no ledger and no people yet."""
    shutil.copy(_whole(), path)


def begin_with(creation):
    """Let the test database that `creation` makes in memory begin as a copy, instead of empty."""
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


def _whole() -> Path:
    whole = ROOT / "var" / "migrated" / f"{_migrations()}.sqlite3"
    whole.parent.mkdir(parents=True, exist_ok=True)
    with (whole.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
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
    words = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    named = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": f"sqlite:///{part}"}
    subprocess.run(words, cwd=ROOT, env={**os.environ, **named}, check=True, capture_output=True)
    part.rename(whole)
