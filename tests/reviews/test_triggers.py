"""
What the database itself refuses, whatever the door.

Every append-only table is tried at every door, with a row in it; rows and tables stay as they were.
"""

import datetime
import json
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import timezone

from articles.append_only import EvidenceIsAppendOnly
from articles.models import Article, Audience, Version, Wording
from reviews import triggers, workflow
from reviews.ledger.rows import ROW_FORMAT, columns
from reviews.models import LedgerEvent, Quorum, Review, Task
from tests import factories
from tests.factories import decide, evidence, save, submitted, under_review
from tests.races.runner import call

GOLDEN = Path(__file__).parent / "golden" / "columns.json"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


@pytest.fixture
def story(author, editor, clinical, specialist):
    """
    Fill every append-only table through one article's long life, and return it.

    Version 1 was public; version 2 is, with a notice; version 3 is approved and scheduled; a comment stands.
    """
    draft = factories.article(author, body='<p>Lymph nodes filter lymph. <cite data-ref="smith2020">[1]</cite></p>')
    factories.cite(draft, by=author)
    audience = Audience.objects.get(key="carer")
    save(Wording(section=draft.sections.first(), audience=audience, body="<p>They filter.</p>"), author)
    factories.published(submitted(author, draft), editor, clinical, specialist)
    draft.refresh_from_db()
    draft.slug = f"moved-{draft.slug}"
    save(draft, author)
    _second_and_third_version(draft, author, editor, clinical, specialist)
    factories.disclose(clinical.board_member, conflicts=["Cardiology"])
    Quorum.objects.create(kind="topic", risk="high", clinical=2, specialist=1, pharmacist=1)
    Task(article=draft, role="Editors", text="Read it again.", opened_at=timezone.now()).save()
    _let_constraints_speak_now()
    return Article.objects.get(pk=draft.pk)


def _second_and_third_version(draft, author, editor, clinical, specialist):
    factories.edit(draft, 'Lymph nodes swell. <cite data-ref="smith2020">[1]</cite>', by=author)
    second = submitted(author, draft, note="Swelling added")
    asked = under_review(second, editor, (clinical, "clinical"), (specialist, "specialist"))
    thread = workflow.comment(second, actor=clinical, text="Which nodes?", blocking=True)
    workflow.resolve_comment(thread, actor=clinical)
    for assignment in asked:
        decide(assignment)
    workflow.publish(second, actor=editor)
    workflow.issue_notice(draft, actor=editor, kind="correction", reason="A word was missing.")
    factories.edit(draft, 'Lymph nodes hurt. <cite data-ref="smith2020">[1]</cite>', by=author)
    third = submitted(author, draft, note="Pain added")
    factories.approved(third, editor, clinical, specialist)
    workflow.schedule(third, actor=editor, at=timezone.now() + datetime.timedelta(days=1))


def _let_constraints_speak_now():
    """Check deferred foreign keys at once: PostgreSQL refuses a TRUNCATE while some wait, which would prove nothing."""
    if connection.vendor == POSTGRESQL and connection.in_atomic_block:
        execute("SET CONSTRAINTS ALL IMMEDIATE")


