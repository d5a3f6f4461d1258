"""A queryset as SQL text, for triggers and for statements written by hand."""

from collections.abc import Iterable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models


def as_sql(queryset: models.QuerySet[Any], using: str = DEFAULT_DB_ALIAS) -> str:
    """
    Return the SQL of the queryset with its parameters written into it.

    The parameters come from code, never from a request. Raise TypeError for one that is neither text nor a number.
    """
    text, values = queryset.query.get_compiler(using).as_sql()
    return text % tuple(map(literal, values))


def literal(value: str | int) -> str:
    """Return the value as an SQL literal; refuse a percent sign, which drivers would take for a parameter."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{value!r} is neither a text nor a number.")
    text = f"'{str(value).replace(chr(39), chr(39) * 2)}'" if isinstance(value, str) else str(value)
    if "%" in text or "\\" in text:
        raise TypeError(f"{value!r} cannot stand in a statement.")
    return text


def literals(values: Iterable[str | int]) -> str:
    """Return the values as literals for the brackets of an IN."""
    return ", ".join(map(literal, values))
