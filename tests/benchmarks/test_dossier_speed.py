"""How long a dossier of 20 versions takes. Run with: make benchmark (BENCHMARK_EVENTS=100000)."""

import random
import time
from pathlib import Path

import pytest
from django.db import connection

from articles.checks import vocabulary
from articles.models import Article, Section
from reviews import workflow
from reviews.desk.article.dossier import making
from reviews.evidence.ledger import verify_export
from reviews.models import LedgerEvent
from tests.benchmarks.clones import fill
from tests.benchmarks.test_verification_speed import EVENTS
from tests.factories import article, published, save, submitted, under_review

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

VERSIONS = 20
SECTIONS, PARAGRAPHS, LENGTH = 9, 7, 80  # 5,000 words
WORDS = Path(vocabulary.__file__).with_name("SCOWL.txt").read_text().split()


def body_of(number: int, turn: int) -> str:
    """Return the body of a section: at each turn one paragraph in it has another dose, and one other words."""
    made = []
    for paragraph in range(PARAGRAPHS):
        is_new = paragraph == turn % PARAGRAPHS
        words = random.Random(f"{number} {paragraph} {turn if is_new else 0}").choices(WORDS, k=LENGTH)
        made.append(f"<p>{' '.join(words)}, {turn if paragraph == 1 else 5} mg a day.</p>")
    return "".join(made)


def change(draft, turn: int, by):
    for number, section in enumerate(draft.sections.all()):
        section.body = body_of(number, turn)
        save(section, by)


def test_a_dossier_of_twenty_versions(author, editor, clinical, specialist):
    """The ledger is as long as that of a large site: all of it is packed with the dossier."""
    other = article(author, slug="other")
    published(submitted(author, other), editor, clinical, specialist)
    fill(Article.objects.get(pk=other.pk), EVENTS)
    draft = article(author, slug="long", body=body_of(0, 0))
    for number in range(1, SECTIONS):
        save(Section(article=draft, heading=f"Section {number}", body=body_of(number, 0), position=number), author)
    for turn in range(1, VERSIONS + 1):
        change(draft, turn, author)
        version = submitted(author, draft, note=f"Turn {turn}")
        under_review(version, editor, (clinical, "clinical"))
        for number in range(10):
            workflow.comment(version, actor=clinical, text=f"Look at this, number {number}.")
        if turn < VERSIONS:
            workflow.decline(version.review, actor=editor, reason="Not yet.")

    began, busy = time.perf_counter(), time.process_time()
    archive = making.archive_of(draft)
    made, busy = time.perf_counter() - began, time.process_time() - busy
    began = time.perf_counter()
    said = verify_export.verify_dossier(archive)
    verified = time.perf_counter() - began

    events = LedgerEvent.objects.count()
    print(
        f"\n{connection.vendor}: {VERSIONS} versions, {events:,} events: made in {made:.2f} s ({busy:.2f} s CPU), "
        f"{len(archive):,} bytes; "
        f"verified in {verified:.1f} s"
    )
    assert f"the texts of {VERSIONS} versions are those" in said
    assert made < 5
