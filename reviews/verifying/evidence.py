"""Rows against the digests that events hold of them: changed, deleted, or written past the workflow."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, KeysView
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection, models

from articles import models as content
from reviews import models as process
from reviews.evidence.ledger.rows import Layout, digest_of_digests, layout
from reviews.verifying.chain import Event
from reviews.verifying.problem import Report

WITH_HISTORY = [
    process.Review,
    process.Assignment,
    process.Comment,
    process.CommentAnchor,
    process.Schedule,
    process.BoardMember,
    process.Specialty,
    process.Disclosure,
    process.Conflict,
    process.Quorum,
]
EVIDENCE = [
    content.Version,
    content.VersionText,
    content.VersionTopic,
    content.VersionReference,
    content.Notice,
    content.NoticeVersion,
    content.Disclaimer,
    content.DisclaimerConfirmation,
    process.Signature,
    process.Decision,
    *WITH_HISTORY,
    *(model.history.model for model in WITH_HISTORY),
]
DRAFT_HISTORY = [
    model.history.model
    for model in (
        content.Article,
        content.ArticleReference,
        content.ArticleTopic,
        content.Authorship,
        content.Section,
        content.Wording,
    )
]

SQLITE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.(?!000000)[0-9]{6})?")
SQLITE_UUID = re.compile("[0-9a-f]{32}")


@dataclass
class Expected:
    """What the events say of rows: the digest each was left with, and all that was said, by which event."""

    rows: dict[str, str] = field(default_factory=dict)
    said: list[tuple[int, KeysView[str]]] = field(default_factory=list)
    histories: list[tuple[int, dict]] = field(default_factory=list)

    def learn(self, event: Event):
        """Take in one event; a later event's word on a row replaces an earlier one's."""
        told = event.payload.get("rows", {})  # in events of release 0.2 with their digests, in later ones their names
        for rows in (told if isinstance(told, dict) else {}, event.private.get("rows", {})):
            self.rows.update(rows)
            self.said.append((event.position, rows.keys()))
        if gone := event.payload.get("deleted"):
            self.rows.pop(gone, None)
        if history := event.payload.get("history"):
            self.histories.append((event.position, history))

    @cached_property
    def told_by(self) -> dict[str, int]:
        """Return the last event that tells of each row: made when the first is wrong, since it costs as much again."""
        return {name: position for position, rows in self.said for name in rows}


def check(expected: Expected, report: Report):
    """Compare every row of every table of evidence and process with the last event that tells of it."""
    left = dict(expected.rows)
    for model in EVIDENCE:
        table = model._meta.db_table
        for keys, found in digests(model):
            report.rows += len(keys)
            names = [f"{table}:{key}" for key in keys]
            said = [left.pop(name, None) for name in names]
            if said != found:
                for name, told, digest in zip(names, said, found, strict=True):
                    _compare_row(name, told, digest, expected, report)
    for name in left:
        position = expected.told_by[name]
        report.add(position, "row", f"The row {name}, of event {position}, is missing.")
    _check_texts(expected, report)
    _check_histories(expected, report)


def _compare_row(name: str, said: str | None, digest: str, expected: Expected, report: Report):
    if said is None:
        report.add(report.events + 1, "row", f"The row {name} was written past the workflow: no event tells of it.")
    elif said != digest:
        position = expected.told_by[name]
        report.add(position, "row", f"The row {name} is not as event {position} left it.")


def digests(model: type[models.Model], written: Layout | None = None) -> Iterator[tuple[tuple, list[str]]]:
    """Yield the primary keys of many rows at once and their digests, straight from the database's own values."""
    written = written or layout(model)
    readers = [(number, read) for number, field in enumerate(written.fields) if (read := _reader(field))]
    key = written.fields.index(model._meta.pk)
    wanted = ", ".join(_expression(field) for field in written.fields)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM {connection.ops.quote_name(written.table)}")  # noqa: S608 (from the models)
        while rows := cursor.fetchmany(2000):
            columns = list(zip(*rows, strict=True))
            keys = columns[key]
            for number, read in readers:
                columns[number] = read(columns[number])
            yield keys, list(written.digests(zip(*columns, strict=True)))


