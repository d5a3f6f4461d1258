"""
One SQL statement that fetches facts of several kinds.

Each kind is an arm: a SELECT with named columns, and a NamedTuple with these names for its rows. The statement is the
union of the arms. A union has a single list of columns, so each field is mapped to a column of its type.
"""

import datetime
import types
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import connection
from django.utils.dateparse import parse_datetime

from articles.models.rows.as_sql import literal

COLUMN_TYPES = {int: "bigint", str: "text", datetime.datetime: "timestamptz"}  # both databases take these names
Column = tuple[type, int]  # the type, and the index among the columns of that type
R = TypeVar("R", bound=NamedTuple)


class Asked(NamedTuple):
    """The parameters of a statement: an article, a version of it, the audience that it is shown to, and the day."""

    article: int
    version: int
    audience: str
    today: str  # as YYYY-MM-DD


@dataclass(frozen=True)
class Arm(Generic[R]):
    """
    One kind of fact: `select` has a column for each field of `row`, and `order` sorts the rows.

    `by_queryset` returns the same rows with the ORM. Pages never call it: tests compare the SELECT with it.
    """

    row: type[R]
    select: str
    by_queryset: Callable[[Asked], Iterable[R]]
    order: Callable[[R], Any] = lambda row: 0

    @property
    def columns(self) -> dict[str, Column]:
        """Return the column of the union for each field."""
        taken = dict.fromkeys(COLUMN_TYPES, 0)
        columns = {}
        for name, hint in typing.get_type_hints(self.row).items():
            kind = _without_none(hint)
            columns[name] = (kind, taken[kind])
            taken[kind] += 1
        return columns


class Rows:
    """The rows that a statement returned, by type."""

    def __init__(self, found: dict[type, list[Any]]) -> None:
        self._found = found

    def of(self, row: type[R]) -> list[R]:
        """Return the rows of this type in the order of their arm."""
        return self._found[row]


class Union:
    """One statement of several arms."""

    def __init__(self, beginning: str, arms: list[Arm[Any]]) -> None:
        self.arms = {arm.row.__name__: arm for arm in arms}
        used = {column for arm in arms for column in arm.columns.values()}
        self.columns = [(kind, place) for kind in COLUMN_TYPES for place in range(len(used)) if (kind, place) in used]
        self._places = {arm.row: [self.columns.index(column) for column in arm.columns.values()] for arm in arms}
        self._times = {place for place, (kind, _) in enumerate(self.columns) if kind is datetime.datetime}
        self.statement = "\n".join([beginning, "\nUNION ALL\n".join(map(self._select, arms))])

    def fetch(self, asked: Asked) -> Rows:
        """Return the rows of all arms, in one query. They are sorted here: SQL promises no order of a union."""
        found: dict[type, list[Any]] = {arm.row: [] for arm in self.arms.values()}
        with connection.cursor() as cursor:
            cursor.execute(self.statement, asked._asdict())
            for name, *values in cursor.fetchall():
                arm = self.arms[name]
                found[arm.row].append(self._row(arm, values))
        return Rows({arm.row: sorted(found[arm.row], key=arm.order) for arm in self.arms.values()})

    def _select(self, arm: Arm[Any]) -> str:
        filled = {column: f"arm.{name}" for name, column in arm.columns.items()}
        columns = [filled.get(column, f"CAST(NULL AS {COLUMN_TYPES[column[0]]})") for column in self.columns]
        return f"SELECT {', '.join([literal(arm.row.__name__), *columns])} FROM ({arm.select}) AS arm"  # noqa: S608

    def _row(self, arm: Arm[R], values: list[Any]) -> R:
        return arm.row._make(
            _moment(values[place]) if place in self._times else values[place] for place in self._places[arm.row]
        )


def _without_none(hint: Any) -> type:
    """Return the type of a field; for an optional field the type of its value."""
    options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    (kind,) = (option for option in options if option is not types.NoneType)
    return kind


def _moment(value: Any) -> datetime.datetime | None:
    """Return a time as an aware datetime: SQLite returns times in UTC without a zone, or as text."""
    at = parse_datetime(value) if isinstance(value, str) else value
    return at if at is None or at.tzinfo else at.replace(tzinfo=datetime.UTC)
