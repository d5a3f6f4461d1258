"""Printed pages: every sheet says how the text stands, and where it was."""

import io

import pytest
from pypdf import PdfReader

from reviews import workflow
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
    for kind, words in [
        (None, "Approved. Version 1."),
        ("correction", "Approved. Correction published. Version 1."),
        ("concern", "Under an expression of concern. Correction published. Version 1."),
        ("retraction", "Retracted: do not rely on this text. Correction published. Version 1."),
    ]:
        if kind:
            workflow.issue_notice(version.article, actor=editor, kind=kind, reason="It was wrong.")

        printed = sheets(page, path)

        assert len(printed) >= 3
        for sheet in printed:
            assert words in sheet
            assert path in sheet.replace(" ", "")


def test_the_line_of_the_sheets_is_not_on_the_screen(visit, version):
    page = visit()
    page.goto("/articles/lymph-nodes/for/public/")

    assert not page.locator(".sheet").is_visible()
