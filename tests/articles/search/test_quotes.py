"""A quote is made of whole blocks of the page that readers see, whichever of them fit the question best."""

import json

import pytest
from django.core.management import call_command
from lxml import html

from articles.frozen.signed_text import frozen_content
from articles.models import Version
from articles.search.quotes import HEADINGS, intact, quote
from articles.site.page import page_of
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

FIT = {
    "the first": lambda text: -len(text),
    "the longest": len,
    "one with a number": lambda text: sum(letter.isdigit() for letter in text),
}


@pytest.fixture
def versions(settings, monkeypatch) -> list[Version]:
    """Return the versions of the demonstration; most of their sections count as long."""
    monkeypatch.setattr("articles.search.quotes.SHORT", 250)
    settings.DEBUG = True
    call_command("demo", verbosity=0)
    return list(Version.objects.select_related("article"))


def blocks(element) -> list[str]:
    """Return the text of each block with its tags, but for headings, whose level changes in a quote."""
    for one in element.iterdescendants():
        for name in ("id", "href", "aria-labelledby"):
            one.attrib.pop(name, None)
    return [html.tostring(one, encoding="unicode", with_tail=False) for one in element if one.tag not in HEADINGS]


def test_each_quote_of_each_section_is_whole_blocks_of_its_page_in_their_order(versions):
    seen = parts = 0
    for version in versions:
        content = frozen_content(version)
        for audience in [known["key"] for known in content["audiences"]]:
            page = html.fragment_fromstring(page_of(version, audience).html)
            for section in page.xpath("section[@data-role]"):
                whole = blocks(section)
                for fit in FIT.values():
                    found = quote(version, section.get("id").removeprefix("s-"), audience, fit)
                    shown = blocks(html.fragment_fromstring(found.html, create_parent="div"))
                    at = whole.index(shown[0])
                    assert shown == whole[at : at + len(shown)]
                    assert found.is_whole == (shown == whole)
                    seen, parts = seen + 1, parts + (not found.is_whole)
    assert seen > 500
    assert parts > 20


def test_a_list_or_table_never_stands_without_the_paragraph_before_it(versions):
    for version in versions:
        page = html.fragment_fromstring(page_of(version, version.written_for).html)
        for section in page.xpath("section[@data-role]"):
            for fit in FIT.values():
                found = quote(version, section.get("id").removeprefix("s-"), version.written_for, fit)
                first = html.fragment_fromstring(found.html, create_parent="div")[0]
                if first.tag in ("ul", "ol", "div"):
                    before = next(one for one in section if one.tag != "h2")
                    assert before.tag == first.tag, "only at the beginning of a section"


@pytest.mark.parametrize(
    "body",
    [
        "<p>Do not take it with:</p><ul><li>warfarin</li></ul><ul><li>ibuprofen</li></ul>",
        "<p>Do not do any of these things.</p><p>Examples:</p><ul><li>ibuprofen</li></ul>",
        "<p>Do not take:</p><p>ibuprofen.</p>",
        '<p>Do not take: <cite data-ref="one">[one]</cite></p><p>Ibuprofen.</p>',
        "<p>Do not take it with warfarin.</p><p>or with ibuprofen.</p>",
        "<p>Do not take any of these:</p><h3>For pain</h3><p>Ibuprofen.</p>",
        "<p>Do not take these.</p><p>Examples:</p><h3>Fever</h3><p>Any.</p><h3>Pain</h3><ul><li>ibuprofen</li></ul>",
    ],
)
def test_what_is_only_true_after_what_is_before_it_is_not_quoted_without_it(body, author, staff, monkeypatch):
    monkeypatch.setattr("articles.search.quotes.SHORT", 40)
    body = f"{body}<p>Goodbye to all of you who are reading this.</p>"
    draft = factories.article(author, title="Pain", slug="pain", body=body)
    if "cite" in body:
        factories.cite(draft, "one", by=author, type="book", title="On pain")
    version = factories.published(factories.submitted(author, draft), *staff)

    found = quote(version, draft.sections.get().key, "public", lambda text: text.casefold().count("ibuprofen"))

    assert not found.is_whole
    assert "Do not" in found.html
    assert "buprofen" in found.html
    assert "Goodbye" not in found.html


def test_what_is_cited_is_listed_with_its_number_and_nothing_else_is(versions):
    for version in versions:
        page = html.fragment_fromstring(page_of(version, version.written_for).html)
        printed = {entry.get("id"): entry.text_content() for entry in page.xpath(".//li[starts-with(@id, 'ref-')]")}
        for section in page.xpath("section[@data-role]"):
            found = quote(version, section.get("id").removeprefix("s-"), version.written_for)
            linked = html.fragment_fromstring(found.html, create_parent="div").xpath(".//sup//a")
            numbers = {int(link.text) for link in linked}
            assert numbers <= {work.number for work in found.cited}
            for work in found.cited:
                entry = html.fragment_fromstring(work.entry, create_parent="li").text_content()
                assert printed[f"ref-{work.number}"].startswith(entry.rstrip())


def test_a_section_that_the_page_does_not_have_is_not_quoted(versions):
    assert quote(versions[0], "nothing", "public") is None
    assert quote(versions[0], "s' or '1", "public") is None


def test_no_quote_is_shown_of_a_text_that_is_not_the_signed_one(versions):
    version = versions[0]
    section = json.loads(version.frozen.text)["sections"][0]["key"]
    assert intact(version, section, "public")

    version.digest = "0" * 64

    assert intact(version, section, "public") is None


def test_two_quotes_of_the_same_section_have_no_id_in_common_and_lead_to_the_versions_quoted(author, staff):
    row = "<tr><td>5 mg</td><td>10 mg</td><td>15 mg</td></tr>"
    body = f"<table><caption>Doses</caption><tbody>{row}</tbody></table><p>See below.</p>"
    draft = factories.article(author, title="Pain", slug="pain", body=body)
    old = factories.published(factories.submitted(author, draft), *staff)
    factories.edit(draft, f"{body}<p>More.</p>", by=author)
    new = factories.published(factories.submitted(author, draft), *staff)
    section = draft.sections.get().key

    quotes = [quote(Version.objects.get(pk=version.pk), section, "public") for version in (old, new)]

    ids = [html.fragment_fromstring(one.html, create_parent="div").xpath(".//@id") for one in quotes]
    assert len(ids[0]) == len(ids[1]) == 1
    assert ids[0] != ids[1]
    assert [one.address for one in quotes] == [
        f"/articles/pain/versions/1/#s-{section}",
        f"/articles/pain/for/public/#s-{section}",
    ]
