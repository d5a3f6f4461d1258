"""Two editors merge the same records at once, or one merges what an author cites in that moment, on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from articles.desk.references.shared.merging import NotMerged, merge
from articles.files.drafts import cited_works as library
from articles.files.drafts.cited_works import cite
from articles.files.drafts.store import store
from articles.files.markdown.parsing import parse
from articles.models import Article, ArticleReference, Reference
from tests.articles.importing.drafts import TEXT
from tests.factories import article, topic

ROUNDS = 6
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*calls) -> list[object]:
    """Call all at once, each in a thread with its own connection; return what each gave."""
    barrier = Barrier(len(calls))

    def call(one):
        try:
            barrier.wait(timeout=20)
            return one()
        except NotMerged as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(call, calls))


def two() -> tuple[int, int]:
    return tuple(Reference.objects.create(csl={"type": "book", "title": "A book about nodes"}).pk for _ in range(2))


def test_records_that_two_editors_merge_into_each_other_leave_one(editor, editor2):
    for _ in range(ROUNDS):
        one, other = two()

        results = at_once(partial(merge, one, other, actor=editor), partial(merge, other, one, actor=editor2))

        assert sorted(isinstance(each, str) for each in results) == [False, True]
        assert Reference.objects.in_use().filter(pk__in=(one, other)).count() == 1


def cited(draft, work, key, cite=cite):
    with transaction.atomic():
        locked = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=draft.pk)
        return cite(locked, Reference.objects.get(pk=work), key)


def cited_while_merged(author, editor, cite=cite) -> bool:
    """Let an author cite a record while it is merged; tell whether a draft cites a record that is no more in use."""
    kept, gone = two()
    drafts = [article(author) for _ in range(3)]
    for draft in drafts[:2]:
        cited(draft, gone, "before")

    def merged():
        with suppress(NotMerged):
            merge(kept, gone, actor=editor)

    at_once(merged, lambda: cited(drafts[2], gone, "now", cite))
    with suppress(NotMerged):
        merge(kept, gone, actor=editor)
    return ArticleReference.objects.exclude(reference__merged_into=None).exists()


def test_who_cites_a_record_while_it_is_merged_cites_the_one_that_stays(author, editor):
    for _ in range(ROUNDS):
        assert not cited_while_merged(author, editor)


def unlocked(draft, work, key):
    return ArticleReference.objects.create(article=draft, key=key, reference=work)


def test_without_the_lock_a_draft_is_left_citing_a_merged_record(author, editor):
    """The test above can fail."""
    assert any(cited_while_merged(author, editor, unlocked) for _ in range(3 * ROUNDS))


def imported_while_merged(author, editor, monkeypatch, find) -> bool:
    """Merge a work between the moment an import finds it and the import's end; tell whether a draft cites it then."""
    gone = Reference.objects.create(csl={"type": "book", "title": "A trial"}, doi="10.1000/trial")
    kept = Reference.objects.create(csl={"type": "book", "title": "A trial"})
    has_found, is_merged = Event(), Event()

    def finding(references):
        found = find(references)
        has_found.set()
        is_merged.wait(timeout=1)
        return found

    def merged():
        has_found.wait(timeout=20)
        try:
            return merge(kept.pk, gone.pk, actor=editor)
        finally:
            is_merged.set()

    monkeypatch.setattr(library, "locked_works_of", finding)
    at_once(lambda: store(parse(TEXT.encode()), author=author), merged)
    assert Article.objects.get().article_references.filter(reference__in=[kept, gone]).exists()
    return ArticleReference.objects.exclude(reference__merged_into=None).exists()


def test_who_imports_a_text_while_a_work_that_it_cites_is_merged_cites_a_record_in_use(author, editor, monkeypatch):
    topic("Surgery")
    topic("Oncology")

    assert not imported_while_merged(author, editor, monkeypatch, library.locked_works_of)


def test_without_the_lock_an_imported_text_is_left_citing_a_merged_record(author, editor, monkeypatch):
    """The test above can fail."""
    topic("Surgery")
    topic("Oncology")

    assert imported_while_merged(author, editor, monkeypatch, library.works_of)
