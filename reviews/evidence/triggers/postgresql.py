import re
from typing import Any

from django.db.backends.utils import CursorWrapper

from reviews.evidence.triggers.rules import OURS, Rule, rules

KINDS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}  # pg_trigger.tgtype


class PostgreSQL:
    """Triggers for PostgreSQL: a function and a trigger per rule, always enabled, and one against TRUNCATE."""

    def create(self) -> dict[str, tuple[str, str]]:
        """Return for each trigger its table and the statements that create it."""
        result = {}
        for rule in rules():
            result[rule.name] = (rule.table, self._function(rule) + self._row_trigger(rule))
            if "DELETE" in rule.events:
                name = f"{rule.table}_not_truncated"
                result[name] = (rule.table, self._function(rule) + self._truncate_trigger(name, rule))
        return result

    def installed(self, cursor: CursorWrapper) -> dict[str, str]:
        """Return the table of each trigger of ours that is in force: ENABLE ALWAYS, so also under replication."""
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND c.relnamespace = current_schema()::regnamespace"
        )
        return {name: table for name, table in cursor.fetchall() if name.startswith(OURS)}

    def bodies(self, cursor: CursorWrapper) -> dict[str, tuple[Any, ...]]:
        """Return for each trigger in the database its table, function body, kind, and whether it has no condition."""
        cursor.execute(
            "SELECT t.tgname, c.relname, p.prosrc, t.tgtype, t.tgqual IS NULL AND t.tgattr::text = '' "
            "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        )
        return {name: tuple(rest) for name, *rest in cursor.fetchall()}

    def body(self, statement: str) -> tuple[Any, ...]:
        """Return the value of `bodies` for a trigger created by the statement."""
        clause = re.search(r"CREATE TRIGGER \w+ (BEFORE [A-Z ]+) ON (\w+)\s+FOR EACH (\w+)", statement)
        if clause is None:
            raise ValueError(f"No trigger is created by: {statement}")
        words = [*clause[1].split(), clause[3]]
        return (clause[2], statement.split("$body$")[1], sum(KINDS.get(word, 0) for word in words), True)

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
