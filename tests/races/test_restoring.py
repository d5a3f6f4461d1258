"""Two people restore the same part of a draft at once, in threads, on PostgreSQL: the second is told of the first."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from articles.desk.texts.history import pages
from articles.desk.texts.history.points import key_of
from articles.models import Section
from tests.desk.pages import url
from tests.desk.test_history import restorations
from tests.factories import article, edit

ROUNDS = 6
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def restored_at_once(author, editor) -> tuple[list[int], int]:
    """Let two people restore the same older section at once; return the answers, and how often it was saved."""
    draft = article(author, body="<p>Give 5 mg.</p>")
    older = draft.sections.get().history.get().history_date
    edit(draft, "Give 50 mg.", by=author)
    clients = [signed_in(user) for user in (author, editor)]
    page = clients[0].get(url("draft_changes", draft.pk), {"from": key_of(older)})
    fields = next(sent for name, sent in restorations(page).items() if "section" in name)
    before = Section.history.filter(article_id=draft.pk).count()
    barrier = Barrier(2)

    def restore(client: Client) -> int:
        try:
            barrier.wait(timeout=20)
            return client.post(url("restore", draft.pk), fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = sorted(threads.map(restore, clients))
    assert draft.sections.get().body == "<p>Give 5 mg.</p>"
    return answers, Section.history.filter(article_id=draft.pk).count() - before


def test_the_second_of_two_restorations_is_told_of_the_first(author, editor):
    for _ in range(ROUNDS):
        assert restored_at_once(author, editor) == ([302, 409], 1)


def test_without_the_lock_both_restore(author, editor, monkeypatch):
    """The test above can fail."""
    writable = pages.writable
    monkeypatch.setattr(pages, "writable", lambda request, pk, **_: writable(request, pk))

    assert any(restored_at_once(author, editor)[0] == [302, 302] for _ in range(ROUNDS))
