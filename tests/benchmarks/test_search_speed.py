"""
How fast search is at 100,000 passages, beside SQLite's own full-text index over the same passages.

Run with: LIBRARY=FOLDER DEBUG=0 .venv/bin/python -m pytest -s -m benchmark tests/benchmarks/test_search_speed.py; on
PostgreSQL with TEST_DATABASE_URL. Without a library there is nothing to measure. BENCHMARK_PASSAGES is their number.
"""

import os
import resource
import sqlite3
import statistics
import time
from functools import cache

import pytest
from django.db import connection

from articles.models import Article, Passage, Postings, Term
from articles.search.index import checking, rebuilding
from articles.search.index.reading import look_up
from articles.search.index.texts import TEXT
from articles.search.ranking import impacts
from articles.search.ranking.stored import found
from articles.search.results import search
from articles.search.results.suggestions import suggestions
from articles.search.words import fold
from tests import factories
from tests.benchmarks import library

PASSAGES = int(os.environ.get("BENCHMARK_PASSAGES", 100_000))
ROUNDS = 5
RARE, LONG, COMMON = 0.005, 0.040, 0.040  # seconds at the 95th percentile

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not library.LIBRARY.exists(), reason="needs a library: set LIBRARY to its folder"),
]


@pytest.fixture
def filled(author, editor, clinical, specialist, monkeypatch):
    """A site with so many passages: the library, and copies of it under other addresses."""
    monkeypatch.setattr(impacts, "index_terms", cache(impacts.index_terms))  # of copies, once
    monkeypatch.setattr(rebuilding, "TOGETHER", 200)
    published = factories.published(factories.submitted(author), editor, clinical, specialist)
    texts = [*library.articles()]
    copies = -(-PASSAGES // sum(len(text["sections"]) for text in texts))
    every = [{**text, "id": f"{text['id']}-{copy}"} for copy in range(copies) for text in texts]
    start = time.perf_counter()
    library.fill(published, every)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"\n{connection.vendor}: {len(every):,} articles indexed in {time.perf_counter() - start:.0f} s")
    return texts


def queries(texts) -> dict[str, list[str]]:
    """Return rare words, very common ones, and questions of ten words."""
    words = [word for text in texts[::40] for word in fold(text["title"]).split() if len(word) > 5]
    known = look_up(words)
    rare = [word for word in dict.fromkeys(words) if word in known and known[word].passages < 150]
    return {
        "rare": rare[:60],
        "common": ["disease", "treatment", "symptoms", "cancer", "syndrome", "children", "diagnosis", "blood", "heart"],
        "ten words": [
            f"what is the best treatment of {text['title'].lower()} in children with disease" for text in texts[::400]
        ],
    }


def seconds(function, asked: list[str]) -> list[float]:
    """Return the time of each query, the fastest of some rounds: other work on the machine is not what is measured."""
    return sorted(min(took(function, query) for _ in range(ROUNDS)) for query in asked)


def took(function, query: str) -> float:
    start = time.perf_counter()
    function(query)
    return time.perf_counter() - start


def at_95(taken: list[float]) -> float:
    return taken[int(len(taken) * 0.95)]


def beside(texts) -> sqlite3.Connection:
    """Return SQLite's full-text index of the same passages, in memory."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE passages USING fts5(title, heading, body, tokenize='porter unicode61')")
    rows = [(text["title"], section["question"], section["answer"]) for text in texts for section in text["sections"]]
    copies = -(-PASSAGES // len(rows))
    for _ in range(copies):
        database.executemany("INSERT INTO passages VALUES (?, ?, ?)", rows)
    return database


def asked_of(database: sqlite3.Connection):
    def ask(query: str):
        words = " OR ".join(f'"{word}"' for word in query.split())
        return database.execute(
            "SELECT rowid, snippet(passages, 2, '', '', '', 30) FROM passages WHERE passages MATCH ? "
            "ORDER BY bm25(passages, 3, 2, 1) LIMIT 20",
            [words],
        ).fetchall()

    return ask


def bytes_of_the_index() -> int:
    tables = [model._meta.db_table for model in (Passage, Term, Postings)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT {' + '.join(f'pg_total_relation_size({t!r})' for t in tables)}")
            return cursor.fetchone()[0]
        names = [name for table in tables for name in (table, *indexes_of(cursor, table))]
        cursor.execute(f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({', '.join(map(repr, names))})")
        return cursor.fetchone()[0]


def indexes_of(cursor, table: str) -> list[str]:
    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = %s", [table])
    return [name for (name,) in cursor.fetchall()]


def test_search_at_a_hundred_thousand_passages(filled, client):
    number = Passage.objects.filter(part=TEXT).count()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fts5 = asked_of(beside(filled))
    figures = {}
    for name, asked in queries(filled).items():
        ours, whole = seconds(found, asked), seconds(search, asked)
        page = seconds(lambda query: client.get("/search/", {"q": query}), asked)
        theirs = seconds(fts5, asked)
        figures[name] = at_95(ours)
        print(
            f"{name:10} ranked {1000 * statistics.median(ours):6.1f} ms, 95 % {1000 * at_95(ours):6.1f}; with excerpts "
            f"{1000 * statistics.median(whole):6.1f}, {1000 * at_95(whole):6.1f}; page "
            f"{1000 * statistics.median(page):6.1f}, {1000 * at_95(page):6.1f}; FTS5 alone "
            f"{1000 * statistics.median(theirs):6.1f}, {1000 * at_95(theirs):6.1f} "
            f"({statistics.median(theirs) / statistics.median(ours):.2f} × ours)"
        )
    typed = seconds(suggestions, ["di", "hear", "lymp", "breast can", "type 2 d"])
    size = bytes_of_the_index()
    print(f"suggestions 95 % {1000 * at_95(typed):.1f} ms")
    print(f"{number:,} passages: {size / 1e6:.0f} MB, {size / Article.objects.count():.0f} bytes for each article")
    print(f"memory before the searches {memory / 1024:.0f} MB, {checking.behind() or 'index complete'}")
    assert figures["rare"] < RARE
    assert figures["common"] < COMMON
    assert figures["ten words"] < LONG
