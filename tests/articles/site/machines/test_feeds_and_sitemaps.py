"""The map, the feed and the rules for robots: of what may be listed, whole and well-formed."""

from functools import partial

import pytest
from django.utils import timezone
from django.utils.http import http_date
from lxml import etree

from articles.models import Article, Notice, NoticeVersion
from articles.site.machines.feeds.entries import newest
from reviews import workflow
from tests import factories
from tests.articles.site.pages import days_later, library

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def mapped(client, what: str = "loc") -> list[str]:
    """Return what the maps say of each page, found by the index as a search engine would."""
    index = etree.fromstring(client.get("/sitemap.xml").content)
    maps = [
        client.get(place.removeprefix("http://testserver")) for place in index.xpath("//m:loc/text()", namespaces=MAP)
    ]
    assert {page["Content-Type"] for page in maps} == {"application/xml"}
    return [
        text for page in maps for text in etree.fromstring(page.content).xpath(f"//m:{what}/text()", namespaces=MAP)
    ]


def test_the_map_names_each_article_at_the_address_it_calls_its_own(client, public_article):
    places = mapped(client)

    assert "http://testserver/articles/lymph-nodes/for/public/" in places
    assert not [place for place in places if place.endswith((".md", ".txt"))]
    assert {"http://testserver/board/", "http://testserver/ledger/", "http://testserver/topics/oncology/"} <= {*places}
    for place in places:
        assert client.get(place.removeprefix("http://testserver")).status_code == 200, place


def test_the_map_says_when_each_text_was_published(client, public_article):
    (day,) = mapped(client, "lastmod")

    assert day == public_article.published_version.review.published_at.date().isoformat()


def test_a_notice_or_its_lifting_moves_the_date_of_a_text(client, author, staff, public_article, editor2, monkeypatch):
    factories.published(factories.submitted(author, slug="other"), *staff)
    first = mapped(client, "lastmod")
    days_later(monkeypatch, 5)
    notice = workflow.issue_notice(public_article, actor=editor2, kind="concern", reason="The dose may be wrong.")
    second = mapped(client, "lastmod")
    days_later(monkeypatch, 3)

    workflow.issue_notice(public_article, actor=editor2, kind="concern", reason="It is right.", lifts=notice)

    third = mapped(client, "lastmod")
    assert first[0] < second[0] < third[0] == timezone.localdate().isoformat()
    assert first[1] == second[1] == third[1]


def test_a_long_map_has_pages_and_names_every_article_once(client, author, staff, monkeypatch):
    library(author, staff, 5)
    monkeypatch.setattr("articles.site.machines.feeds.sitemaps.Articles.limit", 2)

    articles = [place for place in mapped(client) if "/articles/library" in place]

    assert len(articles) == len({*articles}) == 5
    assert b"/sitemap-articles.xml?p=3" in client.get("/sitemap.xml").content


@pytest.mark.parametrize("path", ["/sitemap-nothing.xml", "/sitemap-articles.xml?p=9", "/sitemap-articles.xml?p=x"])
def test_a_map_that_there_is_not_is_not_found(client, public_article, path):
    assert client.get(path).status_code == 404


def test_who_asks_for_the_map_by_date_is_told_of_a_removal(client, author, staff, public_article, editor2):
    library(author, staff, 1)  # the newest that stays is older than the question
    now = http_date()
    workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="By order of a court.")

    answer = client.get("/sitemap-articles.xml", headers={"if-modified-since": now})

    assert (answer.status_code, b"lymph-nodes" in answer.content, b"library" in answer.content) == (200, False, True)


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


def test_what_xml_cannot_hold_does_not_break_the_feed(client, author, staff, monkeypatch):
    """No door takes it any more; texts that were signed before may hold it."""
    monkeypatch.setattr("articles.text.plain.characters.first_fault", lambda text: None)
    draft = factories.article(author, title="A\ufffetitle", slug="odd")
    factories.published(factories.submitted(author, draft, note="A\uffffnote 💉."), *staff)

    feed = etree.fromstring(client.get("/feed/").content)

    assert feed.xpath("//a:entry/a:title/text()", namespaces=ATOM) == ["Atitle"]
    assert feed.xpath("//a:entry/a:summary/text()", namespaces=ATOM) == ["Version 1. Anote 💉."]


def test_the_feed_is_short(client, author, staff, monkeypatch):
    library(author, staff, 3)
    monkeypatch.setattr("articles.site.machines.feeds.entries.IN_THE_FEED", 2)

    assert client.get("/feed/").content.count(b"<entry") == 2


def test_an_empty_site_has_a_feed_and_a_map(client, db):
    assert etree.fromstring(client.get("/feed/").content).findtext("a:updated", namespaces=ATOM)
    assert "http://testserver/" in mapped(client)


def entries(client) -> list[tuple[str, str]]:
    """Return the title and the text of each entry of the feed, in order."""
    found = etree.fromstring(client.get("/feed/").content).xpath("//a:entry", namespaces=ATOM)
    texts = [one.xpath("string(a:summary|a:content)", namespaces=ATOM) for one in found]
    return [(one.findtext("a:title", namespaces=ATOM), text) for one, text in zip(found, texts, strict=True)]


