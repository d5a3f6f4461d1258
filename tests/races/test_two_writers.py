"""Two people save the same section at the same moment: one is asked to choose, and nobody's words are overwritten."""

import pytest

from tests.races.runner import run

ROUNDS = 12
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def both(environment, *, guarded: bool) -> list[list[int]]:
    sides = [("tests.races.two_writers:save_at_once", (side, ROUNDS, guarded)) for side in (0, 1)]
    return [sorted(each) for each in zip(*run(sides, environment), strict=True)]


def test_one_of_two_who_save_at_once_is_asked(on_postgresql):
    assert both(on_postgresql, guarded=True) == [[302, 409]] * ROUNDS


def test_without_the_lock_one_overwrites_the_other(on_postgresql):
    """The control: were this to pass without the lock too, the race above would show nothing."""
    assert [302, 302] in both(on_postgresql, guarded=False)
