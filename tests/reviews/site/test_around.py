"""The statement that fetches what stands around a text says what the querysets beside its arms say, on any site."""

from collections import Counter
from itertools import product

import pytest

from articles.models import Audience, Notice, Version
from reviews.models import Review
from reviews.site.around import approvals, beside, notices, union
from reviews.site.around.arms import Asked
from reviews.workflow.approval import full_review
from reviews.workflow.approval.full_review import resting
from tests.generated import Site

SEEDS = range(4)
LONG_AGO, MUCH_LATER = "2000-01-01", "2099-01-01"  # before and after every date of a next review


@pytest.fixture(params=SEEDS)
def site(request, db):
    return Site(request.param).grow(articles=5, steps=60)


def asked_of(versions, audiences) -> list[Asked]:
    return [
        Asked(version.article_id, version.pk, audience, day)
        for version, audience, day in product(versions, audiences, [LONG_AGO, MUCH_LATER])
    ]


def test_each_arm_says_what_its_queryset_says(site, django_assert_num_queries):
    audiences = Audience.objects.values_list("key", flat=True)
    for asked in asked_of(Version.objects.order_by("pk"), audiences):
        with django_assert_num_queries(1):
            found = union().fetch(asked)
        for arm in union().arms.values():
            rows = found.of(arm.row)
            assert Counter(rows) == Counter(arm.by_queryset(asked)), (asked, arm.row)
            assert rows == sorted(rows, key=arm.order)


def test_a_full_review_stands_in_sql_when_it_stands_in_words(site):
    reviews = {row.version_id: row for row in Review.objects.select_related("version")}

    standing = {pk for pk, review in reviews.items() if not full_review.why_missing(review)}

    assert resting.resting(reviews.keys()) == standing


@pytest.mark.once
def test_a_generated_site_has_something_of_everything(db):
    """Each arm, each class of signed text and each kind of notice is met; else the test above would show nothing."""
    site, met, texts, kinds, overdue = Site(0), set(), set(), set(), Counter()

    for _ in range(10):
        site.grow(articles=1, steps=25)
        for asked in asked_of(Version.objects.order_by("pk"), ["public"]):
            found = union().fetch(asked)
            met |= {arm.row for arm in union().arms.values() if found.of(arm.row)}
            texts |= {row.text for row in found.of(approvals.Approvals)}
            kinds |= {row.kind for row in found.of(notices.Notices)}
            overdue.update((asked.today, row.is_overdue) for row in found.of(beside.Sharing))

    assert met == {arm.row for arm in union().arms.values()}
    assert texts == {approvals.THIS_TEXT, approvals.FULL_REVIEW, *approvals.SINCE.values()}
    assert kinds == {*Notice.Kind.values}
    assert {(LONG_AGO, 0), (MUCH_LATER, 1)} <= set(overdue)
