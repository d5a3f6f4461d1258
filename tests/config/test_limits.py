"""Who asks too often for what is costly or could be guessed waits, and is told how long; everybody else goes on."""

import logging
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse

from config import limits
from config.limits import LIMITS, Limit, address_of
from tests import factories
from tests.articles.site.pages import parsed, words
from tests.config.test_cache import away, hanging
from tests.races.kept_pages import REAL as REAL_MIDDLEWARE

__all__ = ["away", "hanging"]

REAL = dict(LIMITS)
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def few(settings, monkeypatch):
    """Let each limit be two requests in a minute that has just begun; a kept response costs nothing, nor counts."""
    cache.clear()
    settings.KEPT_RESPONSES = 0
    settings.RATE_LIMITS = 1
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_012.0)
    for name, limit in LIMITS.items():
        changed = Limit(limit.what, 2, 60, limit.methods, limit.parameter, limit.keeps)
        monkeypatch.setitem(LIMITS, name, changed)


@pytest.fixture
def signed_in(author):
    client = Client()
    client.force_login(author)
    return client


@pytest.fixture
def draft(author):
    return factories.article(author)


def ask(client, name, draft):
    """Ask for the address of this name in the way that is counted."""
    places = {
        "ask": ["no-article", "public"],
        "answers": ["not-sealed", "no-article", "public"],
        "question_status": ["no-token"],
        "report_error": ["no-article", 1, "public"],
        "report_status": ["no-token"],
        "calendar_feed": ["no-token"],
        "helpful": ["no-article", 1, "public"],
        **dict.fromkeys(("article_pdf", "article_saved"), ("no-article", "public")),
        "version_file": ["no-article", 1, "docx"],
        "draft_file": [draft.pk, "docx"],
        "desk_version_file": [1, "docx"],
        "versions": ["no-article"],
        "changes": ["no-article", 1],
        "comparison": ["no-article", 1, 2],
        "comparison_for": ["no-article", 1, 2, "public"],
        **dict.fromkeys(("proof", "proof_file"), ("no-article",)),
        **dict.fromkeys(("version_proof", "version_proof_file"), ("no-article", 1)),
        "version_proof_at": ["no-article", 1, 1],
        "ledger_export": [1, "0a"],
        "ledger_export_at": [1],
        "password_reset_confirm": ["MQ", "set-password"],
        "sitemap_of": ["articles"],
        "submit": [draft.pk],
        "draft_preview": [draft.pk, "public"],
        "draft_checks": [draft.pk],
        "desk_review": [1],
    }
    address = reverse(name, args=places.get(name, []))
    limit = LIMITS[name]
    return (
        client.post(address)
        if limit.methods == limits.SEND
        else client.get(address, {limit.parameter: "x"} if limit.parameter else {})
    )


OF_ACCOUNTS = {"submit", "draft_import", "draft_preview", "draft_checks", "desk_review", "draft_file"}
OF_ACCOUNTS |= {"desk_version_file"}


@pytest.mark.parametrize("name", LIMITS)
def test_the_third_request_is_refused_with_a_sentence_and_a_time(name, signed_in, draft):
    before = factories.evidence()
    answers = [ask(signed_in, name, draft) for _ in range(3)]

    last = answers[-1]
    assert 429 not in [answer.status_code for answer in answers[:2]]
    assert (last.status_code, last["Retry-After"], "no-store" in last["Cache-Control"]) == (429, "48", True)
    said = words(parsed(last).get_element_by_id("main"))
    whose = "account" if name in OF_ACCOUNTS else "address"
    assert f"Too many {LIMITS[name].what} came from your {whose}. Nothing was changed." in said
    assert "Please wait 48 seconds and try again." in said
    if name != "submit":
        assert factories.evidence() == before


