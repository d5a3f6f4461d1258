from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from reviews.evidence import triggers
from reviews.models import LedgerEvent

LOCK_TIMEOUT = "3s"  # while a migration waits for a lock, later queries wait behind it


class Command(migrate.Command):
    """
    Django's migrate, with the triggers in force afterwards, whether it succeeded or not.

    On PostgreSQL it waits at most three seconds for a lock and then fails, because later queries would wait behind it.
    The migrations applied so far stay, and it can be run again. It runs no database checks: they would report the
    missing triggers, which this command installs.
    """

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str | None, Any]:
        return {}

    def handle(self, *labels: Any, **options: Any) -> None:
        using = options["database"]
        _require_no_loss_of_evidence(options)
        with _short_waits(connections[using]):
            try:
                super().handle(*labels, **options)
            except (CommandError, SystemExit):  # wrong arguments or --check: nothing was done
                raise
            except BaseException:
                with suppress(Error):  # on the tables that exist
                    triggers.install(using)
                raise


def _require_no_loss_of_evidence(options: dict[str, Any]) -> None:
    """Raise CommandError if the ledger has events and migrations would be undone: tables would be dropped."""
    connection = connections[options["database"]]
    label, name = options["app_label"], options["migration_name"]
    if not name or options["plan"] or LedgerEvent._meta.db_table not in connection.introspection.table_names():
        return
    executor = MigrationExecutor(connection)
    targets = [(label, None)] if name == "zero" else [(label, each) for app, each in executor.loader.graph.nodes
                                                      if app == label and each.startswith(name)]  # fmt: skip
    undone = sorted({each.app_label for each, backwards in executor.migration_plan(targets) if backwards})
    if undone and LedgerEvent.objects.using(connection.alias).exists():
        raise CommandError(
            f"This would undo migrations of {', '.join(undone)}, and with them evidence would be lost. "
            "To go back to an earlier release, restore a backup that was made under it."
        )


@contextmanager
def _short_waits(connection: BaseDatabaseWrapper) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
