"""The application's role in PostgreSQL: it can do the whole job, and can change no evidence."""

import io
import json
import tarfile

import psycopg
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.checks import Tags, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test import Client

from articles.models import Article, Topic
from reviews.evidence import grants, triggers
from reviews.models import LedgerEvent, SecurityRecord
from tests import factories
from tests.deploy.databases import connected, make, two_roles
from tests.ledger import story

pytestmark = pytest.mark.postgresql  # one database for both: see tests/scheduling.py


@pytest.fixture
def as_application(database, django_db_blocker, settings, checkpoints, _checkpoints_of_this_test):
    """Django as it runs in production: connected as the application's role."""
    settings.CHECKPOINT_DIR = checkpoints
    with django_db_blocker.unblock(), connected(database, database.role):
        yield database


@pytest.fixture
def as_owner(database, django_db_blocker):
    with django_db_blocker.unblock(), connected(database, database.owner):
        yield database


def test_the_whole_job_is_done_by_a_role_that_owns_nothing(as_application):
    assert one("SELECT current_user") == as_application.role
    assert one("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == 0
    assert story.empty_tables() == []
    assert Article.objects.get(slug="nodes").published_version.number == 2


def test_all_that_it_wrote_is_well(as_application):
    out = io.StringIO()

    call_command("verify_ledger", "--json", stdout=out)
    call_command("verify_pages", stdout=io.StringIO())
    call_command("checkpoint", stdout=io.StringIO())

    assert json.loads(out.getvalue())["problems"] == []


def test_it_takes_a_backup_that_holds_every_row(as_application, tmp_path):
    call_command("backup", tmp_path, stdout=io.StringIO())

    (made,) = tmp_path.iterdir()
    with tarfile.open(made) as backup:
        manifest = json.load(backup.extractfile("manifest.json"))
    assert manifest["vendor"] == "postgresql"
    assert manifest["rows"]["reviews_ledgerevent"] == LedgerEvent.objects.count() > 0


def test_people_sign_in_and_work_at_the_desk_and_in_the_admin(as_application):
    browser = Client(SERVER_NAME="localhost")
    wrong = browser.post("/desk/sign-in/", {"username": "boss", "password": "a guess"})
    right = browser.post("/desk/sign-in/", {"username": "boss", "password": factories.PASSWORD})
    added = browser.post("/admin/articles/topic/add/", {"name": "Podiatry", "slug": "podiatry"})
    row = Topic.objects.get(slug="podiatry")
    renamed = browser.post(f"/admin/articles/topic/{row.pk}/change/", {"name": "Feet", "slug": "podiatry"})
    gone = browser.post(f"/admin/articles/topic/{row.pk}/delete/", {"post": "yes"})

    assert wrong.status_code != 302
    assert [answer.status_code for answer in (right, added, renamed, gone)] == [302] * 4
    assert [entry.name for entry in Topic.history.filter(id=row.pk).order_by("history_id")] == ["Podiatry"] + [
        "Feet"
    ] * 2
    assert SecurityRecord.objects.filter(user__username="boss").count() == 1


def test_a_file_is_imported_and_imported_anew(as_application, tmp_path):
    file = tmp_path / "gout.md"
    front = "title: Gout\nkind: topic\ntopics: [Oncology]\nslug: gout"
    file.write_text(f"---\n{front}\n---\n\n## What it is\n\nCrystals in a joint.\n")
    out = io.StringIO()

    call_command("import_article", str(file), "--author", "author", stdout=out)
    call_command("import_article", str(file), "--author", "author", "--update", stdout=out)

    assert Article.objects.get(slug="gout").sections.count() == 1


def test_no_right_is_left_that_could_change_evidence(as_application):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = {name for (name,) in cursor.fetchall()}

    assert set(grants.evidence_tables()) <= tables
    assert grants.excess() == []
    assert not one("SELECT has_schema_privilege(current_schema(), 'CREATE')")
    assert run_checks(tags=[Tags.database], databases=["default"]) == []


FORBIDDEN = [
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({column}) DO UPDATE SET {column} = EXCLUDED.{column}",
    "CREATE TRIGGER mine BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN of_mine integer",
    "CREATE RULE of_mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "COMMENT ON TABLE {table} IS 'mine'",
    "DROP TABLE {table} CASCADE",
]
POWERS = [
    "SET session_replication_role = replica",
    "CREATE TABLE of_mine (id integer)",
    "DROP SCHEMA public CASCADE",
    "CREATE EXTENSION dblink",
    "COPY reviews_ledgerevent TO PROGRAM 'cat'",
]


def test_each_change_of_each_table_of_evidence_is_refused_even_without_triggers(database, django_db_blocker):
    """PostgreSQL itself refuses: the owner has dropped every trigger, and puts them back in the end."""
    models = {model._meta.db_table: model._meta.pk.column for model in triggers.append_only_models()}
    with django_db_blocker.unblock(), connected(database, database.owner):
        triggers.drop()
        assert triggers.missing()
    tried = 0
    try:
        with database.connect(database.role) as attacker:
            for table in grants.evidence_tables():
                for statement in FORBIDDEN:
                    if table in triggers.KEPT and statement.startswith(("UPDATE", "INSERT")):
                        continue  # its rows change, by steps of the workflow
                    column = "id" if table in triggers.KEPT else models[table]
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        attacker.execute(statement.format(table=table, column=column))
                    tried += 1
            for statement in POWERS:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    attacker.execute(statement)
    finally:
        with django_db_blocker.unblock(), connected(database, database.owner):
            triggers.install()

    assert tried >= 10 * len(models)


def test_a_record_of_security_keeps_its_time_and_person_and_a_migration_its_name(as_application):
    for statement in (
        "UPDATE reviews_securityrecord SET at = now()",
        "UPDATE reviews_securityrecord SET kind = kind",
        "UPDATE reviews_securityrecord SET user_id = user_id",
        "TRUNCATE reviews_securityrecord",
        "DELETE FROM django_migrations",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('reviews', '9999', now())",
        "SELECT setval('articles_topic_id_seq', 1)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), as_application.connect(as_application.role) as role:
            role.execute(statement)


def test_what_was_granted_by_hand_is_reported_and_taken_back_by_the_next_migration(
    database, django_db_blocker, settings
):
    with database.connect(database.owner) as owner:
        owner.execute(f"GRANT UPDATE (hash) ON reviews_ledgerevent TO {database.role}")
        owner.execute("GRANT DELETE, TRIGGER ON articles_version TO PUBLIC")
    with django_db_blocker.unblock(), connected(database, database.role):
        reported = [warning.msg for warning in run_checks(tags=[Tags.database], databases=["default"])]
    with django_db_blocker.unblock(), connected(database, database.owner):
        settings.DATABASE_ROLE = database.role
        call_command("migrate", verbosity=0)
    with django_db_blocker.unblock(), connected(database, database.role):
        after = grants.excess()

    assert reported == [
        f"The site's database role “{database.role}” has the right to UPDATE on evidence: reviews_ledgerevent.",
        f"The site's database role “{database.role}” has the right to DELETE on evidence: articles_version.",
        f"The site's database role “{database.role}” has the right to TRIGGER on evidence: articles_version.",
    ]
    assert after == []


def test_making_the_roles_again_changes_nothing_but_passwords(database):
    before = _roles_and_rights(database)

    make(database)

    assert _roles_and_rights(database) == before
    assert before[0] == (database.role, True, False, False, False)
    assert before[1] == (database.owner, True, False, False, False)


def test_what_the_application_owned_so_far_becomes_the_owners():
    with two_roles() as database:
        with database.connect(database.owner) as owner:
            owner.execute(f"GRANT CREATE ON SCHEMA public TO {database.role}")
        with database.connect(database.role) as role:
            role.execute("CREATE TABLE reviews_ledgerevent (position bigint GENERATED BY DEFAULT AS IDENTITY)")

        make(database)

        with database.connect(database.owner) as owner:
            owners = owner.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert owners == [(database.owner,)]


def _roles_and_rights(database) -> list[tuple]:
    with database.connect(database.owner) as owner:
        columns = "rolname, rolcanlogin, rolsuper, rolcreaterole, rolcreatedb"
        like = f"{database.name}%"
        roles = owner.execute(f"SELECT {columns} FROM pg_roles WHERE rolname LIKE %s ORDER BY rolname", [like])
        rights = owner.execute("SELECT datacl::text FROM pg_database WHERE datname = %s", [database.name])
        return [*roles, *rights]


def test_the_owner_is_warned_of_and_nobody_is_while_debugging(as_owner, settings):
    found = run_checks(tags=[Tags.database], databases=["default"])
    settings.DEBUG = True
    while_debugging = run_checks(tags=[Tags.database], databases=["default"])

    assert {warning.id for warning in found} == {"imprimatur.W009"}
    assert any("owns the schema and the database" in warning.msg for warning in found)
    assert any("owns, or can become the owner of, evidence" in warning.msg for warning in found)
    assert while_debugging == []


def test_a_superuser_is_warned_of(db):
    (warning,) = run_checks(tags=[Tags.database], databases=["default"])

    assert (warning.id, "a superuser" in warning.msg) == ("imprimatur.W009", True)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("nobody_of_this_name", "does not have"), ("", "is the tables' owner")],
    ids=["none", "owner"],
)
def test_a_role_that_could_not_be_held_back_is_refused(as_owner, name, sentence):
    before = one("SELECT array_agg(relname || coalesce(relacl::text, '') ORDER BY relname)::text FROM pg_class")

    with pytest.raises(ImproperlyConfigured, match=sentence):
        grants.grant(name or as_owner.owner)

    after = one("SELECT array_agg(relname || coalesce(relacl::text, '') ORDER BY relname)::text FROM pg_class")
    assert after == before


def test_every_table_has_rights_and_evidence_the_fewest():
    for model in apps.get_models(include_auto_created=True):
        rights = set(grants.rights_on(model._meta.db_table))
        assert "SELECT" in rights
        if model in triggers.append_only_models():
            assert rights == {"SELECT", "INSERT"}
    assert set(grants.rights_on(get_user_model()._meta.db_table)) == set(grants.EVERYTHING)


def one(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
