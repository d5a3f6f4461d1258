from contextlib import contextmanager, suppress

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor

from reviews.evidence import triggers
from reviews.models import LedgerEvent

LOCK_TIMEOUT = "3s"  # for which a migration may make others wait behind it


class Command(migrate.Command):
    """
    Django's own, with the triggers in force afterwards, whether it succeeded or not.

    On PostgreSQL it gives up rather than wait for a lock longer than three seconds, because whoever comes after it
    would wait too; what was applied so far stays, and it can be run again. The checks of the database are left out:
    what they report as missing is what this command installs.
    """

    def get_check_kwargs(self, options):
        return {}

    def handle(self, *labels, **options):
        using = options["database"]
        _require_that_no_evidence_goes(options)
        with _short_waits(connections[using]):
            try:
                return super().handle(*labels, **options)
            except (CommandError, SystemExit):  # it was asked, or asked wrongly, and nothing was done
                raise
            except BaseException:
                with suppress(Error):  # as far as the tables are there
                    triggers.install(using)
                raise


def _require_that_no_evidence_goes(options):
    """Refuse to undo migrations of what evidence lies in, once there is any: its tables would be dropped."""
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
def _short_waits(connection):
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
