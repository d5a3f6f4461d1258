"""Comparison of rows with their digests in events: rows changed, deleted, or written outside the workflow."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, KeysView, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection, models
from simple_history.utils import get_history_model_for_model

from articles import models as content
from reviews import models as process
from reviews.evidence.ledger.rows import Layout, column_of, digest_of_digests, layout
from reviews.verifying.chain import Event
from reviews.verifying.problem import Report

WITH_HISTORY: list[type[models.Model]] = [
    process.Review,
    process.Assignment,
    process.Comment,
    process.CommentAnchor,
    process.Schedule,
    process.BoardMember,
    process.Specialty,
    process.Disclosure,
    process.Conflict,
    process.Interest,
    process.Quorum,
]
EVIDENCE: list[type[models.Model]] = [
    content.Version,
    content.VersionText,
    content.VersionTopic,
    content.VersionReference,
    content.VersionPicture,
    content.Notice,
    content.NoticeVersion,
    content.Disclaimer,
    content.DisclaimerConfirmation,
    content.RetractionSnapshot,
    process.Signature,
    process.Decision,
    process.Answer,
    process.Attestation,
    process.ManagementPlan,
    process.Override,
    *WITH_HISTORY,
    *map(get_history_model_for_model, WITH_HISTORY),
]
DRAFT_HISTORY: list[type[models.Model]] = [
    get_history_model_for_model(model)
    for model in (
        content.Article,
        content.ArticleReference,
        content.ArticleTopic,
        content.Authorship,
        content.Figure,
        content.Section,
        content.Wording,
    )
]

SQLITE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.(?!000000)[0-9]{6})?")
SQLITE_UUID = re.compile("[0-9a-f]{32}")


@dataclass
class Expected:
    """The last digest of each row according to the events, and the events that mention each row."""

    rows: dict[str, str] = field(default_factory=dict)
    mentions: list[tuple[int, KeysView[str]]] = field(default_factory=list)
    histories: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def learn(self, event: Event) -> None:
        """Read one event; its digest of a row replaces an earlier one."""
        public = event.payload.get("rows", {})  # in events of release 0.2 with their digests, in later ones their names
        for rows in (public if isinstance(public, dict) else {}, event.private.get("rows", {})):
            self.rows.update(rows)
            self.mentions.append((event.position, rows.keys()))
        if gone := event.payload.get("deleted"):
            self.rows.pop(gone, None)
        if history := event.payload.get("history"):
            self.histories.append((event.position, history))

    @cached_property
    def last_event(self) -> dict[str, int]:
        """The last event that mentions each row. It is slow, so it is computed at the first wrong row only."""
        return {name: position for position, rows in self.mentions for name in rows}


def check(expected: Expected, report: Report) -> None:
    """Compare every row of every table of evidence and process with the last event that has its digest."""
    left = dict(expected.rows)
    for model in EVIDENCE:
        table = model._meta.db_table
        for keys, found in digests(model):
            report.rows += len(keys)
            names = [f"{table}:{key}" for key in keys]
            recorded = [left.pop(name, None) for name in names]
            if recorded != found:
                for name, before, digest in zip(names, recorded, found, strict=True):
                    _compare_row(name, before, digest, expected, report)
    for name in left:
        position = expected.last_event[name]
        report.add(position, "row", f"The row {name}, of event {position}, is missing.")
    _check_texts(expected, report)
    _check_histories(expected, report)


def _compare_row(name: str, recorded: str | None, digest: str, expected: Expected, report: Report) -> None:
    if recorded is None:
        report.add(report.events + 1, "row", f"The row {name} was written past the workflow: no event tells of it.")
    elif recorded != digest:
        position = expected.last_event[name]
        report.add(position, "row", f"The row {name} is not as event {position} left it.")


def digests(model: type[models.Model], written: Layout | None = None) -> Iterator[tuple[Sequence[Any], list[str]]]:
    """Yield primary keys and digests of all rows in batches, computed from the raw values in the database."""
    written = written or layout(model)
    readers = [(number, read) for number, field in enumerate(written.fields) if (read := _reader(field))]
    key = written.fields.index(model._meta.pk)
    wanted = ", ".join(_expression(field) for field in written.fields)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM {connection.ops.quote_name(written.table)}")  # noqa: S608 (from the models)
        while rows := cursor.fetchmany(2000):
            columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
            keys = columns[key]
            for number, read in readers:
                columns[number] = read(columns[number])
            yield keys, list(written.digests(zip(*columns, strict=True)))


def digests_by_key(model: type[models.Model]) -> dict[Any, str]:
    return {key: digest for keys, found in digests(model) for key, digest in zip(keys, found, strict=True)}


def _kind(field: models.Field) -> type[models.Field] | None:
    """Return the field's class if the database stores its values otherwise than `rows.plain` returns them."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return next((kind for kind in STORED_OTHERWISE if isinstance(field, kind)), None)