@pytest.mark.parametrize("kind", ["correction", "concern", "retraction", "withdrawal"])
def test_the_feed_tells_of_each_notice_and_of_its_lifting(client, public_article, editor2, kind):
    notice = workflow.issue_notice(public_article, actor=editor2, kind=kind, reason="The dose was wrong.")
    title = f"{notice}: Lymph nodes"
    assert entries(client)[0] == (title, "The dose was wrong.")

    lifting = workflow.issue_notice(public_article, actor=editor2, kind=kind, reason="It was right.", lifts=notice)

    assert entries(client)[:2] == [(f"{lifting}: Lymph nodes", "It was right."), (title, "The dose was wrong.")]


def ids(client) -> dict[str, str]:
    """Return the id of each entry of the feed by its text."""
    found = etree.fromstring(client.get("/feed/").content).xpath("//a:entry", namespaces=ATOM)
    texts = [one.xpath("string(a:summary|a:content)", namespaces=ATOM) for one in found]
    return {text: one.findtext("a:id", namespaces=ATOM) for text, one in zip(texts, found, strict=True)}


def test_each_notice_is_an_entry_of_its_own_and_stays_it(client, public_article, editor2):
    issue = partial(workflow.issue_notice, public_article, actor=editor2, kind="correction")
    first = issue(reason="5 mg was wrong.")
    before = ids(client)

    issue(reason="7 mg was wrong.")
    issue(reason="It was right.", lifts=first)

    now = ids(client)
    assert before.items() <= now.items()
    assert len(set(now.values())) == len(now) == 4


def with_a_second_version(article, author, staff):
    draft = Article.objects.get(pk=article.pk)
    draft.title = "Glands"
    factories.save(draft, author)
    factories.published(factories.submitted(author, draft), *staff)
    return Article.objects.get(pk=article.pk)


def links(client) -> list[str]:
    feed = etree.fromstring(client.get("/feed/").content)
    return feed.xpath("//a:entry/a:link/@href", namespaces=ATOM)


@pytest.mark.parametrize("kind", ["correction", "concern", "retraction", "withdrawal"])
def test_a_notice_on_an_older_version_is_called_by_it_and_leads_to_it(
    client, author, staff, public_article, editor2, kind
):
    draft = with_a_second_version(public_article, author, staff)

    old = workflow.issue_notice(draft, actor=editor2, kind=kind, reason="5 mg was wrong.", versions=[1])
    assert entries(client)[0] == (f"{old}, version 1: Lymph nodes", "5 mg was wrong.")
    assert links(client)[0] == "http://testserver/articles/lymph-nodes/versions/1/"
    assert "5 mg was wrong." in client.get(links(client)[0]).content.decode()

    if kind == "correction":  # of two versions, neither of which is shown
        factories.edit(draft, "The third words.", by=author)
        factories.published(factories.submitted(author, draft), *staff)
        older = workflow.issue_notice(draft, actor=editor2, kind=kind, reason="Twice wrong.", versions=[1, 2])
        assert entries(client)[0] == (f"{older}, versions 1 and 2: Glands", "Twice wrong.")
        assert links(client)[0] == "http://testserver/articles/lymph-nodes/versions/2/"
        return
    both = workflow.issue_notice(draft, actor=editor2, kind=kind, reason="Both were wrong.", versions=[1, 2])
    assert entries(client)[0] == (f"{both}: Glands", "Both were wrong.")


def test_a_notice_on_a_removed_version_leads_to_where_it_is_told(client, author, staff, public_article, editor2):
    draft = with_a_second_version(public_article, author, staff)
    workflow.issue_notice(draft, actor=editor2, kind="removal", reason="By order of a court.", versions=[1])

    notice = workflow.issue_notice(draft, actor=editor2, kind="correction", reason="5 mg was wrong.", versions=[1])

    assert links(client)[0] == f"http://testserver/notices/{notice.pk}/"
    page = client.get(links(client)[0])
    assert (page.status_code, "5 mg was wrong." in page.content.decode()) == (200, True)


def test_what_was_removed_is_not_called_by_its_title(client, author, staff, public_article, editor2):
    draft = with_a_second_version(public_article, author, staff)

    workflow.issue_notice(draft, actor=editor2, kind="retraction", reason="It was wrong.", versions=[1])
    workflow.issue_notice(draft, actor=editor2, kind="removal", reason="By order of a court.", versions=[1])

    told = {title for title, _ in entries(client)}
    assert told == {"Removal, version 1: Glands", "Retraction, version 1: Glands", "Glands"}


@pytest.mark.parametrize("kind", ["retraction", "withdrawal"])
def test_a_text_that_is_not_to_be_relied_on_is_no_publication_of_the_feed_or_the_map(
    client, public_article, editor2, kind
):
    workflow.issue_notice(public_article, actor=editor2, kind=kind, reason="It was wrong.")

    assert "Lymph nodes" not in [title for title, _ in entries(client)]
    assert not [place for place in mapped(client) if "lymph-nodes" in place]


