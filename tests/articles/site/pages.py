"""Pages as tests read them, and what has to be there to be read."""

import datetime

from django.urls import reverse
from django.utils import timezone
from lxml import html

from tests import factories

DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"


def page_for(article, audience="public"):
    return reverse("article_for", args=[article.slug, audience])


def parsed(response):
    return html.document_fromstring(response.content)


def words(element) -> str:
    return " ".join(element.text_content().split())


def every_public_page(client, *slugs):
    """Return all that anybody is shown at any public address, refusals included."""
    paths = ["/", "/articles/", "/topics/", "/topics/oncology/", "/topics/canary-topic/", "/search/?q=can"]
    paths += ["/board/", "/ledger/", "/feed/", "/sitemap.xml", "/sitemap-topics.xml", "/sitemap-articles.xml"]
    paths += [
        "/sitemap-pages.xml",
        "/robots.txt",
        "/llms.txt",
        "/notices/",
        "/notices/correction/",
        "/notices/feed/",
        "/topics/oncology/feed/",
    ]
    for slug in slugs:
        ends = ["for/public.md", "for/carer.md"]
        ends += ["", "for/public/", "for/carer/", "for/professional/", "versions/", "versions/1/", "versions/2/"]
        ends += ["versions/1/changes/", "versions/2/changes/", "versions/1/signed", "versions/2/signed"]
        ends += [
            "versions/1...2/",
            "versions/1...2/for/carer/",
            "versions/2...3/",
            "proof/",
            "proof.json",
            "versions/1/proof/",
            "versions/2/proof/",
            "versions/2/proof.json",
        ]
        paths += [f"/articles/{slug}/{end}" for end in ends]
    paths += ["/ledger/export", "/ledger/checkpoint"]
    return "".join(client.get(path, follow=True).getvalue().decode() for path in paths)


def library(author, staff, number):
    """Publish so many articles, all on one topic."""
    for place in range(number):
        draft = factories.article(author, title=f"Article {place:02}", slug=f"library-{place:02}")
        factories.published(factories.submitted(author, draft), *staff)


def days_later(monkeypatch, days: int):
    """Let so many days pass."""
    then = timezone.now() + datetime.timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: then)


def under_review(article, editor, *reviewers):
    return factories.under_review(article.latest_version, editor, *reviewers)
