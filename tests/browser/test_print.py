"""Printed pages: every sheet says how the text stands, and where it was."""

import io
import re

import pytest
from django.utils import timezone
from pypdf import PdfReader

from reviews import workflow
from reviews.models import Quorum
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "".join(f"<p>Paragraph {number}. {'Lymph nodes filter lymph. ' * 40}</p>" for number in range(12))


@pytest.fixture
def version(author, editor, clinical, specialist):
    draft = factories.article(author, title="Lymph nodes", slug="lymph-nodes", body=LONG)
    return factories.published(factories.submitted(author, draft), editor, clinical, specialist)


def sheets(page, path) -> list[str]:
    """Return the words of each printed sheet."""
    assert page.goto(path).status == 200
    return [" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]


def test_every_sheet_says_how_the_text_stands_and_where_it_was(visit, version, editor):
    page = visit()
    path = "/articles/lymph-nodes/for/public/"
    today = f"{timezone.localdate():%-d %B %Y}"
    for kind, words in [
        (None, "Approved. Version 1"),
        ("correction", "Approved. Correction published. Version 1"),
        ("concern", "Under an expression of concern. Correction published. Version 1"),
        ("retraction", "Retracted: do not rely on this text. Correction published. Version 1"),
    ]:
        if kind:
            workflow.issue_notice(version.article, actor=editor, kind=kind, reason="It was wrong.")

        printed = sheets(page, path)

        assert len(printed) >= 3
        for number, sheet in enumerate(printed, start=1):
            assert f"{words}, published {today}. Status of {today}." in sheet
            assert f"{number} / {len(printed)}" in sheet
            assert path in sheet.replace(" ", "")


def test_the_line_of_the_sheets_is_not_on_the_screen(visit, version):
    page = visit()
    page.goto("/articles/lymph-nodes/for/public/")

    assert not page.locator(".sheet").is_visible()


FULL = (
    "<p>Give 0.5 mg, not 5 mg, if the count is under 10<sup>9</sup>/L; see "
    '<a href="https://example.org/dose">the tables</a>.</p>'
    "<table><caption>Doses</caption><thead><tr><th>Age</th><th>Dose</th><th>Days</th></tr></thead><tbody>"
    + "".join(f"<tr><td>{age} years</td><td>{age * 1.25:g} mg</td><td>{age + 1}</td></tr>" for age in range(1, 60))
    + '</tbody></table><p>Cells filter <cite data-ref="smith2020"></cite>.</p>'
)


def squeezed(text: str) -> str:
    """Return the text without spaces, and without the ligatures with which it is printed."""
    return "".join(text.replace("ﬁ", "fi").replace("ﬂ", "fl").split())


def test_no_word_and_no_number_of_the_text_is_lost_on_paper(visit, author, editor, clinical, specialist):
    draft = factories.article(author, title="Doses", slug="doses", body=FULL + LONG)
    factories.cite(draft, by=author)
    factories.published(factories.submitted(author, draft), editor, clinical, specialist)
    page = visit()
    printed = sheets(page, "/articles/doses/for/public/")

    blocks = page.locator(
        "article.text :is(p, caption, th, td, .references li):not(.section-tools)"
    ).all_text_contents()
    on_each = re.compile(r"\A[0-9]+ / [0-9]+ (?:Imprimatur )?Approved\. .*?/for/public/ ")
    assert all(on_each.match(sheet) for sheet in printed)
    whole = squeezed("".join(on_each.sub("", sheet) for sheet in printed).replace(" (https://example.org/dose)", ""))
    assert len(blocks) > 190
    assert [block for block in blocks if squeezed(block.replace("↩", "")) not in whole] == []
    assert "0.5mg,not5mg" in whole
    assert "the tables (https://example.org/dose)" in " ".join(printed)


def test_paper_has_no_navigation_and_tells_where_to_verify(visit, version):
    page = visit()
    printed = " ".join(sheets(page, "/articles/lymph-nodes/for/public/"))

    for word in (
        "Search",
        "Cite this page",
        "Was this page helpful?",
        "Ask a follow-up question",
        "Copy link",
        "Print",
    ):
        assert word not in printed
    assert "Under review" in printed, "the steps are folded on the screen alone"
    assert "/articles/lymph-nodes/versions/1/proof/" in printed.replace(" ", "")
    assert version.digest in printed.replace(" ", "")


def test_a_text_that_nobody_approved_says_so_on_every_sheet(visit, author):
    Quorum.objects.create(kind="question", risk="standard", open_review=True)
    draft = factories.article(author, title="Why?", slug="why", kind="question", body=LONG)
    factories.submitted(author, draft)
    page = visit()

    printed = sheets(page, "/articles/why/for/public/")

    assert len(printed) >= 3
    assert all("Not approved: do not act on this text. Version 1." in sheet for sheet in printed)
