"""One database with its two roles and the whole story in it, for all that is tried on PostgreSQL here."""

import subprocess

import pytest
from django.test import override_settings

from tests import factories
from tests.deploy.databases import connected, two_roles
from tests.deploy.site import START, bare, environment
from tests.ledger import story

SLOW = "django.contrib.auth.hashers.PBKDF2PasswordHasher"  # as in production, unlike the other tests


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory):
    return tmp_path_factory.mktemp("checkpoints")


@pytest.fixture(scope="session")
def database(django_db_setup, django_db_blocker, checkpoints, tmp_path_factory):
    """A database that `start` migrated as its owner, with the whole story in it, told by the application's role."""
    with django_db_blocker.unblock(), two_roles() as made:
        site = environment(
            tmp_path_factory.mktemp("migration"), made.url(made.role), OWNER_DATABASE_URL=made.url(made.owner)
        )
        migrated = subprocess.run([START, "--environment", site.file, "migrate"], env=bare(), capture_output=True)
        assert migrated.returncode == 0, migrated.stderr.decode()
        with connected(made, made.role), override_settings(CHECKPOINT_DIR=checkpoints):
            story.tell()
            factories.person("boss", "Bertha Boss", groups=["admin"])
            with override_settings(PASSWORD_HASHERS=[SLOW]):
                factories.person("keeper", "Kim Keeper", groups=["editor"])
        yield made
