from contextlib import contextmanager, suppress

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import Error, connections

from reviews import triggers

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
        with _short_waits(connections[using]):
            try:
                return super().handle(*labels, **options)
            except (CommandError, SystemExit):  # it was asked, or asked wrongly, and nothing was done
                raise
            except BaseException:
                with suppress(Error):  # as far as the tables are there
                    triggers.install(using)
                raise


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
