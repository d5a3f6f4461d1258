"""How much waits for a person on the desk: what readers sent, and unread messages."""

from typing import NamedTuple

from django.db import connection

from articles.models.reader_input.questions import Question
from articles.models.reader_input.reports import ErrorReport


class Waiting(NamedTuple):
    questions: int
    reports: int
    messages: int


def waiting(user: int) -> Waiting:
    """Return how many questions and reports are open, and messages to this account unread, in one query."""
    open_rows = ", ".join(
        f"(SELECT COUNT(*) FROM {model._meta.db_table} WHERE state = '{model.State.OPEN}')"  # noqa: S608 (our own)
        for model in (Question, ErrorReport)
    )
    unread = "(SELECT COUNT(*) FROM reviews_message WHERE recipient_id = %s AND read_at IS NULL)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {open_rows}, {unread}", [user])
        return Waiting(*cursor.fetchone())