def test_what_is_costly_or_could_be_guessed_has_a_limit():
    searches = {"search", "search_suggestions", "desk_review", "draft_preview", "draft_checks"}
    compared = {"versions", "changes", "comparison", "comparison_for"}
    fetched_by_programs = {"feed", "sitemap", "sitemap_of", "ledger_newest_export", "ledger_export", "ledger_export_at"}
    guessed_or_mailed = {"sign_in", "password_reset", "password_reset_confirm"}
    frozen_or_parsed = {"draft_import", "submit"}
    written = {"article_pdf", "article_saved", "version_file", "draft_file", "desk_version_file"}
    proved = {"proof", "proof_file", "version_proof", "version_proof_file", "version_proof_at"}
    asked_or_guessed = {
        "ask",
        "answers",
        "question_status",
        "report_error",
        "report_status",
        "helpful",
        "calendar_feed",
    }

    assert (
        set(REAL)
        == searches
        | compared
        | fetched_by_programs
        | guessed_or_mailed
        | frozen_or_parsed
        | asked_or_guessed
        | written
        | proved
    )


def test_every_limit_is_of_an_address_there_is():
    assert set(LIMITS) <= {name for name in get_resolver().reverse_dict if isinstance(name, str)}


@pytest.mark.parametrize("limit", REAL.values(), ids=REAL)
def test_the_numbers_suit_a_person_in_a_hurry_and_no_machine(limit):
    assert 20 <= limit.number <= 2 * limit.seconds
    assert 60 <= limit.seconds <= 300, "nobody waits for long"


def test_after_the_time_that_was_said_one_is_answered_again(client, monkeypatch):
    for _ in range(2):
        client.get("/search/")
    refused = client.get("/search/")

    later = 1_800_000_012.0 + int(refused["Retry-After"])
    monkeypatch.setattr(limits.time, "time", lambda: later)

    assert [client.get("/search/").status_code for _ in range(3)] == [200, 200, 429]


def test_whoever_is_refused_one_thing_may_do_others_and_others_may_do_it(client):
    for _ in range(3):
        client.get("/search/")

    assert client.get("/search/").status_code == 429
    assert {client.get("/").status_code for _ in range(5)} == {200}
    assert client.get("/feed/").status_code == 200
    assert client.get("/search/", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_reading_a_form_is_not_counted_and_sending_it_is(client):
    assert {client.get(reverse("sign_in")).status_code for _ in range(5)} == {200}
    assert [client.post(reverse("sign_in")).status_code for _ in range(3)] == [422, 422, 429]
    assert client.post(reverse("password_reset")).status_code == 429, "passwords are counted together"


def test_the_text_of_a_review_is_not_counted_and_its_comparison_is(signed_in, draft):
    assert 429 not in {signed_in.get(reverse("desk_review", args=[1])).status_code for _ in range(5)}


def test_an_account_is_one_client_wherever_it_signs_in_and_another_is_another(author, editor, draft):
    address = reverse("draft_preview", args=[draft.pk, "public"])
    home, office, editors = Client(), Client(REMOTE_ADDR="203.0.113.9"), Client()
    home.force_login(author)
    office.force_login(author)
    editors.force_login(editor)

    assert [home.get(address).status_code, office.get(address).status_code] == [200, 200]
    assert [home.get(address).status_code, office.get(address).status_code] == [429, 429]
    assert editors.get(address).status_code == 200
    assert Client().get(address).status_code == 302, "who is not signed in is led to the sign-in and not counted"


def test_what_was_typed_is_kept_and_can_be_sent_again(signed_in, draft, monkeypatch):
    address = reverse("submit", args=[draft.pk])
    note = "The dose was <ten> times too high."
    for _ in range(2):
        signed_in.post(address)
    refused = parsed(signed_in.post(address, {"note": note, "change": "major", "password": "a secret of mine"}))

    (form,) = refused.xpath("//form[@method='post']")
    assert words(form.xpath(".//blockquote")[0]) == "The dose was <ten> times too high."
    assert form.get("action") == address
    assert "a secret of mine" not in words(refused)
    assert {**dict(form.fields), "csrfmiddlewaretoken": ""} == {
        "csrfmiddlewaretoken": "",
        "note": note,
        "change": "major",
    }
    assert not draft.versions.exists()

    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_075.0)
    signed_in.post(form.get("action"), dict(form.fields))
    assert draft.versions.get().note == note


