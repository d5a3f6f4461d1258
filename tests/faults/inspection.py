"""What has to hold after a fault: nothing acknowledged is lost, the ledger is whole, and each step has its mails."""

from collections import Counter
from io import StringIO
from pathlib import Path

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

    from reviews.ledger.verifying import verify

    call_command("checkpoint", stdout=StringIO())  # as each day: it writes the files that a crash left out
    found = [f"acknowledged and lost: {step}" for step in lost(acknowledged)]
    found += [f"{problem.position}: {problem.message}" for problem in verify().problems]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found += [f"integrity: {row[0]}" for row in cursor.fetchall() if row[0] != "ok"]
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

    return list(DBTaskResult.objects.filter(task_path="reviews.background.mail.deliver"))
