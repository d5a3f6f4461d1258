"""What the processes of a race need to work on one database."""

from urllib.parse import quote

import pytest
from django.db import connection

from reviews.evidence.ledger import keys
from tests import migrated


@pytest.fixture
def on_postgresql(settings):
    """What a process needs to work on the test database, with this test's checkpoints and the ledger's key."""
    database = connection.settings_dict
    login = ":".join(quote(database[part], safe="") for part in ("USER", "PASSWORD") if database[part])
    host = f"{quote(database['HOST'], safe='')}:{database['PORT'] or 5432}"
    return {
        "TEST_DATABASE_URL": f"postgres://{login}@{host}/{database['NAME']}",
        "LEDGER_KEY_FILE": str(settings.LEDGER_KEY_FILE),
        "CHECKPOINT_DIR": str(settings.CHECKPOINT_DIR),
        "PGOPTIONS": "-c synchronous_commit=off",  # no race is about the disk
    }


@pytest.fixture
def on_sqlite(tmp_path):
    """A database in a file of its own, whatever database the suite runs on."""
    keys.make(tmp_path / "ledger.key")
    values = {
        "TEST_DATABASE_URL": f"sqlite:///{tmp_path / 'race.sqlite3'}",
        "LEDGER_KEY_FILE": str(tmp_path / "ledger.key"),
        "CHECKPOINT_DIR": str(tmp_path / "checkpoints"),
    }
    migrated.put(tmp_path / "race.sqlite3")
    return values
