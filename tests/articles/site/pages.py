"""Pages as tests read them."""

from django.urls import reverse
from lxml import html

from tests import factories


def page_for(article, audience="public"):
    return reverse("article_for", args=[article.slug, audience])


def parsed(response):
    return html.document_fromstring(response.content)


def words(element) -> str:
    return " ".join(element.text_content().split())


def library(author, staff, number):
    """Publish so many articles, all on one topic."""
    for place in range(number):
        draft = factories.article(author, title=f"Article {place:02}", slug=f"library-{place:02}")
        factories.published(factories.submitted(author, draft), *staff)
