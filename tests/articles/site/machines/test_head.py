"""The head of an article's page: its description, Open Graph and icons."""

import re

import pytest
from django.contrib.staticfiles import finders

from articles.site.machines.head import locale_of
from articles.site.machines.words import frozen as frozen_words
from tests.articles.frozen import cite, section, version
from tests.articles.site.machines import states
from tests.articles.site.machines.test_lists_as_data import head
from tests.articles.site.pages import page_for, parsed


def described(*sections, audience="public", **more) -> str:
    return frozen_words.description(version(*sections, **more), audience)


def lead(body, role="lead", **wordings):
    return section("b2", role=role, heading="", body=body, **wordings)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<p>It helps.{cite('a')} Take 5 × 10<sup>9</sup> of it.</p>", "It helps. Take 5 × 10^9 of it."),
        ("<p>Take 2.5 mg, e.g. at night. " + "Then rest a while. " * 40 + "</p>", None),
        ("<ul><li>Fever</li><li>Cough</li></ul><p>See a doctor.</p>", "See a doctor."),
        ("<table><tr><td>Dose.</td><td>5 mg.</td></tr></table><p>Ask first!</p>", "Ask first!"),
        ("<p>No sentence</p>", ""),
        (f"<p>{'word ' * 90}end.</p>", "word " * 90 + "end."),
        (f"<p>{'word ' * 400}end.</p>", ""),
    ],
)
def test_a_description_is_whole_sentences_of_the_text(body, text):
    found = described(lead(body))

    if text is None:
        assert found.startswith("Take 2.5 mg, e.g. at night. Then rest a while.")
        assert found.endswith("while.")
        assert 250 < len(found) <= 300
    else:
        assert found == text


def test_the_summary_describes_before_the_lead_and_help_never_does():
    sections = [
        section("h", role="help_now", body="<p>Call now.</p>"),
        section("b", body="<p>A body.</p>"),
        lead("<p>A lead.</p>"),
    ]

    assert described(*sections) == "A lead."
    assert described(*sections, lead("<p>A summary.</p>", role="summary")) == "A summary."
    assert described(sections[0]) == ""


def test_each_audience_is_described_by_its_own_words():
    own = {"carer": {"heading": "", "body": "<p>For them.</p>"}}

    assert described(lead("<p>A lead.</p>", **own), audience="carer") == "For them."
    assert described(lead("<p>A lead.</p>", **own), audience="public") == "A lead."


@pytest.mark.parametrize(
    ("language", "locale"),
    [("en", "en_GB"), ("en-US", "en_US"), ("de", ""), ("zh-Hant-TW", "zh_TW"), ("ar", ""), ("pt-BR", "pt_BR")],
)
def test_a_locale_names_a_region_or_there_is_none(language, locale):
    assert locale_of(language) == locale


@pytest.mark.django_db
def test_a_page_tells_other_sites_its_title_description_dates_and_no_picture(client, author, staff):
    made = states.PUBLIC["major"](author, staff)

    page = parsed(client.get(page_for(made)))

    assert head(page, "og:title") == "Lymph <nodes> & glands"
    assert head(page, "og:type") == "article"
    assert head(page, "og:site_name") == "Imprimatur"
    assert head(page, "description") == "A count above 5 × 10^9/L is high. Ask a doctor about it."
    assert head(page, "og:url") == "http://testserver/articles/nodes/for/public/"
    published, modified = head(page, "article:published_time"), head(page, "article:modified_time")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00", published)
    assert published < modified
    assert not page.xpath("//meta[@property='og:image']")


@pytest.mark.django_db
def test_the_page_for_another_audience_calls_the_general_one_canonical(client, author, staff):
    made = states.PUBLIC["published"](author, staff)

    page = parsed(client.get(page_for(made, "carer")))

    assert page.xpath("//link[@rel='canonical']/@href") == ["http://testserver/articles/nodes/for/public/"]
    assert head(page, "og:url") == "http://testserver/articles/nodes/for/carer/"


@pytest.mark.django_db
def test_every_icon_that_is_named_is_there(client):
    page = parsed(client.get("/"))
    icons = page.xpath("//link[contains(@rel, 'icon')]/@href")

    led = client.get("/favicon.ico")

    assert led.status_code == 302
    assert len(icons) == 2
    for address in [*icons, led["Location"]]:
        assert finders.find(address.removeprefix("/static/")), address
