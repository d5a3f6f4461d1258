"""Commands for people: what an operator can put right is said in a sentence, not in a traceback."""

import sys

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError


def run(words: list[str]):
    """
    Run the command; exit with 1 and a sentence where the settings are wrong, or the database or a file refuses.

    With --traceback the error is shown with where it came from; with DEBUG what the database says is, too.
    """
    try:
        execute_from_command_line(words)
    except ImproperlyConfigured as error:
        if "--traceback" in words:
            raise
        said = str(error)
    except (OperationalError, ProgrammingError) as error:
        if "--traceback" in words or settings.DEBUG:
            raise
        said = sentence(error)
    except OSError as error:
        if "--traceback" in words or not error.filename:
            raise
        said = f"{error.filename} cannot be read or written: {error.strerror}."
    else:
        return
    sys.exit(f"{words[0]}: {said}")


def sentence(error: Exception) -> str:
    """Return in words what the database said, and what may be done about it."""
    said = str(error).strip()
    state = getattr(error.__cause__, "sqlstate", None)
    if state == "42501":  # insufficient_privilege
        return (
            f"The database refuses this role: {said}. Tables are made and changed by their owner: "
            "run this with DATABASE_URL naming the owner."
        )
    if state == "55P03":  # lock_not_available
        return "Others use the tables for long, as a backup does. What was applied so far stays: try again in a minute."
    if state == "42P01" or "no such table" in said:  # undefined_table
        return f"The database has not been migrated: {said}. Run “manage.py migrate”."
    if isinstance(error.__cause__, psycopg.OperationalError) and state is None:  # before anybody was connected
        return f"The database cannot be reached: {' '.join(said.split())}"
    return f"The database cannot do this: {said}"
