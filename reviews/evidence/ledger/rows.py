"""
Digests of rows, by which an event commits to all rows written with it.

A digest covers the names and values of all columns of a row, as text that is the same on every database. So that old
digests stay valid, a column that was added later is covered in the rows in which it has a value.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import orjson
from django.db import models
from django.dispatch import receiver
from simple_history.signals import post_create_historical_record

ROW_FORMAT = "imprimatur/row/1"
OF_COMMENTS = (
    *("kind", "disposition", "assignee_id", "assignee_name"),
    *("suggestion", "taken_at", "taken_by_id", "taken_by_name"),
)
URGENCY = ("urgent_days", "urgent_because", "urgent_by_id", "urgent_by_name", "full_review_due", "completed_at")
OF_ASSIGNMENTS = ("accepted_at", "declined_because", "suggestion")
ADDED_LATER = {  # by table: the columns that are new since release 0.3; each is empty in the rows of before
    "articles_article": ("evidence_current_to", "translation_of_id"),
    "articles_historicalarticle": ("evidence_current_to", "translation_of_id"),
    "articles_articlereference": ("although_retracted",),
    "articles_historicalarticlereference": ("although_retracted",),
    "articles_section": ("topic_id",),
    "articles_historicalsection": ("topic_id",),
    "articles_reference": ("merged_into_id", "title_key"),
    "articles_version": ("translation_of_id",),
    "articles_topic": ("parent_id",),
    "articles_historicaltopic": ("parent_id",),
    "reviews_assignment": OF_ASSIGNMENTS,
    "reviews_historicalassignment": OF_ASSIGNMENTS,
    "reviews_comment": OF_COMMENTS,
    "reviews_historicalcomment": OF_COMMENTS,
    "reviews_conflict": ("interest_id",),
    "reviews_historicalconflict": ("interest_id",),
    "reviews_decision": ("sections",),
    "reviews_quorum": ("urgent_days", "by_section", "attest_references"),
    "reviews_historicalquorum": ("urgent_days", "by_section", "attest_references"),
    "reviews_signature": ("disclosed",),
    "reviews_review": (*URGENCY, "sections", "attest_references"),
    "reviews_historicalreview": (*URGENCY, "sections", "attest_references"),
}


def row_name(row: models.Model) -> str:
    """Return the name of a row in the ledger: table and primary key."""
    return f"{row._meta.db_table}:{row.pk}"


def row_digest(row: models.Model) -> str:
    """Return the SHA-256 over all columns of the row, as they are on the instance."""
    return layout(type(row)).digest(_values(row))


def covered(row: models.Model) -> tuple[list[str], list[Any]]:
    """Return the names and the values of the columns that the row's digest covers."""
    written, values = layout(type(row)), _values(row)
    left_out = written.left_out(values)
    kept = [number for number in range(len(values)) if number not in left_out]
    return [column_of(written.fields[number]) for number in kept], [values[number] for number in kept]


def _values(row: models.Model) -> list[Any]:
    return [plain(field.get_prep_value(getattr(row, field.attname))) for field in layout(type(row)).fields]


class Layout:
    """
    The encoding of a table's rows for their digests: the name and columns of the table, then the values.

    The first part is the same for every row and hashed once. With `fields`, the digest covers only these columns. A
    column of ADDED_LATER is left out if it has no value: NULL, or, in a column that has no NULL, false or the empty
    text.
    """

    def __init__(
        self, model: type[models.Model], *, fields: Sequence[models.Field] = (), form: str = ROW_FORMAT
    ) -> None:
        self.table = model._meta.db_table
        self.fields = fields or columns(model)
        later = ADDED_LATER.get(self.table, ())
        self._later = {number: _nothing(field) for number, field in enumerate(self.fields) if field.column in later}
        self._shorter: Callable[[tuple[int, ...]], Layout] = cache(
            lambda places: Layout(model, fields=[self.fields[place] for place in places], form=form)
        )
        head = compact([form, self.table, [column_of(field) for field in self.fields]])
        self._start = hashlib.sha256(head + b"\n")

    def digest(self, values: Sequence[Any]) -> str:
        """Return the digest of a row from its values as `plain` returns them, ordered by column name."""
        return next(self.digests([values]))

    def left_out(self, values: Sequence[Any]) -> set[int]:
        """Return the places of the columns that were added later and have no value in this row."""
        return {number for number, nothing in self._later.items() if values[number] == nothing}

    def digests(self, rows: Iterable[Sequence[Any]]) -> Iterator[str]:
        """Yield the digest of each of many rows."""
        start, fast = self._start.copy, orjson.dumps
        for values in rows:
            if empty := self.left_out(values):
                places = tuple(number for number in range(len(self.fields)) if number not in empty)
                yield self._shorter(places).digest([values[place] for place in places])
                continue
            result = start()
            try:
                text = fast(values, default=_strange) if float not in map(type, values) else _compact_anything(values)
            except TypeError:
                text = _compact_anything(values)
            result.update(text)
            yield result.hexdigest()


def _nothing(field: models.Field) -> bool | str | None:
    if field.null:
        return None
    return False if isinstance(field, models.BooleanField) else ""


layout = lru_cache(maxsize=None)(Layout)


def compact(value: object) -> bytes:
    """
    Return a list or dictionary of str, int, bool and None as JSON without spaces, in UTF-8.

    A value that only tampering can leave in such a column is encoded so that it equals none of these. Floats are not
    allowed: orjson writes infinity as null.
    """
    try:
        return orjson.dumps(value, default=_strange)
    except TypeError:  # a lone surrogate, or a number of more than 64 bits
        return _compact_anything(value)


def _compact_anything(value: object) -> bytes:
    return _encode(value).encode("utf-8", "surrogatepass")


def _strange(value: object) -> list[str]:
    return [repr(value)]


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_strange).encode


def columns(model: type[models.Model]) -> list[models.Field]:
    """Return the columns of a model, ordered by name."""
    return sorted(model._meta.concrete_fields, key=column_of)


def column_of(field: models.Field) -> str:
    """Return the name of the field's column; raise TypeError if the field has none."""
    if field.column is None:
        raise TypeError(f"{field} has no column.")
    return field.column


def digest_of_digests(digests: Iterable[str]) -> str:
    """Return the SHA-256 of these row digests in their order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def plain(value: Any) -> Any:
    """Return a column's value as a type that JSON has; times in UTC with microseconds."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    return value


def with_history(rows: list[models.Model]) -> list[models.Model]:
    """Return the rows, each followed by the history rows of its saves."""
    return [each for row in rows for each in (row, *history_of(row))]


def history_of(row: models.Model) -> list[models.Model]:
    """Return the history rows written by saves and the deletion of this instance since the last call."""
    rows: list[models.Model] = row.__dict__.pop("_history_rows", [])
    return rows


@receiver(post_create_historical_record)
def remember_history_row(instance: models.Model, history_instance: models.Model, **kwargs: Any) -> None:
    """Keep the history row on the instance, so that the event of the step can commit to it."""
    instance.__dict__.setdefault("_history_rows", []).append(history_instance)