def execute(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def table_of(model) -> str:
    return model._meta.db_table


def row_of(model):
    """Return a row of the table, the last."""
    return model._base_manager.order_by("pk").last()


def refusal(attack) -> str:
    """Return the sentence with which an attack was refused; nothing when it got through."""
    try:
        with transaction.atomic():
            attack()
    except (DatabaseError, EvidenceIsAppendOnly, CommandError) as error:
        return str(error)
    return ""


def names(fields, quote='"') -> str:
    return ", ".join(f'"{field.column}"' for field in fields)


def where(row) -> tuple[str, object]:
    """Return the condition that finds the row by its primary key, and the key as the database has it."""
    key = row._meta.pk
    return f'"{key.column}" = %s', key.get_db_prep_value(row.pk, connection)


def update_each_column(row):
    condition, key = where(row)
    sentences = [
        refusal(
            lambda f=field: execute(f'UPDATE {table_of(row)} SET "{f.column}" = "{f.column}" WHERE {condition}', key)
        )
        for field in row._meta.concrete_fields
    ]
    raise IntegrityError(min(sentences, key=lambda sentence: "append-only" in sentence))


def delete(row):
    condition, key = where(row)
    execute(f"DELETE FROM {table_of(row)} WHERE {condition}", key)


def upsert(row):
    condition, key = where(row)
    column = row._meta.pk.column
    execute(
        f"INSERT INTO {table_of(row)} SELECT * FROM {table_of(row)} WHERE {condition} "
        f'ON CONFLICT ("{column}") DO UPDATE SET "{column}" = excluded."{column}"',
        key,
    )


def replace(row):
    """Replace the row with itself, with the switch off that would let SQLite see a deletion in it."""
    condition, key = where(row)
    execute("PRAGMA recursive_triggers = OFF")
    try:
        execute(f"INSERT OR REPLACE INTO {table_of(row)} SELECT * FROM {table_of(row)} WHERE {condition}", key)
    finally:
        execute("PRAGMA recursive_triggers = ON")


def truncate(row):
    execute(f"TRUNCATE {table_of(row)} CASCADE")


def merge(row):
    column = row._meta.pk.column
    execute(
        f'MERGE INTO {table_of(row)} a USING {table_of(row)} b ON a."{column}" = b."{column}" '
        f'WHEN MATCHED THEN UPDATE SET "{column}" = b."{column}"'
    )


def as_a_replica(attack):
    def attack_as_replica(row):
        execute("SET LOCAL session_replication_role = replica")
        attack(row)

    return attack_as_replica


def same(row):
    return type(row)._default_manager.filter(pk=row.pk)


def loaddata_of_a_changed_row(row, folder):
    for field in row._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField) and not field.unique:
            setattr(row, field.attname, "x")
    file = folder / "changed.json"
    file.write_text(serializers.serialize("json", [row]))
    call_command("loaddata", file, verbosity=0)


def plain(row) -> models.QuerySet:
    """Return the row as a queryset without our guards, as any code might make one."""
    return models.QuerySet(type(row)).filter(pk=row.pk)


SQL = {
    "update each column": update_each_column,
    "delete": delete,
    "upsert": upsert,
}
SQL_OF_SQLITE = {"insert or replace": replace}
SQL_OF_POSTGRESQL = {
    "truncate cascade": truncate,
    "merge": merge,
    "update as a replica": as_a_replica(update_each_column),
    "delete as a replica": as_a_replica(delete),
    "truncate as a replica": as_a_replica(truncate),
}
ORM = {
    "save": lambda row: row.save(),
    "save past our save": lambda row: models.Model.save(row),
    "save_base": lambda row: row.save_base(raw=True),
    "delete": lambda row: row.delete(),
    "delete past our delete": lambda row: models.Model.delete(row),
    "queryset.update": lambda row: same(row).update(**unchanged(row)),
    "plain queryset.update": lambda row: plain(row).update(**unchanged(row)),
    "bulk_update": lambda row: same(row).bulk_update([row], [some_column(row)]),
    "plain bulk_update": lambda row: plain(row).bulk_update([row], [some_column(row)]),
    "bulk_create over it": lambda row: same(row).bulk_create([row]),
    "bulk_create with update_conflicts": lambda row: models.QuerySet(type(row)).bulk_create(
        [row], update_conflicts=True, update_fields=[some_column(row)], unique_fields=[row._meta.pk.name]
    ),
    "queryset.delete": lambda row: same(row).delete(),
    "plain queryset.delete": lambda row: plain(row).delete(),
    "_raw_delete": lambda row: same(row)._raw_delete("default"),
    "update_or_create": lambda row: same(row).update_or_create(pk=row.pk, defaults=unchanged(row)),
}


def some_column(row) -> str:
    return next(field.name for field in row._meta.concrete_fields if not field.primary_key)


def unchanged(row) -> dict:
    name = some_column(row)
    return {name: getattr(row, name)}


def assert_refused_everywhere(attacks: dict):
    """Try each attack on a row of every append-only table: all are refused, and all evidence is as it was."""
    before = evidence()

    sentences = {
        f"{name}: {table_of(model)}": refusal(lambda a=attack, m=model: a(row_of(m)))
        for name, attack in attacks.items()
        for model in triggers.append_only_models()
    }

    assert {where: said for where, said in sentences.items() if not is_our_refusal(said)} == {}
    assert len(sentences) == len(attacks) * len(triggers.append_only_models())
    assert evidence() == before


def is_our_refusal(sentence: str) -> bool:
    words = ("append-only", "only ever added", "The ledger has no gaps")
    others = ("through protected foreign keys", "duplicate key value")  # Django or the database was there first
    return any(each in sentence for each in (*words, *others))


def test_every_append_only_table_has_a_row_to_attack(story):
    empty = [table_of(model) for model in triggers.append_only_models() if row_of(model) is None]

    assert empty == []
    assert len(triggers.append_only_models()) >= 34


