"""How long a library of a thousand references takes to be imported and formatted. Run with: make benchmark."""

import time

import pytest

from articles.text.citations import format_reference
from tests.desk.references.test_importing import file, imported, library_of, preview
from tests.factories import article

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]


def test_a_thousand_references_are_imported_in_under_five_seconds_and_formatted_in_fifty_milliseconds(client, author):
    draft = article(author)
    client.force_login(author)
    begun = time.perf_counter()
    answer = preview(client, draft, chosen=[file(library_of(1_000))])
    imported(client, draft, answer, [str(number) for number in range(1_000)])
    took = time.perf_counter() - begun
    works = [row.reference.csl for row in draft.article_references.select_related("reference")]

    spent = min(_seconds(works) for _ in range(5))

    assert len(works) == 1_000
    print(f"\nimported in {took:.2f} s, formatted in {spent * 1000:.0f} ms")
    assert took < 5
    assert spent < 0.05


def _seconds(works: list[dict]) -> float:
    begun = time.process_time()
    for work in works:
        format_reference(work)
    return time.process_time() - begun
