"""What stands in the database, read with plain SQL: cheap enough to be read after every step."""

import json
from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.db import connection, models

READ_WHOLE = (
    "articles_article",
    "articles_authorship",
    "articles_notice",
    "articles_noticeversion",
    "articles_section",
    "articles_version",
    "reviews_assignment",
    "reviews_attestation",
    "reviews_boardmember",
    "reviews_comment",
    "reviews_decision",
    "reviews_disclosure",
    "reviews_ledgerhead",
    "reviews_managementplan",
    "reviews_override",
    "reviews_review",
    "reviews_schedule",
    "reviews_signature",
    "reviews_task",
)
NO_EVIDENCE = ("reviews_securityrecord",)
POINTERS = {"latest_version_id", "published_version_id", "last_reviewed", "next_review_due"}


@cache
def counting_sql() -> str:
    """Return the statement that counts every other table: their rows are only ever added, which triggers see to."""
    tables = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ("articles", "reviews")
    }
    return " UNION ALL ".join(
        f"SELECT '{table}', COUNT(*) FROM {table}" for table in sorted(tables - {*READ_WHOLE, *NO_EVIDENCE})
    )


@cache
def reading_sql(table: str) -> tuple[str, list[str]]:
    """Return the statement that reads a table, and its columns; dates as text, which no driver need convert."""
    fields = next(model for model in apps.get_models() if model._meta.db_table == table)._meta.concrete_fields
    cells = [
        f"CAST({field.column} AS TEXT)" if isinstance(field, models.DateField) else field.column for field in fields
    ]
    return f"SELECT {', '.join(cells)} FROM {table} ORDER BY id", [field.column for field in fields]


@dataclass(frozen=True)
class Snapshot:
    """The rows of the tables read whole, by table and number, each a dict; and how many rows the others have."""

    tables: dict[str, dict[int, dict]]
    counts: dict[str, int]
    cells: dict[str, list[tuple]] = field(compare=False)

    def rows(self, table: str) -> list[dict]:
        return list(self.tables[table].values())

    def changed(self, before: "Snapshot") -> list[tuple[str, dict | None, dict | None]]:
        """Return (table, row before, row now) of each row that was added, changed or taken away since."""
        return [
            (table, old.get(pk), new.get(pk))
            for table in READ_WHOLE
            if (old := before.tables[table]) != (new := self.tables[table])
            for pk in {**old, **new}
            if old.get(pk) != new.get(pk)
        ]


def take(before: Snapshot | None = None) -> Snapshot:
    """Return what stands in the database now; tables that are as they were `before` cost next to nothing."""
    with connection.cursor() as cursor:
        cells, tables = {}, {}
        for table in READ_WHOLE:
            sql, names = reading_sql(table)
            cursor.execute(sql)
            cells[table] = cursor.fetchall()
            same = before is not None and cells[table] == before.cells[table]
            tables[table] = before.tables[table] if same else _by_number(cells[table], names)
        cursor.execute(counting_sql())
        return Snapshot(tables, dict(cursor.fetchall()), cells)


def _by_number(cells: list[tuple], names: list[str]) -> dict[int, dict]:
    return {row["id"]: row for row in (dict(zip(names, values, strict=True)) for values in cells)}


EVENTS_SQL = """
SELECT e.position, e.ledger_id, e.at, e.action, e.article, e.actor, e.payload, e.private_commitment, e.previous_hash,
       e.key_id, e.hash, e.signature, p.salt, p.text
  FROM reviews_ledgerevent e LEFT JOIN reviews_ledgerprivate p ON p.event_id = e.position
 WHERE e.position > %s ORDER BY e.position
"""
TEXTS_SQL = """
SELECT v.number, v.digest, t.text FROM articles_version v JOIN articles_versiontext t ON t.version_id = v.id
 WHERE v.article_id = %s ORDER BY v.number
"""


def events_after(position: int) -> list[dict]:
    """Return the events that came after this position, with their private parts."""
    with connection.cursor() as cursor:
        cursor.execute(EVENTS_SQL, [position])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def texts_of(article_id: int) -> list[tuple[int, str, str]]:
    """Return (number, digest, stored text) of every version of the article."""
    with connection.cursor() as cursor:
        cursor.execute(TEXTS_SQL, [article_id])
        return cursor.fetchall()


