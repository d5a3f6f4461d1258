"""Two editors merge the same records at once, or one merges what an author cites in that moment, on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction

from articles.desk.references.shared.merging import NotMerged, merge
from articles.files.drafts.cited_works import cite
from articles.models import Article, ArticleReference, Reference
from tests.factories import article

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