def digests_by_key(model: type[models.Model]) -> dict:
    return {key: digest for keys, found in digests(model) for key, digest in zip(keys, found, strict=True)}


def _kind(field: models.Field) -> type[models.Field] | None:
    """Return which of the kinds it is that databases do not hold as `rows.plain` writes them."""
    while field.remote_field:
        field = field.target_field
    return next((kind for kind in STORED_OTHERWISE if isinstance(field, kind)), None)


def _expression(field: models.Field) -> str:
    """Return the SQL of a column's value: in SQLite just as it stands there, else as `rows.plain` writes it."""
    column = connection.ops.quote_name(field.column)
    if connection.vendor == "sqlite":
        return f"+{column}"  # of an expression nothing is converted: 2 is not false
    return POSTGRESQL.get(_kind(field), "{0}").format(column)


def _reader(field: models.Field) -> Callable | None:
    """Return how to make of a column's stored values what `rows.plain` makes of Python's; None where they are that."""
    return STORED_OTHERWISE.get(_kind(field)) if connection.vendor == "sqlite" else None


def _sqlite_times(values: Iterable) -> list:
    return [
        f"{value[:10]}T{value[11:]}Z"  # as nearly all are; what else is in it goes into the digest as it stands
        if type(value) is str and len(value) == 26 and value[10] == " " and value[19] == "." and value[20:] != "000000"
        else _sqlite_time(value)
        for value in values
    ]


def _sqlite_time(value):
    if not isinstance(value, str) or not SQLITE_TIME.fullmatch(value):
        return _strange(value)
    whole, _, fraction = value.partition(".")
    return f"{whole.replace(' ', 'T', 1)}.{fraction or '000000'}Z"


def _sqlite_bools(values: Iterable) -> list:
    return [bool(value) if type(value) is int and value in (0, 1) else _strange(value) for value in values]


def _sqlite_uuids(values: Iterable) -> list:
    return [
        f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
        if isinstance(value, str) and SQLITE_UUID.fullmatch(value)
        else _strange(value)
        for value in values
    ]


def _strange(value):
    """Return what stands for a value that Django never stores so: it equals none that it does. NULL stays NULL."""
    return None if value is None else [repr(value)]


STORED_OTHERWISE = {  # in this order: a time is a date too
    models.DateTimeField: _sqlite_times,
    models.DateField: None,
    models.BooleanField: _sqlite_bools,
    models.UUIDField: _sqlite_uuids,
}
POSTGRESQL = {  # a year that Python cannot hold is written in another way, so that it equals none
    models.DateTimeField: (
        "CASE WHEN {0} >= '0001-01-01Z' AND {0} < '10000-01-01Z' "
        """THEN to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE {0}::text END"""
    ),
    models.DateField: (
        "CASE WHEN {0} >= '0001-01-01' AND {0} < '10000-01-01' THEN to_char({0}, 'YYYY-MM-DD') ELSE {0}::text END"
    ),
    models.UUIDField: "{0}::text",
}


def _check_texts(expected: Expected, report: Report):
    """Hold every stored text against the digest of its version."""
    texts = content.VersionText.objects.values_list("version", "text", "version__digest")
    for version, text, digest in texts.iterator(chunk_size=500):
        if hashlib.sha256(str(text).encode("utf-8", "surrogatepass")).hexdigest() != digest:
            position = expected.told_by.get(f"articles_version:{version}", report.events + 1)
            report.add(position, "text", f"The text of version row {version} is not the one that was submitted.")


def _check_histories(expected: Expected, report: Report):
    """Hold the history of each draft against what its submission committed to: who wrote it stays known."""
    if not expected.histories:
        return
    known = {model._meta.db_table: digests_by_key(model) for model in DRAFT_HISTORY}
    report.history_rows += sum(len(rows) for rows in known.values())
    for position, said in expected.histories:
        runs = [(known[table], first, last) for table in known for first, last in said["ids"].get(table, [])]
        if sum(last - first + 1 for _, first, last in runs) > report.history_rows:
            found = []
        else:
            found = [rows.get(number, "missing") for rows, first, last in runs for number in range(first, last + 1)]
        if digest_of_digests(found) != said["sha256"]:
            report.add(position, "history", f"The history of the draft submitted by event {position} was changed.")
