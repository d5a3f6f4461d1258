"""The recurring comparison: what it looks at first, when it stops, and what /healthz says of it."""

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from articles.site import page as pages_of_site
from articles.site.keeping import sealed_cache
from articles.site.verifying import comparing, edge
from reviews.evidence import triggers
from reviews.models import Review
from reviews.operations import health
from reviews.operations.background import pages, queue
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def published(author, editor, clinical, specialist):
    def publish(title="Lymph nodes"):
        draft = factories.article(author, title=title, slug=title.lower().replace(" ", "-"))
        return factories.published(factories.submitted(author, draft), editor, clinical, specialist)

    return publish


@pytest.fixture
def run(queued):
    """Return a function that runs the job as a worker does, and returns what it returned."""

    def once():
        pages.compare_pages.enqueue()
        row = queued.latest("enqueued_at")
        value = pages.compare_pages.func()
        queued.filter(pk=row.pk).update(status="SUCCESSFUL", finished_at=timezone.now(), return_value=value)
        return value

    return once


def spoil(version, audience="public"):
    name = pages_of_site.cache_name(version, audience)
    pages_of_site.page_of(version, audience)
    cache.set(sealed_cache.cache_key(name), "altered", None)


def test_it_is_ordered_each_hour():
    assert queue.PLAN[pages.compare_pages] == queue.HOUR


def test_all_is_well_and_nothing_is_said_before_it_ran(published, run):
    assert health.findings() == {}
    published()

    assert run() == {"pages": 3, "after": 0, "found": {}, "reached": True}
    assert health.findings() == {}


def test_a_page_altered_in_the_cache_is_told_until_it_is_well(published, run):
    version = published()
    spoil(version)

    assert run()["found"] == {str(version.pk): ["cache"]}
    assert health.findings() == {
        "pages": "Pages differ from the signed texts (cache 1): run “manage.py verify_pages --url”."
    }

    pages_of_site.page_of(version, "public")  # a reader asked for it, and was shown what was signed
    run()
    assert health.findings() == {}


def test_a_text_altered_in_the_database_is_told(published, run):
    published()
    triggers.drop()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_versiontext SET text = replace(text, 'filter lymph', 'filter water')")

    run()

    assert health.findings()["pages"].startswith("Pages differ from the signed texts (database 1)")


def test_the_edge_is_asked_where_the_settings_say(published, run, settings, monkeypatch):
    settings.EDGE_URL = "https://imprimatur.example"
    version = published()
    asked = []

    def differences(address, signed, timeout):
        asked.append(address)
        return {"the text on the page is not the text signed.": ["plainly"]} if "/carer/" in address else {}

    monkeypatch.setattr(edge, "differences", differences)

    assert run()["found"] == {str(version.pk): ["edge"]}
    assert "https://imprimatur.example/articles/lymph-nodes/for/public/" in asked
    assert "https://imprimatur.example/articles/lymph-nodes/versions/1/" in asked
    assert health.findings()["pages"].startswith("Pages differ from the signed texts (edge 1)")


def test_a_site_that_its_worker_cannot_reach_is_told_and_waited_for_once(published, run, settings, monkeypatch):
    settings.EDGE_URL = "https://imprimatur.example"
    published("One")
    published("Two")
    asked = []

    def nobody(address, signed, timeout):
        asked.append(address)
        raise edge.Unreachable("nobody is there")

    monkeypatch.setattr(edge, "differences", nobody)

    assert run() == {"pages": 6, "after": 0, "found": {}, "reached": False}
    assert len(asked) == 1
    assert health.findings()["pages"].startswith("The pages could not be fetched at EDGE_URL")


def test_it_stops_in_time_and_goes_on_where_it_stopped(published, run, monkeypatch):
    versions = [published(title) for title in ("One", "Two", "Three")]
    Review.objects.update(published_at=timezone.now() - datetime.timedelta(days=30))
    clock = iter(range(0, 10_000, 20))
    monkeypatch.setattr(pages.time, "monotonic", lambda: next(clock))
    looked = []
    right = comparing.compare

    def noted(version, *arguments):
        looked.append(version.pk)
        return right(version, *arguments)

    monkeypatch.setattr(comparing, "compare", noted)

    afters = [run()["after"] for _ in range(4)]

    assert looked[:3] == [version.pk for version in versions]
    assert afters[:2] == [versions[0].pk, versions[1].pk]


def test_what_was_published_of_late_is_looked_at_in_each_run(published, run, monkeypatch):
    old, new = published("Old"), published("New")
    Review.objects.filter(version=old).update(published_at=timezone.now() - datetime.timedelta(days=30))
    clock = iter([0, 0, 31, *range(100, 10_000, 100)])
    monkeypatch.setattr(pages.time, "monotonic", lambda: next(clock))
    spoil(old)
    spoil(new)

    assert run()["found"] == {str(new.pk): ["cache"]}


def test_what_was_found_is_told_until_it_was_looked_at_again(published, run, monkeypatch):
    """The second run has time for one version, and there are three."""
    versions = [published(title) for title in ("One", "Two", "Three")]
    Review.objects.update(published_at=timezone.now() - datetime.timedelta(days=30))
    spoil(versions[-1])

    assert run()["found"] == {str(versions[-1].pk): ["cache"]}
    spoil(versions[-1])
    clock = iter([0, 0, *range(100, 10_000, 100)])
    monkeypatch.setattr(pages.time, "monotonic", lambda: next(clock))

    assert run()["found"] == {str(versions[-1].pk): ["cache"]}
    assert health.findings()["pages"].startswith("Pages differ from the signed texts (cache 1)")


def test_a_run_without_time_forgets_nothing_of_what_was_found(published, run, monkeypatch):
    version = published()
    spoil(version)
    found = run()["found"]
    monkeypatch.setattr(pages.time, "monotonic", iter(range(0, 10_000, 100)).__next__)

    assert run()["found"] == found == {str(version.pk): ["cache"]}


def test_what_changed_just_now_is_looked_at_twice(published, run, monkeypatch):
    published()
    right, calls = comparing.compare, []

    def once_wrong(version, *arguments):
        calls.append(version)
        compared = right(version, *arguments)
        wrong = [comparing.Finding("a page", "edge", "differs.")] if len(calls) == 1 else []
        return comparing.Compared(version, compared.pages, wrong)

    monkeypatch.setattr(comparing, "compare", once_wrong)

    assert run()["found"] == {}
    assert len(calls) == 2


def test_a_comparison_that_fails_is_told(queued, published):
    pages.compare_pages.enqueue()
    queued.update(status="FAILED", finished_at=timezone.now())

    assert health.findings() == {
        "pages": "The pages could not be compared with the signed texts: see the worker's log."
    }


@pytest.mark.django_db(transaction=True)
def test_a_worker_carries_it_out(queued, work, published):
    published()
    pages.compare_pages.enqueue()

    work()

    assert queued.get(task_path=pages.compare_pages.module_path).return_value["pages"] == 3
