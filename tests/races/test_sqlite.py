"""
The race on SQLite, in a file database of its own, whatever database the suite runs on.

SQLite has no row locks: BEGIN IMMEDIATE lets one writer in at a time, and nobody may hear "database is locked".
"""

import sqlite3

import pytest

from tests.races.pairs import PAIRS
from tests.races.racing import race
from tests.races.runner import run

ROUNDS = 50
pytestmark = pytest.mark.once


@pytest.fixture
def environment(on_sqlite):
    return on_sqlite


def test_on_sqlite_two_steps_at_once_have_one_winner(environment, tmp_path):
    result = race("approve/recall", range(ROUNDS), environment)

    print(f"\napprove/recall on SQLite: {result.counts()}")
    assert result.illegal() == []
    assert result.ledger == []
    assert len(result.outcomes) == ROUNDS
    assert set(result.outcomes) <= set(PAIRS["approve/recall"].legal)
    with sqlite3.connect(tmp_path / "race.sqlite3") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert database.execute("SELECT COUNT(*) FROM reviews_review").fetchone() == (ROUNDS,)


@pytest.mark.parametrize("door", ["signing", "sign_in"])
def test_on_sqlite_many_guesses_at_once_are_hashed_five_times_at_most(door, environment):
    processes = run([("tests.races.rounds:guess", (side, door, 5, 3)) for side in range(3)], environment)

    hashed = [sum(process[person][0] for process in processes) for person in range(3)]
    refused = [code for process in processes for _, answers in process for code in answers]
    assert set(hashed) == {5}
    assert refused.count("throttled") == 3 * (15 - 5)
