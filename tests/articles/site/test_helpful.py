"""Whether a page was helpful: what is counted, what is stored, and what is not."""

import pytest
from django.urls import reverse

from articles.models import Article, Feedback, Helpfulness
from articles.models.reader_input.deleting import delete_expired
from tests import factories
from tests.articles.site.pages import days_later, page_for, parsed, words


def address(article, number=1, audience="public") -> str:
    return reverse("helpful", args=[article.slug, number, audience])


def counts() -> dict[tuple[int, str], tuple[int, int]]:
    rows = Helpfulness.objects.values_list("version__number", "audience", "yes", "no")
    return {(number, audience): (yes, no) for number, audience, yes, no in rows}


@pytest.fixture(autouse=True)
def _limits(settings):
    settings.RATE_LIMITS = 1


def test_the_question_stands_below_the_text_and_is_the_same_for_everybody(client, public_article, admin_client):
    page = parsed(client.get(page_for(public_article)))

    form = page.xpath("//section[@class='helpful']/form")[0]
    assert form.get("action") == address(public_article)
    assert form.xpath(".//button/@value") == ["yes", "no"]
    assert client.get(page_for(public_article)).content == admin_client.get(page_for(public_article)).content


def test_an_answer_is_counted_for_its_version_and_audience_and_nothing_else_is_stored(client, public_article):
    before = {name: rows for name, rows in factories.rows().items() if name != "articles_helpfulness"}

    response = client.post(address(public_article, audience="carer"), {"helpful": "no"}, follow=True)

    assert counts() == {(1, "carer"): (0, 1)}
    assert "You said that this page was not helpful." in words(parsed(response))
    assert {name: rows for name, rows in factories.rows().items() if name != "articles_helpfulness"} == before
    assert not client.cookies


def test_one_answer_a_day_counts_from_one_address_and_each_address_has_its_own(client, public_article, monkeypatch):
    for _ in range(3):
        assert client.post(address(public_article), {"helpful": "yes"}).status_code == 302
    assert counts() == {(1, "public"): (1, 0)}

    client.post(address(public_article), {"helpful": "no"}, REMOTE_ADDR="192.0.2.7")
    assert counts() == {(1, "public"): (1, 1)}

    days_later(monkeypatch, 1)
    client.post(address(public_article), {"helpful": "yes"})
    assert counts() == {(1, "public"): (2, 1)}


def test_the_next_version_begins_at_zero(client, author, staff, public_article):
    client.post(address(public_article), {"helpful": "yes"})
    factories.edit(public_article, "Lymph nodes hold lymph.", by=author)
    factories.published(factories.submitted(author, Article.objects.get(pk=public_article.pk)), *staff)

    client.post(address(public_article, 2), {"helpful": "no"})

    assert counts() == {(1, "public"): (1, 0), (2, "public"): (0, 1)}


def test_a_sentence_is_stored_without_counting_again_and_deleted_after_its_date(client, public_article, monkeypatch):
    client.post(address(public_article), {"helpful": "no"})
    said = {"helpful": "no", "about": "1", "text": "Say what to do at night."}

    response = client.post(address(public_article), said, follow=True)

    row = Feedback.objects.get()
    assert "Our editors can read what you wrote." in words(parsed(response))
    assert (row.version.number, row.audience, row.helpful, row.text) == (1, "public", False, said["text"])
    assert counts() == {(1, "public"): (0, 1)}
    days_later(monkeypatch, 92)
    assert delete_expired() == 1
    assert counts() == {(1, "public"): (0, 1)}, "a count says nothing of a person"


def test_a_second_sentence_on_the_same_day_is_refused_and_says_so(client, public_article):
    for text in ("First.", "Second."):
        response = client.post(address(public_article), {"helpful": "no", "about": "1", "text": text})

    assert response.status_code == 409
    assert "Please send the next tomorrow." in words(parsed(response))
    assert "Second." in parsed(response).xpath("//textarea")[0].text_content()
    assert [row.text for row in Feedback.objects.all()] == ["First."]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"helpful": "perhaps"},
        {"helpful": "yes", "about": "1", "text": " "},
        {"helpful": "yes", "about": "1", "text": "x" * 501},
        {"helpful": "yes", "website": "https://spam.example"},
    ],
)
def test_what_is_refused_is_explained_and_leaves_nothing(client, public_article, said):
    response = client.post(address(public_article), said)

    assert response.status_code == 422
    assert factories.is_sentence(words(parsed(response).xpath("//*[@role='alert']//li")[0]))
    assert not counts()
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_from_another_site_is_refused(client, public_article, headers):
    assert client.post(address(public_article), {"helpful": "yes"}, headers=headers).status_code == 403
    assert not counts()


def test_a_pending_text_is_not_asked_about(client, pending_article):
    assert b"Was this page helpful?" not in client.get(page_for(pending_article)).content
    assert client.post(address(pending_article), {"helpful": "yes"}).status_code == 404


@pytest.mark.parametrize("query", ["", "?said=yes", "?said=no&sent=1", "?said=<b>"])
def test_the_page_opened_by_its_address_writes_nothing(client, public_article, query):
    response = client.get(address(public_article) + query)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert b"<b>" not in response.content
    assert not counts()
