"""A draft and a version as files: who gets them, what comes back, and what is said if there is none."""

import io
import zipfile

import pytest
from lxml import etree, html

from articles.files.word.parsing import parse
from tests import factories
from tests.desk.pages import text, url

pytestmark = pytest.mark.django_db
AUDIENCES = frozenset({"public", "carer", "professional"})
TOO_RAISED = "<p>Lymph x<sup>a<sub>i</sub></sup>.</p>"


def head(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(etree.fromstring(archive.read("word/header1.xml")).itertext())


def test_a_draft_goes_to_word_and_comes_back_with_what_was_changed(at, author):
    draft = factories.article(author, body="<p>Give 5 mg.</p>")
    client = at(author)

    sent = client.get(url("draft_file", draft.pk, "docx"))

    assert sent["Content-Disposition"] == f'attachment; filename="{draft.slug}-draft.docx"'
    assert head(sent.content).endswith("Draft, not reviewed")
    file = io.BytesIO(sent.content)
    file.name = "draft.docx"
    answer = client.post(url("draft_import"), {"file": file, "update": "on"}, follow=True)
    assert "The file contains nothing new" in text(answer)


def test_a_draft_page_leads_to_its_files(at, author):
    draft = factories.article(author)
    page = html.document_fromstring(at(author).get(url("draft", draft.pk)).content)

    links = [url("draft_file", draft.pk, form) for form in ("docx", "md")]

    assert [link for link in page.xpath("//main//a/@href") if "draft." in link] == links
    assert {at(author).get(link).status_code for link in links} == {200}
    assert {at(author).get(url("draft_file", draft.pk, form)).status_code for form in ("xml", "pdf")} == {404}


def test_a_draft_that_a_form_cannot_hold_says_why_on_its_page(at, author):
    draft = factories.article(author, body=TOO_RAISED)
    before = factories.evidence()

    answer = at(author).get(url("draft_file", draft.pk, "docx"), follow=True)

    assert "No Word file was written." in text(answer)
    assert "a raised sign of Word cannot have a raised or lowered sign" in text(answer)
    assert factories.evidence() == before


def test_a_version_under_review_goes_with_its_state_to_those_who_may_read_it(at, author, editor, clinical, specialist):
    version = factories.submitted(author, factories.article(author, body="<p>Give 5 mg.</p>"))
    factories.under_review(version, editor, (clinical, "clinical"))
    address = url("desk_version_file", version.review.pk, "docx")

    sent = at(clinical).get(address)

    assert [section.body for section in parse(sent.content, audiences=AUDIENCES).sections] == ["<p>Give 5 mg.</p>"]
    assert "Version 1, under review" in head(sent.content)
    assert at(specialist).get(address).status_code == 404
    page = html.document_fromstring(at(clinical).get(url("desk_review", version.review.pk)).content)
    assert [link for link in page.xpath("//main//a/@href") if "version." in link] == [
        url("desk_version_file", version.review.pk, form) for form in ("docx", "md", "xml")
    ]


def test_a_file_names_nobody_who_has_signed_a_text_that_is_not_approved(at, author, editor, clinical, specialist):
    version = factories.submitted(author)
    first, _second = factories.under_review(version, editor, (clinical, "clinical"), (specialist, "specialist"))
    factories.decide(first)

    for form in ("docx", "md", "xml"):
        sent = at(specialist).get(url("desk_version_file", version.review.pk, form))
        assert b"Clara Clinical" not in _unpacked(sent.content), form


def test_a_request_that_was_not_accepted_opens_no_file(at, author, editor, clinical):
    version = factories.submitted(author)
    factories.asked(version, editor, (clinical, "clinical"))

    answer = at(clinical).get(url("desk_version_file", version.review.pk, "docx"))

    assert answer.status_code != 200


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())
