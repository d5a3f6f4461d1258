"""What reading costs the database: few statements however large the library, and never a write."""

import pytest

from articles.models import Notice
from tests import factories
from tests.articles.site.pages import every_public_page, library, page_for, parsed


@pytest.mark.parametrize("number", [1, 15])
def test_a_page_costs_the_same_queries_however_large_the_library(
    client, author, staff, number, django_assert_num_queries
):
    library(author, staff, number)
    client.get("/articles/library-00/for/public/")
    client.get("/search/?q=article")

    for path, queries in [
        ("/", 5),
        ("/articles/", 4),
        ("/topics/", 2),
        ("/topics/oncology/", 6),
        ("/articles/library-00/", 1),
        ("/articles/library-00/for/public/", 2),
        ("/articles/library-00/versions/", 7),
        ("/articles/library-00/versions/1/", 2),
        ("/articles/library-00/versions/1/changes/", 3),
        ("/search/?q=article", 11),
        ("/search/", 4),
        ("/feed/", 4),
        ("/llms.txt", 5),
        ("/articles/library-00/for/public.md", 2),
        ("/sitemap.xml", 2),
        ("/sitemap-pages.xml", 0),
        ("/sitemap-topics.xml", 1),
        ("/sitemap-articles.xml", 3),
        ("/robots.txt", 0),
        ("/board/", 7),
        ("/ledger/", 4),
        ("/healthz", 14),
    ]:
        with django_assert_num_queries(queries, info=path):
            client.get(path)


def test_the_text_is_fetched_and_rendered_once_for_an_audience(client, public_article, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(page_for(public_article))
    with django_assert_num_queries(2):
        client.get(page_for(public_article))


@pytest.mark.parametrize("number", [4, 5])
@pytest.mark.parametrize("path", ["/articles/", "/topics/oncology/"])
def test_long_lists_come_a_page_at_a_time(client, author, staff, monkeypatch, path, number):
    library(author, staff, number)
    monkeypatch.setattr("articles.site.lists.articles.IN_A_LIST", 2)
    first, seen = path, []

    while path:
        page = parsed(client.get(path))
        seen += page.xpath("//p[@class='title']/a/text()")
        assert 1 <= len(page.xpath("//p[@class='title']/a")) <= 2
        path = next(iter(page.xpath("//a[@rel='next']/@href")), None)

    assert seen == [f"Article {place:02}" for place in range(number)]
    assert client.get(f"{first}?after=nothing-here").status_code == 404


def test_reading_writes_nothing(client, public_article):
    before = factories.evidence()

    every_public_page(client, "lymph-nodes")

    assert factories.evidence() == before
    assert Notice.objects.count() == 0
