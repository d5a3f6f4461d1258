"""What every test has: the database with its triggers in force, and a fixed cast of people."""

import os
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from reviews import triggers
from reviews.ledger import keys
from tests import factories, populated


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Keep the suffix that lets several test processes each have a database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """
    Let tests flush their own database, and nothing else.

    A transactional test ends with a flush, which append-only tables rightly refuse. On the test connections alone the
    flush drops the triggers and installs them again in one transaction; production code has no such switch.
    """
    with suppress(FileExistsError):  # parallel workers share the key
        keys.make(Path(settings.LEDGER_KEY_FILE))
    with django_db_blocker.unblock():
        for operations in {type(connection.ops) for connection in connections.all()}:
            operations.execute_sql_flush = flush_with_triggers_down


PLAIN_FLUSH = BaseDatabaseOperations.execute_sql_flush


def flush_with_triggers_down(operations, sql_list):
    """Stand in for Django's flush on the class: within a browser's event loop Django has other connections."""
    connection = operations.connection
    with transaction.atomic(using=connection.alias):
        triggers.drop(connection.alias)
        if connection.vendor == "postgresql":
            empty_quickly(connection)
        else:
            PLAIN_FLUSH(operations, sql_list)
        triggers.install(connection.alias)


def empty_quickly(connection):
    """Delete the few rows of a test from all tables: TRUNCATE, which makes each table and index anew, takes 0.3 s."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign key is checked meanwhile
        cursor.execute(";".join(f"DELETE FROM {quote(table)}" for table in tables))
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture(autouse=True)
def _checkpoints_of_this_test(tmp_path, settings):
    """Give each test a folder of its own for checkpoints."""
    settings.CHECKPOINT_DIR = tmp_path / "checkpoints"


def pytest_collection_modifyitems(config, items):
    """
    Skip, with the reason counted and in words, what needs a PostgreSQL server where there is none.

    On PostgreSQL leave out what was tried on SQLite and would be tried again just the same.
    """
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        again = [item for item in items if "once" in item.keywords]
        config.hook.pytest_deselected(items=again)
        items[:] = [item for item in items if "once" not in item.keywords]
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: set TEST_DATABASE_URL=postgres://…")
    for item in items:
        if "postgresql" in item.keywords:
            item.add_marker(skip)


def pytest_sessionfinish(session, exitstatus):
    """In CI a skipped test is a failure: what could not be tried was not shown."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("IMPRIMATUR_NO_SKIPS") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("Tests were skipped, which counts as a failure here.", red=True)
        session.exitstatus = 1


@pytest.fixture
def author(db):
    return factories.person("author", "Ada Author", groups=["author"])


@pytest.fixture
def editor(db):
    return factories.person("editor", "Edith Editor", groups=["editor"])


@pytest.fixture
def editor2(db):
    return factories.person("editor2", "Edgar Second", groups=["editor"])


@pytest.fixture
def clinical(db):
    return factories.board_member("reviewer1", "Clara Clinical", ["clinical"])


@pytest.fixture
def specialist(db):
    return factories.board_member("reviewer2", "Simon Specialist", ["clinical", "specialist"], specialties=["Oncology"])


@pytest.fixture
def pharmacist(db):
    return factories.board_member("pharmacist", "Petra Pharmacist", ["pharmacist"])


@pytest.fixture
def lay(db):
    return factories.board_member("lay", "Larry Layman", ["lay"])


@pytest.fixture
def world(author, editor, clinical, specialist, settings):
    """Everybody, and the arguments of every address of a site on which each has something to show."""
    settings.SECURE_SSL_REDIRECT = False
    people = populated.everybody(author, editor, clinical)
    return people, populated.fill_site(author, editor, clinical, specialist)
