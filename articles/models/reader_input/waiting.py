"""How much of what readers sent waits for an editor."""

from typing import NamedTuple

from django.db import connection

from articles.models.reader_input.questions import Question
from articles.models.reader_input.reports import ErrorReport


class Waiting(NamedTuple):
    questions: int
    reports: int


def waiting() -> Waiting:
    """Return how many questions and reports are open, in one query."""
    open_rows = ", ".join(
        f"(SELECT COUNT(*) FROM {model._meta.db_table} WHERE state = '{model.State.OPEN}')"  # noqa: S608 (our own)
        for model in (Question, ErrorReport)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {open_rows}")
        return Waiting(*cursor.fetchone())
