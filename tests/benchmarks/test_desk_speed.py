"""
What the pages of those who review and edit take, on a large site. Run with: make benchmark (BENCHMARK_ARTICLES=10000)

Each article of that site has a public version and a newer one that two reviewers are asked for. CPU is that of this
process: on PostgreSQL the server's own comes on top.
"""

import copy
import os
import random
import re
import statistics
import time
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import connection
from django.template.base import Template
from django.test.utils import CaptureQueriesContext, _TestState

from articles.models import Article
from reviews.desk.review.changed.changes import compared
from reviews.models import Review
from tests.benchmarks import clones
from tests.benchmarks.page import WORDS
from tests.desk.pages import url
from tests.desk.test_every_change import draw
from tests.factories import accepted, article, asked, edit, published, submitted

ARTICLES = int(os.environ.get("BENCHMARK_ARTICLES", "10000"))
WORDS_COMPARED = 5_000
COMPARISON = 0.150  # seconds
QUEUE = 6, 0.020  # statements, and seconds of CPU
REVIEW = 12, 0.030
TIMES = 15

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]


@dataclass
class Cost:
    """What one request takes when it has been made before: statements, and the median CPU in seconds."""

    statements: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.statements} statements, {self.seconds * 1000:.1f} ms"

    def within(self, limit: tuple[int, float]) -> bool:
        return self.statements <= limit[0] and self.seconds <= limit[1]


def cost(client, path, forget=False, **asked) -> Cost:
    taken = []
    for _ in range(TIMES):
        if forget:
            cache.clear()
        start = time.process_time()
        assert client.get(path, asked).status_code == 200
        taken.append(time.process_time() - start)
    with CaptureQueriesContext(connection) as captured:
        client.get(path, asked)
    return Cost(len(captured), statistics.median(taken))


@pytest.fixture
def waiting(author, editor, clinical, specialist):
    """Return a review under way: of a second version, accepted by one of two reviewers."""
    draft = article(author, title="Nodes")
    published(submitted(author, draft), editor, clinical, specialist)
    edit(Article.objects.get(pk=draft.pk), "<p>Lymph nodes filter lymph, and more.</p>", by=author)
    version = submitted(author, Article.objects.get(pk=draft.pk), change="minor")
    first, _ = asked(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    accepted(first)
    clones.copy(Article.objects.get(pk=draft.pk), ARTICLES - 1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Review.objects.get(version=version)


@pytest.fixture
def as_served(monkeypatch):
    """Render templates as a server does: tests copy the context of each."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)


def test_pages_of_the_desk_on_a_large_site(waiting, as_served, client, editor, clinical):
    client.force_login(editor)
    queue = cost(client, url("queue"))
    overdue = cost(client, url("queue"), only="overdue")
    last = cost(client, url("queue"), page=str(ARTICLES // 50))
    client.force_login(clinical)
    reviewing = cost(client, url("desk_review", waiting.pk))
    anew = cost(client, url("desk_review", waiting.pk), forget=True)

    print(
        f"\n{connection.vendor}, {Article.objects.count():,} articles, {Review.objects.count():,} reviews, "
        f"{Review.objects.filter(approved_at=None).count():,} of them waiting: queue {queue}; "
        f"of what is overdue {overdue}; its last page {last}; a reviewer's page {reviewing}, with nothing cached {anew}"
    )
    assert queue.within(QUEUE)
    assert overdue.within(QUEUE)
    assert last.within(QUEUE)
    assert reviewing.within(REVIEW)


def test_two_versions_of_five_thousand_words_are_compared():
    earlier = long_version(random.Random(5))
    later = copy.deepcopy(earlier)
    sections = later["sections"]
    sections[1]["body"] = sections[1]["body"].replace(" mg", " g", 1)
    sections[2], sections[6] = sections[6], sections[2]
    sections[4]["body"] = sections[4]["body"].replace("</p>", " One sentence more.</p>", 1)
    sections[5]["heading"] = "Another heading"
    sections[7]["body"] = sections[8]["body"]
    words = sum(len(re.sub(r"<[^>]+>", " ", section["body"]).split()) for section in earlier["sections"])
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        found = compared(earlier, later, earlier["written_for"])
        taken.append(time.process_time() - start)

    seconds = statistics.median(taken)
    print(f"\n{words:,} words, {len(found.rows)} places with changes: {seconds * 1000:.0f} ms")
    assert words > WORDS_COMPARED
    assert len(found.rows) >= 5
    assert seconds <= COMPARISON


def long_version(chance: random.Random) -> dict:
    """Return a version of so many words: paragraphs, lists and tables in 24 sections."""

    def words(number: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(number)).capitalize()

    def body() -> str:
        rows = "".join(
            f'<tr><th scope="row">Group {row}</th><td>{chance.randint(1, 99)} mg</td><td>{words(8)}</td></tr>'
            for row in range(4)
        )
        head = "<tr><th>Who</th><th>Dose</th><th>Note</th></tr>"
        text = "".join(f"<p>{words(12)}. {words(20)}. {words(15)}. {words(18)}.</p>" for _ in range(2))
        items = "".join(f"<li>{words(14)}.</li>" for _ in range(3))
        return f"{text}<ul>{items}</ul><table><thead>{head}</thead><tbody>{rows}</tbody></table>"

    version = draw(chance)
    model = {**version["sections"][0], "wordings": {}}
    version["sections"] = [
        {**model, "key": f"s{number}", "heading": f"Part {number}", "body": body()} for number in range(24)
    ]
    return version