def test_nothing_that_a_stranger_sent_is_shown_to_them_again(client):
    for _ in range(2):
        client.post(reverse("sign_in"))
    refused = client.post(reverse("sign_in"), {"username": "a name of mine", "password": "a secret of mine"})

    assert refused.status_code == 429
    assert b"of mine" not in refused.content


def test_readers_are_never_asked_who_they_are(signed_in, django_assert_num_queries):
    for _ in range(2):
        answer = signed_in.get("/search/")
    assert "Cookie" not in answer.get("Vary", "")
    with django_assert_num_queries(0):
        refused = signed_in.get("/search/")

    assert refused.status_code == 429
    assert "Cookie" not in refused.get("Vary", "")


@pytest.mark.parametrize(("times", "answers"), [(0, [200] * 5), (2, [200] * 4 + [429])])
def test_an_operator_allows_more_or_all(client, settings, times, answers):
    settings.RATE_LIMITS = times

    assert [client.get("/search/").status_code for _ in range(5)] == answers


def test_nobody_is_refused_while_the_cache_is_away(client, away):
    assert {client.get("/search/").status_code for _ in range(5)} == {200}


def test_a_refusal_is_logged_once_without_an_address(client, caplog):
    with caplog.at_level(logging.WARNING, "imprimatur.security"):
        for _ in range(6):
            client.get("/search/")

    lines = [record.getMessage() for record in caplog.records if record.name == "imprimatur.security"]
    assert lines == ["Too many searches within 60 seconds: a client is refused for a while."]


def test_no_address_lies_in_the_cache(client):
    client.get("/search/", REMOTE_ADDR="203.0.113.9")

    (name,) = (key for key in cache._cache if "limit:" in key)
    assert "203" not in re.sub(r"[0-9a-f]{32}", "", name)


@pytest.mark.parametrize(
    ("behind", "remote", "forwarded", "address"),
    [
        (False, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (True, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (True, "127.0.0.1", "8.8.8.8, 198.51.100.1", "198.51.100.1"),
        (True, "127.0.0.1", None, "127.0.0.1"),
        (True, "127.0.0.1", " ", "127.0.0.1"),
        (True, "127.0.0.1", "a word", "a word"),
        (False, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        (False, "2001:db8:1:2::1", None, "2001:db8:1:2::/64"),
        (False, "::ffff:203.0.113.9", None, "203.0.113.9"),
        (False, "", None, ""),
    ],
)
def test_the_address_is_that_which_the_trusted_proxy_names(rf, settings, behind, remote, forwarded, address):
    settings.BEHIND_PROXY = behind
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}

    assert address_of(rf.get("/", REMOTE_ADDR=remote, headers=headers)) == address


def test_a_forged_header_makes_nobody_another_client(client, settings):
    answers = [
        client.get("/search/", headers={"x-forwarded-for": f"198.51.100.{number}"}).status_code for number in range(3)
    ]
    assert answers == [200, 200, 429]

    settings.BEHIND_PROXY = True
    forged = [f"198.51.100.{number}, 203.0.113.9" for number in range(3)]
    assert [client.get("/search/", headers={"x-forwarded-for": each}).status_code for each in forged] == [200, 200, 429]


def test_a_question_that_is_one_too_many_is_kept_and_no_cookie_is_set(client):
    for _ in range(3):
        refused = client.post("/articles/any/for/public/ask/", {"question": "Why do <nodes> swell?", "once": "x"})

    page = parsed(refused)
    assert refused.status_code == 429
    assert page.xpath("//main//input[@name='question']/@value") == ["Why do <nodes> swell?"]
    assert page.xpath("//main//form/@action")[0] == "/articles/any/for/public/ask/"
    assert not refused.cookies
    assert b"csrf" not in refused.content


def test_a_feed_that_is_kept_is_given_to_everybody_however_often_they_ask(client, settings):
    settings.KEPT_RESPONSES, settings.MIDDLEWARE = 10_000_000, REAL_MIDDLEWARE

    assert {client.get("/feed/").status_code for _ in range(9)} == {200}
