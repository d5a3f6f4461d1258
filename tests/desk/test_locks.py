"""Whoever changes a draft locks its article first: what a page has looked at stays so until it is saved."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Audience, Authorship, Section, Wording
from tests.desk.pages import url
from tests.desk.test_drafts import SAMPLE, fields
from tests.factories import article, cite, person, save

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "articles_')


def first_lock_and_write(client, page, sent) -> tuple[int, int]:
    """Return which query of the request locks an article, and which is the first to write into a table of drafts."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(page, sent)
    assert answer.status_code == 302, "the page was to be saved"
    queries = [query["sql"] for query in asked.captured_queries]
    locks = [n for n, sql in enumerate(queries) if 'FROM "articles_article"' in sql and "FOR NO KEY UPDATE" in sql]
    return min(locks, default=len(queries)), next(n for n, sql in enumerate(queries) if WRITES.match(sql))


@pytest.mark.parametrize(
    "name",
    ["draft", "section_create", "section", "section_remove", "section_move", "wording", "wording that goes",
     "person_remove", "reference", "reference_remove", "draft_import"],
)  # fmt: skip
def test_each_change_of_a_draft_locks_its_article_before_it_writes(at, author, name):
    draft = article(author, slug="swollen-nodes", title="Swollen nodes")
    second = save(Authorship(article=draft, contributor=person("second").contributor, position=1), author)
    section, cited = draft.sections.get(), cite(draft, by=author)
    save(Section(article=draft, role="body", heading="Second", body="<p>More.</p>", position=2), author)
    carer = Audience.objects.get(key="carer")
    save(Wording(section=section, audience=carer, body="<p>They filter.</p>"), author)
    words = {"role": "body", "heading": "Why", "body": "Nodes filter lymph.", "position": 1}
    page, sent = {
        "draft": (url("draft", draft.pk), fields(draft, title="Swollen lymph nodes")),
        "section_create": (url("section_create", draft.pk), words),
        "section": (url("section", draft.pk, section.pk), {**words, "seen": section.history.first().pk}),
        "section_remove": (url("section_remove", draft.pk, section.pk), {}),
        "section_move": (url("section_move", draft.pk, section.pk), {"from": "1", "to": "down"}),
        "wording": (url("wording", draft.pk, section.pk, "professional"), {"body": "Adenopathy."}),
        "wording that goes": (url("wording", draft.pk, section.pk, "carer"), {"body": ""}),
        "person_remove": (url("person_remove", draft.pk, second.pk), {}),
        "reference": (url("reference", draft.pk, cited.pk), {"key": "smith2020", "type": "book", "title": "Nodes"}),
        "reference_remove": (url("reference_remove", draft.pk, cited.pk), {}),
        "draft_import": (url("draft_import"), {"file": SimpleUploadedFile("a.md", SAMPLE.encode()), "update": "on"}),
    }[name]

    lock, write = first_lock_and_write(at(author), page, sent)

    assert lock < write
