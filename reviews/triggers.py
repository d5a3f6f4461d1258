"""
The rules that the database itself keeps, whatever the door.

Append-only tables refuse UPDATE, DELETE, TRUNCATE and an insert over an existing row. An article cannot point at a
version that is of another article or not approved; a review cannot become approved without its live approvals.

SQLite loses triggers, or breaks on them, when a migration rebuilds a table: all are dropped before each migration and
installed after it, and `manage.py check --database default` fails when one is missing.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import connections, transaction

from articles.append_only import AppendOnly

OURS = ("articles_", "reviews_")

APPROVED_SQL = """
(SELECT COUNT(*) FROM reviews_decision d JOIN reviews_assignment a ON a.id = d.assignment_id
  WHERE d.review_id = NEW.id AND a.review_id = NEW.id AND d.outcome = 'approve' AND a.capacity <> 'lay'
    AND NOT EXISTS (SELECT 1 FROM reviews_decision s WHERE s.supersedes_id = d.id)) < NEW.approvals_needed
"""
UNAPPROVED_VERSION_SQL = """
NEW.published_version_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM articles_version v JOIN reviews_review r ON r.version_id = v.id
   WHERE v.id = NEW.published_version_id AND v.article_id = NEW.id AND r.article_id = NEW.id
     AND r.status = 'approved')
"""
FOREIGN_VERSION_SQL = """
NEW.latest_version_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM articles_version v WHERE v.id = NEW.latest_version_id AND v.article_id = NEW.id)
"""
PUBLISHED_REVIEW_SQL = """
OLD.status = 'approved' AND (NEW.status <> 'approved' OR NEW.version_id <> OLD.version_id
                             OR NEW.article_id <> OLD.article_id) AND EXISTS (
  SELECT 1 FROM articles_article a WHERE a.published_version_id = OLD.version_id)
