"""Readers browse from A to Z, by kind, and down a tree of topics."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from lxml import etree

from articles.models import Topic
from articles.site.lists.limits import written
from reviews import workflow
from reviews.models import Specialty
from tests import factories
from tests.articles.site.pages import parsed, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(author, staff, specialist):
    """Published articles on topics that are parts of one another: Medicine > Oncology > Lymphoma; Surgery."""
    named = {name: factories.topic(name) for name in ("Medicine", "Oncology", "Lymphoma", "Surgery")}
    for name, wider in (("Oncology", "Medicine"), ("Lymphoma", "Oncology")):
        named[name].parent = named[wider]
        named[name].save()
    for topic in named.values():
        Specialty.objects.get_or_create(member=specialist.board_member, topic=topic)
    for title, topic, kind in [
        ("Bowel cancer", "Oncology", "topic"),
        ("biopsy", "Lymphoma", "topic"),
        ("Éclampsie", "Surgery", "topic"),
        ("Does it hurt?", "Surgery", "question"),
        ("5-HT3 antagonists", "Surgery", "topic"),
        ("β-blockers", "Surgery", "topic"),
        ("„Zoster“", "Surgery", "topic"),
        ("تورّم", "Surgery", "topic"),
    ]:
        draft = factories.article(author, title=title, topics=(topic,), kind=kind)
        factories.published(factories.submitted(author, draft), *staff)
    return named


def titles(client, path) -> list[str]:
    return parsed(client.get(path)).xpath("//p[@class='title']/a/text()")


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("letter=b", {"Bowel cancer", "biopsy"}),
        ("letter=e", {"Éclampsie"}),
        ("letter=0-9", {"5-HT3 antagonists"}),
        ("letter=other", {"تورّم", "β-blockers", "„Zoster“"}),
        ("kind=question", {"Does it hurt?"}),
        ("kind=topic&letter=d", set()),
        ("letter=d&kind=question", {"Does it hurt?"}),
        ("letter=z", set()),
    ],
)
def test_the_list_is_limited_by_letter_and_kind(client, query, found):
    assert set(titles(client, f"/articles/?{query}")) == found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("letter=z", "No published article begins with this letter."),
        ("letter=other&kind=question", "No published article is of this kind and begins with another sign."),
        ("letter=0-9&kind=question", "No published article is of this kind and begins with a digit."),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_a_list_without_articles_says_so_and_leads_back(client, query, said):
    page = parsed(client.get(f"/articles/?{query}"))

    assert said in words(page)
    assert page.xpath("//main//p/a[@href='/articles/']")


@pytest.mark.parametrize(
    "query", ["letter=zz", "letter=B", "letter=%00", "letter=é", "kind=policy", "kind=x", "letter=_"]
)
def test_another_letter_or_kind_is_no_page(client, query):
    assert client.get(f"/articles/?{query}").status_code == 404


@pytest.mark.usefixtures("shelf")
def test_further_pages_keep_the_limits(client, monkeypatch):
    monkeypatch.setattr("articles.site.lists.articles.IN_A_LIST", 1)

    (path,) = parsed(client.get("/articles/?letter=b&kind=topic")).xpath("//a[@rel='next']/@href")
    first = titles(client, "/articles/?letter=b&kind=topic")

    assert {*first, *titles(client, path)} == {"Bowel cancer", "biopsy"}
    assert not parsed(client.get(path)).xpath("//a[@rel='next']")


@pytest.mark.once
def test_each_latin_letter_is_filed_under_one_plain_letter():
    assert {"a", "A", "Å", "ä", "æ"} <= set(written("a"))
    assert "Ø" in written("o")
    assert "Æ" not in written("e")
    assert written("") == ()


@pytest.mark.usefixtures("shelf")
def test_the_topics_are_a_tree(client):
    page = parsed(client.get("/topics/"))

    assert page.xpath("//main/div/ul[@class='tree']/li/a/text()") == ["Medicine", "Surgery"]
    assert page.xpath("//ul[@class='tree']//ul//ul/li/a/text()") == ["Lymphoma"]
    assert page.xpath("//ul[@class='tree']//ul//ul/li/a/@href") == ["/topics/lymphoma/"]


@pytest.mark.usefixtures("shelf")
def test_the_page_of_a_topic_lists_its_parts_too(client):
    page = parsed(client.get("/topics/oncology/"))

    assert set(titles(client, "/topics/medicine/")) == {"Bowel cancer", "biopsy"}
    assert set(titles(client, "/topics/oncology/")) == {"Bowel cancer", "biopsy"}
    assert titles(client, "/topics/lymphoma/") == ["biopsy"]
    assert page.xpath("//p[@class='crumb']/a/text()") == ["Topics", "Medicine"]
    assert page.xpath("//nav[@aria-label='Parts of this topic']//a/text()") == ["Lymphoma"]


@pytest.mark.usefixtures("shelf")
def test_a_search_within_a_topic_finds_what_is_filed_under_its_parts(client):
    found = parsed(client.get("/search/?q=lymph&topic=oncology")).xpath("//p[@class='title']/a/text()")

    assert set(found) == {"Bowel cancer", "biopsy"}


@pytest.mark.usefixtures("shelf")
def test_feed_and_sitemap_know_the_tree(client):
    feed = etree.fromstring(client.get("/topics/medicine/feed/").content)

    atom = "{http://www.w3.org/2005/Atom}"
    assert {entry.findtext(f"{atom}title") for entry in feed.iter(f"{atom}entry")} == {"Bowel cancer", "biopsy"}
    assert "/topics/medicine/</loc>" in client.get("/sitemap-topics.xml").content.decode()


def test_a_topic_is_no_part_of_its_own_parts(shelf):
    medicine = Topic.objects.get(name="Medicine")
    medicine.parent = shelf["Lymphoma"]
    with pytest.raises(ValidationError, match="cannot be a part of itself, nor of a topic that is a part of it"):
        medicine.full_clean()

    medicine.parent = medicine
    with pytest.raises(IntegrityError), transaction.atomic():
        medicine.save()


def test_a_circle_that_was_stored_all_the_same_is_no_endless_page(client, shelf):
    shelf["Medicine"].parent = shelf["Lymphoma"]
    shelf["Medicine"].save()

    assert client.get("/topics/").status_code == 200
    assert client.get("/topics/oncology/").status_code in (200, 404)
    assert client.get("/topics/oncology/feed/").status_code == 200


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("path", ["/topics/", "/topics/medicine/", "/articles/?letter=b"])
def test_a_tree_of_more_topics_takes_no_more_queries(
    client, author, staff, specialist, path, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for place in range(6):
        topic = factories.topic(f"Topic {place}")
        topic.parent = Topic.objects.get(name="Oncology")
        topic.save()
        Specialty.objects.create(member=specialist.board_member, topic=topic)
        draft = factories.article(author, title=f"Beyond {place}", topics=(topic.name,))
        factories.published(factories.submitted(author, draft), *staff)

    with django_assert_num_queries(len(few)):
        assert "Beyond 5" in client.get(path).content.decode() or path == "/topics/"


def test_an_article_under_a_concern_is_named_so_in_the_feed(client, public_article, editor):
    workflow.issue_notice(public_article, actor=editor, kind="concern", reason="A doubt.")

    assert "<title>Under an expression of concern: Lymph nodes</title>" in client.get("/feed/").content.decode()
