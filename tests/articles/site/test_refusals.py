"""Pages that refuse: in words, with a way on, whoever asks, and with nothing of the database where it may be gone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client, RequestFactory
from django.views import defaults

from articles.site.forms.audience import refused
from tests.articles.site.pages import parsed, words


def leads_on(response):
    page = parsed(response)
    return (
        len(page.xpath("//h1")) == 1
        and page.xpath("//main//form[@action='/search/']//input[@name='q']")
        and {"/", "/articles/", "/topics/"} <= {*page.xpath("//main//a/@href")}
        and not page.xpath("//script | //style")
    )


def refuse(*_):
    raise AssertionError("The database was asked.")


def test_a_missing_page_leads_on(client, db):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert leads_on(response)


def test_a_removed_page_leads_on(client, public_article, editor2):
    from reviews import workflow

    workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="A court ordered it.")

    response = client.get("/articles/lymph-nodes/")

    assert response.status_code == 410
    assert leads_on(response)


def test_a_refused_choice_leads_on(client, db):
    assert leads_on(client.post("/audience/", {"audience": "robots"}))
    assert leads_on(refused(RequestFactory().post("/audience/"), "No.", 403))


@pytest.mark.parametrize("sentence", ["", "Only its authors can <i>recall</i> a submission."])
def test_what_is_not_open_to_a_person_says_why_and_leads_on(rf, sentence):
    response = defaults.permission_denied(rf.get("/desk/"), PermissionDenied(sentence))

    assert response.status_code == 403
    assert (sentence or "Your account may not open this page or take this step.") in words(parsed(response))
    assert leads_on(response)


def test_who_is_signed_in_is_refused_in_the_same_words(rf, author):
    request = rf.get("/desk/")
    anonymous = defaults.permission_denied(request, PermissionDenied("Not you.")).content
    request.user = author

    assert defaults.permission_denied(request, PermissionDenied("Not you.")).content == anonymous


def test_a_form_without_its_proof_leads_on(db):
    response = Client(enforce_csrf_checks=True).post("/desk/sign-in/", {"username": "author"})

    assert response.status_code == 403
    assert "Nothing was changed" in words(parsed(response))
    assert leads_on(response)


def test_a_broken_page_asks_nothing_of_the_database(client, rf, monkeypatch):
    request = rf.get("/")

    with connection.execute_wrapper(refuse):
        response = defaults.server_error(request)

    assert response.status_code == 500
    assert leads_on(response)
    assert "call your local emergency number" in words(parsed(response))


def test_a_request_that_is_not_understood_leads_on(rf, client, settings):
    response = defaults.bad_request(rf.get("/"), ValueError("secret detail"))

    assert response.status_code == 400
    assert leads_on(response)
    assert "secret" not in response.content.decode()


def test_another_host_is_refused(client, db):
    response = client.get("/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "evil" not in response.content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/articles/",
        "/search/",
        "/board/",
        "/ledger/",
        "/feed/",
        "/sitemap.xml",
        "/sitemap-articles.xml",
        "/robots.txt",
        "/topics/",
    ],
)
def test_a_page_to_be_read_says_which_ways_of_asking_it_knows(client, db, path):
    for method in [client.post, client.put, client.delete]:
        response = method(path)

        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD"
        assert not response.cookies
