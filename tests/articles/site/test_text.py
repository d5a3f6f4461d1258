"""An article's text as the renderer gives it, what was typed shown as letters, and the disclaimer in force."""

import re

from lxml import html

from articles.frozen.content import thaw
from articles.models import Audience
from articles.text.rendering import render
from reviews import workflow
from tests import factories
from tests.articles.site.pages import page_for


def test_the_article_element_is_what_the_renderer_gives(client, public_article):
    content = thaw(public_article.published_version.frozen.text)

    for audience in ["public", "carer", "professional"]:
        for _ in ("rendered", "from the cache"):
            page = client.get(page_for(public_article, audience)).content.decode()
            assert page.count("<article") == 1
            assert render(content, audience).html in page


def test_a_hostile_title_is_shown_as_letters(client, author, staff):
    title = '<script>alert(1)</script> & "nodes" \''
    draft = factories.article(author, title=title, slug="hostile")
    factories.published(factories.submitted(author, draft, note="<b>note</b>"), *staff)

    for path in ["/", "/articles/", "/articles/hostile/for/public/", "/articles/hostile/versions/"]:
        page = client.get(path).content.decode()
        assert not re.search(
            r'<script(?! type="application/ld\+json">| src="/static/reading\.js" defer></script>)', page
        )
        assert "<b>" not in page, path
        assert title in html.document_fromstring(page).text_content(), path


def test_the_disclaimer_in_force_is_shown_to_its_audience(client, public_article, author, editor, editor2):
    issued = workflow.issue_disclaimer(Audience.objects.get(key="carer"), actor=editor, text="A newer word.")
    assert "A newer word." not in client.get(page_for(public_article, "carer")).content.decode()

    workflow.confirm_disclaimer(issued, actor=editor2)

    assert "A newer word." in client.get(page_for(public_article, "carer")).content.decode()
    assert "A newer word." not in client.get(page_for(public_article, "public")).content.decode()
