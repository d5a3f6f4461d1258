"""How a version is cited, and its references as files."""

import json

import bibtexparser
import pytest
import rispy
from django.utils import timezone

from articles.models import Article
from reviews import workflow
from tests import factories
from tests.articles.site.pages import days_later, page_for, parsed, words

PAGE = "/articles/lymph-nodes/versions/1/"
FORMS = {
    "ris": ("application/x-research-info-systems", "ris"),
    "bib": ("application/x-bibtex", "bib"),
    "json": ("application/vnd.citationstyles.csl+json", "json"),
}


@pytest.fixture
def cited(author, staff):
    """A published article that cites one work."""
    draft = factories.article(
        author, title="Lymph nodes", slug="lymph-nodes", body='<p>Nodes filter <cite data-ref="smith2020"></cite>.</p>'
    )
    reference = factories.cite(draft, by=author, title="A study of 10<sup>9</sup> cells")
    factories.published(factories.submitted(author, draft), *staff)
    return Article.objects.get(pk=draft.pk), reference.reference


def cited_as(client, path=f"{PAGE}cite/") -> str:
    return words(parsed(client.get(path)).xpath("//blockquote")[0])


def text(client, name) -> str:
    response = client.get(PAGE + name)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_is_cited_with_authors_version_day_and_the_address_of_the_version(client, cited):
    today = f"{timezone.localdate():%Y %b %-d}"

    assert cited_as(client) == (
        f"Ada Author. Lymph nodes [Internet]. Version 1. Imprimatur; {today} [cited {today}]. "
        f"Available from: http://testserver{PAGE}."
    )
    assert f'href="{PAGE}cite/"' in client.get(page_for(cited[0])).content.decode()


def test_the_day_of_reading_is_that_of_today(client, cited, monkeypatch):
    first = cited_as(client)
    days_later(monkeypatch, 40)

    assert cited_as(client) != first
    assert cited_as(client).partition(" [cited")[0] == first.partition(" [cited")[0]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["cite", "references"])
def test_a_file_has_its_type_and_a_name(client, cited, form, name):
    response = client.get(f"{PAGE}{name}.{form}")

    media, ending = FORMS[form]
    assert response["Content-Type"] == f"{media}; charset=utf-8"
    behind = "-references" if name == "references" else ""
    assert response["Content-Disposition"] == f'attachment; filename="lymph-nodes-v1{behind}.{ending}"'
    assert response["X-Robots-Tag"] == "noindex"


def test_the_citation_is_read_by_programs_of_others(client, cited):
    day = timezone.localdate()
    (record,) = rispy.loads(text(client, "cite.ris"))
    (entry,) = bibtexparser.parse_string(text(client, "cite.bib")).entries
    (item,) = json.loads(text(client, "cite.json"))

    assert (record["title"], record["authors"], record["edition"]) == ("Lymph nodes", ["Ada Author"], "1")
    assert record["date"] == f"{day:%Y/%m/%d}/"
    assert record["urls"] == [f"http://testserver{PAGE}"]
    fields = {field.key: field.value for field in entry.fields}
    assert (fields["title"], fields["author"], fields["version"]) == ("{Lymph nodes}", "{Ada Author}", "1")
    assert (item["title"], item["version"], item["URL"]) == ("Lymph nodes", "1", f"http://testserver{PAGE}")
    assert item["issued"] == {"date-parts": [[day.year, day.month, day.day]]}


def test_the_references_are_the_frozen_ones(client, author, cited):
    _, reference = cited
    reference.csl = {**reference.csl, "title": "Another title"}
    reference.save()

    (record,) = rispy.loads(text(client, "references.ris"))
    (item,) = json.loads(text(client, "references.json"))

    assert (record["id"], record["title"]) == ("smith2020", "A study of 10⁹ cells")
    assert (item["id"], item["title"]) == ("smith2020", "A study of 10<sup>9</sup> cells")
    assert "10⁹ cells" in text(client, "references.bib")
    assert "This version cites 1 work. The files have it with the details" in words(parsed(client.get(f"{PAGE}cite/")))


def test_a_reference_that_was_retracted_since_says_so_in_every_format(client, cited):
    _, reference = cited
    assert "etracted" not in "".join(text(client, f"references.{form}") for form in FORMS)
    reference.csl = {**reference.csl, "status": "retracted"}
    reference.save()

    assert rispy.loads(text(client, "references.ris"))[0]["notes"] == ["Retracted"]
    assert "note = {Retracted}" in text(client, "references.bib")
    assert json.loads(text(client, "references.json"))[0]["status"] == "retracted"


@pytest.mark.parametrize(("kind", "called"), [("retraction", "Retracted"), ("withdrawal", "Withdrawn")])
def test_the_citation_of_a_pulled_text_says_so_everywhere(client, staff, cited, kind, called):
    workflow.issue_notice(cited[0], actor=staff[0], kind=kind, reason="Wrong.")

    assert f"{called}: Lymph nodes [Internet]" in cited_as(client)
    for form in FORMS:
        assert f"{called}: Lymph nodes" in text(client, f"cite.{form}")
    assert called in rispy.loads(text(client, "cite.ris"))[0]["notes"]


def test_an_expression_of_concern_is_in_the_title_everywhere_and_in_the_notes(client, staff, cited):
    workflow.issue_notice(cited[0], actor=staff[0], kind="concern", reason="In doubt.")

    assert "Under an expression of concern: Lymph nodes [Internet]" in cited_as(client)
    for form in FORMS:
        assert "Under an expression of concern: Lymph nodes" in text(client, f"cite.{form}")
    page = parsed(client.get(f"{PAGE}cite/"))
    assert words(page.xpath("//h1")[0]) == "Cite Under an expression of concern: Lymph nodes"
    assert words(page.xpath("//title")[0]).startswith("Under an expression of concern: Cite")
    assert rispy.loads(text(client, "cite.ris"))[0]["notes"] == ["Under an expression of concern."]
    assert "In doubt." in words(parsed(client.get(f"{PAGE}cite/")))


def test_an_older_version_is_cited_as_itself_and_leads_to_the_newer(client, author, staff, cited):
    factories.edit(cited[0], "Nodes hold lymph.", by=author)
    factories.published(factories.submitted(author, cited[0]), *staff)

    page = parsed(client.get(f"{PAGE}cite/"))
    assert "Version 1." in cited_as(client)
    assert page.xpath("//p[@class='hint']/a/@href") == ["/articles/lymph-nodes/versions/2/cite/"]
    assert client.get("/articles/lymph-nodes/versions/2/references.ris").status_code == 404, "it cites nothing"


@pytest.mark.parametrize("name", ["cite/", "cite.ris", "references.bib"])
def test_what_is_not_public_is_not_cited(client, staff, cited, pending_article, name):
    assert client.get(f"/articles/why/versions/1/{name}").status_code == 404
    assert client.get(f"/articles/lymph-nodes/versions/2/{name}").status_code == 404
    assert b"Cite this page" not in client.get(page_for(pending_article)).content
    workflow.issue_notice(cited[0], actor=staff[0], kind="removal", reason="A court's order.")
    assert client.get(f"{PAGE}{name}").status_code == 410


@pytest.mark.parametrize("name", ["cite.xml", "references.doc"])
def test_another_format_is_not_there(client, cited, name):
    assert client.get(PAGE + name).status_code == 404


@pytest.mark.parametrize("name", ["cite/", "cite.ris", "references.bib"])
def test_it_costs_few_queries(client, cited, name, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(PAGE + name)
