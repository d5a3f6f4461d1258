"""Two lists of retractions are loaded at once, in threads, on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from articles.models import Retraction
from reviews.verifying import verify
from reviews.workflow.steps.beside import retractions as loading
from tests import retractions

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
FIRST, SECOND = ([retractions.row(n, doi=f"10.5555/{n}") for n in numbers] for numbers in (range(1, 21), range(21, 41)))


def loaded_at_once(monkeypatch) -> set[int]:
    """Load both lists, each as far as it can before the other writes; return the records that are in force then."""
    both = Barrier(2)
    require = loading._require_newer

    def together(*arguments, **options):
        require(*arguments, **options)
        with suppress(BrokenBarrierError):
            both.wait(timeout=2)

    monkeypatch.setattr(loading, "_require_newer", together)

    def load(rows):
        try:
            retractions.load(*rows)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(load, (FIRST, SECOND)))
    return set(Retraction.objects.values_list("record", flat=True))


def test_the_list_that_is_loaded_last_is_the_one_in_force(monkeypatch):
    found = loaded_at_once(monkeypatch)

    assert found in ({*range(1, 21)}, {*range(21, 41)})
    assert [problem for problem in verify().problems if problem.kind == "retractions"] == []


def test_without_the_lock_both_would_be_in_force_in_part(monkeypatch):
    """The test above can fail."""
    monkeypatch.setattr(loading, "_wait_for_others", lambda: None)

    assert loaded_at_once(monkeypatch) == {*range(1, 41)}
