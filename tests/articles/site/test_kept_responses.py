"""Whole responses that are kept: what is sent again, to whom, and what never is."""

import re
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from articles.site.keeping import kept_responses
from articles.site.keeping.kept_responses import Kept, Key, State, Store
from reviews.evidence.ledger.guarded import GUARDED
from reviews.models.accountable import Accountable
from tests import populated
from tests.races.kept_pages import REAL

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ("home", "articles", "article_for", "article_markdown", "article_pdf", "article_saved", "version_file", "llms",
         "versions", "version", "changes", "signed", "topic", "topics", "board", "board_member", "feed", "topic_feed",
         "notices_feed", "public_notices", "public_notice", "sitemap", "sitemap_of", "robots")  # fmt: skip
HEADERS_OF_ONE_REQUEST = {"X-Request-ID"}


@pytest.fixture
def site(world, settings):
    """Return a browser and the addresses of all kept pages, with the middleware that keeps them."""
    settings.MIDDLEWARE = REAL
    _, arguments = world
    return Client(), {name: reverse(name, kwargs=arguments.get(name)) for name in PAGES}


@contextmanager
def no_view():
    """Let every view fail, so that only what is kept can be sent."""
    with patch("django.core.handlers.base.BaseHandler.resolve_request", side_effect=AssertionError("a view was asked")):
        yield


@pytest.mark.parametrize("name", PAGES)
def test_the_second_request_is_answered_without_a_view_with_the_same_bytes_and_headers(site, name):
    client, paths = site
    first = client.get(paths[name])

    with no_view():
        second, head = client.get(paths[name]), client.head(paths[name])
        known = client.get(paths[name], headers={"if-none-match": first["ETag"]})

    assert second.content == first.content
    assert headers(second) == headers(first) == headers(head)
    assert "Content-Security-Policy" in second.headers
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", first["ETag"])
    assert second["X-Request-ID"] != first["X-Request-ID"]


def headers(response) -> dict[str, str]:
    return {name: value for name, value in response.items() if name not in HEADERS_OF_ONE_REQUEST}


@pytest.mark.parametrize("name", PAGES)
def test_a_kept_page_costs_one_query(site, name, django_assert_num_queries):
    client, paths = site
    client.get(paths[name])

    with django_assert_num_queries(1):
        client.get(paths[name])


def test_a_reader_who_has_the_page_lets_it_be_kept_for_the_others(site):
    client, paths = site
    etag = client.get(paths["article_for"])["ETag"]
    kept_responses.store.clear()

    assert client.get(paths["article_for"], headers={"if-none-match": etag}).status_code == 304
    with no_view():
        assert client.get(paths["article_for"]).status_code == 200


def test_another_host_scheme_or_page_of_a_list_has_a_response_of_its_own(site):
    client, paths = site
    page = client.get(paths["article_for"])

    assert (
        b"http://127.0.0.1/articles/nodes/" in client.get(paths["article_for"], headers={"host": "127.0.0.1"}).content
    )
    assert b"https://testserver/articles/nodes/" in client.get(paths["article_for"], secure=True).content
    assert client.get(paths["articles"] + "?after=nodes").content != client.get(paths["articles"]).content
    assert client.get(paths["article_for"]).content == page.content


def test_a_parameter_that_no_page_reads_asks_for_the_same_page(site):
    client, paths = site
    client.get(paths["article_for"])

    with no_view():
        assert client.get(paths["article_for"] + "?utm_source=letter&fbclid=1").status_code == 200


def test_the_address_without_an_audience_leads_each_reader_to_their_own(site):
    client, _ = site
    carer = Client(headers={"cookie": "audience=carer"})

    for _ in range(2):
        assert client.get("/articles/nodes/")["Location"] == "/articles/nodes/for/public/"
        assert carer.get("/articles/nodes/")["Location"] == "/articles/nodes/for/carer/"
    with no_view():
        assert carer.get("/articles/nodes/")["Location"] == "/articles/nodes/for/carer/"
        assert client.get("/articles/nodes/")["Location"] == "/articles/nodes/for/public/"


@pytest.mark.parametrize(
    "path", ["/nothing/", "/articles/none/", "/search/?q=lymph", "/ledger/", "/desk/sign-in/", "/healthz"]
)
def test_what_is_not_one_page_for_everybody_is_not_kept(site, path):
    client, _ = site
    client.get(path)

    assert kept_responses.store.size == 0


def test_a_form_that_is_sent_is_never_answered_with_what_is_kept(site):
    client, paths = site
    client.get(paths["article_for"])

    assert client.post(paths["article_for"]).status_code == 405
    assert client.put(paths["article_for"]).status_code == 405


def test_who_is_signed_in_gets_the_same_page_and_it_is_kept_without_their_name(site, world):
    people, _ = world
    client, paths = site
    theirs = populated.browser(people, "editor").get(paths["article_for"])
    with no_view():
        after = client.get(paths["article_for"])
    kept_responses.store.clear()

    assert after.content == theirs.content == client.get(paths["article_for"]).content
    assert "Set-Cookie" not in after.headers


def test_while_the_database_is_down_nothing_kept_is_sent(site, monkeypatch):
    client, paths = site
    client.raise_request_exception = False
    client.get(paths["article_for"])

    def down(*arguments, **named):
        raise OperationalError("The server is gone.")

    with connection.execute_wrapper(down):
        assert client.get(paths["article_for"]).status_code == 503
    assert client.get(paths["article_for"]).status_code == 200


