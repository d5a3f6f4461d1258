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


def test_a_released_database_is_brought_up_to_date_whole_and_guarded(released, request):
    site, facts = released

    manage(site, "migrate", "--verbosity", "0").check_returncode()
    known = manage(site, "shell", "--no-imports", "--command", WHAT_THE_SITE_KNOWS)
    verified = manage(site, "verify_ledger", "--json", "--public-key", facts["public_key"])

    assert known.returncode == 0, known.stderr
    found, report = json.loads(known.stdout), json.loads(verified.stdout)
    assert found["proved"] == found["published"] > 0, "each text that was published before can be proved today"
    assert report["problems"] == []
    assert report["events"] == facts["rows"]["reviews_ledgerevent"] > 30
    now, then = found["rows"], facts["rows"]
    assert {table: now[table] for table in then if table not in GROWS} == {
        table: n for table, n in then.items() if table not in GROWS
    }
    assert all(now[table] >= then[table] for table in GROWS - {JOBS})
    assert found["missing"] == []
    assert "rows are only ever added" in found["refused"]
    tells_more = request.node.callspec.params["released"] in ("0.1.0", "0.2.0")  # as the ledger's page says
    assert (found["numbered"], found["titled"], found["unsalted"]) == (tells_more,) * 3


WHAT_THE_SITE_KNOWS = """
import json
from django.db import DatabaseError, connection, transaction
from reviews.evidence import triggers
from articles.models import Version
from reviews.evidence.ledger import checkpoints, proofs
from reviews.models import Checkpoint, LedgerEvent, LedgerHead, Review
from reviews.operations.backup.databases import row_counts

found = {"rows": row_counts(), "missing": triggers.missing(), "refused": ""}
try:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_signature SET printed_name = 'Somebody else'")
except DatabaseError as error:
    found["refused"] = str(error)

events = list(LedgerEvent.objects.order_by("position"))
published = [json.loads(event.payload) for event in events if event.action == "published"]
titles = Review.objects.filter(published_at__isnull=False).values_list("version__title", flat=True)
found["numbered"] = any(event.actor.isdigit() for event in events)
found["titled"] = any(title in json.dumps(each, ensure_ascii=False) for each in published for title in titles)
found["unsalted"] = any(isinstance(json.loads(event.payload).get("rows"), dict) for event in events)
texts = Version.objects.published().select_related("article")
found["published"] = len(texts)
found["proved"] = len([proofs.proof_of(text, Checkpoint.objects.latest("size")) for text in texts])
checkpoints.write_missing_files(LedgerHead.objects.get().ledger_id)  # the files are no part of a dump
print(json.dumps(found))
"""
