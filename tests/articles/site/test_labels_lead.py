"""An article under a concern or retracted is named with that label in front of its title, wherever it is named."""

from urllib.parse import parse_qs, urlsplit

import pytest

from articles.models import Article
from reviews import workflow
from tests import factories
from tests.articles.site.pages import page_for, parsed, words

pytestmark = pytest.mark.django_db
TITLE = "Sentinel biopsy"
CALLED = {
    "concern": "Under an expression of concern",
    "retraction": "Retracted",
    "withdrawal": "Withdrawn",
}


@pytest.fixture
def named(author, staff, clinical):
    """A published article, another on its topic that leads to it, and the pages that may name it."""
    draft = factories.article(author, title=TITLE, slug="sentinel-biopsy", body="<p>It finds a node.</p>")
    factories.published(factories.submitted(author, draft), *staff)
    factories.edit(draft, "It finds the first node.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=draft.pk)), *staff)
    other = factories.article(author, title="Other", slug="other")
    factories.published(factories.submitted(author, other), *staff)
    own = "/articles/sentinel-biopsy/"
    return Article.objects.get(pk=draft.pk), [
        "/", "/articles/", "/topics/oncology/", "/search/?q=sentinel", "/board/", f"/board/{clinical.contributor.pk}/",
        "/articles/other/for/public/", f"{own}for/public/", f"{own}versions/", f"{own}versions/2/",
        f"{own}versions/2/changes/", f"{own}for/public/ask/",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", CALLED)
def test_the_label_stands_before_the_title_on_every_page(client, named, editor, kind):
    article, paths = named
    for path in paths:
        client.get(path)  # so that pages kept from before are there
    workflow.issue_notice(article, actor=editor, kind=kind, reason="A figure cannot be right.")

    bare, times = [], 0
    for path in paths:
        page = parsed(client.get(path, follow=True))
        for text in page.xpath("//article[contains(@class, 'text')] | //div[contains(@class, 'redline')] | //input"):
            text.drop_tree()
        for part in (page.head.find("title"), page.body):
            before, *after = words(part).split(TITLE)
            for place, _ in enumerate(after):
                times += 1
                if not before.rstrip(": ").endswith(CALLED[kind]):
                    bare.append((path, before[-60:]))
                before = after[place]

    assert times >= (8 if kind == "concern" else 5)
    assert not bare


@pytest.mark.parametrize(
    ("kind", "label"), [("concern", "Under an expression of concern: "), ("retraction", "Retracted: ")]
)
def test_an_email_with_the_link_has_the_label_in_its_subject(client, staff, public_article, kind, label):
    workflow.issue_notice(public_article, actor=staff[0], kind=kind, reason="In doubt.")

    (link,) = parsed(client.get(page_for(public_article))).xpath(
        "//nav[@class='tools']//a[starts-with(@href, 'mailto')]"
    )

    (subject,) = parse_qs(urlsplit(link.get("href")).query)["subject"]
    assert subject == f"{label}Lymph nodes"
