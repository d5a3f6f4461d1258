"""The chain of events: events, their private parts and the head row changed, taken out, or cut off at the end."""

import json
import shutil
from collections import Counter

import pytest
from django.conf import settings

from reviews.evidence.ledger import merkle
from reviews.models import LedgerEvent, LedgerHead, LedgerPrivate
from tests.factories import person
from tests.ledger import attacks
from tests.ledger.attacks import execute, look, undone
from tests.ledger.tampering.cells import cells, is_named, sample, tried


class TestChain:
    def test_every_column_of_the_first_a_middle_and_the_last_event(self, defenceless):
        found = Counter()

        for key in sample(LedgerEvent):
            for cell in tried(cells(LedgerEvent, key)):
                problems = look()
                kinds = {problem.kind for problem in problems if problem.position == key}
                assert problems[0].position == key, (cell, problems)
                assert kinds & {"event", "gap", "link", "signature", "head"}, (cell, problems)
                found[cell.how] += 1

        print(f"\ncells of events changed and found: {sum(found.values())} {dict(found)}")
        assert sum(found.values()) >= 80

    def test_an_event_deleted(self, defenceless):
        first, middle, last = sample(LedgerEvent)

        for key in (first, middle, last):
            with undone():
                attacks.delete(LedgerPrivate, key)
                assert attacks.delete(LedgerEvent, key)
                problems = look()
                assert problems[0].position == key
                assert is_named(problems, "head" if key == last else "gap", key)

    def test_an_event_added(self, defenceless):
        first, middle, last = sample(LedgerEvent)

        for key in (first, middle, last):
            with undone():
                values = {**attacks.raw(LedgerEvent, key), "position": last + 1, "hash": "0" * 64}
                assert attacks.insert(LedgerEvent, values)
                assert is_named(look(), "event", last + 1)

    def test_two_events_swapped(self, defenceless):
        for key in sample(LedgerEvent)[:2]:
            with undone():
                assert attacks.swap(LedgerEvent, key, key + 1)
                assert look()[0].position == key

    def test_every_private_part(self, defenceless):
        found = 0
        some = sample(LedgerPrivate)

        for key in some:
            for cell in tried(cells(LedgerPrivate, key)):
                assert is_named(look(), "private", key), cell
                found += 1
            with undone():
                attacks.delete(LedgerPrivate, key)
                assert is_named(look(), "private", key)
        with undone():
            attacks.delete(LedgerPrivate, 1)
            attacks.insert(LedgerPrivate, {**attacks.raw(LedgerPrivate, some[1]), "event_id": 1})
            assert is_named(look(), "private", 1)
        with undone():
            attacks.insert(LedgerPrivate, {**attacks.raw(LedgerPrivate, some[0]), "event_id": 9_999})
            assert is_named(look(), "private", 9_999)

        print(f"\ncells of private parts changed and found: {found}")
        assert found > 12

    def test_the_head_row(self, defenceless):
        found, end = 0, LedgerEvent.objects.count()

        for cell in tried(cells(LedgerHead, 1)):
            problems = look()
            assert {problem.kind for problem in problems} == {"head"}, (cell, problems)
            assert problems[0].position in (1, 2, end, end + 1)
            found += 1
        with undone():
            attacks.delete(LedgerHead, 1)
            assert is_named(look(), "head", end)
        with undone():
            attacks.insert(LedgerHead, {**attacks.raw(LedgerHead, 1), "id": 2})
            assert is_named(look(), "head", end)

        assert found >= 10

    def test_the_end_cut_off_and_the_head_fixed(self, defenceless):
        size = LedgerEvent.objects.count()

        for left in (size - 1, size - 2, size - 3, size // 2, 1):
            with undone():
                cut(left)
                problems = look()
                assert problems[0].position <= left + 1, problems
                assert {"row", "setting"} & {problem.kind for problem in problems}

    def test_all_events_deleted(self, defenceless):
        cut(0)
        execute("UPDATE reviews_ledgerhead SET ledger_id = '', key_id = '', hash = %s", ["0" * 64])
        execute("DELETE FROM reviews_checkpoint")

        assert is_named(look(), "rollback", 1, "the database does not hold that ledger")

    @pytest.mark.parametrize("events", [1, 3])
    def test_a_ledger_begun_anew_beside_the_checkpoints_of_the_one_that_is_gone(self, defenceless, events):
        number = LedgerHead.objects.get().ledger_id
        size = LedgerEvent.objects.count()
        newest = max(int(path.stem) for path in (settings.CHECKPOINT_DIR / number).glob("*.txt"))
        cut(0)
        execute("UPDATE reviews_ledgerhead SET ledger_id = '', key_id = '', hash = %s", ["0" * 64])
        execute("DELETE FROM reviews_checkpoint")
        for place in range(events):
            person(f"new{place}")

        assert LedgerHead.objects.get().ledger_id != number
        assert is_named(look(), "rollback", 1, f"{number} holds checkpoints of a ledger of {newest} events")
        assert newest <= size
        shutil.move(settings.CHECKPOINT_DIR / number, settings.CHECKPOINT_DIR.parent / "given-up")
        assert not [problem for problem in look() if problem.kind == "rollback"]


def cut(size: int):
    """Delete the events after `size`, and make the head fit."""
    execute("DELETE FROM reviews_ledgerprivate WHERE event_id > %s", [size])
    execute("DELETE FROM reviews_ledgerevent WHERE position > %s", [size])
    set_head()


def set_head():
    """Write the head row anew from the events that are there."""
    hashes = list(LedgerEvent.objects.order_by("position").values_list("hash", flat=True))
    frontier: list[str] = []
    for at, each in enumerate(hashes):
        frontier = merkle.grow(frontier, at, each)
    execute(
        "UPDATE reviews_ledgerhead SET position = %s, hash = %s, frontier = %s",
        [len(hashes), hashes[-1] if hashes else "0" * 64, json.dumps(frontier, separators=(",", ":"))],
    )
