"""Reading many rows as they are at one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_state() -> Iterator[None]:
    """Read all queries within from one snapshot of the database, without blocking writers. It may be nested."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            if connection.connection.in_transaction:  # of one around it
                yield
                return
            cursor.execute("BEGIN DEFERRED")  # Django's own would be IMMEDIATE, which locks writers out
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
