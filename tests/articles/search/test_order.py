"""
Five hundred queries over some thousands of passages, on each database, against a search in plain Python.

Both databases answer as the reference does, and so they answer alike: the same passages in the same order.
"""

import random

import pytest
from django.db import transaction
from django.test import override_settings

from articles.models import SearchIndex, Version
from articles.search.index import reading
from articles.search.index.entries import Entry
from articles.search.index.reading import candidates
from articles.search.index.texts import PassageText
from articles.search.index.writing import Change
from tests import factories
from tests.articles.search import reference

PASSAGES, QUERIES, MOST = 4500, 500, 40  # more than a block


@pytest.fixture(scope="module")
def filled_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """An index of passages with common and rare terms, and the same as a dictionary."""
    filling = transaction.atomic()
    filling._from_testcase = True  # as of Django's own TestCase: a durable transaction may begin inside
    with django_db_blocker.unblock(), override_settings(CHECKPOINT_DIR=tmp_path_factory.mktemp("checkpoints")), filling:
        yield fill(factories.submitted(factories.author()))
        transaction.set_rollback(True)


@pytest.fixture
def filled(filled_once, db):
    return filled_once


def fill(version: Version) -> dict[int, dict[str, int]]:
    """Index passages whose terms are as unevenly spread as those of a language, in three changes."""
    drawn = random.Random(7)
    first = SearchIndex.objects.get().next_passage
    passages = {number: terms(drawn) for number in range(first, first + PASSAGES)}
    for start in range(first, first + PASSAGES, PASSAGES // 3):
        numbers = range(start, start + PASSAGES // 3)
        texts = {number: PassageText("text", "", "en", "topic", (), (), position=number) for number in numbers}
        Change(coming={version.pk: [Entry(texts[number], passages[number]) for number in numbers]}).apply()
    return passages


def terms(drawn: random.Random) -> dict[str, int]:
    found = {f"w{int(drawn.paretovariate(0.45)) % 5000}": drawn.randrange(16) for _ in range(30)}
    found |= {f"common{n}": drawn.choice([3, 3, 3, 4]) for n in range(6) if drawn.random() < 0.9}
    return {
        **found,
        f"={drawn.choice(['kind:topic', 'kind:topic', 'kind:question'])}": 0,
        f"=for:{drawn.randrange(3)}": 0,
    }


def query(drawn: random.Random):
    """Return one to ten things asked for, some with alternatives, some unknown, and in a third of the cases limits."""
    wanted = []
    for _ in range(drawn.choice([1, 1, 2, 3, 5, 10])):
        words = [f"w{int(drawn.paretovariate(0.45)) % 6000}", f"common{drawn.randrange(7)}"]
        chosen = drawn.choices(words, k=drawn.choice([1, 1, 2])) + ["unknown"] * (drawn.random() < 0.1)
        wanted.append({word: drawn.choice([1.0, 0.8, 0.5]) for word in chosen})
    limits = [["kind:question"], ["for:0", "for:1"], ["kind:nothing"]]
    return wanted, drawn.sample(limits, drawn.choice([0, 0, 0, 0, 1, 2]))


@pytest.mark.parametrize("in_full", [60_000, 3000])
def test_each_database_gives_the_passages_of_the_reference_in_its_order(filled, monkeypatch, in_full):
    monkeypatch.setattr(reading, "READ_IN_FULL", in_full)
    drawn = random.Random(11)
    answered = 0

    for _ in range(QUERIES // 2):
        wanted, within = query(drawn)
        found = candidates(wanted, MOST, within)
        assert found == reference.best(filled, wanted, MOST, within), (wanted, within)
        answered += bool(found)

    assert answered > QUERIES // 4


def test_a_search_costs_two_queries(filled, django_assert_num_queries):
    with django_assert_num_queries(2):
        candidates([{"common1": 1.0}, {"w1": 1.0, "w2": 0.5}], MOST, [["kind:topic"]])
    with django_assert_num_queries(1):
        assert candidates([{"unknown": 1.0}], MOST) == []
    with django_assert_num_queries(0):
        assert candidates([], MOST) == []
