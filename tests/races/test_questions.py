"""Two people work on the same questions of readers at the same moment, in threads, on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from articles.desk.readers.questions import handling
from articles.models import Article, Question
from tests.factories import article, published, submitted
from tests.populated import question

ROUNDS = 25
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def public(author, editor, clinical, specialist):
    draft = article(author)
    published(submitted(author, draft), editor, clinical, specialist)
    return Article.objects.get(pk=draft.pk)


PAIRS = {
    "merge/merge": (
        lambda first, second, by: handling.merge(first, actor=by, into=second.pk),
        lambda first, second, by: handling.merge(second, actor=by, into=first.pk),
    ),
    "merge/delete": (
        lambda first, second, by: handling.merge(first, actor=by, into=second.pk),
        lambda first, second, by: second.delete(),
    ),
    "decline/delete": (
        lambda first, second, by: handling.decline(first, actor=by, reason="No."),
        lambda first, second, by: first.delete(),
    ),
    "decline/delete of what it was merged into": (
        lambda first, second, by: handling.decline(second, actor=by, reason="No."),
        lambda first, second, by: second.delete(),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_two_steps_at_once_end_as_if_one_came_after_the_other(name, public, editor):
    for number in range(ROUNDS):
        first, second = (question(public, f"Question {number}?", token_digest="") for _ in range(2))
        if "merged" in name:
            handling.merge(first, actor=editor, into=second.pk)
        barrier = Barrier(2)

        with ThreadPoolExecutor(2) as threads:
            both = [threads.submit(taken, barrier, step, first.pk, second.pk, editor) for step in PAIRS[name]]
        said = [each.result() for each in both]

        left = {row.pk: row for row in Question.objects.filter(pk__in=[first.pk, second.pk])}
        if name == "merge/merge":
            assert sorted(row.state for row in left.values()) == ["merged", "open"], said
        elif name == "decline/delete":
            assert first.pk not in left, "a deleted question came back"
        else:
            assert second.pk not in left, "a deleted question came back"
            assert left[first.pk].state in (("open",) if name == "merge/delete" else ("open", "declined"))


def taken(barrier, step, first, second, by) -> str:
    """Take the step at the moment when the other begins; return the refusal."""
    try:
        rows = [Question.objects.get(pk=pk) for pk in (first, second)]
        barrier.wait()
        step(*rows, by)
    except ValidationError as refusal:
        return str(refusal)
    finally:
        connection.close()
    return ""
