"""A connection that stays open must not outlive the file that it was opened on."""

import sqlite3
import threading

import pytest
from django.db import DEFAULT_DB_ALIAS, connections

from reviews.operations.database_file import close_replaced, watch


@pytest.fixture
def on_a_file(tmp_path):
    """Return a function that runs another in a thread whose connection is on a file."""
    path = tmp_path / "site.sqlite3"

    def run(act):
        found = []

        def in_thread():
            connection = connections[DEFAULT_DB_ALIAS].copy()
            connection.settings_dict = {**connection.settings_dict, "NAME": str(path)}
            connections[DEFAULT_DB_ALIAS] = connection
            try:
                found.append(act(connection))
            finally:
                connection.close()

        thread = threading.Thread(target=in_thread)
        thread.start()
        thread.join()
        return found[0]

    return path, run


def written(path, word):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE said (word TEXT)")
        file.execute("INSERT INTO said VALUES (?)", [word])
    file.close()


def read(connection):
    with connection.cursor() as cursor:
        return cursor.execute("SELECT word FROM said").fetchone()[0]


@pytest.mark.once
@pytest.mark.django_db
def test_the_next_request_reads_the_file_that_was_put_in_place(on_a_file):
    path, run = on_a_file
    watch()

    def act(connection):
        written(path, "before")
        first = read(connection)
        path.rename(path.with_name("aside.sqlite3"))
        written(path, "restored")
        between = read(connection)
        close_replaced()
        return first, between, read(connection)

    assert run(act) == ("before", "before", "restored")


@pytest.mark.once
@pytest.mark.django_db
def test_the_connection_to_the_same_file_stays_open(on_a_file):
    path, run = on_a_file
    watch()

    def act(connection):
        written(path, "same")
        read(connection)
        opened = connection.connection
        close_replaced()
        return connection.connection is opened

    assert run(act)
