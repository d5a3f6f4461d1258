"""What every test has: the database with its triggers in force, and a fixed cast of people."""

import itertools
import os
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections, transaction
from django.test import TransactionTestCase, override_settings
from pytest_django.plugin import blocking_manager_key

from articles.search.meaning import encoder
from articles.site.keeping import kept_responses
from reviews.evidence.ledger import keys
from tests import factories, migrated, populated, pristine
from tests.cast import MADE, OF_ALL, cast, prepare
from tests.ledger import attacks
from tests.scheduling import Grouped

# A run finds what the run before found; `make grade` and the state machines draw anew.
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis.settings.load_profile("suite")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Keep the suffix that lets several test processes each have a database, and let it begin migrated."""
    migrated.begin_with(connections["default"].creation)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, request, tmp_path_factory):
    """Let a transactional test end with the database as the migrations left it, instead of Django's slow flush."""
    with suppress(FileExistsError):  # parallel workers share the key
        keys.make(Path(settings.LEDGER_KEY_FILE))
    with django_db_blocker.unblock():
        kept = pristine.keep()
    request.config.stash[READY] = tmp_path_factory.mktemp("cast")

    def put_back(test_case):
        for alias in test_case._databases_names(include_mirrors=False):
            kept[alias].put_back(connections[alias])

    TransactionTestCase._fixture_teardown = put_back
    yield
    with django_db_blocker.unblock():
        cast.leave()


def pytest_runtest_setup(item):
    """
    Let the people that a test asks for be there before its own transaction begins.

    Nobody is there before a test that commits, or in a module that fills a site for all its tests.
    """
    if not item.config.stash.get(READY, False):
        return
    with item.config.stash[blocking_manager_key].unblock():
        prepare(wanted_by(item), item.config.stash[READY])


def wanted_by(item) -> set[str]:
    names = set(item.fixturenames)
    mark = item.get_closest_marker("django_db")
    commits = {"transactional_db", "django_db_reset_sequences", "live_server"} & names
    commits |= {name for name in ("transaction", "reset_sequences") if mark and mark.kwargs.get(name)}
    if commits or item.module in item.config.stash[FILLING]:
        return set()
    asked = names & MADE.keys()
    return asked | {OF_ALL} if "author" in asked else asked


@pytest.fixture(autouse=True)
def _nothing_cached_by_another_test():
    """Forget what earlier tests kept in the cache: rows have the same numbers in each."""
    cache.clear()
    kept_responses.store.clear()


@pytest.fixture(autouse=True)
def _checks_in_force_again():
    """Switch on what an attack of this test switched off: the connection outlives the test."""
    yield
    attacks.rearm()


@pytest.fixture(autouse=True)
def _checkpoints_of_this_test(tmp_path_factory, settings):
    """Give each test a folder of its own for checkpoints, which is made when there is one."""
    settings.CHECKPOINT_DIR = tmp_path_factory.getbasetemp() / f"checkpoints-{next(_numbers)}"


_numbers = itertools.count(1)

READY = pytest.StashKey()  # a folder for the checkpoints of those who are entered for several tests
FILLING = pytest.StashKey()  # the modules of which all tests share rows

PROCESSES = {"backup", "deploy", "faults", "races", "releases"}  # folders whose tests start processes on the database
LONG = PROCESSES | {"machine"}  # folders with the longest tests


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Spread the tests over processes, those of a group together."""
    return Grouped(config, log)


def pytest_collection_modifyitems(config, items):
    """
    Skip, with the reason counted and in words, what needs a PostgreSQL server where there is none.

    On PostgreSQL leave out what was tried on SQLite and would be tried again just the same. Begin with the tests that
    take longest, so that no worker is still at one of them when the others have finished. An encoder of meaning is
    optional: without one, its test is left out, and counts as no skip.
    """
    if encoder.installed() is None:
        config.hook.pytest_deselected(items=[item for item in items if "encoder" in item.keywords])
        items[:] = [item for item in items if "encoder" not in item.keywords]
    config.stash[FILLING] = {item.module for item in items if shares_rows(item)}
    items.sort(key=lambda item: item.path.parent.name not in LONG)
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        again = {item for item in items if "once" in item.keywords or not reaches_the_database(item)}
        config.hook.pytest_deselected(items=list(again))
        items[:] = [item for item in items if item not in again]
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: set TEST_DATABASE_URL=postgres://…")
    for item in items:
        if "postgresql" in item.keywords:
            item.add_marker(skip)


def reaches_the_database(item) -> bool:
    """Tell whether a test can: pytest-django opens it to no other, but processes of their own may."""
    opened = {"django_db_setup", "_django_db_helper"} & set(item.fixturenames)
    return bool(opened or item.get_closest_marker("django_db") or item.path.parent.name in PROCESSES)


def shares_rows(item) -> bool:
    """Tell whether the test uses rows that stay for its module."""
    used = (fixture for found in item._fixtureinfo.name2fixturedefs.values() for fixture in found)
    return any(fixture.scope in ("module", "class") and "django_db_blocker" in fixture.argnames for fixture in used)


def pytest_sessionfinish(session, exitstatus):
    """In CI a skipped test is a failure: what could not be tried was not shown."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("IMPRIMATUR_NO_SKIPS") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        reporter.write_line("Tests were skipped, which counts as a failure here.", red=True)
        session.exitstatus = 1


@pytest.fixture
def author(db):
    return cast.person("author")


@pytest.fixture
def editor(db):
    return cast.person("editor")


@pytest.fixture
def editor2(db):
    return cast.person("editor2")


@pytest.fixture
def clinical(db):
    return cast.person("clinical")


@pytest.fixture
def specialist(db):
    return cast.person("specialist")


@pytest.fixture
def pharmacist(db):
    return cast.person("pharmacist")


@pytest.fixture
def lay(db):
    return cast.person("lay")


@pytest.fixture(scope="module")
def filled_site(django_db_setup, django_db_blocker, tmp_path_factory):
    """
    Everybody, and the arguments of every address of a site on which each has something to show.

    Filled once for a module: each test works in a transaction inside this one, as it would in a database of its own.
    """
    filling = transaction.atomic()
    filling._from_testcase = True  # as of Django's own TestCase: a durable transaction may begin inside
    with django_db_blocker.unblock(), override_settings(CHECKPOINT_DIR=tmp_path_factory.mktemp("checkpoints")), filling:
        author, editor, asked = factories.author(), factories.editor(), factories.clinical()
        people = populated.everybody(author, editor, asked)
        arguments = populated.fill_site(author, editor, asked, factories.specialist())
        populated.sign_in(people)
        yield people, arguments
        transaction.set_rollback(True)


@pytest.fixture
def world(filled_site, db, settings):
    """The filled site, for tests that ask it as browsers do."""
    settings.SECURE_SSL_REDIRECT = False
    return filled_site
