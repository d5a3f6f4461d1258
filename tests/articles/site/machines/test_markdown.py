"""The Markdown of an article: its status first and last, its whole text, and nothing of a text that is pending."""

import re

import pytest

from articles.site.article_pages import published_version
from articles.site.facts import facts
from articles.site.page import page_of
from reviews import workflow
from tests import factories
from tests.articles.site.machines import states
from tests.articles.site.machines.test_markdown_blocks import as_read, as_shown, one_by_one
from tests.articles.site.pages import library, page_for, parsed, words

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def of(made, audience="public") -> str:
    return f"/articles/{made.slug}/for/{audience}.md"


def got(client, made, audience="public") -> str:
    response = client.get(of(made, audience))
    assert response.status_code == 200
    return response.content.decode()


LABELS = {
    "concern": "Under an expression of concern",
    "question under concern": "Under an expression of concern",
    "retracted": "Retracted",
    "question retracted": "Retracted",
    "withdrawn": "Withdrawn",
}
FIRST = {
    "concern": "Under an expression of concern. Version 1.",
    "question under concern": "Under an expression of concern. Version 1.",
    "retracted": "Retracted. Version 1. Do not rely on this text.",
    "question retracted": "Retracted. Version 1. Do not rely on this text.",
    "withdrawn": "Withdrawn. Version 1. This text is no longer offered.",
    "correction notice": "Approved by our medical advisory board. Correction published. Version 1.",
    "corrected": "Approved by our medical advisory board. Correction published. Version 2.",
    **dict.fromkeys(
        ["major", "minor", "correction", "question changed"], "Approved by our medical advisory board. Version 2."
    ),
}


@pytest.mark.parametrize("state", states.PUBLIC)
def test_the_status_is_the_first_line_and_the_last_and_a_label_is_before_every_heading(client, author, staff, state):
    made = states.PUBLIC[state](author, staff)

    text = got(client, made)

    status = FIRST.get(state, "Approved by our medical advisory board. Version 1.")
    assert text.splitlines()[0] == f"Status: {status}"
    assert text.splitlines()[-1] == f"Status: {status}"
    assert text.count(f"\nStatus: {status}\n") == (2 if state in LABELS else 1)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    label = LABELS.get(state, "")
    assert headings[0] == f"{label + ': ' if label else ''}Lymph \\<nodes> & glands"
    assert len(headings) > 2
    assert all(heading.startswith(f"{label}: ") == bool(label) for heading in headings[1:])


@pytest.mark.parametrize("state", [*states.PENDING])
@pytest.mark.parametrize("audience", ["public", "carer"])
def test_a_text_that_nobody_has_approved_has_no_markdown(client, author, staff, state, audience):
    made = states.PENDING[state](author, staff)

    response = client.get(of(made, audience))
    page = client.get(page_for(made, audience))

    assert (response.status_code, page.status_code) == (404, 200)
    assert "glands" not in response.content.decode()
    assert ".md" not in page.content.decode()
    assert "glands" not in client.get("/llms.txt").content.decode()


@pytest.mark.parametrize("state", ["published", "question", "corrected", "retracted", "policy"])
@pytest.mark.parametrize("audience", ["public", "carer", "professional"])
def test_no_digit_or_letter_of_the_text_is_lost(client, author, staff, state, audience):
    made = states.again(states.PUBLIC[state](author, staff))

    text = got(client, made, audience)

    shown = as_shown(page_of(made.published_version, audience).html)
    shown = re.sub(r"(.*None \*under\* 1)", r"\1\t\1", shown)  # a cell over two columns is said in each
    label = LABELS.get(state, "")
    read = as_read(text).replace(f"{label}: ", "") if label else as_read(text)
    assert " ".join(one_by_one(shown)) in " ".join(one_by_one(read))


def test_what_stands_around_the_text_is_said_in_the_words_of_the_page(client, author, staff):
    made = states.again(states.PUBLIC["minor"](author, staff))

    text = as_read(got(client, made))
    page = words(parsed(client.get(page_for(made))))

    version = published_version(made.slug, 2)
    around = facts(made, version, "public")
    said = ["Written by Ada Author", "Medically reviewed in full by Clara Clinical, MD, clinical reviewer, on",
            "Later minor change reviewed by Clara Clinical, MD, clinical reviewer, on",
            "For information only (public).",
            "Written by people with the help of artificial intelligence. Grammar.", version.digest, "Oncology",
            "patient or member of the public", f"{around['reviewed']:%-d %B %Y}", f"{around['due']:%-d %B %Y}",
            "Better."]  # fmt: skip
    for sentence in said:
        assert sentence in text, sentence
        assert sentence in page, sentence
    assert "What changed in version 2: Better." in text


