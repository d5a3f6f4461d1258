"""The map, the feed and the rules for robots: of what may be listed, whole and well-formed."""

import pytest
from lxml import etree

from articles.models import Article
from reviews import workflow
from tests import factories
from tests.articles.site.pages import library

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_the_map_names_each_article_at_the_address_it_calls_its_own(client, public_article):
    response = client.get("/sitemap.xml")

    places = etree.fromstring(response.content).xpath("//m:loc/text()", namespaces=MAP)
    assert response["Content-Type"] == "application/xml"
    assert "http://testserver/articles/lymph-nodes/for/public/" in places
    assert {"http://testserver/board/", "http://testserver/ledger/", "http://testserver/topics/oncology/"} <= {*places}
    for place in places:
        assert client.get(place.removeprefix("http://testserver")).status_code == 200, place


def test_the_map_says_when_each_text_was_published(client, public_article):
    (day,) = etree.fromstring(client.get("/sitemap.xml").content).xpath("//m:lastmod/text()", namespaces=MAP)

    assert day[:19] == public_article.published_version.review.published_at.isoformat()[:19]


def test_the_feed_gives_the_newest_publication_first_with_its_public_note(client, author, staff, public_article):
    draft = factories.article(author, title='Second & "last" <b>', slug="second")
    factories.published(factories.submitted(author, draft, note="What <changed> & why."), *staff)

    response = client.get("/feed/")
    feed = etree.fromstring(response.content)

    assert response["Content-Type"].startswith("application/atom+xml")
    assert feed.xpath("//a:entry/a:title/text()", namespaces=ATOM) == ['Second & "last" <b>', "Lymph nodes"]
    assert feed.xpath("//a:entry/a:summary/text()", namespaces=ATOM)[0] == "Version 1. What <changed> & why."
    links = feed.xpath("//a:entry/a:link/@href", namespaces=ATOM)
    assert links[1] == "http://testserver/articles/lymph-nodes/for/public/"
    assert len({*feed.xpath("//a:id/text()", namespaces=ATOM)}) == 3
    assert (
        feed.xpath("/a:feed/a:updated", namespaces=ATOM)[0].text
        == feed.xpath("//a:entry/a:updated/text()", namespaces=ATOM)[0]
    )


def test_a_new_version_is_the_same_entry_anew(client, author, staff, public_article):
    def entry():
        (only,) = etree.fromstring(client.get("/feed/").content).xpath("//a:entry", namespaces=ATOM)
        return only.findtext("a:id", namespaces=ATOM), only.findtext("a:updated", namespaces=ATOM)

    name, at = entry()
    factories.edit(public_article, "The newer text.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=public_article.pk)), *staff)

    assert entry()[0] == name
    assert entry()[1] >= at


def test_what_xml_cannot_hold_does_not_break_the_feed(client, author, staff):
    draft = factories.article(author, title="A\ufffetitle", slug="odd")
    factories.published(factories.submitted(author, draft, note="A\uffffnote 💉."), *staff)

    feed = etree.fromstring(client.get("/feed/").content)

    assert feed.xpath("//a:entry/a:title/text()", namespaces=ATOM) == ["Atitle"]
    assert feed.xpath("//a:entry/a:summary/text()", namespaces=ATOM) == ["Version 1. Anote 💉."]


def test_the_feed_is_short(client, author, staff, monkeypatch):
    library(author, staff, 3)
    monkeypatch.setattr("articles.site.following.IN_THE_FEED", 2)

    assert client.get("/feed/").content.count(b"<entry") == 2


def test_an_empty_site_has_a_feed_and_a_map(client, db):
    assert etree.fromstring(client.get("/feed/").content).findtext("a:updated", namespaces=ATOM)
    assert etree.fromstring(client.get("/sitemap.xml").content).xpath("//m:loc", namespaces=MAP)


def test_a_retracted_text_leaves_the_feed_and_the_map_at_once(client, public_article, editor2):
    workflow.issue_notice(public_article, actor=editor2, kind="retraction", reason="It was wrong.")

    for path in ["/feed/", "/sitemap.xml"]:
        assert b"lymph-nodes" not in client.get(path).content, path


def test_robots_are_asked_to_leave_the_staffs_side_alone_and_told_of_the_map(client, db):
    response = client.get("/robots.txt")

    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /admin/",
        "",
        "Sitemap: http://testserver/sitemap.xml",
    ]


@pytest.mark.parametrize("path", ["/feed/", "/sitemap.xml", "/robots.txt"])
def test_none_of_them_sets_a_cookie_or_varies_on_one(client, author, public_article, path):
    client.force_login(author)
    client.cookies["audience"] = "carer"

    response = client.get(path)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/feed/", "/sitemap.xml"])
def test_who_has_it_as_it_is_gets_304_until_something_is_published(client, author, staff, public_article, path):
    first = client.get(path)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304

    library(author, staff, 1)

    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200
