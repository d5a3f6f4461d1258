"""What an attacker does who owns the database: raw statements, tried and undone one at a time."""

import datetime
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import DatabaseError, connection, models, transaction

from reviews.evidence import triggers
from reviews.evidence.ledger.rows import columns
from reviews.models import LedgerEvent, LedgerPrivate
from reviews.verifying import evidence, heads, verify


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def execute(sql: str, params=()) -> int:
    """Run one statement and return how many rows it met."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def fetch(sql: str, params=()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@contextmanager
def undone():
    """Undo at the end all that was done within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def disarm():
    """Take away what stands in an owner's way: triggers, checks and foreign keys."""
    execute("SET CONSTRAINTS ALL IMMEDIATE" if not is_sqlite() else "PRAGMA defer_foreign_keys=ON")
    triggers.drop()
    if is_sqlite():
        execute("PRAGMA ignore_check_constraints=ON")
        return
    execute("SET LOCAL session_replication_role=replica")
    for table, name in fetch(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint c "
        "WHERE contype = 'c' AND connamespace = current_schema()::regnamespace"
    ):
        execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


def rearm():
    """
    Put back what no rollback does.

    Every test ends with it (`tests/conftest.py`), so that none passes or fails for what another has switched off.
    """
    if is_sqlite() and connection.connection:
        connection.connection.execute("PRAGMA ignore_check_constraints=OFF")


def look(**options) -> list:
    """Return what `verify()` finds, but for the triggers that `disarm` took away."""
    with (
        mock.patch.object(triggers, "missing", list),
        mock.patch.object(triggers, "changed", list),
        mock.patch.object(heads, "PATIENCE", 0),
    ):
        return verify(**options).problems


def rounds(*lists: list) -> Iterator[list]:
    """
    Yield the first item of each list, then the second of each, and so on.

    Attacks on different rows are independent, and each has to be named for itself: made together they cost one
    verification, and some thousand of them seconds instead of minutes.
    """
    for items in itertools.zip_longest(*lists):
        yield [item for item in items if item is not None]


def read_all() -> dict[str, str]:
    """Return the digest of every row of evidence as it is now, by table:key."""
    return {
        f"{model._meta.db_table}:{key}": digest
        for model in evidence.EVIDENCE
        for key, digest in evidence.digests_by_key(model).items()
    }


def told_of() -> dict[str, int]:
    """Return for each row of evidence, as table:key, the position of the last event that tells of it."""
    secrets = dict(LedgerPrivate.objects.values_list("pk", "text"))
    result = {}
    for position, payload in LedgerEvent.objects.order_by("position").values_list("position", "payload"):
        public, private = json.loads(payload), json.loads(secrets.get(position, "{}"))
        for name in [*public.get("rows", {}), *private.get("rows", {})]:
            result[name] = position
    return result


def draft_rows() -> dict[str, dict[int, int]]:
    """Return for each history table of drafts the numbers of its rows and the first event that commits to each."""
    result = defaultdict(dict)
    for position, payload in LedgerEvent.objects.order_by("position").values_list("position", "payload"):
        for table, runs in json.loads(payload).get("history", {}).get("ids", {}).items():
            for first, last in runs:
                for number in range(first, last + 1):
                    result[table].setdefault(number, position)
    return result


def raw(model: type[models.Model], key, key_column: str = "") -> dict[str, object]:
    """Return the row's values as they are stored, by column."""
    names = [field.column for field in columns(model)]
    plus = "+" if is_sqlite() else ""
    quoted = ", ".join(f'{plus}"{name}"' for name in names)
    where = key_column or model._meta.pk.column
    return dict(
        zip(names, fetch(f'SELECT {quoted} FROM {model._meta.db_table} WHERE "{where}" = %s', [key])[0], strict=True)
    )


def keys_of(model: type[models.Model]) -> list:
    return list(model._base_manager.order_by("pk").values_list("pk", flat=True))


