"""What a first visit transfers: the page and everything it links."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from tests import factories
from tests.articles.site.pages import library, page_for, parsed, words

KB = 1000
PARAGRAPH = "<p>" + "Lymph nodes filter lymph, and often swell when there is an infection nearby. " * 8 + "</p>"


def weight(response) -> int:
    """Return the bytes of a page with its style, script, icon and pictures, nothing of it compressed."""
    page = parsed(response)
    linked = page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src")
    paths = {address.removeprefix("/static/") for address in linked}
    return len(response.content) + sum(Path(finders.find(path)).stat().st_size for path in paths)


def test_the_first_page_is_under_60_kb(client, author, staff):
    library(author, staff, 7)

    assert weight(client.get("/")) < 60 * KB


def test_a_long_article_is_under_100_kb(client, author, staff):
    draft = factories.article(author, slug="long", body=PARAGRAPH * 60)
    factories.published(factories.submitted(author, draft), *staff)

    response = client.get("/articles/long/for/public/")

    assert response.content.count(b"<p>Lymph nodes") == 60
    assert weight(response) < 100 * KB


def test_pages_load_one_style_and_one_icon_and_only_search_and_texts_load_scripts(
    client, public_article, author, staff
):
    table = factories.article(author, slug="table", body="<table><tr><td>75 mg</td></tr></table>")
    factories.published(factories.submitted(author, table), *staff)
    scripts = {
        "/search/?q=lymph": ["/static/search.js"],
        page_for(public_article): ["/static/reading.js"],
        page_for(table): ["/static/reading.js", "/static/tables.js"],
    }

    for path in ["/", page_for(public_article), page_for(table), "/search/?q=lymph", "/board/", "/ledger/"]:
        page = parsed(client.get(path))
        assert page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href") == ["/static/site.css", "/static/icon.svg"]
        assert page.xpath("//script/@src") == scripts.get(path, [])
        assert not page.xpath("//img | //iframe | //object | //video | //audio")


def test_what_a_printed_text_is_judged_by_is_not_hidden_from_print(client, public_article):
    style = Path(finders.find("site.css")).read_text()
    printed = style[style.index("@media print") :]
    hidden = " ".join(rule.partition("{")[0] for rule in printed.split("}") if "display: none" in rule)
    page = parsed(client.get(page_for(public_article)))

    for name in ["status", "byline", "about", "made", "dates", "disclaimer", "caution", "notice", "tag", "strip"]:
        assert not re.search(rf"\.{name}\s*(,|$)", hidden), name
    assert public_article.published_version.digest in words(page.find_class("about")[0])
    assert "Version1" in words(page.find_class("about")[0]).replace(" ", "")
