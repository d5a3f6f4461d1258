"""What the home page and the lists tell programs."""

import pytest

from tests import factories
from tests.articles.site.machines import states
from tests.articles.site.machines.schema_org import problems
from tests.articles.site.machines.test_json_ld import said
from tests.articles.site.pages import library, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")]
LISTS = ["/", "/articles/", "/topics/", "/topics/oncology/"]


def head(page, name: str) -> str:
    (found,) = page.xpath(f"//meta[@name='{name}' or @property='{name}']/@content")
    return found


@pytest.mark.parametrize("path", LISTS)
def test_schema_org_allows_all_that_a_list_says(client, public_article, path):
    assert problems(said(parsed(client.get(path)))) == []


@pytest.mark.parametrize("path", LISTS)
def test_each_list_has_a_description_its_own_address_and_open_graph(client, public_article, path):
    page = parsed(client.get(path))

    assert head(page, "description") == head(page, "og:description")
    assert head(page, "description").endswith(".")
    assert head(page, "og:url") == f"http://testserver{path}" == page.xpath("//link[@rel='canonical']/@href")[0]
    assert (head(page, "og:type"), head(page, "og:locale")) == ("website", "en_GB")
    assert head(page, "og:title") in words(page.xpath("//h1")[0])


@pytest.mark.parametrize("path", ["/board/", "/ledger/"])
def test_the_pages_about_the_review_are_described_in_sentences(client, public_article, path):
    assert head(parsed(client.get(path)), "description").endswith(".")


def test_the_home_page_names_the_publisher_and_how_to_search(client, author, staff):
    states.policy(author, staff)

    publisher, website = said(parsed(client.get("/")))["@graph"]

    assert publisher["publishingPrinciples"] == "http://testserver/editorial-policy/"
    action = website["potentialAction"]
    assert action["query-input"] == "required name=words"
    found = client.get(action["target"]["urlTemplate"].replace("{words}", "lymph").removeprefix("http://testserver"))
    assert found.status_code == 200
    assert found.context["query"] == "lymph" or "lymph" in found.content.decode()


def test_a_topic_names_its_articles_in_their_order_and_what_stands_beside_them(client, author, staff):
    doubted = states.with_notice("concern")(author, staff)
    library(author, staff, 2)

    page = parsed(client.get("/topics/oncology/"))
    data = said(page)

    items = [row["item"] for row in data["mainEntity"]["itemListElement"]]
    assert [item["name"] for item in items] == [words(link) for link in page.xpath("//p[@class='title']/a")]
    assert [item["url"] for item in items if item.get("creativeWorkStatus")] == [
        f"http://testserver/articles/{doubted.slug}/"
    ]
    assert items[-1]["creativeWorkStatus"] == ["Under an expression of concern"]
    crumbs = [row["item"]["name"] for row in data["breadcrumb"]["itemListElement"]]
    assert crumbs == ["Topics", "Oncology"]


@pytest.mark.parametrize(("query", "kept"), [("?kind=topic&utm_source=x", "?kind=topic"), ("?letter=a", "?letter=a")])
def test_a_limited_list_is_called_by_its_limits(client, author, staff, query, kept):
    library(author, staff, 1)

    page = parsed(client.get(f"/articles/{query}"))

    assert page.xpath("//link[@rel='canonical']/@href") == [f"http://testserver/articles/{kept}"]
    assert problems(said(page)) == []


def test_a_further_page_of_a_list_is_called_by_its_own_address(client, author, staff):
    library(author, staff, 2)

    page = parsed(client.get("/articles/?after=library-00"))

    assert head(page, "og:url") == "http://testserver/articles/?after=library-00"
    assert [row["item"]["name"] for row in said(page)["mainEntity"]["itemListElement"]] == ["Article 01"]


@pytest.mark.parametrize("state", [*states.PENDING, "retracted", "withdrawn"])
def test_what_is_on_no_list_is_in_no_data_of_one(client, author, staff, state):
    {**states.PENDING, **states.PUBLIC}[state](author, staff)
    factories.published(factories.submitted(author), *staff)

    for path in LISTS:
        assert "glands" not in client.get(path).content.decode(), path