def test_each_audience_has_its_own_words(client, author, staff):
    made = states.PUBLIC["published"](author, staff)

    assert "Their count is high above 5." in got(client, made, "carer")
    assert "Their count" not in got(client, made, "public")
    assert client.get(of(made, "nobody")).status_code == 404


def test_a_pulled_text_names_no_reviewer_and_gives_the_notice_before_the_title(client, author, staff):
    made = states.PUBLIC["retracted"](author, staff)

    text = got(client, made)

    assert "Clara" not in text
    assert "reviewed" not in text.lower()
    before = text[: text.index("\n# ")]
    assert "Notice: Retraction, issued by Edith Editor on" in before
    assert "should read 0.5 mg." in before


def test_a_work_that_is_retracted_later_is_named_before_the_text(client, author, staff):
    made = states.PUBLIC["published"](author, staff)
    work = next(row for row in factories.Reference.objects.all() if row.csl["title"] == '"Doses"')

    work.csl = {**work.csl, "status": "retracted"}
    work.save()

    text = got(client, made)
    assert '\nNotice: Reference 2 (“"Doses"”) is retracted.\n' in text[: text.index("\n# ")]


def test_the_page_and_its_markdown_lead_to_each_other(client, author, staff):
    made = states.PUBLIC["published"](author, staff)

    response = client.get(of(made, "carer"))
    page = parsed(client.get(page_for(made, "carer")))

    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Link"] == f'<http://testserver{page_for(made, "carer")}>; rel="canonical"'
    assert page.xpath("//link[@type='text/markdown']/@href") == [of(made, "carer")]
    assert f"<http://testserver{page_for(made, 'carer')}>" in response.content.decode()


def test_a_removed_text_answers_410_and_a_former_address_leads_on(client, author, staff):
    made = states.again(states.PUBLIC["published"](author, staff))
    made.slug = "glands"
    factories.save(made, author)
    led = client.get("/articles/nodes/for/public.md")
    assert (led.status_code, led["Location"]) == (301, "/articles/glands/for/public.md")

    workflow.issue_notice(made, actor=staff[0], kind="removal", reason="By order of a court.")

    gone = client.get("/articles/glands/for/public.md")
    assert (gone.status_code, "count above" in gone.content.decode()) == (410, False)


def test_a_notice_changes_the_markdown_at_once(client, author, staff):
    made = states.again(states.PUBLIC["published"](author, staff))
    before = client.get(of(made))

    workflow.issue_notice(made, actor=staff[0], kind="concern", reason="The dose may be wrong.")

    after = client.get(of(made), headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after.content.startswith(b"Status: Under an expression of concern.")


# llms.txt


def test_llms_txt_names_the_newest_articles_with_their_status_and_markdown(client, author, staff):
    doubted = states.with_notice("concern")(author, staff)
    library(author, staff, 2)

    response = client.get("/llms.txt")
    text = response.content.decode()

    assert response["Content-Type"] == "text/plain; charset=utf-8"  # by its name, and browsers show it
    assert text.startswith("# Imprimatur\n\n> Medical articles that name who approved them.")
    rows = re.findall(r"^- \[(.*)\]\(<(.*\.md)>\): (.*)$", text, re.MULTILINE)
    assert [name for name, *_ in rows] == ["Article 01", "Article 00", "Lymph \\<nodes> & glands"]
    assert rows[-1][1:] == (
        f"http://testserver{of(doubted)}",
        "Under an expression of concern.",
    )
    assert rows[0][2].startswith("Approved. Last reviewed ")
    for address in re.findall(r"\(<http://testserver(.*?)>\)", text):
        assert client.get(address).status_code in (200, 302), address


def test_llms_txt_says_that_a_text_is_past_its_review_date(client, author, staff, monkeypatch):
    made = states.PUBLIC["published"](author, staff)
    states.overdue(monkeypatch, made)

    assert ".md>): Approved. Past its review date. Last reviewed " in client.get("/llms.txt").content.decode()


def test_a_doubted_text_names_no_reviewer_and_no_day_of_a_review(client, author, staff):
    doubted = states.with_notice("concern")(author, staff)

    text = got(client, doubted)

    assert "reviewed by" not in text
    assert "last reviewed" not in text
    assert "Written by Ada Author" in text


def test_llms_txt_names_no_pulled_text(client, author, staff):
    states.with_notice("retraction")(author, staff)

    assert "glands" not in client.get("/llms.txt").content.decode()


def test_llms_txt_is_bounded(client, author, staff, monkeypatch):
    monkeypatch.setattr("articles.site.machines.llms.NAMED", 2)
    library(author, staff, 3)

    assert client.get("/llms.txt").content.decode().count(".md>") == 2
