"""
Querysets whose SQL is built once per process: several that are read by one statement, or the keys of one.

A step of the workflow asks many small questions about the same few rows. Building a queryset takes ten times as long as
running it on SQLite, and each statement is a round trip on PostgreSQL.
"""

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import orjson
from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import ModelIterable, get_related_populators
from django.utils.dateparse import parse_datetime

from articles.models.rows.as_sql import literal
from articles.text.canonical import CanonicalJSONField

Value = int | datetime.date
Found = dict[str, list[Any]]
FIRST = 2_000_000_000  # the first placeholder: it fits into every column of keys, and is no key
ARRAYS = {"sqlite": "json_array({})", "postgresql": "json_build_array({})::text"}


class Arm(NamedTuple):
    """One queryset of the statement: its SQL with the parameters, and how a row of it becomes what it returns."""

    sql: str
    parameters: list[Any]
    row: Callable[[list[Any]], Any]


class Together:
    """
    Querysets that are read together, by name.

    `make` returns them for its keyword arguments, which are keys or days. It is called once for each database, with
    placeholders: so it may use its arguments only as values of filters. The rows of a queryset come in any order.
    """

    def __init__(self, make: Callable[..., dict[str, models.QuerySet[Any]]]) -> None:
        self._make = make
        self._built: dict[tuple[str, ...], tuple[str, list[Any], dict[str, Arm]]] = {}

    def read(self, **values: Value) -> Found:
        """Return the rows of each queryset, by one statement."""
        statement, parameters, arms = self._statement(values)
        found: Found = {name: [] for name in arms}
        with connection.cursor() as cursor:
            cursor.execute(statement, _filled(parameters, values))
            for name, row in cursor.fetchall():
                found[name].append(arms[name].row(orjson.loads(row)))
        return found

    def get(self, **values: Value) -> Any:
        """Return the one row of the one queryset; raise DoesNotExist of its model if there is none."""
        ((name, rows),) = self.read(**values).items()
        if not rows:
            raise self._make(**values)[name].model.DoesNotExist(f"There is no such {name}.")
        return rows[0]

    def _statement(self, values: dict[str, Value]) -> tuple[str, list[Any], dict[str, Arm]]:
        key = (connection.vendor, *values)
        if key not in self._built:
            self._built[key] = self._build(values)
        return self._built[key]

    def _build(self, values: dict[str, Value]) -> tuple[str, list[Any], dict[str, Arm]]:
        placeholders = _placeholders(values)
        arms = {name: _arm(name, queryset) for name, queryset in self._make(**placeholders).items()}
        parameters = _named([each for arm in arms.values() for each in arm.parameters], placeholders)
        return "\nUNION ALL\n".join(arm.sql for arm in arms.values()), parameters, arms


class Keys:
    """
    The keys of the rows of one queryset, in its order.

    `make` returns the queryset, as that of `Together` returns several.
    """

    def __init__(self, make: Callable[..., models.QuerySet[Any]]) -> None:
        self._make = make
        self._built: dict[str, tuple[str, list[Any]]] = {}

    def read(self, first: int, number: int, **values: Value) -> list[int]:
        """Return at most so many keys, without those of so many rows before them."""
        vendor = connection.vendor
        if vendor not in self._built:
            placeholders = _placeholders(values)
            rows = self._make(**placeholders).values_list("pk", flat=True)
            sql, parameters = rows.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
            self._built[vendor] = f"{sql} LIMIT %s OFFSET %s", _named(parameters, placeholders)
        statement, parameters = self._built[vendor]
        with connection.cursor() as cursor:
            cursor.execute(statement, [*_filled(parameters, values), number, first])
            return [key for (key,) in cursor.fetchall()]


class Named(NamedTuple):
    """The place of an argument among the parameters of a statement."""

    name: str


def _placeholders(values: dict[str, Value]) -> dict[str, Value]:
    return {name: _placeholder(place, value) for place, (name, value) in enumerate(values.items())}


