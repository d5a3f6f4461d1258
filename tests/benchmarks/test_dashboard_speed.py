"""
What the dashboard takes on a site of ten thousand articles and more reviews.

Run with: make benchmark; on PostgreSQL with TEST_DATABASE_URL.
"""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from reviews.desk.queues.dashboard.parts import WEEKS
from reviews.models import Assignment, Review
from tests.desk import aged_site
from tests.factories import board_member, published, submitted

ARTICLES = 10_000
ROUNDS = (1,) * 9 + (2,)
MOST_STATEMENTS = 12
LONGEST = 0.100  # seconds

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]


def test_the_dashboard_of_a_large_site(author, editor, clinical, specialist):
    version = published(submitted(author), editor, clinical, specialist)
    board = [clinical, specialist, *(board_member(f"member{number}") for number in range(48))]
    aged_site.fill(version, board, ARTICLES, timezone.now(), rounds=ROUNDS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(editor)

    taken = {weeks: min(_seconds(client, weeks) for _ in range(7)) for weeks in WEEKS}
    with CaptureQueriesContext(connection) as asked:
        client.get("/desk/dashboard/")

    print(
        f"\n{connection.vendor}: {Article.objects.count():,} articles, {Review.objects.count():,} reviews, "
        f"{Assignment.objects.count():,} requests: {len(asked)} statements, "
        + ", ".join(f"{weeks} weeks in {1000 * seconds:.0f} ms" for weeks, seconds in taken.items())
    )
    assert len(asked) <= MOST_STATEMENTS
    assert taken[26] < LONGEST


def _seconds(client, weeks):
    """Return how long the page takes; on SQLite, where all is done in this process, without what others take of it."""
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    start = clock()
    assert client.get("/desk/dashboard/", {"weeks": weeks}).status_code == 200
    return clock() - start
