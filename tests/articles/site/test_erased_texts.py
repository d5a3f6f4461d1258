"""A text that was erased, as the law can demand: its pages say so with 410, and lead to what remains."""

import pytest

from articles.models import Article
from tests import factories
from tests.articles.site.machines import states
from tests.articles.site.pages import page_for, parsed, words
from tests.ledger import attacks
from tests.ledger.attacks import execute

OWN = "/articles/lymph-nodes/"


@pytest.fixture
def without_text(public_article, author, staff):
    """The article, its second version published, with the text of the first erased."""
    factories.edit(public_article, "Another text.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=public_article.pk)), *staff)
    erase(public_article, 1)
    return public_article


def erase(article, number: int) -> None:
    attacks.disarm()
    execute("DELETE FROM articles_versiontext WHERE version_id = %s", [article.versions.get(number=number).pk])
    attacks.rearm()


def test_an_older_version_without_its_text_says_so_and_leads_to_its_proof(client, without_text):
    for end in ("versions/1/", "versions/1...2/"):
        response = client.get(f"{OWN}{end}", follow=True)
        page = parsed(response)

        assert response.status_code == 410, end
        assert "This text was erased" in words(page)
        assert "must-revalidate" in response["Cache-Control"]
        (proof,) = page.xpath("//main//a[contains(@href, '/proof/')]/@href")
        assert client.get(proof).status_code == 200
    assert client.get(page_for(without_text)).status_code == 200
    assert client.get(f"{OWN}versions/").status_code == 200


def test_a_current_text_that_was_erased_has_no_page_in_any_form(client, public_article):
    erase(public_article, 1)

    for end in (
        "",
        "for/public/",
        "for/public.md",
        "for/public.pdf",
        "for/public.html",
        "versions/1/",
        "versions/1/article.docx",
    ):
        assert client.get(f"{OWN}{end}", follow=True).status_code == 410, end


def test_a_list_says_that_a_text_is_past_its_review_date(client, author, staff, monkeypatch):
    made = states.PUBLIC["published"](author, staff)
    assert "Past its review date" not in client.get("/articles/").content.decode()

    states.overdue(monkeypatch, made)

    for path in ("/", "/articles/", "/topics/oncology/", "/search/?q=glands"):
        assert "Past its review date" in words(parsed(client.get(path))), path


def test_a_related_text_and_a_quoted_one_are_called_past_their_review_date(client, author, staff, monkeypatch):
    made = states.PUBLIC["published"](author, staff)
    near = factories.published(factories.submitted(author, factories.article(author, slug="near")), *staff)
    related = "//nav[@class='related']//li"
    path = "/articles/near/for/public/"
    assert "Past its" not in words(parsed(client.get(path)).xpath(related)[0])

    states.overdue(monkeypatch, made)

    assert "Past its review date" in words(parsed(client.get(path)).xpath(related)[0])
    answered = client.post(f"{path}ask/", {"question": "How high is a high count?"}, follow=True)
    quotes = parsed(answered).xpath("//section[@class='quote']")
    assert any("Past its review date" in words(quote) for quote in quotes), near
