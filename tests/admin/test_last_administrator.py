"""Two administrators who take the role from each other at the same moment: one of them keeps it."""

import contextlib
import threading

import pytest
from django.db import connection, connections
from django.test import Client

from articles.models.people import Role, active
from reviews.admin import people
from tests import factories
from tests.admin.accounts import change

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


class Slowly:
    """The administrators, who are asked about by two at once unless a lock keeps one of them waiting."""

    def __init__(self, barrier):
        self.barrier, self.rows = barrier, active(Role.ADMIN)

    def exclude(self, **names):
        self.rows = self.rows.exclude(**names)
        return self

    def exists(self) -> bool:
        found = self.rows.exists()
        with contextlib.suppress(threading.BrokenBarrierError):
            self.barrier.wait(timeout=3)
        return found


def both_take_the_role_away(monkeypatch) -> int:
    """Return how many administrators are left."""
    pair = [factories.person(name, groups=["admin"]) for name in ("ann", "ben")]
    barrier = threading.Barrier(2)
    monkeypatch.setattr(people, "active", lambda role: Slowly(barrier))
    at = [Client(), Client()]
    for client, person in zip(at, pair, strict=True):
        client.force_login(person)

    def take(client, other):
        change(client, other, groups=[])
        connections.close_all()

    threads = [
        threading.Thread(target=take, args=(client, other)) for client, other in zip(at, pair[::-1], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return active(Role.ADMIN).count()


def test_one_administrator_is_left(monkeypatch):
    assert connection.vendor == "postgresql"
    assert both_take_the_role_away(monkeypatch) == 1


def test_without_the_lock_there_would_be_none(monkeypatch):
    monkeypatch.setattr(people, "lock_role", lambda role: None)

    assert both_take_the_role_away(monkeypatch) == 0
