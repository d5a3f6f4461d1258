"""
A site of a hundred thousand events: its size, its backup, what readers' lists take, and who waits for a migration.

Run with: make benchmark (BENCHMARK_EVENTS=100000); on PostgreSQL with TEST_DATABASE_URL.
"""

import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

from articles.models import Article
from reviews.evidence import triggers
from reviews.models import LedgerEvent
from reviews.operations.backup import taking
from tests.benchmarks.clones import fill
from tests.benchmarks.test_verification_speed import EVENTS, managed, stored
from tests.factories import article, published, submitted
from tests.faults.databases import made_on
from tests.releases.test_releases import applied_in

LONGEST_WAIT = 2.0  # seconds for which a migration may keep anybody from a table (PROMISES, R48)
LONGEST_RESTORE = 600  # seconds for ten thousand articles (PROMISES, R47)
LONGEST_EXPORT = 30.0  # seconds; a server gives up after 60
LONGEST_PAGE = 1.0  # seconds; each is asked for a few times, and the fastest counts
WHAT_COMES_NEXT = [
    "ALTER TABLE reviews_ledgerevent ADD COLUMN tried varchar(20) NOT NULL DEFAULT 'never'",
    "CREATE INDEX tried_index ON reviews_ledgerevent (action, at)",
    "ALTER TABLE reviews_ledgerevent ADD CONSTRAINT tried_check CHECK (position > 0)",
    "ALTER TABLE reviews_ledgerevent DROP CONSTRAINT tried_check",
    "DROP INDEX tried_index",
    "ALTER TABLE reviews_ledgerevent DROP COLUMN tried",
]
PAGES = ["/", "/articles/", "/topics/", "/feed/", "/search/?q=lymph", "/desk/sign-in/"]

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def large(author, editor, clinical, specialist):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    fill(Article.objects.get(pk=draft.pk), EVENTS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_a_large_site(large, client, tmp_path):
    size = size_of_the_database(tmp_path)
    start = time.perf_counter()
    path, written = taking.take(tmp_path)
    seconds = time.perf_counter() - start
    restoring = restored(path, tmp_path)
    waits = {name: round(wait, 3) for name, wait in waits_while_it_is_migrated().items()}
    bytes_of_export, exporting = exported(client)
    pages = {page: round(min(taken(client, page) for _ in range(3)), 3) for page in PAGES}

    print(
        f"\n{connection.vendor}: {LedgerEvent.objects.count():,} events, {Article.objects.count():,} articles, "
        f"{sum(written.rows.values()):,} rows: database {size / 1e6:.0f} MB, "
        f"backup {path.stat().st_size / 1e6:.0f} MB in {seconds:.0f} s, restored and verified in {restoring:.0f} s; "
        f"the readers' export {bytes_of_export / 1e6:.0f} MB in {exporting:.1f} s; "
        f"pages {pages}; waits for a migration {waits}"
    )
    assert written.whole
    assert triggers.missing() == []
    assert restoring < LONGEST_RESTORE
    assert exporting < LONGEST_EXPORT
    assert max(waits.values(), default=0) < LONGEST_WAIT
    assert max(pages.values()) < LONGEST_PAGE


def size_of_the_database(folder: Path) -> int:
    """Return how many bytes the database takes."""
    if connection.vendor == "sqlite":
        return Path(stored(folder).removeprefix("sqlite:///")).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def restored(backup: Path, folder: Path) -> float:
    """Bring the backup back into an empty database and empty folders, and return how long that took."""
    server = "" if connection.vendor == "sqlite" else stored(folder)
    kept = {"CHECKPOINT_DIR": str(folder / "restored"), "MEDIA_ROOT": str(folder / "media")}
    with made_on(server) as database:
        start = time.perf_counter()
        said = managed(database or f"sqlite:///{folder}/restored.sqlite3", "restore", str(backup), **kept)
        seconds = time.perf_counter() - start
    assert "All is well" in said
    return seconds


def exported(client) -> tuple[int, float]:
    """Download the list up to the newest checkpoint, and return how many bytes it has and how long that took."""
    start = time.perf_counter()
    size = len(client.get("/ledger/export", follow=True).getvalue())
    return size, time.perf_counter() - start


def taken(client, page: str) -> float:
    start = time.perf_counter()
    assert client.get(page).status_code == 200
    return time.perf_counter() - start


def waits_while_it_is_migrated() -> dict[str, float]:
    """
    Take the database back to the first release, bring it up to date, and return how long others waited for a table.

    On PostgreSQL what a later release may do to the largest table is done too, and undone. On SQLite, where all wait in
    one queue, it is the whole migration.
    """
    for app, name in applied_in("0.1.0").items():
        call_command("migrate", app, name, verbosity=0)
    if connection.vendor == "sqlite":
        start = time.perf_counter()
        call_command("migrate", verbosity=0)
        return {"anybody": time.perf_counter() - start}
    return waits_during(_bring_up_to_date)


def _bring_up_to_date():
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for statement in WHAT_COMES_NEXT:
            cursor.execute(statement)


def waits_during(task) -> dict[str, float]:
    """Return the longest wait of a reader and of a writer of any table of evidence while the task is done."""
    tables = sorted({table for table, _ in triggers.dialect(connection).create().values()})
    done, waits = threading.Event(), {}
    probes = [
        threading.Thread(target=probe, args=(done, waits, name, [statement.format(table) for table in tables]))
        for name, statement in {
            "reader": "SELECT 1 FROM {} LIMIT 1",
            "writer": "LOCK TABLE {} IN ROW EXCLUSIVE MODE",
        }.items()
    ]
    for each in probes:
        each.start()
    time.sleep(1)
    try:
        task()
    finally:
        done.set()
        for each in probes:
            each.join()
    return waits


def probe(done: threading.Event, waits: dict, name: str, statements: list[str]):
    """Note the longest that any of the statements took, each in a transaction of its own."""
    its = connection.get_connection_params()
    words = {key: its[key] for key in ("dbname", "user", "password", "host", "port") if its.get(key)}
    with psycopg.connect(**words) as own:
        rounds = 0
        while not done.is_set():
            for statement in statements:
                start = time.perf_counter()
                own.execute(statement)
                waits[name] = max(waits.get(name, 0), time.perf_counter() - start)
                own.rollback()
            rounds += 1
    assert rounds > 1
