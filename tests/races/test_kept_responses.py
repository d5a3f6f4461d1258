"""No process ever sends a page that another has made stale: two processes try all that can be done."""

import pytest

from reviews import workflow
from reviews.models.actions import Action
from tests.races.kept_pages import DOINGS, UNSEEN
from tests.races.runner import run

SIDES = [("tests.races.kept_pages:act", ()), ("tests.races.kept_pages:read", ())]
BESIDE = {  # events of the ledger itself and of its first hour; no page shows them that is kept
    Action.SETTINGS_RECORDED,
    Action.KEY_ROTATED,
    Action.KEY_ACCEPTED,
    Action.CHECKPOINT_MADE,
    Action.RESTORE_ACCEPTED,
    Action.DEMO_STARTED,
    Action.DEMO_FINISHED,
    Action.SCHEDULE_REFUSED,  # nothing is published
}


@pytest.mark.once
def test_on_sqlite_nothing_done_in_one_process_leaves_a_stale_page_in_another(on_sqlite):
    judge(*run(SIDES, on_sqlite))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_nothing_done_in_one_process_leaves_a_stale_page_in_another(on_postgresql):
    judge(*run(SIDES, on_postgresql))


def judge(events: list[str], read: dict[str, tuple[list[str], bool]]):
    stale = {name: pages for name, (pages, _) in read.items() if pages}
    unchanged = [name for name, (_, changed) in read.items() if not changed and not DOINGS[name][1]]
    assert stale == {}
    assert unchanged == [], "no page shows these any more: the test would not see a stale one"
    assert {*Action} - {*events} - BESIDE == set(), "an event that this test does not cause"


def test_every_step_is_tried():
    steps = {name for name in workflow.__all__ if name[0].islower()} - {"close_task", "issue_notice"}

    assert steps - {*DOINGS} == set()
    assert {said for _, said in DOINGS.values()} == {"", UNSEEN}
