"""After every migration all triggers are in force again, each as this release has it."""

import sqlite3

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DatabaseError, connection

from articles.models import Version
from reviews.evidence import triggers
from reviews.models import LedgerEvent, Review
from tests.factories import evidence, submitted
from tests.races.runner import call
from tests.reviews.triggers.attacks import SQL, assert_refused, assert_refused_everywhere, point
from tests.reviews.triggers.tables import POSTGRESQL, SQLITE, execute, table_of


@pytest.fixture
def triggers_again(transactional_db):
    """Leave the database with all its triggers, whatever the test did to them."""
    yield
    triggers.drop()
    triggers.install()


def all_triggers() -> dict[str, str]:
    """Return the table of every trigger that has to be in force."""
    return {name: table for name, (table, _) in triggers.dialect(connection).create().items()}


def rebuild(model):
    """Make the table anew, as an AlterField does on SQLite."""
    with connection.schema_editor() as editor:
        editor._remake_table(model)


def models_with_triggers() -> list:
    tables = set(all_triggers().values())
    return [model for model in apps.get_models(include_auto_created=True) if table_of(model) in tables]


def test_all_triggers_are_in_force(db):
    assert triggers.missing() == []
    assert len(all_triggers()) > 2 * len(triggers.append_only_models())


def test_a_table_rebuilt_by_a_bare_alter_loses_its_triggers_on_sqlite(triggers_again):
    """The trap is real: this is why migrations take all triggers down and put them up again."""
    if connection.vendor != SQLITE:
        return

    rebuild(LedgerEvent)

    lost = [name for name, table in all_triggers().items() if table == "reviews_ledgerevent"]
    assert lost
    assert triggers.missing() == sorted(lost)
    with pytest.raises(DatabaseError, match="error in trigger"):
        rebuild(Review)


def test_migrating_puts_every_trigger_back_on_rebuilt_tables(story, triggers_again):
    signal = {"verbosity": 0, "interactive": False, "db": "default"}
    emit_pre_migrate_signal(**signal)
    if connection.vendor == SQLITE:
        for model in models_with_triggers():
            rebuild(model)
        assert triggers.missing() == sorted(all_triggers())
    else:
        assert triggers.missing() == []

    emit_post_migrate_signal(**signal)

    assert triggers.missing() == []
    assert_refused_everywhere(SQL)
    assert_refused("Only an approved version", lambda: point(story, "published_version_id", Version(pk=0)))
    assert_refused("never deleted", lambda: execute("DELETE FROM reviews_review"))
    declined = "UPDATE reviews_review SET status = 'declined', published_at = NULL"
    assert_refused("stays approved", lambda: execute(declined))


def drop_one(name):
    execute(triggers.dialect(connection).drop(name, all_triggers()[name]))


def test_each_missing_trigger_is_reported_by_name_and_migrate_restores_it(triggers_again):
    for name in all_triggers():
        drop_one(name)

    with pytest.raises(SystemCheckError) as report:
        call_command("check", databases=["default"])
    call_command("migrate", verbosity=0)

    assert [name for name in all_triggers() if f"The trigger {name} is missing." not in str(report.value)] == []
    assert triggers.missing() == []
    call_command("check", databases=["default"])


def test_migrate_as_typed_restores_a_missing_trigger(triggers_again):
    drop_one(next(iter(all_triggers())))

    call_command("migrate", verbosity=0, skip_checks=False)

    assert triggers.missing() == []


def test_a_fresh_file_migrated_from_zero_has_all_triggers(tmp_path):
    file = tmp_path / "fresh.sqlite3"
    environment = {"TEST_DATABASE_URL": f"sqlite:///{file}"}

    call("tests.races.rounds:migrate", environment=environment)

    with sqlite3.connect(file) as database:
        installed = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert installed == set(triggers.SQLite().create())


