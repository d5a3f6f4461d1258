"""
From submit to public: how many articles a second, with how many queries.

Run with: make benchmark. Two assignments and two signed decisions for each article, a named fast password hasher, a
sample-sized text with tables and references, SQLite in a file with the settings of production.
"""

import time

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import ArticleReference, Reference
from reviews.verifying import verify
from tests.factories import article, published, save, submitted

ARTICLES = 40

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
    drafts = [draft(author, number) for number in range(ARTICLES + 1)]
    with CaptureQueriesContext(connection) as queries:
        published(submitted(author, drafts.pop()), editor, clinical, specialist)

    start = time.perf_counter()
    for each in drafts:
        published(submitted(author, each), editor, clinical, specialist)
    seconds = time.perf_counter() - start

    rate = ARTICLES / seconds
    print(
        f"\n{connection.vendor}, {settings.PASSWORD_HASHERS[0].rpartition('.')[2]}: {rate:.1f} articles a second, "
        f"{1000 * seconds / ARTICLES:.0f} ms and {len(queries)} queries each, from submit to public"
    )
    assert verify().problems == []
    assert rate >= 10