def _named(parameters: Iterable[Any], placeholders: dict[str, Value]) -> list[Any]:
    """Return the parameters of a statement with the name of an argument in the place of each placeholder."""
    names = {_as_parameter(placeholder): Named(name) for name, placeholder in placeholders.items()}
    return [names.get(each, each) for each in parameters]


def _filled(parameters: list[Any], values: dict[str, Value]) -> list[Any]:
    """Return the parameters with the arguments in their places."""
    adapt = connection.ops.adapt_datefield_value
    given = {name: adapt(each) if isinstance(each, datetime.date) else each for name, each in values.items()}
    return [given[each.name] if isinstance(each, Named) else each for each in parameters]


def _placeholder(place: int, value: Value) -> Value:
    """Return a value of the same type that no queryset contains."""
    if isinstance(value, datetime.date):
        return datetime.date(1, 1, 1) + datetime.timedelta(days=place)
    return FIRST + place


def _as_parameter(placeholder: Value) -> Any:
    if isinstance(placeholder, datetime.date):
        return connection.ops.adapt_datefield_value(placeholder)
    return placeholder


def _arm(name: str, queryset: models.QuerySet[Any]) -> Arm:
    """Return the SELECT that gives each row of the queryset as a JSON array beside the name of the arm."""
    compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, parameters = compiler.as_sql(with_col_aliases=True)
    columns = [alias or f"col{place}" for place, (_, _, alias) in enumerate(compiler.select, 1)]
    quoted = ", ".join(f"arm.{connection.ops.quote_name(column)}" for column in columns)
    array = ARRAYS[connection.vendor].format(quoted)
    converters = [
        (place, convert)
        for place, (expression, _, _) in enumerate(compiler.select)
        if (convert := _converter(expression.output_field, connection))
    ]
    build = _instance(compiler) if queryset._iterable_class is ModelIterable else tuple
    return Arm(
        f"SELECT {literal(name)}, {array} FROM ({sql}) AS arm",  # noqa: S608 (of our own querysets)
        list(parameters),
        partial(_converted, converters, build),
    )


def _converted(converters: list[tuple[int, Callable[[Any], Any]]], build: Callable[[Any], Any], row: list[Any]) -> Any:
    for place, convert in converters:
        if row[place] is not None:
            row[place] = convert(row[place])
    return build(row)


def _instance(compiler: Any) -> Callable[[list[Any]], models.Model]:
    """Return a function that makes the model of a row, with the related models, as `ModelIterable` does."""
    info, select = compiler.klass_info, compiler.select
    first, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [expression.target.attname for expression, _, _ in select[first:end]]
    populators = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of Django 6
    annotations = compiler.annotation_col_map or {}

    def make(row: list[Any]) -> models.Model:
        found = info["model"].from_db(DEFAULT_DB_ALIAS, names, row[first:end])
        for populator in populators:
            populator.populate(row, found)
        for name, place in annotations.items():
            setattr(found, name, row[place])
        return found

    return make


def _converter(field: models.Field, connection: BaseDatabaseWrapper) -> Callable[[Any], Any] | None:
    """Return the function that makes the field's value of one from JSON, or None if that is the value."""
    if isinstance(field, CanonicalJSONField):
        return orjson.loads
    kinds: Iterator[Callable[[Any], Any]] = (make for kind, make in CONVERTERS.items() if isinstance(field, kind))
    return next(kinds, None)


def _moment(value: str) -> datetime.datetime | None:
    """Return a time as an aware datetime. SQLite has times in UTC without a zone."""
    at = parse_datetime(value)
    return at if at is None or at.tzinfo else at.replace(tzinfo=datetime.UTC)


CONVERTERS: dict[type[models.Field], Callable[[Any], Any]] = {  # a time is a date too, so it comes first
    models.DateTimeField: _moment,
    models.DateField: datetime.date.fromisoformat,
    models.UUIDField: uuid.UUID,
    models.BooleanField: bool,
}
