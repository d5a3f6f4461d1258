"""The generation of the site as each request asks for it."""

import psycopg
import pytest
from django.db import DatabaseError, connection

from reviews.models import LedgerHead
from reviews.site import generation
from reviews.site.generation import close
from tests import factories


@pytest.mark.django_db
def test_it_is_the_end_of_the_ledger():
    before = generation.generation()
    factories.disclaimers()

    assert before != generation.generation() == LedgerHead.objects.get().hash


@pytest.fixture
def committed(transactional_db):
    """A database on which other connections see what is written."""
    factories.disclaimers()
    yield LedgerHead.objects.get().hash
    close()


@pytest.mark.postgresql
def test_a_connection_that_the_server_has_closed_is_opened_anew(committed):
    assert generation.generation() == committed
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query = %s", [generation.STATEMENT]
        )
        assert cursor.fetchone() == (1,)

    assert generation.generation() == committed


@pytest.mark.postgresql
def test_a_server_that_does_not_answer_is_an_error_of_the_database(committed, monkeypatch):
    def refused(**parameters):
        raise psycopg.OperationalError("The server does not listen.")

    close()
    with monkeypatch.context() as down:
        down.setattr(psycopg, "connect", refused)
        with pytest.raises(DatabaseError, match="does not listen"):
            generation.generation()

    assert generation.generation() == committed


@pytest.mark.postgresql
def test_it_is_committed_before_it_is_told(committed):
    """The own connection sees a change only with all of it: never the end of a ledger whose step may be undone."""
    generation.generation()
    connection.set_autocommit(False)
    try:
        factories.person("later", groups=["author"])
        assert LedgerHead.objects.get().hash != committed == generation.generation()
    finally:
        connection.rollback()
        connection.set_autocommit(True)
