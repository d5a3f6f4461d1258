"""An exported article is read again as the same article, or refused with a sentence."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from pypdf import PdfReader

from articles.files.drafts.as_content import of_file
from articles.files.exporting.documents.markdown import CannotBeWritten, markdown
from articles.files.exporting.documents.markdown.blocks import blocks
from articles.files.markdown.parsing import parse
from articles.text import richtext
from tests import factories
from tests.articles.importing.drafts import TEXT, stored
from tests.articles.importing.files import body_of

AUDIENCES = {"public": "Public", "carer": "Carer", "professional": "Professional"}
FILES = sorted(Path().glob("reviews/demo/articles/**/*.md")) + sorted(Path("tests/samples").glob("*.md"))
LETTERS = st.text(st.sampled_from("abc 059.,;()–<>=≥%/*_~^|\\`[]#:&µ½!@{}-+"), min_size=1, max_size=20).map(
    lambda text: f"x{text}y"
)


def content_of(text: bytes) -> dict:
    return of_file(parse(text), AUDIENCES)


def exported(*arguments) -> str:
    out = StringIO()
    call_command("export_article", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_sample_article_comes_back_equal(file):
    imported = parse(file.read_bytes())
    content = of_file(imported, AUDIENCES)

    written = markdown(content, slug="sample", status="Draft, not reviewed", original=imported.translation_of)

    assert "\n# Draft, not reviewed\n" in written
    assert content_of(written.encode()) == content


@settings(deadline=None)
@given(st.lists(LETTERS, min_size=1, max_size=4))
def test_any_sign_of_a_text_is_written_so_that_it_stays_a_sign(texts):
    escaped = [text.translate({38: "&amp;", 60: "&lt;", 62: "&gt;"}) for text in texts]
    body = richtext.storable("".join(f"<p>{text}</p>" for text in escaped))

    assert body_of("\n\n".join(blocks(body))) == body


def test_a_table_without_headers_is_written_with_an_empty_row_of_headers():
    body = richtext.storable("<table><tbody><tr><td>A</td><td>5 mg</td></tr></tbody></table>")

    assert blocks(body) == ["| | |\n|---|---|\n| A | 5 mg |"]
    assert body_of(blocks(body)[0]) == body


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('<figure data-figure="scan"></figure>', "The lead: a file holds no figures."),
        (
            '<table><thead><tr><th scope="col" colspan="2">A</th></tr></thead>'
            "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
            "no merged cells",
        ),
        (
            "<table><thead><tr><th>A</th></tr><tr><th>B</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
            "at most one row of headers",
        ),
        ("<p>in<strong>side</strong>word</p>", "Markdown cannot hold this text"),
        ("<p>• a typed bullet</p>", "A typed bullet makes no list"),
    ],
)
def test_what_markdown_cannot_hold_is_refused(body, sentence):
    content = content_of(TEXT.encode())
    content["sections"][0]["body"] = body

    with pytest.raises(CannotBeWritten, match=sentence):
        markdown(content, slug="x", status="Draft")


def test_what_is_said_of_single_sections_and_works_comes_back():
    content = content_of(TEXT.encode())
    content["sections"][0]["wordings"]["professional"]["heading"] = "Other"
    content["sections"][1]["topic"] = "Oncology"
    content["sections"].append({**content["sections"][1], "key": "section-4"})  # of the same name, with the same topic
    content["sections"][2]["heading"] = content["sections"][1]["heading"]
    content["sections"][3]["topic"] = "Surgery"
    content["references"][0]["although_retracted"] = "As history."

    written = markdown(content, slug="x", status="Draft")

    assert content_of(written.encode()) == content


@pytest.mark.django_db
def test_an_exported_draft_brings_nothing_new(author, tmp_path):
    for name in ("Oncology", "Surgery"):
        factories.topic(name)
    article, _report = stored(author)
    file = tmp_path / "article.md"

    exported(article.slug, "--draft", "--output", str(file))
    _article, report = stored(author, file.read_text(), update=True)

    assert file.read_text().startswith("---\n# Draft, not reviewed\n")
    assert report.changes == 0


@pytest.mark.django_db
def test_a_public_version_is_named_with_its_digest(author, editor, clinical, specialist):
    version = factories.published(factories.submitted(author), editor, clinical, specialist)

    written = exported(version.article.slug)

    assert f"# Version 1, public, SHA-256 {version.digest}\n" in written
    assert written == exported(version.article.slug, "--version", "1")


@pytest.mark.django_db
def test_a_refusal_writes_no_file(author, tmp_path):
    article = factories.article(author)
    file = tmp_path / "article.md"

    with pytest.raises(CommandError, match="There is no article “none”"):
        exported("none")
    with pytest.raises(CommandError, match="no public version"):
        exported(article.slug, "--output", str(file))
    with pytest.raises(CommandError, match="no version 7"):
        exported(article.slug, "--version", "7", "--output", str(file))

    assert not file.exists()


@pytest.mark.django_db
def test_an_existing_file_stays_as_it_is(author, tmp_path):
    article = factories.article(author)
    file = tmp_path / "article.md"
    file.write_text("Mine.")

    with pytest.raises(CommandError, match="exists already"):
        exported(article.slug, "--draft", "--output", str(file))

    assert file.read_text() == "Mine."


@pytest.mark.django_db
def test_the_page_of_a_version_is_written_with_its_status(author, editor, clinical, specialist, tmp_path):
    version = factories.published(factories.submitted(author), editor, clinical, specialist)
    file, sheet = tmp_path / "page.html", tmp_path / "page.pdf"

    exported(version.article.slug, "--format", "html", "--audience", "carer", "--output", str(file))
    exported(version.article.slug, "--format", "pdf", "--output", str(sheet))

    page = html.document_fromstring(file.read_text())
    address = f"{django_settings.SITE_URL}/articles/{version.article.slug}/for/carer/"
    assert page.xpath("//link[@rel='canonical']/@href") == [address]
    assert page.find(".//main/p").text.startswith("Approved. Version 1, published ")
    words = " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(sheet).pages).split())
    assert "Approved. Version 1, published " in words
    assert version.digest in words


@pytest.mark.django_db
def test_the_page_of_a_version_under_review_says_not_to_act_on_it(author, editor, clinical, tmp_path):
    version = factories.submitted(author)
    factories.under_review(version, editor, (clinical, "clinical"))

    page = html.document_fromstring(exported(version.article.slug, "--format", "html", "--version", "1"))

    assert page.find(".//main/p").text.startswith("Not approved: do not act on this text.")
    assert "This page has not been approved" in page.text_content()
    assert "Clara Clinical" not in page.text_content()


@pytest.mark.django_db
def test_a_page_that_nobody_could_be_shown_is_not_written(author, editor, clinical):
    version = factories.submitted(author)
    (assignment,) = factories.under_review(version, editor, (clinical, "clinical"))
    slug = version.article.slug
    for refused, sentence in (
        (("--format", "html", "--draft"), "Only a version can be written as a page"),
        (("--format", "jats", "--draft"), "Only a version can be written as JATS"),
        (("--format", "pdf", "--version", "1"), "A PDF file cannot be printed"),
        (("--format", "md", "--version", "1", "--audience", "carer"), "--audience is for html and pdf"),
        (("--format", "html", "--version", "1", "--audience", "nobody"), "not signed for the audience “nobody”"),
    ):
        with pytest.raises(CommandError, match=sentence):
            exported(slug, *refused)
    factories.decide(assignment, outcome="request_changes", reason="The dose is wrong.")

    with pytest.raises(CommandError, match="Version 1 has no page: "):
        exported(slug, "--format", "html", "--version", "1")