def _expression(field: models.Field) -> str:
    """Return the SQL for a column's value: raw on SQLite, else as `rows.plain` returns it."""
    column = connection.ops.quote_name(column_of(field))
    if connection.vendor == "sqlite":
        return f"+{column}"  # sqlite3 does not convert the value of an expression
    kind = _kind(field)
    return POSTGRESQL.get(kind, "{0}").format(column) if kind else column


def _reader(field: models.Field) -> Callable[[Iterable[Any]], list[Any]] | None:
    """Return a function from stored values to the values of `rows.plain`, or None if they are the same."""
    kind = _kind(field)
    return STORED_OTHERWISE[kind] if kind and connection.vendor == "sqlite" else None


def _sqlite_times(values: Iterable[Any]) -> list[Any]:
    return [
        f"{value[:10]}T{value[11:]}Z"  # the usual form; any other character in it goes into the digest
        if type(value) is str and len(value) == 26 and value[10] == " " and value[19] == "." and value[20:] != "000000"
        else _sqlite_time(value)
        for value in values
    ]


def _sqlite_time(value: Any) -> Any:
    if not isinstance(value, str) or not SQLITE_TIME.fullmatch(value):
        return _strange(value)
    whole, _, fraction = value.partition(".")
    return f"{whole.replace(' ', 'T', 1)}.{fraction or '000000'}Z"


def _sqlite_bools(values: Iterable[Any]) -> list[Any]:
    return [bool(value) if type(value) is int and value in (0, 1) else _strange(value) for value in values]


def _sqlite_uuids(values: Iterable[Any]) -> list[Any]:
    return [
        f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
        if isinstance(value, str) and SQLITE_UUID.fullmatch(value)
        else _strange(value)
        for value in values
    ]


def _strange(value: Any) -> list[str] | None:
    """Return a replacement, equal to no valid value, for a value that Django never stores; NULL remains None."""
    return None if value is None else [repr(value)]


STORED_OTHERWISE: dict[type[models.Field], Callable[[Iterable[Any]], list[Any]] | None] = {  # subclasses first
    models.DateTimeField: _sqlite_times,
    models.DateField: None,
    models.BooleanField: _sqlite_bools,
    models.UUIDField: _sqlite_uuids,
}
POSTGRESQL: dict[type[models.Field], str] = {  # a year outside Python's range gets another form, equal to none
    models.DateTimeField: (
        "CASE WHEN {0} >= '0001-01-01Z' AND {0} < '10000-01-01Z' "
        """THEN to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE {0}::text END"""
    ),
    models.DateField: (
        "CASE WHEN {0} >= '0001-01-01' AND {0} < '10000-01-01' THEN to_char({0}, 'YYYY-MM-DD') ELSE {0}::text END"
    ),
    models.UUIDField: "{0}::text",
}


def _check_texts(expected: Expected, report: Report) -> None:
    """Compare every stored text with the digest of its version."""
    texts = content.VersionText.objects.values_list("version", "text", "version__digest")
    for version, text, digest in texts.iterator(chunk_size=500):
        if hashlib.sha256(str(text).encode("utf-8", "surrogatepass")).hexdigest() != digest:
            position = expected.last_event.get(f"articles_version:{version}", report.events + 1)
            report.add(position, "text", f"The text of version row {version} is not the one that was submitted.")


def _check_histories(expected: Expected, report: Report) -> None:
    """Compare the history of each draft with the commitment in its submission: it is the proof of the writers."""
    if not expected.histories:
        return
    known = {model._meta.db_table: digests_by_key(model) for model in DRAFT_HISTORY}
    report.history_rows += sum(len(rows) for rows in known.values())
    for position, recorded in expected.histories:
        runs = [(known[table], first, last) for table in known for first, last in recorded["ids"].get(table, [])]
        if sum(last - first + 1 for _, first, last in runs) > report.history_rows:
            found = []
        else:
            found = [rows.get(number, "missing") for rows, first, last in runs for number in range(first, last + 1)]
        if digest_of_digests(found) != recorded["sha256"]:
            report.add(position, "history", f"The history of the draft submitted by event {position} was changed.")
