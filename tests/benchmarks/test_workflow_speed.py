"""
From submit to public: CPU and statements for an article, while the site grows.

Run with: make benchmark. Two assignments and two signed decisions for each article, a named fast password hasher, a
sample-sized text with tables and references. `ARTICLES=300` makes the site grow further; the time for 10,000 articles
is the time of these, with the writing of their drafts.
"""

import os
import statistics
import time

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import ArticleReference, Reference
from reviews.verifying import verify
from tests.factories import article, published, save, submitted

ARTICLES = int(os.environ.get("ARTICLES", "40"))

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

TABLE = (
    "<table><thead><tr><th>Test</th><th>What it shows</th></tr></thead><tbody>"
    + "".join(f"<tr><td>Test {row}</td><td>It shows finding {row} of the nodes.</td></tr>" for row in range(5))
    + "</tbody></table>"
)
BODY = "".join(f"<p>Lymph nodes filter lymph; this is sentence {number} of the text.</p>" for number in range(20))


def draft(author, number):
    body = f"{BODY}<p>Seen before.<cite data-ref='w0'>[w0]</cite></p>"
    made = article(author, title=f"Benchmark {number}", body=body)
    for position in range(2, 9):
        made.sections.create(role="body", heading=f"Part {position}", body=f"<p>Words.</p>{TABLE}", position=position)
    for key in range(5):
        work = Reference.objects.create(csl={"type": "article-journal", "title": f"Work {number}-{key}"})
        save(ArticleReference(article=made, key=f"w{key}", reference=work), author)
    return made


def test_from_submit_to_public(author, editor, clinical, specialist):
    published(submitted(author, draft(author, 0)), editor, clinical, specialist)
    drafted, cpu = [], []
    for number in range(1, ARTICLES + 1):
        start = time.process_time()
        made = draft(author, number)
        between = time.process_time()
        published(submitted(author, made), editor, clinical, specialist)
        drafted.append(between - start)
        cpu.append(time.process_time() - between)
    last = draft(author, ARTICLES + 1)
    with CaptureQueriesContext(connection) as queries:
        published(submitted(author, last), editor, clinical, specialist)

    third = ARTICLES // 3
    each, first, end = (1000 * statistics.median(some) for some in (cpu, cpu[:third], cpu[-third:]))
    whole = 10_000 * (sum(cpu) + sum(drafted)) / ARTICLES
    print(
        f"\n{connection.vendor}, {settings.PASSWORD_HASHERS[0].rpartition('.')[2]}: {each:.0f} ms of CPU and "
        f"{len(queries)} statements for an article from submit to public; {first:.0f} ms for the first third of "
        f"{ARTICLES}, {end:.0f} ms for the last; with the drafts 10,000 would take {whole:.0f} s of CPU"
    )
    assert verify().problems == []
    assert len(queries) <= 124
    assert end <= 1.5 * first
