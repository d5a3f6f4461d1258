"""The command line for people: an error that an operator can correct is a sentence, not a traceback."""

import sys

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError


def run(words: list[str]) -> None:
    """
    Run the command; exit with 1 and a sentence if a setting is wrong, or if the database or a file gives an error.

    With --traceback the error is raised. With DEBUG an error of the database is raised too.
    """
    try:
        execute_from_command_line(words)
    except ImproperlyConfigured as error:
        if "--traceback" in words:
            raise
        message = str(error)
    except (OperationalError, ProgrammingError) as error:
        if "--traceback" in words or settings.DEBUG:
            raise
        message = sentence(error)
    except OSError as error:
        if "--traceback" in words or not error.filename:
            raise
        message = f"{error.filename} cannot be read or written: {error.strerror}."
    else:
        return
    sys.exit(f"{words[0]}: {message}")


def sentence(error: Exception) -> str:
    """Return the database's error as a sentence that says what to do about it."""
    message = str(error).strip()
    state = getattr(error.__cause__, "sqlstate", None)
    if state == "42501":  # insufficient_privilege
        return (
            f"The database refuses this role: {message}. Only the owner can create and change tables: "
            "run this with the owner in DATABASE_URL."
        )
    if state == "55P03":  # lock_not_available
        return "Another process, such as a backup, has locked the tables. Completed changes stay. Try again shortly."
    if state == "42P01" or "no such table" in message:  # undefined_table
        return f"The database has not been migrated: {message}. Run “manage.py migrate”."
    if isinstance(error.__cause__, psycopg.OperationalError) and state is None:  # before there was a connection
        return f"The database cannot be reached: {' '.join(message.split())}"
    return f"The database cannot do this: {message}"
