"""An open connection to an SQLite file that is no longer the site's: a restore has put another in its place."""

import os
from typing import Any
from weakref import WeakKeyDictionary

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

File = tuple[int, int]  # device and inode

_opened: WeakKeyDictionary[BaseDatabaseWrapper, File] = WeakKeyDictionary()


def watch() -> None:
    """Let each request begin on the file that now has the database's name."""
    connection_created.connect(_remember, dispatch_uid="database_file")
    request_started.connect(close_replaced, dispatch_uid="database_file")


def close_replaced(**kwargs: Any) -> None:
    """Close the connections of this thread whose file was replaced or is gone; the next query opens the new one."""
    for connection in connections.all(initialized_only=True):
        before = _opened.get(connection)
        if before and before != _file(connection) and not connection.in_atomic_block:
            connection.close()


def _remember(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        _opened[connection] = _file(connection)


def _file(connection: BaseDatabaseWrapper) -> File:
    """Return what identifies the file with the database's name."""
    try:
        found = os.stat(connection.settings_dict["NAME"])
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)
