"""Choosing an audience: kept in a cookie, from this site alone, and leading nowhere else."""

import pytest
from lxml import html

from articles.models import Audience
from tests import factories
from tests.articles.site.pages import page_for, parsed, words


def test_the_choice_is_kept_in_a_cookie_and_leads_back(client, public_article):
    response = client.post("/audience/", {"audience": "carer", "next": "/articles/lymph-nodes/"})

    assert (response.status_code, response["Location"]) == (302, "/articles/lymph-nodes/")
    cookie = response.cookies["audience"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("carer", "Lax", True)
    assert list(response.cookies) == ["audience"]
    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/carer/"


def test_who_prefers_not_to_say_is_forgotten(client, public_article):
    client.cookies["audience"] = "carer"

    client.post("/audience/", {"audience": "", "next": "/articles/lymph-nodes/"})

    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/public/"


def test_readers_for_whom_nothing_was_signed_have_no_page_of_their_own(client, author, staff, public_article):
    """An audience that was added after the text was signed: nobody signed what it would be shown."""
    before = client.get(page_for(public_article)).content
    Audience.objects.create(key="student", label="student", position=9)
    client.cookies["audience"] = "student"

    assert client.get("/articles/lymph-nodes/for/student/").status_code == 404
    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/public/"
    assert client.get(page_for(public_article)).content == before

    factories.disclaimers()
    factories.edit(public_article, "Lymph nodes hold lymph.", by=author)
    factories.published(factories.submitted(author, public_article), *staff)
    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/student/"
    assert client.get("/articles/lymph-nodes/for/student/").status_code == 200


def test_the_form_offers_every_audience_and_not_to_say(client, public_article):
    page = parsed(client.get(page_for(public_article, "carer")))

    assert page.xpath("//form[@action='/audience/']//input[@type='radio']/@value") == [
        "public",
        "carer",
        "professional",
        "",
    ]
    assert page.xpath("//input[@type='radio'][@checked]/@value") == ["carer"]
    invitation = words(page.xpath("//details[@class='audience']/summary")[0])
    assert invitation.startswith("Help us tailor your experience: which best describes you?")
    assert "This text is for: carer or family member." in invitation
    assert "csrf" not in html.tostring(page, encoding="unicode")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "articles/",
        "/a\nb",
        "",
    ],
)
def test_the_choice_leads_nowhere_else(client, db, elsewhere):
    response = client.post("/audience/", {"audience": "carer", "next": elsewhere})

    assert response.status_code == 302
    assert response["Location"].startswith("/")
    assert "evil" not in response["Location"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "ftp://testserver"},
        {"origin": "https://testserver"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    ],
)
def test_a_choice_sent_from_another_site_is_refused(client, db, headers):
    response = client.post("/audience/", {"audience": "carer"}, headers=headers)

    assert response.status_code == 403
    assert not response.cookies


def test_a_choice_sent_from_this_site_needs_no_token(client, db):
    client.handler.enforce_csrf_checks = True

    response = client.post(
        "/audience/", {"audience": "carer"}, headers={"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    )

    assert response.status_code == 302


@pytest.mark.parametrize("audience", ["robots", "PUBLIC", "public\0", "x" * 5000])
def test_an_unknown_audience_cannot_be_chosen(client, db, audience):
    response = client.post("/audience/", {"audience": audience})

    assert response.status_code == 422
    assert not response.cookies
