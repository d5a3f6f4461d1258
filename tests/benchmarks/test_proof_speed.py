"""How long the proof of a text takes in a long ledger. Run with: make benchmark (BENCHMARK_EVENTS=100000)."""

import time

import pytest
from django.db import connection

from articles.models import Article, Version
from reviews.evidence.ledger import proofs
from reviews.models import Checkpoint, LedgerEvent
from tests.benchmarks.clones import fill
from tests.benchmarks.test_verification_speed import EVENTS
from tests.factories import article, published, submitted

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]


def test_a_proof_in_a_long_ledger(author, editor, clinical, specialist):
    """The first proof of a process reads every hash once; the others read those of a few tiles."""
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    fill(Article.objects.get(pk=draft.pk), EVENTS)
    texts = Version.objects.published().select_related("article").order_by("pk")
    some, point = [texts.first(), texts[len(texts) // 2], texts.last()], Checkpoint.objects.latest("size")
    proofs._tiles.clear()

    first, *others = [_seconds(text, point) for text in (some[0], *some)]

    events = LedgerEvent.objects.count()
    print(f"\n{connection.vendor}: {events:,} events: first {first:.2f} s, others at most {max(others) * 1000:.0f} ms")
    assert first < 3 * EVENTS / 100_000
    assert max(others) < 0.2


def _seconds(text: Version, point: Checkpoint) -> float:
    began = time.perf_counter()
    proofs.proof_of(text, point)
    return time.perf_counter() - began
