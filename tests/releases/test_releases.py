"""The databases of every release, brought up to date by this one: whole, guarded, and with every row they had."""

import gzip
import json
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest

import config
from tests.config.test_production import manage, production
from tests.faults.databases import made_on
from tests.settings import TEST_SERVER

__all__ = ["production"]

HERE = Path(__file__).parent
KIND = "postgresql" if TEST_SERVER else "sqlite"
DUMPS = sorted(path.name.removesuffix(f".{KIND}.sql.gz") for path in HERE.glob(f"*.{KIND}.sql.gz"))
JOBS = "django_tasks_database_dbtaskresult"
GROWS = {JOBS, "auth_permission", "django_content_type", "django_migrations"}  # with each new model and migration


@pytest.fixture(params=DUMPS)
def released(request, production, tmp_path):
    """The environment of a site whose database is that of a release, and what is known of it."""
    text = gzip.decompress((HERE / f"{request.param}.{KIND}.sql.gz").read_bytes()).decode()
    facts = json.loads((HERE / f"{request.param}.{KIND}.json").read_text())
    with made_on(TEST_SERVER) as address:
        if address:
            words = ["psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1", address]
            subprocess.run(words, input=text, text=True, check=True, capture_output=True)
            yield {**production, "DATABASE_URL": address}, facts
        else:
            with sqlite3.connect(tmp_path / "site.sqlite3") as connection:
                connection.executescript(text)
            yield production, facts


def applied_in(release: str) -> dict[str, str]:
    """Return the last migration of each app of ours in a release."""
    text = gzip.decompress((HERE / f"{release}.sqlite.sql.gz").read_bytes()).decode()
    found = re.findall(r"INSERT INTO \"django_migrations\" VALUES\(\d+,'(articles|reviews)','(\w+)'", text)
    return {app: max(name for of, name in found if of == app) for app in ("articles", "reviews")}


def test_this_release_has_its_dumps():
    assert config.VERSION in DUMPS


def test_a_released_database_is_brought_up_to_date_whole(released):
    site, facts = released

    manage(site, "migrate", "--verbosity", "0").check_returncode()
    trusted = ("--public-key", facts["public_key"])
    python(site, WRITE_THE_FILES_OF_CHECKPOINTS).check_returncode()  # they are no part of a dump
    verified = manage(site, "verify_ledger", "--json", *trusted)
    report = json.loads(verified.stdout)

    assert report["problems"] == []
    assert report["events"] == facts["rows"]["reviews_ledgerevent"] > 30
    now, then = counted(site), facts["rows"]
    assert {table: now[table] for table in then if table not in GROWS} == {
        table: n for table, n in then.items() if table not in GROWS
    }
    assert all(now[table] >= then[table] for table in GROWS - {JOBS})


def counted(site: dict) -> dict[str, int]:
    words = "import json; from reviews.operations.backup.databases import row_counts; print(json.dumps(row_counts()))"
    done = python(site, words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def python(site: dict, words: str) -> subprocess.CompletedProcess:
    return manage(site, "shell", "--no-imports", "--command", words)


def test_a_released_database_is_guarded_again(released):
    site, _ = released

    manage(site, "migrate", "--verbosity", "0").check_returncode()

    assert python(site, "from reviews.evidence import triggers; print(triggers.missing())").stdout.strip() == "[]"
    refused = python(site, CHANGE_A_SIGNATURE)
    assert refused.returncode != 0
    assert "rows are only ever added" in refused.stderr


WRITE_THE_FILES_OF_CHECKPOINTS = """
from reviews.evidence.ledger import checkpoints
from reviews.models import LedgerHead
checkpoints.write_missing_files(LedgerHead.objects.get().ledger_id)
"""
CHANGE_A_SIGNATURE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("UPDATE reviews_signature SET printed_name = 'Somebody else'")
"""


def test_events_of_an_earlier_release_tell_what_the_ledgers_page_says_of_them(released, request):
    site, _ = released
    tells_more = request.node.callspec.params["released"] in ("0.1.0", "0.2.0")
    manage(site, "migrate", "--verbosity", "0").check_returncode()

    done = python(site, WHAT_EVENTS_TELL)

    numbered, titled, unsalted = json.loads(done.stdout)
    assert (numbered, titled, unsalted) == (tells_more,) * 3


WHAT_EVENTS_TELL = """
import json
from reviews.models import LedgerEvent, Review
events = list(LedgerEvent.objects.order_by("position"))
numbered = any(event.actor.isdigit() for event in events)
published = [json.loads(event.payload) for event in events if event.action == "published"]
titles = Review.objects.filter(published_at__isnull=False).values_list("version__title", flat=True)
titled = any(title in json.dumps(each, ensure_ascii=False) for each in published for title in titles)
unsalted = any(isinstance(json.loads(event.payload).get("rows"), dict) for event in events)
print(json.dumps([numbered, titled, unsalted]))
"""