def test_sql_changes_no_evidence(story):
    assert_refused_everywhere(SQL)


def test_sqlites_own_sql_changes_no_evidence(story):
    if connection.vendor == SQLITE:
        assert_refused_everywhere(SQL_OF_SQLITE)


@pytest.mark.postgresql
def test_postgresqls_own_sql_changes_no_evidence(story):
    assert_refused_everywhere(SQL_OF_POSTGRESQL)


def test_the_orm_changes_no_evidence(story):
    assert_refused_everywhere(ORM)


def test_loaddata_changes_no_evidence(story, tmp_path):
    assert_refused_everywhere({"loaddata": lambda row: loaddata_of_a_changed_row(row, tmp_path)})


def test_sqlite_replaces_no_row_by_another_unique_column(story):
    """INSERT OR REPLACE deletes whatever row stands in the way of any unique column, not of the key alone."""
    if connection.vendor != SQLITE:
        return
    before = evidence()

    said = {
        f"{table_of(model)}.{field.column}": refusal(lambda m=model, f=field: _replace_by(row_of(m), f))
        for model in triggers.append_only_models()
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
    }

    assert said
    assert {name: sentence for name, sentence in said.items() if not is_our_refusal(sentence)} == {}
    assert evidence() == before


def _replace_by(row, unique):
    others = [field for field in row._meta.concrete_fields if not field.primary_key]
    highest = type(row)._base_manager.order_by("pk").last().pk
    condition, key = where(row)
    execute("PRAGMA recursive_triggers = OFF")
    execute(
        f'INSERT OR REPLACE INTO {table_of(row)} ("{row._meta.pk.column}", {names(others)}) '
        f"SELECT {highest + 1}, {names(others)} FROM {table_of(row)} "
        f'WHERE {condition} AND "{unique.column}" IS NOT NULL',
        key,
    )
    if not execute(f'SELECT 1 FROM {table_of(row)} WHERE {condition} AND "{unique.column}" IS NOT NULL', key):
        raise IntegrityError("append-only: there was nothing to replace")


def test_the_flush_command_is_refused_outside_tests(story, monkeypatch):
    """Tests alone have a flush that takes the triggers down; here they have the plain one again."""
    before = evidence()
    monkeypatch.setattr(type(connection.ops), "execute_sql_flush", BaseDatabaseOperations.execute_sql_flush)

    with pytest.raises(CommandError, match="couldn't be flushed") as refused, transaction.atomic():
        call_command("flush", interactive=False, verbosity=0)

    said = str(refused.value.__cause__)
    assert "append-only" in said or "never deleted" in said  # of whichever table the flush comes to first
    assert evidence() == before


# --- what can be published, and what is approved


@pytest.fixture
def other(story, author, editor, clinical, specialist):
    """Another article, its version approved."""
    return factories.approved(submitted(author), editor, clinical, specialist).version


@pytest.fixture
def pending(author, editor, clinical, specialist):
    """The review of a version on which nobody has decided yet."""
    version = submitted(author)
    under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    return Review.objects.get(version=version)


APPROVE = "UPDATE reviews_review SET status = 'approved', approved_at = submitted_at WHERE id = %s"
NEEDS_APPROVALS = "approved by its approving decisions alone"


def point(article, column, version):
    execute(f"UPDATE articles_article SET {column} = %s WHERE id = %s", version and version.pk, article.pk)