def test_the_next_day_the_page_is_made_anew(site, monkeypatch):
    client, paths = site
    client.get(paths["article_for"])
    tomorrow = kept_responses.timezone.localdate() + kept_responses.timezone.timedelta(days=1)
    monkeypatch.setattr(kept_responses.timezone, "localdate", lambda: tomorrow)

    with pytest.raises(AssertionError, match="a view was asked"), no_view():
        client.get(paths["article_for"])


def test_nothing_is_kept_when_the_operator_wants_nothing_kept(site, settings):
    settings.KEPT_RESPONSES = 0
    client, paths = site
    client.get(paths["article_for"])

    assert kept_responses.store.size == 0
    with pytest.raises(AssertionError, match="a view was asked"), no_view():
        client.get(paths["article_for"])


def kept(content: bytes, generation="1") -> Kept:
    return Kept(State(generation, "2026-01-01"), 200, content, {})


def test_the_store_never_holds_more_than_its_bytes_and_drops_what_is_not_asked_for():
    store, keys = Store(), [Key("http", "host", f"/{number}/", "") for number in range(40)]
    store.put(keys[0], kept(b"first"), 100_000)
    for key in keys[1:]:
        store.get(keys[0])
        store.put(key, kept(b"x" * 9_000), 100_000)
        assert store.size <= 100_000

    assert store.get(keys[0]).content == b"first"
    assert store.get(keys[1]) is None
    assert store.get(keys[-1]) is not None
    store.put(keys[0], kept(b"second"), 100_000)
    assert store.get(keys[0]).content == b"second"
    store.put(keys[0], kept(b"x" * 200_000), 100_000)
    assert store.get(keys[0]) is None
    assert store.size == 0


def test_a_very_long_page_is_sent_and_not_kept(site, monkeypatch):
    client, paths = site
    monkeypatch.setattr(kept_responses, "A_PAGE", 100)

    assert client.get(paths["article_for"]).status_code == 200
    assert kept_responses.store.size == 0


@pytest.fixture
def all_shared(site, monkeypatch):
    """Let the cache of the test be one that all processes share."""
    monkeypatch.setattr(kept_responses, "is_shared", lambda: True)
    return site


@pytest.fixture
def shared(all_shared):
    client, paths = all_shared
    return client, paths["article_for"]


def test_a_pdf_comes_out_of_redis_byte_for_byte(all_shared):
    client, paths = all_shared
    first = client.get(paths["article_pdf"])
    kept_responses.store.clear()

    with no_view():
        second = client.get(paths["article_pdf"])

    assert first.content.startswith(b"%PDF-")
    assert second.content == first.content


def test_another_process_sends_what_one_has_kept_in_redis(shared):
    client, path = shared
    first = client.get(path)
    kept_responses.store.clear()

    with no_view():
        second = client.get(path)

    assert second.content == first.content
    assert headers(second) == headers(first)


@pytest.mark.parametrize("change", ["content", "seal"])
def test_an_altered_entry_in_redis_is_never_sent(shared, change, caplog):
    client, path = shared
    first = client.get(path)
    kept_responses.store.clear()
    (name,) = (name for name in cache._cache if "response:" in name)
    name = name.removeprefix(":1:")
    entry = cache.get(name)
    cache.set(name, entry.replace("lymph", "water") if change == "content" else "0" * 64 + entry[64:])

    assert client.get(path).content == first.content
    assert cache.get(name) == entry, "it is replaced"
    assert "A cache entry is not as this site wrote it" in caplog.text


def test_another_release_or_setting_keeps_pages_of_its_own(settings):
    kept_responses.release.cache_clear()
    before = kept_responses.release()
    settings.STATIC_URL = "/other/"
    kept_responses.release.cache_clear()
    after = kept_responses.release()
    kept_responses.release.cache_clear()

    assert before != after


STEPS = {  # only steps write them, and each step appends an event
    "articles_version", "articles_versiontext", "articles_versiontopic", "articles_versionreference",
    "articles_notice", "articles_noticeversion", "articles_disclaimer", "articles_disclaimerconfirmation",
    "reviews_comment", "reviews_review", "reviews_assignment", "reviews_signature", "reviews_decision",
    "reviews_attestation", "articles_retraction",
}  # fmt: skip
BESIDE = {
    "articles_picturefile",  # append-only, and named by the SHA-256 of its bytes
    "reviews_ledgerhead",  # the generation itself
    "auth_user_groups",  # roles, whose change is an event (reviews.workflow.accounts)
    "auth_group",
}


def test_whatever_a_kept_page_reads_moves_the_generation(site):
    """A table that is not declared here fails: say how its changes move the generation, and try one (kept_pages)."""
    client, paths = site
    read: set[str] = set()

    def note(execute, sql, *arguments):
        read.update(re.findall(r"\b(?:articles|reviews|auth|django)_[a-z]+(?:_[a-z]+)*\b", sql))
        return execute(sql, *arguments)

    with connection.execute_wrapper(note):
        for path in [*paths.values(), "/articles/nodes/"]:
            assert client.get(path).status_code in (200, 302)
    known = {table for table in connection.introspection.table_names() if table in read}
    settings = {model._meta.db_table for model in GUARDED}
    board = {model._meta.db_table for model in Accountable.__subclasses__()}

    assert User._meta.db_table in settings
    assert known - STEPS - settings - board - BESIDE == set()
    assert {"articles_notice", "articles_topic", "reviews_boardmember"} <= known, "the pages are read"