def test_a_removal_takes_the_place_of_the_articles_entry_and_tells_only_why(client, public_article, editor2):
    name = f"urn:uuid:{public_article.public_id}"
    workflow.issue_notice(public_article, actor=editor2, kind="correction", reason="A name was wrong.")
    assert name in client.get("/feed/").content.decode()

    workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="By order of a court.")

    feed = client.get("/feed/").content.decode()
    assert entries(client) == [("Removal of a text that was published here", "By order of a court.")]
    assert f"<id>{name}</id>" in feed
    assert "lymph-nodes" not in feed


def test_an_article_that_comes_back_is_newer_than_its_removal(client, public_article, editor2):
    notice = workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="By order of a court.")
    own = f"urn:uuid:{public_article.public_id}"

    def updated() -> str:
        feed = etree.fromstring(client.get("/feed/").content)
        return feed.xpath(f"string(//a:entry[a:id='{own}']/a:updated)", namespaces=ATOM)

    gone = updated()
    workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="Settled.", lifts=notice)

    assert updated() >= gone > ""
    lifted = public_article.notices.get(lifts=notice).issued_at
    assert updated()[:19] == lifted.isoformat()[:19]


def test_an_old_article_that_comes_back_is_in_the_feed_though_others_were_published_since(
    client, author, staff, public_article, editor2, monkeypatch
):
    library(author, staff, 3)
    removal = workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="By order of a court.")
    workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="Settled.", lifts=removal)
    monkeypatch.setattr("articles.site.machines.feeds.entries.IN_THE_FEED", 3)

    own = f"urn:uuid:{public_article.public_id}"

    assert [title for title, _ in entries(client)][:2] == ["Lymph nodes", "Removal lifted: Lymph nodes"]
    assert f"<id>{own}</id>" in client.get("/feed/").content.decode()


def test_a_notice_on_what_was_never_published_is_not_in_the_feed(client, author, public_article, editor2):
    factories.edit(public_article, "Newer words.", by=author)
    factories.submitted(author, Article.objects.get(pk=public_article.pk))

    # Releases before 0.3.0 took such a notice; now it is refused.
    about = {"article": public_article, "kind": "concern", "reason": "A doubt."}
    notice = Notice.objects.create(**about, issued_by=editor2, issued_at=timezone.now())
    NoticeVersion.objects.create(notice=notice, version=public_article.versions.get(number=2))

    assert entries(client) == [("Lymph nodes", "Version 1. First version")]


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


@pytest.mark.parametrize("path", ["/feed/", "/sitemap.xml", "/sitemap-articles.xml", "/robots.txt"])
def test_none_of_them_sets_a_cookie_or_varies_on_one(client, author, public_article, path):
    client.force_login(author)
    client.cookies["audience"] = "carer"

    response = client.get(path)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/feed/", "/sitemap-articles.xml"])
def test_who_has_it_as_it_is_gets_304_until_something_is_published(client, author, staff, public_article, path):
    first = client.get(path)
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304

    library(author, staff, 1)

    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_an_article_that_came_back_twice_is_as_new_as_the_second_time(client, public_article, editor2):
    for _ in range(2):
        removal = workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="By order of a court.")
        lifting = workflow.issue_notice(public_article, actor=editor2, kind="removal", reason="Settled.", lifts=removal)

    (article,) = newest()
    assert article.shown_since == lifting.issued_at


def test_a_notice_is_called_by_those_of_its_versions_that_were_public(client, author, staff, public_article, editor2):
    draft = with_a_second_version(public_article, author, staff)
    factories.edit(draft, "The third words.", by=author)
    factories.submitted(author, draft)

    about = {"kind": "concern", "reason": "A doubt.", "versions": [1, 3]}
    workflow.issue_notice(draft, actor=editor2, **about)

    assert entries(client)[0][0] == "Expression of concern, version 1: Lymph nodes"
    assert links(client)[0] == "http://testserver/articles/lymph-nodes/versions/1/"


def test_a_text_is_in_the_feed_in_its_own_language_and_a_notice_in_english(client, author, staff, editor2):
    draft = factories.article(author, title="Ganglios", slug="ganglios", language="es")
    factories.published(factories.submitted(author, draft), *staff)
    workflow.issue_notice(Article.objects.get(), actor=editor2, kind="correction", reason="A name was wrong.")

    found = etree.fromstring(client.get("/feed/").content).xpath("//a:entry", namespaces=ATOM)

    spoken = {
        one.findtext("a:title", namespaces=ATOM): one.get("{http://www.w3.org/XML/1998/namespace}lang") for one in found
    }
    assert spoken == {"Ganglios": "es", "Correction: Ganglios": "en"}


def test_a_feed_with_room_for_few_tells_of_the_newest_notices(client, public_article, editor2, monkeypatch):
    for reason in ("The first.", "The second.", "The third."):
        workflow.issue_notice(public_article, actor=editor2, kind="correction", reason=reason)
    monkeypatch.setattr("articles.site.machines.feeds.entries.IN_THE_FEED", 2)

    assert [text for _, text in entries(client)] == ["The third.", "The second."]
