"""Whatever has happened on a site: programs are told what pages show, and no reviewer of a text that is warned of."""

import pytest

from articles.models import Article, Version
from articles.text.rendering.visible import visible
from tests.articles.site.machines.schema_org import problems
from tests.articles.site.machines.test_json_ld import SCRIPT, claims, is_shown, said, seen
from tests.articles.site.pages import page_for, parsed
from tests.generated import Site

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")]
APPROVED = "Approved by our medical advisory board"


def test_programs_are_told_what_pages_show_and_no_reviewer_of_a_text_that_is_warned_of(client):
    site = Site(2)
    for _ in range(4):
        site.grow(articles=3, steps=60)
    met = set()

    for path in paths():
        response = client.get(path)
        if response.status_code != 200:
            met.add(response.status_code)
            continue
        page = parsed(response)
        if not page.xpath(SCRIPT):
            assert page.find_class("caution"), path
            met.add("pending")
            continue
        data = said(page)
        text = seen(visible(page.find("body"))) + page.findtext(".//title")
        assert problems(data) == [], path
        assert [claim for claim in claims(data) if not is_shown(page, *claim, page, text)] == [], path
        met |= {*data["creativeWorkStatus"], "reviewedBy" if "reviewedBy" in data else "no reviewer"}
        if data["creativeWorkStatus"][0] != APPROVED:
            assert "reviewedBy" not in data, path
        assert ("lastReviewed" in data) == ("reviewedBy" in data), path

    assert {APPROVED, "Older version", "reviewedBy", "no reviewer"} <= met
    assert len(met) > 5  # pending, removed, retracted, under a concern: most of them


def test_the_markdown_of_a_text_is_there_if_its_page_is_approved_and_begins_as_the_page_does(client):
    Site(5).grow(articles=6, steps=90)
    number = 0

    for article in Article.objects.order_by("pk"):
        page, text = client.get(page_for(article)), client.get(f"/articles/{article.slug}/for/public.md")
        data = said(parsed(page)) if b"ld+json" in page.content else None
        assert text.status_code == (200 if data else page.status_code if page.status_code != 200 else 404)
        if data:
            number += 1
            assert text.content.decode().startswith(f"Status: {'. '.join(data['creativeWorkStatus'])}. Version")
            assert ("reviewed" in text.content.decode().lower()) >= ("reviewedBy" in data)

    assert number > 2


def paths() -> list[str]:
    versions = Version.objects.published().select_related("article").order_by("pk")
    return [page_for(article) for article in Article.objects.order_by("pk")] + [
        version.get_absolute_url() for version in versions
    ]
