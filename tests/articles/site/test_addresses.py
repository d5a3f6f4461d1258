"""Where an article's address leads: to an audience, from a former address, and for all who ask to the same page."""

from articles.models import Audience, Slug
from reviews import workflow
from tests import factories
from tests.articles.site.pages import page_for


def test_the_address_leads_to_the_audience_the_text_was_written_for(client, public_article):
    response = client.get("/articles/lymph-nodes/")

    assert (response.status_code, response["Location"]) == (302, "/articles/lymph-nodes/for/public/")
    assert "Cookie" in response["Vary"]


def test_the_address_leads_to_the_audience_chosen(client, public_article):
    client.cookies["audience"] = "carer"

    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/carer/"


def test_a_cookie_with_another_value_counts_for_nothing(client, public_article):
    client.cookies["audience"] = "robots"

    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/public/"


def test_a_draft_written_for_others_meanwhile_does_not_move_readers(client, public_article, author):
    public_article.written_for = Audience.objects.get(key="carer")
    factories.save(public_article, author)

    assert client.get("/articles/lymph-nodes/")["Location"] == "/articles/lymph-nodes/for/public/"


def test_the_page_for_an_audience_never_varies_and_sets_no_cookie(client, public_article):
    client.cookies["audience"] = "carer"

    response = client.get(page_for(public_article))

    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


def test_who_is_signed_in_reads_the_same_page_without_being_asked_for(
    client, public_article, author, django_assert_num_queries
):
    for_anybody = client.get(page_for(public_article)).content
    client.force_login(author)

    with django_assert_num_queries(2):
        assert client.get(page_for(public_article)).content == for_anybody


def test_a_former_address_redirects_for_good(client, public_article, author):
    public_article.slug = "glands"
    factories.save(public_article, author)

    for end in ["", "for/carer/", "versions/", "versions/1/"]:
        response = client.get(f"/articles/lymph-nodes/{end}")
        assert (response.status_code, response["Location"]) == (301, f"/articles/glands/{end}")


def test_a_former_address_of_what_is_not_public_tells_nothing(client, author):
    draft = factories.article(author, slug="secret-plan")
    Slug.objects.create(article=draft, slug="older-plan")

    assert client.get("/articles/older-plan/").status_code == 404


def test_the_policy_has_an_address_of_its_own(client, author, editor, clinical, specialist):
    draft = factories.article(author, kind="policy", slug="our-policy", title="Editorial policy")
    version = factories.submitted(author, draft)
    for assignment in factories.under_review(version, editor, (clinical, "clinical"), (specialist, "clinical")):
        factories.decide(assignment)
    workflow.publish(version, actor=editor)

    assert client.get("/editorial-policy/")["Location"] == "/articles/our-policy/"
