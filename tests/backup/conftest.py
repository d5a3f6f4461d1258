"""A site that was filled and backed up once for the session, and empty sites to restore to."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from reviews.evidence.ledger import keys
from tests.backup import sites


@dataclass
class Filled:
    """A site, its backup, and what it held when that was taken."""

    site: sites.Site
    backup: Path
    state: dict

    @property
    def public_key(self) -> str:
        return keys.read(self.site.key).public


@pytest.fixture(scope="session")
def databases(django_db_setup):
    made = sites.Databases()
    yield made
    made.drop()


@pytest.fixture(scope="session")
def filled(databases, tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    with sites.site(folder / "site", Path(settings.LEDGER_KEY_FILE), databases) as site:
        _, ((code, said),), state = site.do_all(("fill",), ("run", [["backup", str(folder)]]), ("state",))
        assert code == 0, said
        (backup,) = folder.glob("*.tar")
        yield Filled(site, backup, state)


@pytest.fixture
def empty(filled, databases, tmp_path):
    with sites.site(tmp_path / "empty", filled.site.key, databases) as site:
        yield site


@pytest.fixture
def another(filled, databases, tmp_path):
    with sites.site(tmp_path / "another", filled.site.key, databases) as site:
        yield site
