"""How long `verify_ledger` takes over a long ledger. Run with: make benchmark (BENCHMARK_EVENTS=100000)."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from articles.models import Article
from tests.benchmarks.clones import fill
from tests.factories import article, published, submitted

EVENTS = int(os.environ.get("BENCHMARK_EVENTS", "100000"))
MANAGE = Path(__file__).parents[2] / "manage.py"

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]


def test_a_long_ledger(author, editor, clinical, specialist, tmp_path):
    """The command as it is given, in a process of its own and on a database in a file; the time is what it says."""
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    fill(Article.objects.get(pk=draft.pk), EVENTS)
    database = stored(tmp_path)
    os.sync()  # else the disk is still busy with what was just made

    whole = reported(database)
    rows = reported(database, "--no-signatures")

    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(
        f"\n{connection.vendor}: {rows['events']:,} events, {rows['rows']:,} rows of evidence, "
        f"{rows['history_rows']:,} history rows, {rows['checkpoints']:,} checkpoints: "
        f"chain and rows {rows['seconds']:.1f} s, with all signatures {whole['seconds']:.1f} s, {memory} MB"
    )
    assert rows["events"] == whole["signatures"] >= EVENTS
    assert rows["seconds"] < 5 * EVENTS / 100_000
    assert whole["seconds"] < 30 * EVENTS / 100_000


def stored(folder: Path) -> str:
    """Return the address of the test's database for another process."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(folder / "database.sqlite3")])
        return f"sqlite:///{folder}/database.sqlite3"
    its = connection.settings_dict
    return f"postgres://{its['USER']}:{its['PASSWORD']}@{its['HOST']}:{its['PORT']}/{its['NAME']}"


def reported(database: str, *options: str) -> dict:
    return json.loads(managed(database, "verify_ledger", "--json", *options))


def managed(database: str, *words, **names: str) -> str:
    """Return what a command of manage.py says, in a process of its own that knows the ledger's key."""
    environment = {
        **os.environ,
        "DEBUG": "0",
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "CHECKPOINT_DIR": str(settings.CHECKPOINT_DIR),
        "LEDGER_KEY_FILE": str(settings.LEDGER_KEY_FILE),
        **names,
    }
    done = subprocess.run([sys.executable, MANAGE, *words], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