def test_what_a_release_no_longer_has_or_has_otherwise_is_put_right_by_migrate(triggers_again):
    """A trigger of an earlier release, one of the right name that does nothing, and none that was as it should be."""
    name, *others = all_triggers()
    made_before = {each: made_at(each) for each in others}
    weaken(name, all_triggers()[name])
    leave_an_old_one("reviews_decision_of_an_earlier_release", "reviews_decision")

    call_command("migrate", verbosity=0)

    with connection.cursor() as cursor:
        installed = triggers.dialect(connection).installed(cursor)
    assert installed == all_triggers()
    assert (triggers.missing(), triggers.changed()) == ([], [])
    if connection.vendor == POSTGRESQL:
        assert {each: made_at(each) for each in others} == made_before


def made_at(name):
    """Return what tells a trigger on PostgreSQL from one of the same name that was made later."""
    return connection.vendor == POSTGRESQL and execute("SELECT oid FROM pg_trigger WHERE tgname = %s", name)


def weaken(name, table):
    drop_one(name)
    leave_an_old_one(name, table)


def leave_an_old_one(name, table):
    """Make a trigger that does nothing."""
    if connection.vendor == SQLITE:
        execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN 0 BEGIN SELECT 1; END")
        return
    function = "suppress_redundant_updates_trigger()"
    execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}")
    execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def test_a_migration_that_fails_leaves_every_trigger_in_force(triggers_again, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr("django.db.migrations.executor.MigrationExecutor.migrate", fail)

    with pytest.raises(DatabaseError, match="The disk is full"):
        call_command("migrate", verbosity=0)

    assert triggers.missing() == []


@pytest.mark.postgresql
def test_a_migration_waits_three_seconds_for_a_lock_and_no_longer(triggers_again):
    weaken("reviews_decision_only_added", "reviews_decision")
    url = connection.get_connection_params()
    with psycopg.connect(**{key: url[key] for key in ("dbname", "user", "password", "host", "port")}) as reader:
        reader.execute("SELECT 1 FROM reviews_decision LIMIT 1")  # as a backup holds every table

        with pytest.raises(DatabaseError, match="lock timeout"):
            call_command("migrate", verbosity=0)

    assert execute("SHOW lock_timeout") == [("0",)]
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("events", "table"),
    [("UPDATE OR DELETE", "django_session"), ("UPDATE OF outcome OR DELETE", "reviews_decision")],
    ids=["on another table", "for one column"],
)
def test_a_trigger_that_guards_less_is_told_and_put_right(triggers_again, events, table):
    name = "reviews_decision_only_added"
    drop_one(name)
    execute(f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")

    found = triggers.changed()
    call_command("migrate", verbosity=0)

    assert found == [name]
    assert (triggers.missing(), triggers.changed()) == ([], [])
    assert execute("SELECT count(*) FROM pg_trigger WHERE tgname = %s", name) == [(1,)]


@pytest.mark.postgresql
def test_migrate_that_is_only_asked_or_mistyped_changes_nothing(triggers_again):
    """On SQLite all triggers are dropped before a migration, and so are put back after whatever it was."""
    name = next(iter(all_triggers()))
    drop_one(name)

    with pytest.raises(CommandError):
        call_command("migrate", "nosuch", verbosity=0)

    assert triggers.missing() == [name]


@pytest.mark.postgresql
def test_a_disabled_trigger_counts_as_missing(triggers_again):
    execute("ALTER TABLE reviews_decision DISABLE TRIGGER reviews_decision_only_added")

    assert triggers.missing() == ["reviews_decision_only_added"]
    triggers.install()
    assert triggers.missing() == []


@pytest.mark.parametrize(
    ("label", "name"), [("reviews", "zero"), ("articles", "zero"), ("reviews", "0001"), ("auth", "zero")]
)
def test_no_migration_takes_evidence_away(triggers_again, author, label, name):
    submitted(author)
    before = evidence()

    with pytest.raises(CommandError, match="with them evidence would be lost"):
        call_command("migrate", label, name, verbosity=0)

    assert evidence() == before
    call_command("migrate", label, name, verbosity=0, plan=True)
    assert triggers.missing() == []
