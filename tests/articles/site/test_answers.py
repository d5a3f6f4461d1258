"""What each page answers: one that is there, one that is not, one that is broken, to GET, HEAD and POST."""

import pytest

from tests.articles.site.pages import page_for, parsed


def test_every_page_answers(client, public_article):
    for path in [
        "/",
        "/articles/",
        "/articles/lymph-nodes/for/public/",
        "/articles/lymph-nodes/for/carer/",
        "/articles/lymph-nodes/for/professional/",
        "/articles/lymph-nodes/versions/",
        "/articles/lymph-nodes/versions/1/",
        "/articles/lymph-nodes/versions/1/changes/",
        "/topics/",
        "/topics/oncology/",
        "/search/",
        "/search/?q=lymph",
        "/board/",
        "/ledger/",
    ]:
        response = client.get(path)
        page = parsed(response)

        assert response.status_code == 200, path
        assert "Cookie" not in response.get("Vary", ""), path
        assert not response.cookies, path
        assert len(page.xpath("//h1")) == 1, path
        assert len(page.xpath("//main")) == 1, path
        assert page.get("lang") == "en"
        assert page.xpath("//a[@href='#main']")
        scripts = ["/static/search.js"] if path.startswith("/search/") else []
        scripts = ["/static/reading.js"] if page.xpath("//article") else scripts
        assert page.xpath("//script/@src") == scripts, path
        assert not page.xpath(
            "//script[not(@type='application/ld+json')][not(@src) or text()]"
            " | //style | //*[@style] | //*[starts-with(name(@*), 'on')]"
        ), path
        assert not page.xpath("//*[starts-with(@src, 'http')] | //link[@rel='stylesheet'][starts-with(@href, 'http')]")


def test_every_page_answers_head_as_get_without_a_body(client, public_article):
    for path in ["/", "/articles/", page_for(public_article), "/articles/lymph-nodes/versions/1/", "/topics/"]:
        response = client.head(path)

        assert (response.status_code, response.content) == (200, b""), path


def test_reading_pages_refuse_to_be_posted_to(client, public_article):
    for path in ["/", "/articles/", "/articles/lymph-nodes/", page_for(public_article), "/topics/", "/healthz"]:
        assert client.post(path).status_code == 405, path
    assert client.get("/audience/")["Location"] == "/"


def test_an_empty_site_answers(client, db):
    for path in ["/", "/articles/", "/topics/"]:
        assert "No article is published yet." in client.get(path).content.decode(), path
    assert client.get("/editorial-policy/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/articles/nothing/",
        "/articles/nothing/for/public/",
        "/articles/nothing/versions/",
        "/articles/lymph-nodes/for/robots/",
        "/articles/lymph-nodes/versions/2/",
        "/articles/lymph-nodes/versions/0/",
        "/articles/lymph-nodes/versions/99999999999999999999999999/",
        "/articles/?after=nothing",
        "/articles/?after=%00",
        "/topics/nothing/",
        "/nowhere/",
    ],
)
def test_what_is_not_there_answers_404_with_a_way_on(client, public_article, path):
    response = client.get(path)

    assert response.status_code == 404
    assert parsed(response).xpath("//main//a[@href='/articles/']")


def test_healthz_answers_ok_when_the_database_does(client, db):
    assert client.get("/healthz").content == b"ok\n"


def test_a_broken_page_answers_500_with_a_way_on(client, public_article, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("articles.frozen.signed_text.sha256", lambda text: "another digest")

    response = client.get(page_for(public_article))

    assert response.status_code == 500
    assert "Lymph nodes filter lymph" not in response.content.decode()
    assert parsed(response).xpath("//main//a[@href='/']")