def seen(snapshot: Snapshot, article_id: int) -> dict:
    """Return the article as the database has it, in the words of `expected`."""
    row = snapshot.tables["articles_article"][article_id]
    versions = {each["id"]: each for each in snapshot.rows("articles_version") if each["article_id"] == article_id}
    numbers = {pk: version["number"] for pk, version in versions.items()}
    return {
        "latest": numbers.get(row["latest_version_id"]),
        "public": numbers.get(row["published_version_id"]),
        "dates": [str(row[name]) if row[name] else None for name in ("last_reviewed", "next_review_due")],
        "versions": [_seen_review(each, versions) for each in _of(snapshot, "reviews_review", article_id)],
        "assignments": _seen_assignments(snapshot, numbers),
        "decisions": _seen_decisions(snapshot, numbers),
        "attestations": _seen_attestations(snapshot, numbers),
        "notices": [
            (each["kind"], _named(snapshot, each["id"], numbers))
            for each in _of(snapshot, "articles_notice", article_id)
        ],
        "comments": [
            (numbers[each["version_id"]], each["author_id"], bool(each["blocking"]), bool(each["resolved_at"]))
            for each in _of(snapshot, "reviews_comment", article_id)
        ],
        "schedules": [
            (numbers[each["version_id"]], each["scheduled_by_id"], each["outcome"])
            for each in _of(snapshot, "reviews_schedule", article_id)
        ],
    }


def expected(article, people: dict) -> dict:
    """Return the article as the model has it."""
    last = article.latest
    return {
        "latest": last.number if last else None,
        "public": article.public,
        "dates": [str(day) if day else None for day in (article.last_reviewed, article.next_due)],
        "versions": [_expected_review(version, people) for version in article.versions],
        "assignments": [
            (version.number, people[each.reviewer].pk, each.capacity, people[each.by].pk, each.accepted, each.ended)
            for version in article.versions
            for each in version.assignments
        ],
        "decisions": [
            (version.number, people[each.reviewer].pk, each.capacity, each.outcome, each.live)
            for version in article.versions
            for each in version.decisions
        ],
        "attestations": [
            (version.number, people[each.reviewer].pk, each.capacity, each.moved)
            for version in article.versions
            for each in version.attestations
        ],
        "notices": [(each.kind, each.versions) for each in article.notices],
        "comments": [(each.version, people[each.author].pk, each.blocking, each.resolved) for each in article.comments],
        "schedules": [(each.version, people[each.by].pk, each.outcome) for each in article.schedules],
    }


def _of(snapshot: Snapshot, table: str, article_id: int) -> list[dict]:
    return [row for row in snapshot.rows(table) if row["article_id"] == article_id]


def _named(snapshot: Snapshot, notice_id: int, numbers: dict) -> tuple[int, ...]:
    links = snapshot.rows("articles_noticeversion")
    return tuple(sorted(numbers[each["version_id"]] for each in links if each["notice_id"] == notice_id))


def _seen_review(row: dict, versions: dict) -> tuple:
    version = versions[row["version_id"]]
    return (
        version["number"], version["digest"], row["status"], bool(row["published_at"]), row["change"], row["risk"],
        json.loads(row["quorum"]), row["approvals_needed"], bool(row["open_review"]), row["urgent_days"],
        row["full_review_due"], bool(row["completed_at"]),
        sorted(writer["id"] for writer in json.loads(version["writers"])),
    )  # fmt: skip


def _expected_review(version, people: dict) -> tuple:
    return (
        version.number, version.digest, version.status, version.published, version.change, version.risk,
        version.quorum, version.quorum["clinical"] + version.quorum["pharmacist"], version.open_review,
        version.urgent_days, str(version.due) if version.due else None, version.completed,
        sorted(people[name].pk for name in version.writers),
    )  # fmt: skip


def _seen_assignments(snapshot: Snapshot, numbers: dict) -> list[tuple]:
    reviews = {row["id"]: numbers.get(row["version_id"]) for row in snapshot.rows("reviews_review")}
    rows = [
        (
            reviews[row["review_id"]], row["reviewer_id"], row["capacity"], row["assigned_by_id"],
            row["accepted_at"] is not None, row["ended_as"],
        )
        for row in snapshot.rows("reviews_assignment")
        if reviews[row["review_id"]]
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row[0])


def _seen_decisions(snapshot: Snapshot, numbers: dict) -> list[tuple]:
    reviews = {row["id"]: numbers.get(row["version_id"]) for row in snapshot.rows("reviews_review")}
    assignments = snapshot.tables["reviews_assignment"]
    superseded = {row["supersedes_id"] for row in snapshot.rows("reviews_decision")}
    rows = []
    for row in snapshot.rows("reviews_decision"):
        if number := reviews[row["review_id"]]:
            asked = assignments[row["assignment_id"]]
            live = row["id"] not in superseded
            rows.append((number, asked["reviewer_id"], asked["capacity"], row["outcome"], live))
    return sorted(rows, key=lambda row: row[0])


def _seen_attestations(snapshot: Snapshot, numbers: dict) -> list[tuple]:
    signatures = snapshot.tables["reviews_signature"]
    rows = []
    for row in snapshot.rows("reviews_attestation"):
        if number := numbers.get(row["version_id"]):
            signed = signatures[row["signature_id"]]
            rows.append((number, signed["signer_id"], signed["capacity"], row["last_reviewed"] is not None))
    return sorted(rows, key=lambda row: row[0])
