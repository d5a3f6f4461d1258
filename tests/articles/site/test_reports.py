"""A reader's report of an error: the form, what is stored of it, and its private page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Audience, ErrorReport, Section, SentForm, Wording
from articles.models.reader_input.deleting import delete_expired
from articles.models.reader_input.sent import digest_of
from articles.site.forms import reporting
from reviews import workflow
from tests import factories
from tests.articles.site.pages import days_later, page_for, parsed, words

SAID = {"section": "", "text": "The dose is ten times too high.", "thought": "1"}


def form_address(article, number=1, audience="public") -> str:
    return reverse("report_error", args=[article.slug, number, audience])


def once_in(response) -> str:
    return parsed(response).xpath("//input[@name='once']/@value")[0]


def sent(client, article, number=1, audience="public", **said):
    address = form_address(article, number, audience)
    return client.post(address, {"once": once_in(client.get(address)), **SAID, **said})


def status_path(response) -> str:
    return re.search(r"/reports/[^/\"]+/", response.content.decode()).group()


@pytest.fixture
def two_sections(author, staff):
    draft = factories.article(author, title="Lymph nodes", slug="lymph-nodes")
    section = Section(article=draft, role="body", heading="Possible harms", body="<p>None.</p>", position=2)
    factories.save(section, author)
    carer = Audience.objects.get(key="carer")
    wording = Wording(section=section, audience=carer, heading="What can go wrong", body="<p>Nothing.</p>")
    factories.save(wording, author)
    factories.published(factories.submitted(author, draft), *staff)
    return Article.objects.get(pk=draft.pk), section


# On the page


def test_the_way_to_report_stands_below_the_text_and_names_its_version_and_audience(client, public_article):
    page = parsed(client.get(page_for(public_article, "carer")))

    assert page.xpath("//section[@class='helpful']//a/@href") == [form_address(public_article, 1, "carer")]
    assert not page.xpath("//article//*[@class='helpful']")


def test_a_pending_text_and_an_older_version_take_no_report(client, author, staff, public_article, pending_article):
    factories.edit(public_article, "Lymph nodes hold lymph.", by=author)
    factories.published(factories.submitted(author, public_article), *staff)

    assert b"Report an error" not in client.get(page_for(pending_article)).content
    assert client.get(form_address(pending_article)).status_code == 404
    assert b"Report an error" not in client.get("/articles/lymph-nodes/versions/1/").content


def test_a_form_that_was_open_while_the_text_was_replaced_reports_on_the_version_that_was_read(
    client, author, staff, public_article
):
    once = once_in(client.get(form_address(public_article)))
    factories.edit(public_article, "Lymph nodes hold lymph.", by=author)
    factories.published(factories.submitted(author, public_article), *staff)
    public_article.slug = "nodes"
    factories.save(public_article, author)

    response = client.post("/articles/lymph-nodes/versions/1/for/public/report/", {"once": once, **SAID})

    assert response.status_code == 200
    assert ErrorReport.objects.get().version.number == 1


# The form


def test_the_form_offers_the_sections_as_this_audience_reads_them(client, two_sections):
    article, section = two_sections

    def offered(audience, query=""):
        page = parsed(client.get(form_address(article, 1, audience) + query))
        return [words(one) for one in page.xpath("//select/option")], page.xpath("//option[@selected]/@value")

    labels, chosen = offered("public", f"?section={section.key}")
    assert "Possible harms" in labels
    assert chosen == [section.key]
    assert "What can go wrong" in offered("carer")[0]
    assert offered("public", "?section=nothing")[1] == []


def test_what_is_sent_is_stored_with_version_section_and_audience_and_nothing_about_the_reader(client, two_sections):
    article, section = two_sections
    client.cookies["audience"] = "carer"

    response = sent(client, article, audience="carer", section=section.key)

    row = ErrorReport.objects.get()
    assert response.status_code == 200
    assert (row.version.number, row.audience, row.section, row.text) == (1, "carer", section.key, SAID["text"])
    assert (row.thought, row.severity, row.state, row.reply) == (1, 1, "open", "")
    assert (row.delete_after - timezone.localdate()).days == 90
    names = {field.name for field in ErrorReport._meta.concrete_fields}
    assert not {name for name in names if re.search("name$|mail|address|agent|cookie|ip", name)}
    assert "127.0.0.1" not in str(factories.rows())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "\u200b"}, "text"),
        ({"thought": ""}, "thought"),
        ({"thought": "9"}, "thought"),
        ({"section": "nothinghere"}, "section"),
        ({"website": "https://spam.example"}, ""),
    ],
)
def test_a_refused_report_is_explained_kept_and_not_stored(client, public_article, said, field):
    response = sent(client, public_article, **said)

    page = parsed(response)
    assert response.status_code == 422
    problem = page.xpath("//*[@role='alert']//li")[0]
    assert factories.is_sentence(words(problem))
    assert problem.xpath("./a/@href") == ([f"#{field}"] if field else [])
    assert not field or page.xpath(f"//*[@id='{field}']")
    assert page.xpath("//textarea")[0].text_content().strip("\u200b ") == {**SAID, **said}["text"].strip("\u200b ")
    assert not ErrorReport.objects.exists()
    assert not SentForm.objects.exists()


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_form_from_another_site_is_refused(client, public_article, headers):
    path = status_path(sent(client, public_article))
    once = once_in(client.get(form_address(public_article)))

    refused = client.post(form_address(public_article), {**SAID, "once": once}, headers=headers)

    assert refused.status_code == 403
    assert client.post(f"{path}deletion/", headers=headers).status_code == 403
    assert ErrorReport.objects.count() == 1


def test_reporting_needs_no_token_and_no_cookie_and_sets_none(client, public_article):
    client.handler.enforce_csrf_checks = True

    response = sent(client, public_article)

    assert response.status_code == 200
    assert not client.cookies


def test_the_same_form_sent_twice_stores_one_report_and_nothing_once_that_is_deleted(client, public_article):
    said = {**SAID, "once": once_in(client.get(form_address(public_article)))}
    first, second = (client.post(form_address(public_article), said) for _ in range(2))
    assert status_path(first) == status_path(second)
    assert ErrorReport.objects.count() == 1
    client.post(f"{status_path(first)}deletion/")

    third = client.post(form_address(public_article), said)

    assert third.status_code == 409
    assert "You sent this report before, and it has been deleted." in words(parsed(third))
    assert not ErrorReport.objects.exists()


def test_a_form_that_was_open_for_long_asks_again_and_keeps_the_words(client, public_article, monkeypatch):
    said = {**SAID, "once": once_in(client.get(form_address(public_article)))}
    monkeypatch.setattr(reporting, "TO_SEND", reporting.TO_SEND * 0)

    response = client.post(form_address(public_article), said)

    assert response.status_code == 409
    assert SAID["text"] in parsed(response).xpath("//textarea")[0].text_content()
    assert not ErrorReport.objects.exists()


def test_words_that_can_mean_danger_show_urgent_help_before_anything_else(client, public_article):
    danger = "I took this dose and now I have chest pain."

    for response in (sent(client, public_article, text=danger), sent(client, public_article, text=danger, thought="")):
        main = parsed(response).xpath(
            "//main//*[self::h1 or self::h2][not(ancestor::*[@role='alert'][1][@class='problem'])]"
        )
        assert words(main[1]) == "Important: You may need urgent help"
    assert "urgent help" not in words(parsed(sent(client, public_article)))


# The private page


def test_the_private_page_says_what_was_sent_and_is_deleted_by_whoever_knows_it(client, two_sections):
    article, section = two_sections
    path = status_path(sent(client, article, section=section.key))

    page = words(parsed(client.get(path)))
    assert SAID["text"] in page
    assert "About the section “Possible harms”. You said: it could harm someone." in page
    assert "Your report is waiting for our editors." in page

    gone = client.post(f"{path}deletion/")
    assert "Your report is deleted" in words(parsed(gone))
    assert client.get(path).status_code == client.post(f"{path}deletion/").status_code == 404
    assert not ErrorReport.objects.exists()


def test_only_the_digest_of_the_private_address_is_stored(client, public_article):
    token = status_path(sent(client, public_article)).split("/")[2]

    assert token not in str(factories.rows())
    assert ErrorReport.objects.get().token_digest == digest_of(token)


@pytest.mark.parametrize("step", ["form", "sent", "status", "gone"])
def test_no_page_of_a_report_is_stored_indexed_or_told_to_others(client, public_article, step):
    response = {
        "form": lambda: client.get(form_address(public_article)),
        "sent": lambda: sent(client, public_article),
        "status": lambda: client.get(status_path(sent(client, public_article))),
        "gone": lambda: client.get("/reports/none/"),
    }[step]()

    assert response["Cache-Control"] == "no-store"
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "strict-origin"
    assert parsed(response).xpath("//meta[@name='robots']/@content") == ["noindex"]


# What closes it


def test_a_removed_version_answers_that_it_is_gone_and_a_retracted_one_takes_reports(client, staff, public_article):
    workflow.issue_notice(public_article, actor=staff[0], kind="retraction", reason="Wrong.")
    assert sent(client, public_article).status_code == 200
    assert b"Was this page helpful?" not in client.get(page_for(public_article)).content

    workflow.issue_notice(public_article, actor=staff[0], kind="removal", reason="A court's order.")

    assert client.get(form_address(public_article)).status_code == 410
    assert client.post(form_address(public_article), SAID).status_code == 410


def test_the_private_page_names_neither_title_nor_heading_of_a_version_that_was_removed(client, staff, two_sections):
    draft, section = two_sections
    page = status_path(sent(client, draft, section=section.key))
    assert "Lymph nodes" in words(parsed(client.get(page)))
    workflow.issue_notice(draft, actor=staff[0], kind="removal", reason="A court's order.")

    response = client.get(page)

    text = words(parsed(response))
    assert "A text that was removed, version 1" in text
    assert SAID["text"] in text
    assert not [said for said in ("Lymph nodes", "About the section") if said in text]
    (back,) = parsed(response).xpath("//p[contains(@class, 'crumb')]/a/@href")
    assert client.get(back).status_code == 410


@pytest.mark.parametrize("path", ["nothing/versions/1/for/public", "lymph-nodes/versions/2/for/public"])
def test_an_unknown_version_or_audience_is_not_there(client, public_article, path):
    for address in (f"/articles/{path}/report/", "/articles/lymph-nodes/versions/1/for/nobody/report/"):
        assert client.get(address).status_code == 404
        assert client.post(address, SAID).status_code == 404


def test_reports_are_deleted_after_their_date(client, public_article, monkeypatch):
    sent(client, public_article)

    assert delete_expired() == 0
    days_later(monkeypatch, 92)
    assert delete_expired() == 2  # the report, and what is kept of its form
    assert not ErrorReport.objects.exists()
