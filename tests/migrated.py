"""A SQLite database as `migrate` leaves it: made once for all processes of a run, and copied from then on."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def put(path: Path):
    """Lay a migrated database down at this path; it has no ledger and no people yet."""
    whole = Path(os.environ["MIGRATED"])  # tests.settings names it
    with whole.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            _make(whole)
    shutil.copy(whole, path)


def _make(whole: Path):
    part = whole.with_suffix(".part")
    part.unlink(missing_ok=True)
    words = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    named = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": f"sqlite:///{part}"}
    subprocess.run(words, cwd=ROOT, env={**os.environ, **named}, check=True, capture_output=True)
    part.rename(whole)
