"""
Steps taken at the same moment, by operating system processes, on PostgreSQL.

Each race has its control: the same rounds without the article's lock have to go wrong, or the race proves nothing.
"""

import datetime
from collections import Counter

import pytest
from django.utils import timezone

from tests.races.pairs import PAIRS, ROUNDS
from tests.races.racing import race
from tests.races.runner import call, run

CONTROL_ROUNDS = 20
CONTROL_ATTEMPTS = 8
CONTROLS = sorted(
    set(PAIRS)
    - {"publish/retraction"}  # there the window is too narrow to be hit in so few rounds
    - {"attest/retraction"}  # either may come first, so the end is the same without the lock
)
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def environment(on_postgresql):
    return on_postgresql


@pytest.mark.parametrize("name", PAIRS)
def test_two_steps_at_once_end_as_if_one_came_after_the_other(name, environment):
    result = race(name, range(ROUNDS), environment)

    print(f"\n{name}: {len(result.outcomes)} rounds, {result.counts()}")
    assert result.illegal() == []
    assert result.ledger == []
    assert len(result.outcomes) == ROUNDS
    assert result.never_seen() == set()


@pytest.mark.parametrize("name", CONTROLS)
def test_without_the_lock_both_win(name, environment):
    """The control: were this to pass without the lock too, the race above would show nothing."""
    for attempt in range(CONTROL_ATTEMPTS):
        first = attempt * CONTROL_ROUNDS
        result = race(name, range(first, first + CONTROL_ROUNDS), environment, guarded=False)
        if result.illegal():
            break

    print(f"\n{name} without the lock: {CONTROL_ROUNDS} rounds, {len(result.illegal())} illegal, {result.counts()}")
    assert result.illegal()


def test_three_processes_publish_each_schedule_once_and_none_early(environment):
    """R20: sixty schedules, ten minutes apart; the clock stops five times, the last time after them all."""
    count, held_back, step = 60, 3, datetime.timedelta(minutes=10)
    start = timezone.now() + datetime.timedelta(hours=1)
    rows = call("tests.races.rounds:schedule_many", count, start, step, held_back, environment=environment)
    clock = [start - step, *(start + number * step for number in (9, 24, 40)), start + count * step]

    processes = run([("tests.races.rounds:publish_when_due", (clock,))] * 3, environment)
    after = call("tests.races.rounds:schedules", environment=environment)

    closed = [[row for process in processes for row in process[stop]] for stop in range(len(clock))]
    print(f"\npublish_due: {[len(each) for each in closed]} closed; by process {[sum(map(len, p)) for p in processes]}")
    for each, until in zip(closed, (0, 10, 25, 41, count), strict=True):
        assert {pk for pk, _ in each} <= set(rows[:until])
    assert sorted(pk for each in closed for pk, _ in each) == sorted(rows)
    assert [len(each) for each in closed] == [0, 10, 15, 16, 19]
    outcomes = Counter(outcome for each in closed for _, outcome in each)
    assert outcomes == {"published": count - held_back, "refused": held_back}
    assert len(after["published"]) == len(set(after["published"])) == count - held_back
    assert (after["open"], after["refused"], after["problems"]) == (0, held_back, [])


def test_four_processes_append_to_the_ledger_without_a_gap(environment):
    changes = run([("tests.races.rounds:change_roles", (side, 50)) for side in range(4)], environment)

    events, problems = call("tests.races.rounds:inspect_ledger", "roles_changed", environment=environment)
    assert problems == []
    assert events == sum(changes) == 200


def test_two_processes_write_the_index_as_if_one_came_after_the_other(environment):
    results = run([("tests.races.rounds:rename", (side, ROUNDS, True)) for side in (0, 1)], environment)

    assert results == [{"broken": [], "differences": []}] * 2


def test_without_its_lock_the_index_goes_wrong(environment):
    """The control: the window is hit within so many rounds, or the race above would show nothing."""
    results = run([("tests.races.rounds:rename", (side, ROUNDS * 2, False)) for side in (0, 1)], environment)

    assert any(result["broken"] or result["differences"] for result in results)


@pytest.mark.parametrize(("door", "wrong"), [("signing", "wrong_password"), ("sign_in", "invalid_login")])
def test_many_guesses_at_once_are_hashed_five_times_at_most(door, wrong, environment):
    """Twenty wrong passwords from four processes, for each of ten people."""
    people = 10
    processes = run([("tests.races.rounds:guess", (side, door, 5, people)) for side in range(4)], environment)

    hashed = [sum(process[person][0] for process in processes) for person in range(people)]
    codes = Counter(code for process in processes for _, answers in process for code in answers)
    print(f"\nhashed guesses for each person: {hashed}; refusals: {dict(codes)}")
    assert max(hashed) <= 5
    assert codes == {wrong: sum(hashed), "throttled": 20 * people - sum(hashed)}
    assert min(hashed) >= 1
