"""What has to hold after a fault: nothing acknowledged is lost, the ledger is whole, and each step has its mails."""

from collections import Counter
from io import StringIO
from pathlib import Path

from django.db import DatabaseError, transaction

MAILS = {"assigned": ("Please review", 1), "decided": ("You signed", 1), "published": ("Published", 3)}


def lost(acknowledged: list[str]) -> list[str]:
    """Return the steps that were acknowledged and that no event tells of."""
    from reviews.models import LedgerEvent

    told = Counter(f"{action} {article}" for action, article in LedgerEvent.objects.values_list("action", "article"))
    return sorted((Counter(acknowledged) - told).elements())


def wrong(acknowledged: list[str]) -> list[str]:
    """Return in words what is not as promised, mails left out."""
    from django.core.management import call_command
    from django.db import connection

    from reviews.verifying import verify

    call_command("checkpoint", stdout=StringIO())  # as each day: it writes the files that a crash left out
    found = [f"acknowledged and lost: {step}" for step in lost(acknowledged)]
    found += [f"{problem.position}: {problem.message}" for problem in verify().problems]
    with connection.cursor() as cursor:
        look = _sqlites_own_check if connection.vendor == "sqlite" else _postgresqls_own_check
        found += [f"integrity: {sentence}" for sentence in look(cursor)]
    return found


def _sqlites_own_check(cursor) -> list[str]:
    cursor.execute("PRAGMA integrity_check")
    return [sentence for (sentence,) in cursor.fetchall() if sentence != "ok"]


def _postgresqls_own_check(cursor) -> list[str]:
    """Return what PostgreSQL finds wrong with its tables, and with its indexes, each row of which has to be there."""
    cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    ours = "FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE relnamespace = current_schema()::regnamespace"
    tables = f"SELECT c.oid, relname {ours} AND relkind = 'r'"
    cursor.execute(f"SELECT relname, found.msg FROM ({tables}) c, verify_heapam(c.oid) found")
    found = [f"{table}: {sentence}" for table, sentence in cursor.fetchall()]
    cursor.execute(f"SELECT relname {ours} AND relkind = 'i' AND amname = 'btree'")
    for (index,) in cursor.fetchall():
        try:
            with transaction.atomic():
                cursor.execute("SELECT bt_index_check(%s::regclass, true)", [f'"{index}"'])
        except DatabaseError as error:
            found.append(f"{index}: {error}")
    return found


def wrong_orders() -> list[str]:
    """Return in words which steps have too few or too many mails, sent or waiting."""
    from reviews.models import LedgerEvent

    subjects = Counter(order.args_kwargs["args"][1].split(":")[0] for order in _orders())
    events = Counter(LedgerEvent.objects.values_list("action", flat=True))
    return [
        f"{events[action]} events “{action}” and {subjects[subject]} mails “{subject}”"
        for action, (subject, each) in MAILS.items()
        if subjects[subject] != each * events[action]
    ]


def unsent(sent: Path) -> tuple[list[str], int]:
    """Return in words which mails never went out though all jobs are done; and how many went out twice."""
    delivered = Counter(line.strip("<>").split("@")[0] for line in sent.read_text().splitlines())
    found = [f"never sent: {row.args_kwargs['args'][1]}" for row in _orders() if str(row.pk) not in delivered]
    return found, sum(count - 1 for count in delivered.values())


def _orders() -> list:
    from django_tasks_db.models import DBTaskResult

    return list(DBTaskResult.objects.filter(task_path="reviews.messages.mail.deliver"))