def insert_copy(row, **changes):
    """Insert a copy of the row by SQL, with other values in the columns named."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    values = [
        changes.pop(field.column) if field.column in changes else field.value_from_object(row) for field in fields
    ]
    prepared = [field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)]
    assert not changes
    execute(
        f"INSERT INTO {table_of(row)} ({names(fields)}) VALUES ({', '.join(['%s'] * len(fields))})", *prepared
    )  # fmt: skip


def assert_refused(sentence, attack):
    before = evidence()

    with pytest.raises(DatabaseError, match=sentence), transaction.atomic():
        attack()

    assert evidence() == before


def test_a_version_of_another_article_cannot_be_published(story, other):
    assert_refused("Only an approved version", lambda: point(story, "published_version_id", other))


def test_a_version_that_is_not_approved_cannot_be_published(pending):
    article = pending.article

    assert_refused("Only an approved version", lambda: point(article, "published_version_id", pending.version))


def test_no_article_is_inserted_with_somebody_elses_version(story, other):
    new = {"slug": "copy", "public_id": "00000000000000000000000000000001"}
    latest = {"latest_version_id": other.pk}

    assert_refused(
        "Only an approved version|has to be a version of this article",
        lambda: insert_copy(story, **new, **latest, published_version_id=other.pk),
    )
    assert_refused(
        "has to be a version of this article",
        lambda: insert_copy(story, **new, **latest, published_version_id=None),
    )


def test_the_latest_version_is_the_articles_own(story, other):
    assert_refused("has to be a version of this article", lambda: point(story, "latest_version_id", other))


def test_a_review_without_decisions_cannot_become_approved(pending):
    assert_refused(NEEDS_APPROVALS, lambda: execute(APPROVE, pending.pk))


def test_one_approval_of_two_makes_no_approved_review(pending):
    decide(pending.assignments.get(capacity="clinical"))

    assert_refused(NEEDS_APPROVALS, lambda: execute(APPROVE, pending.pk))


def test_lay_approvals_make_no_approved_review(author, editor, lay):
    version = submitted(author)
    second = factories.board_member("lay2", capacities=["lay"])
    for assignment in under_review(version, editor, (lay, "lay"), (second, "lay")):
        decide(assignment)

    assert version.review.decisions.live_approvals().count() == 2
    assert_refused(NEEDS_APPROVALS, lambda: execute(APPROVE, version.review.pk))


def test_superseded_approvals_make_no_approved_review(other, clinical):
    review = other.review
    workflow.withdraw_approval(review, actor=clinical, password=factories.PASSWORD, reason="I was wrong.")

    assert review.decisions.filter(outcome="approve").count() == 2
    assert_refused(NEEDS_APPROVALS, lambda: execute(APPROVE, review.pk))


def test_no_review_is_inserted_as_approved(other):
    version = Version(**{field.attname: getattr(other, field.attname) for field in Version._meta.concrete_fields})
    version.pk, version.number, version._state.adding = None, 99, True
    version.save()

    assert_refused(NEEDS_APPROVALS, lambda: insert_copy(other.review, version_id=version.pk))


def test_the_review_of_a_published_version_stays_approved_and_its_own(story, other):
    for change in ("status = 'declined', published_at = NULL", f"version_id = {other.pk}"):
        sql = f"UPDATE reviews_review SET {change} WHERE version_id = %s"
        assert_refused("stays approved", lambda s=sql: execute(s, story.published_version_id))


def test_rows_of_the_process_are_never_deleted(story):
    for table in triggers.KEPT:
        assert execute(f"SELECT COUNT(*) FROM {table}") > [(0,)], f"{table} has no row to attack"
        assert_refused("never deleted", lambda t=table: execute(f"DELETE FROM {t}"))


@pytest.mark.postgresql
def test_tables_of_the_process_are_never_truncated(story):
    for table in triggers.KEPT:
        assert_refused("never deleted|append-only", lambda t=table: execute(f"TRUNCATE {t} CASCADE"))


def test_the_ledger_takes_no_event_but_the_next(story):
    last = LedgerEvent.objects.last().position
    for position in (0, 1, last, last + 2, last + 100):
        event = LedgerEvent.objects.last()
        event.position, event.hash = position, "f" * 64
        assert_refused(
            "The ledger has no gaps|is append-only", lambda e=event: LedgerEvent.objects.bulk_create([e])
        )  # fmt: skip


# --- triggers after a migration


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
def test_a_disabled_trigger_counts_as_missing(triggers_again):
    execute("ALTER TABLE reviews_decision DISABLE TRIGGER reviews_decision_only_added")

    assert triggers.missing() == ["reviews_decision_only_added"]
    triggers.install()
    assert triggers.missing() == []


# --- the columns that digests cover


def evidence_columns() -> dict:
    kept = [model for model in apps.get_models() if hasattr(model, "history")]
    tables = {
        table_of(model): [field.column for field in columns(model)] for model in [*triggers.append_only_models(), *kept]
    }
    return {"row_format": ROW_FORMAT, "tables": dict(sorted(tables.items()))}


def test_the_columns_of_evidence_are_those_of_its_row_format(db):
    golden = json.loads(GOLDEN.read_text())

    assert evidence_columns() == golden, (
        "The columns of evidence changed. Digests in ledgers that exist cover the columns listed in "
        f"{GOLDEN.name}: a new column enters the digest under a new ROW_FORMAT only, with the old list kept for the "
        "old rows. Before the first release only, write the new list into the file."
    )
