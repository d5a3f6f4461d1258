"""
Digests of rows: how an event commits to all that was written with it.

A digest covers all columns of a row and their names, each as text that is the same on every database. A column
added later enters under a new ROW_FORMAT only, so that old digests stay right.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import orjson
from django.db import models
from django.dispatch import receiver
from simple_history.signals import post_create_historical_record

ROW_FORMAT = "imprimatur/row/1"


def row_name(row: models.Model) -> str:
    """Return the name of a row in the ledger: table and primary key."""
    return f"{row._meta.db_table}:{row.pk}"


def row_digest(row: models.Model) -> str:
    """Return the SHA-256 over all columns of the row, as they are on the instance."""
    written = layout(type(row))
    return written.digest([plain(field.get_prep_value(getattr(row, field.attname))) for field in written.fields])


class Layout:
    """
    How the rows of a table are written down for their digest: its name and columns once, then the values.

    The start of the hash is the same for every row of the table and computed once. With `fields` these columns alone
    are written down.
    """

    def __init__(self, model: type[models.Model], *, fields: Sequence[models.Field] = (), form: str = ROW_FORMAT):
        self.table = model._meta.db_table
        self.fields = fields or columns(model)
        head = compact([form, self.table, [field.column for field in self.fields]])
        self._start = hashlib.sha256(head + b"\n")

    def digest(self, values: list) -> str:
        """Return the digest of a row from the values of its columns, by name of column, as `plain` makes them."""
        return next(self.digests([values]))

    def digests(self, rows: Iterable[Sequence]) -> Iterator[str]:
        """Yield what `digest` gives for each of many rows."""
        start, fast = self._start.copy, orjson.dumps
        for values in rows:
            result = start()
            try:
                text = fast(values, default=_strange) if float not in map(type, values) else _compact_anything(values)
            except TypeError:
                text = _compact_anything(values)
            result.update(text)
            yield result.hexdigest()


layout = lru_cache(maxsize=None)(Layout)


def compact(value) -> bytes:
    """
    Return a list or dictionary of texts, whole numbers, truths and nothing as JSON without spaces, in UTF-8.

    What Django never stores in such a column, as only tampering leaves it, is written so that it equals none of these.
    No floating-point numbers: the fast library writes the infinite ones as null.
    """
    try:
        return orjson.dumps(value, default=_strange)
    except TypeError:  # a lone surrogate, or a number of more than 64 bits
        return _compact_anything(value)


def _compact_anything(value) -> bytes:
    return _encode(value).encode("utf-8", "surrogatepass")


def _strange(value) -> list:
    return [repr(value)]


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_strange).encode


def columns(model: type[models.Model]) -> list[models.Field]:
    """Return the columns of a model, by name."""
    return sorted(model._meta.concrete_fields, key=lambda field: field.column)


def digest_of_digests(digests: Iterable[str]) -> str:
    """Return the SHA-256 over row digests in their order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def plain(value):
    """Return a column's value as JSON can hold it; times in UTC with microseconds."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    return value


def with_history(rows: list[models.Model]) -> list[models.Model]:
    """Return the rows and, after each that keeps history, the history rows of its saves."""
    return [each for row in rows for each in (row, *history_of(row))]


def history_of(row: models.Model) -> list[models.Model]:
    """Return, once, the history rows of what was saved or deleted through this instance; none where none are kept."""
    return row.__dict__.pop("_history_rows", [])


@receiver(post_create_historical_record)
def remember_history_row(instance, history_instance, **kwargs):
    """Keep the history row beside the instance, so that the step which saved it can commit to it."""
    instance.__dict__.setdefault("_history_rows", []).append(history_instance)
