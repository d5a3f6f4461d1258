"""What reading costs the database: few statements however large the library, and never a write."""

import pytest

from articles.models import Notice
from tests import factories
from tests.articles.site.pages import every_public_page, library, page_for, parsed


@pytest.mark.parametrize("number", [1, 50])
def test_a_page_costs_the_same_queries_however_large_the_library(
    client, author, staff, number, django_assert_num_queries
):
    library(author, staff, number)
    client.get("/articles/library-00/for/public/")
    client.get("/search/?q=article")

    for path, queries in [
        ("/", 3),
        ("/articles/", 2),
        ("/topics/", 1),
        ("/topics/oncology/", 3),
        ("/articles/library-00/", 1),
        ("/articles/library-00/for/public/", 2),
        ("/articles/library-00/versions/", 2),
        ("/articles/library-00/versions/1/", 2),
        ("/articles/library-00/versions/1/changes/", 3),
        ("/search/?q=article", 1),
        ("/search/", 0),
        ("/feed/", 1),
        ("/sitemap.xml", 2),
        ("/robots.txt", 0),
        ("/board/", 4),
        ("/ledger/", 3),
        ("/healthz", 9),
    ]:
        with django_assert_num_queries(queries, info=path):
            client.get(path)


def test_the_text_is_fetched_and_rendered_once_for_an_audience(client, public_article, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(page_for(public_article))
    with django_assert_num_queries(2):
        client.get(page_for(public_article))


def test_long_lists_come_a_page_at_a_time(client, author, staff, monkeypatch):
    library(author, staff, 5)
    monkeypatch.setattr("articles.site.views.IN_A_LIST", 2)
    seen, path = [], "/articles/"

    while path:
        page = parsed(client.get(path))
        seen += page.xpath("//p[@class='title']/a/text()")
        path = next((f"/articles/{link}" for link in page.xpath("//a[@rel='next']/@href")), None)
        path = path and path.replace("/articles//articles/", "/articles/")

    assert seen == [f"Article {place:02}" for place in range(5)]


def test_reading_writes_nothing(client, public_article):
    before = factories.evidence()

    every_public_page(client, "lymph-nodes")

    assert factories.evidence() == before
    assert Notice.objects.count() == 0