"""
KEPT = ("reviews_review", "reviews_assignment", "reviews_comment", "reviews_schedule", "reviews_ledgerhead")
NOT_NEXT_SQL = "NEW.position <> (SELECT COALESCE(MAX(position), 0) + 1 FROM reviews_ledgerevent)"


@dataclass(frozen=True)
class Rule:
    """A condition under which a write to a table is refused with a message."""

    name: str
    table: str
    events: tuple[str, ...]
    message: str
    condition: str = ""


def append_only_models() -> list[type]:
    """Return every model whose rows are only ever added, history included."""
    return sorted(
        (model for model in apps.get_models(include_auto_created=True) if issubclass(model, AppendOnly)),
        key=lambda model: model._meta.db_table,
    )


def rules() -> list[Rule]:
    """Return all rules, the same for both databases."""
    result = [
        Rule(f"{table}_only_added", table, ("UPDATE", "DELETE"), f"{table} is append-only: rows are only ever added.")
        for table in (model._meta.db_table for model in append_only_models())
    ]
    result += [
        Rule(f"{table}_never_deleted", table, ("DELETE",), f"Rows of {table} are never deleted.") for table in KEPT
    ]
    both = ("INSERT", "UPDATE")
    return [
        *result,
        Rule(
            "articles_article_published_is_approved", "articles_article", both,
            "Only an approved version of this article can be published.", UNAPPROVED_VERSION_SQL,
        ),
        Rule(
            "articles_article_latest_is_its_own", "articles_article", both,
            "The latest version has to be a version of this article.", FOREIGN_VERSION_SQL,
        ),
        Rule(
            "reviews_review_approved_has_its_signatures", "reviews_review", ("INSERT",),
            "A review becomes approved by its approving decisions alone.",
            f"NEW.status = 'approved' AND {APPROVED_SQL}",
        ),
        Rule(
            "reviews_review_approval_has_its_signatures", "reviews_review", ("UPDATE",),
            "A review becomes approved by its approving decisions alone.",
            f"NEW.status = 'approved' AND OLD.status <> 'approved' AND {APPROVED_SQL}",
        ),
        Rule(
            "reviews_review_published_stays_approved", "reviews_review", ("UPDATE",),
            "The review of a published version stays approved.", PUBLISHED_REVIEW_SQL,
        ),
        Rule(
            "reviews_review_quorum_is_never_lowered", "reviews_review", ("UPDATE",),
            "A review never asks for fewer signatures than before.", "NEW.approvals_needed < OLD.approvals_needed",
        ),
        Rule(
            "reviews_ledgerevent_without_gap", "reviews_ledgerevent", ("INSERT",),
            "The ledger has no gaps: an event takes the next position.", NOT_NEXT_SQL,
        ),
    ]  # fmt: skip


class SQLite:
    """Triggers for SQLite: one per rule and event, and a guard against INSERT OR REPLACE, which fires no delete."""

    def create(self) -> dict[str, tuple[str, str]]:
        """Return for each trigger its table and the statement that makes it."""
        result = {}
        for rule in rules():
            for event in rule.events:
                name = f"{rule.name}_{event.lower()}"
                when = f"WHEN {rule.condition}" if rule.condition else ""
                result[name] = (rule.table, self._trigger(name, event, rule.table, when, rule.message))
        for model in append_only_models():
            table = model._meta.db_table
            name = f"{table}_not_replaced_insert"
            when = f"WHEN EXISTS (SELECT 1 FROM {table} o WHERE {same_row(model)})"  # noqa: S608 (names from the models)
            message = f"{table} is append-only: this row is there already."
            result[name] = (table, self._trigger(name, "INSERT", table, when, message))
        return result

    def installed(self, cursor) -> dict[str, str]:
        """Return the name and table of each trigger of ours that is in force."""
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        return {name: table for name, table in cursor.fetchall() if name.startswith(OURS)}

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER IF EXISTS {name}"

    def _trigger(self, name, event, table, when, message) -> str:
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


class PostgreSQL:
    """Triggers for PostgreSQL: a function and a trigger per rule, always enabled, and one against TRUNCATE."""

    def create(self) -> dict[str, tuple[str, str]]:
        """Return for each trigger its table and the statements that make it."""
        result = {}
        for rule in rules():
            result[rule.name] = (rule.table, self._function(rule) + self._row_trigger(rule))
            if "DELETE" in rule.events:
                name = f"{rule.table}_not_truncated"
                result[name] = (rule.table, self._function(rule) + self._truncate_trigger(name, rule))
        return result

    def installed(self, cursor) -> dict[str, str]:
        """Return the name and table of each trigger of ours that is in force: enabled always, even for replicas."""
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND c.relnamespace = current_schema()::regnamespace"
        )
        return {name: table for name, table in cursor.fetchall() if name.startswith(OURS)}

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER IF EXISTS {name} ON {table}"

    def _function(self, rule: Rule) -> str:
        return f"""
            CREATE OR REPLACE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN
              IF {rule.condition or "TRUE"} THEN
                RAISE EXCEPTION USING MESSAGE = '{rule.message}', ERRCODE = 'integrity_constraint_violation';
              END IF;
              RETURN NEW;
            END $body$;
        """

    def _row_trigger(self, rule: Rule) -> str:
        return f"""
            DROP TRIGGER IF EXISTS {rule.name} ON {rule.table};
            CREATE TRIGGER {rule.name} BEFORE {" OR ".join(rule.events)} ON {rule.table}
            FOR EACH ROW EXECUTE FUNCTION {rule.name}();
            ALTER TABLE {rule.table} ENABLE ALWAYS TRIGGER {rule.name};
        """

    def _truncate_trigger(self, name: str, rule: Rule) -> str:
        return f"""
            CREATE TRIGGER {name} BEFORE TRUNCATE ON {rule.table}
            FOR EACH STATEMENT EXECUTE FUNCTION {rule.name}();
            ALTER TABLE {rule.table} ENABLE ALWAYS TRIGGER {name};
        """


def same_row(model: type) -> str:
    """Return the SQL for "the new row would take the place of row `o`": equal in any unique column or set of them."""
    unique = [[field.column] for field in model._meta.concrete_fields if field.unique]
    unique += [
        [model._meta.get_field(name).column for name in constraint.fields]
        for constraint in model._meta.total_unique_constraints
    ]
    return " OR ".join("(" + " AND ".join(f"o.{column} = NEW.{column}" for column in each) + ")" for each in unique)


def dialect(connection) -> SQLite | PostgreSQL:
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor]()


def missing(using: str = "default") -> list[str]:
    """Return the names of the triggers that ought to be in force on existing tables and are not."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        installed = dialect(connection).installed(cursor)
    wanted = {name for name, (table, _) in dialect(connection).create().items() if table in tables}
    return sorted(wanted - set(installed))


def drop(using: str = "default"):
    """Drop every trigger of ours, those of earlier releases too."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, table in dialect(connection).installed(cursor).items():
            cursor.execute(dialect(connection).drop(name, table))


def install(using: str = "default"):
    """Put every missing trigger in force on the tables that exist."""
    connection = connections[using]
    lacking = missing(using)
    statements = dialect(connection).create()
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name in lacking:
            table, statement = statements[name]
            cursor.execute(dialect(connection).drop(name, table))
            cursor.execute(statement)


def drop_before_migration(using="default", **kwargs):
    drop(using)


def install_after_migration(using="default", **kwargs):
    install(using)