def other_values(field: models.Field, value) -> list[tuple[str, object]]:
    """Return (how, value) for each way in which the stored value of a column is changed."""
    if value is None:
        return [("set", _something(field))]
    ways = [("changed", _changed(field, value))]
    if isinstance(value, str):
        ways.append(("one bit", _one_bit(value)))
        if not field.is_relation and isinstance(field, models.CharField | models.TextField):
            ways.append(("white space", value + " "))
    if is_sqlite():
        ways += _confused(field, value)
    if field.null:
        ways.append(("NULL", None))
    return ways


def _something(field: models.Field):
    while field.remote_field:
        field = field.target_field
    if isinstance(field, models.DateTimeField):
        return "2020-01-01 00:00:00" if is_sqlite() else datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    if isinstance(field, models.DateField):
        return "2020-01-01"
    return 999_999 if isinstance(field, models.IntegerField) else ""


def _changed(field: models.Field, value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return 1 - value if isinstance(field, models.BooleanField) else value + 999_983
    if isinstance(value, datetime.datetime):
        return value + datetime.timedelta(microseconds=1)
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(days=1)
    if isinstance(value, str):
        return _one_digit(value) if value else "x"
    return f"{str(value)[:-1]}{'0' if str(value)[-1] != '0' else '1'}"  # uuid


def _one_digit(value: str) -> str:
    """Return the text with its first digit, or else its last character, replaced."""
    found = re.search("[0-9]", value)
    at = found.start() if found else len(value) - 1
    return value[:at] + ("7" if value[at] != "7" else "3") + value[at + 1 :]


def _one_bit(value: str) -> str:
    """Return the text with the lowest bit of its last character flipped."""
    return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "\x01"


def _confused(field: models.Field, value) -> list[tuple[str, object]]:
    """Return values of another type that look alike; SQLite takes them in any column that is no integer key."""
    if isinstance(value, str):
        ways = [("blob", value.encode()), ("NUL", f"{value}\0")]
        if isinstance(field, models.DateTimeField):
            ways += [("T", value.replace(" ", "T")), ("zone", f"{value}Z")]
        if isinstance(field, models.UUIDField):
            ways += [("dashes", f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}")]
        return ways
    if isinstance(value, int) and not field.primary_key:
        return [("real", value + 0.5), ("text", f"{value}x"), ("two", 2 if value < 2 else 1)]
    return []


def change(model: type[models.Model], key, column: str, value) -> bool:
    """Write one cell; tell whether the database took it."""
    sql = f'UPDATE {model._meta.db_table} SET "{column}" = %s WHERE "{model._meta.pk.column}" = %s'
    return _taken(sql, [value, key])


def delete(model: type[models.Model], key) -> bool:
    return _taken(f'DELETE FROM {model._meta.db_table} WHERE "{model._meta.pk.column}" = %s', [key])


def insert(model: type[models.Model], values: dict) -> bool:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(["%s"] * len(values))
    return _taken(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", list(values.values()))


def duplicate(model: type[models.Model], key) -> bool:
    """Insert a copy of the row under a new key; where a column has to be unique, with another value there."""
    values = raw(model, key)
    for field in columns(model):
        if field.primary_key:
            values[field.column] = values[field.column] + 100_000
        elif field.unique:
            values[field.column] = _changed(field, values[field.column] or 0)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = constraint.fields or [part.source_expressions[0].name for part in constraint.expressions[:1]]
            field = model._meta.get_field(names[0])
            if values[field.column] is not None:  # NULL is like no other NULL
                values[field.column] = _changed(field, values[field.column])
    return insert(model, values)


def swap(model: type[models.Model], one, other) -> bool:
    """Let two rows change their keys."""
    table, key = model._meta.db_table, model._meta.pk.column
    steps = [(-1, one), (one, other), (other, -1)]
    return all(_taken(f'UPDATE {table} SET "{key}" = %s WHERE "{key}" = %s', step) for step in steps)


def _taken(sql: str, params) -> bool:
    try:
        with transaction.atomic():
            return execute(sql, params) > 0
    except DatabaseError:
        return False
