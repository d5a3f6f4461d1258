from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from reviews.evidence.triggers.rules import OURS, append_only_models, rules


class SQLite:
    """Triggers for SQLite: one per rule and event, and a guard against INSERT OR REPLACE, which fires no delete."""

    def create(self) -> dict[str, tuple[str, str]]:
        """Return for each trigger its table and the statement that creates it."""
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

    def installed(self, cursor: CursorWrapper) -> dict[str, str]:
        """Return the table of each trigger of ours that is in force."""
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        return {name: table for name, table in cursor.fetchall() if name.startswith(OURS)}

    def bodies(self, cursor: CursorWrapper) -> dict[str, tuple[Any, ...]]:
        """Return the whole statement of each trigger in the database."""
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: (statement,) for name, statement in cursor.fetchall()}

    def body(self, statement: str) -> tuple[Any, ...]:
        """Return the value of `bodies` for a trigger created by the statement."""
        return (statement,)

    def drop(self, name: str, table: str) -> str:
        return f"DROP TRIGGER IF EXISTS {name}"

    def _trigger(self, name: str, event: str, table: str, when: str, message: str) -> str:
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{message}'); END"


def same_row(model: type[Model]) -> str:
    """Return the SQL condition that row `o` equals the new row in a unique column or a unique set of columns."""
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    unique = [[field.column] for field in model._meta.concrete_fields if field.unique]
    unique += [[columns[name] for name in constraint.fields] for constraint in model._meta.total_unique_constraints]
    return " OR ".join("(" + " AND ".join(f"o.{column} = NEW.{column}" for column in each) + ")" for each in unique)
