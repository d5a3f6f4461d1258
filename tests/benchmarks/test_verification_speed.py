"""How long `verify_ledger` takes over a long ledger. Run with: make benchmark (BENCHMARK_EVENTS=100000)."""

import os
import resource
import time

import pytest
from django.db import connection

from articles.models import Article
from reviews.ledger.verifying import verify
from tests.benchmarks.clones import fill
from tests.factories import article, published, submitted

EVENTS = int(os.environ.get("BENCHMARK_EVENTS", "100000"))

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]


def test_a_long_ledger(author, editor, clinical, specialist):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    fill(Article.objects.get(pk=draft.pk), EVENTS)

    times = {}
    for signatures in (False, True):
        start = time.perf_counter()
        report = verify(check_signatures=signatures)
        times[signatures] = time.perf_counter() - start
        assert report.problems == []

    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"\n{connection.vendor}: {report.events:,} events, {report.rows:,} rows of evidence, {report.history_rows:,} "
        f"history rows, {report.checkpoints:,} checkpoints: chain and rows {times[False]:.1f} s, "
        f"with all signatures {times[True]:.1f} s, {memory} MB"
    )
    assert report.events >= EVENTS
    assert times[False] < 5 * EVENTS / 100_000
    assert times[True] < 30 * EVENTS / 100_000
