"""The way of a draft into Word and back: nothing new, or exactly what somebody changed there."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from lxml import etree

from articles.files.drafts.store import NotImported, Report, store
from articles.models import Figure, Section, Wording
from tests import factories
from tests.articles.importing.drafts import stored
from tests.articles.word.exported import edited, part, read, with_parts

pytestmark = pytest.mark.django_db
SHOWN = '<p>Look.</p>\n<figure data-figure="drawing"></figure>\n<p>Then read.</p>'


@pytest.fixture
def topics():
    for name in ("Oncology", "Surgery"):
        factories.topic(name)


def exported(tmp_path, *arguments) -> bytes:
    file = tmp_path / f"{len(list(tmp_path.iterdir()))}.docx"
    call_command("export_article", *arguments, "--format", "docx", "--output", str(file))
    return file.read_bytes()


def imported(author, data: bytes, *, update=True):
    report = Report()
    return store(read(data), author=author, update=update, report=report), report


def refused(author, data: bytes) -> str:
    before = factories.evidence()
    with pytest.raises(NotImported) as refusal:
        imported(author, data)
    assert factories.evidence() == before
    return str(refusal.value)


@pytest.mark.usefixtures("topics")
def test_an_exported_draft_brings_nothing_new(author, tmp_path):
    article, _report = stored(author)

    data = exported(tmp_path, article.slug, "--draft")
    _article, report = imported(author, data)

    assert report.changes == 0
    assert data == exported(tmp_path, article.slug, "--draft")


def test_a_draft_with_a_figure_brings_nothing_new(author, tmp_path):
    article = factories.illustrated(author, body=SHOWN)

    _article, report = imported(author, exported(tmp_path, article.slug, "--draft"))

    assert (report.changes, report.warnings) == (0, [])
    assert Section.objects.get(article=article).body == SHOWN


def test_words_of_a_figure_come_in_from_word_and_its_picture_stays(author, tmp_path):
    article = factories.illustrated(author, body=SHOWN)
    data = edited(exported(tmp_path, article.slug, "--draft"), ("A disc", "A round disc"), ("Then read", "Now read"))

    imported(author, data)

    row = Figure.objects.get(article=article)
    assert (row.caption, row.alt, row.licence) == ("A round disc", "A disc in the middle", "CC BY 4.0")
    assert Section.objects.get(article=article).body == SHOWN.replace("Then", "Now")


def test_a_new_article_gets_the_figures_of_the_file(author, tmp_path):
    article = factories.illustrated(author, body=SHOWN)
    data = exported(tmp_path, article.slug, "--draft")
    own = part(data, "customXml/item1.xml")
    own[0].text = own[0].text.replace(f'"{article.slug}"', '"elsewhere"')

    again, report = imported(author, with_parts(data, item1=etree.tostring(own)), update=False)

    assert report.created
    row = again.figures.get()
    assert (row.key, row.alt, row.source) == ("drawing", "A disc in the middle", "Own drawing")
    assert row.picture == article.figures.get().picture
    assert again.sections.get().body == SHOWN


def test_what_the_desk_changed_meanwhile_stays_and_what_word_changed_comes_in(author, editor, tmp_path):
    article = factories.article(author, body="<p>Give 5 mg.</p>")
    other = factories.save(Section(article=article, heading="Rest", body="<p>Sleep.</p>", position=2), editor)
    data = edited(exported(tmp_path, article.slug, "--draft"), ("Give 5 mg", "Give 2.5 mg"))
    other.body = "<p>Sleep well.</p>"
    factories.save(other, editor)

    _article, report = imported(author, data)

    assert [section.body for section in article.sections.all()] == ["<p>Give 2.5 mg.</p>", "<p>Sleep well.</p>"]
    assert any("stays as the desk has it" in said for said in report.warnings)


def test_a_part_that_both_changed_is_refused_with_both_texts(author, editor, tmp_path):
    article = factories.article(author, body="<p>Give 5 mg.</p>")
    data = edited(exported(tmp_path, article.slug, "--draft"), ("Give 5 mg", "Give 2.5 mg"))
    section = article.sections.get()
    section.body = "<p>Give 10 mg.</p>"
    factories.save(section, editor)

    said = refused(author, data)

    assert "Give 10 mg." in said
    assert "Give 2.5 mg." in said


def test_a_version_says_where_its_review_stands_and_who_signed(author, editor, clinical, specialist, tmp_path):
    version = factories.published(factories.submitted(author), editor, clinical, specialist)

    data = exported(tmp_path, version.article.slug)

    head = "".join(part(data, "word/header1.xml").itertext())
    text = "".join(part(data).itertext())
    assert "Version 1, approved, published " in head
    assert version.digest in text
    assert "Clara Clinical" in text
    assert data == exported(tmp_path, version.article.slug, "--version", "1")


def test_a_wording_comes_in_from_word(author, tmp_path):
    article = factories.article(author, body="<p>Give 5 mg.</p>")
    section = article.sections.get()
    carers = article.written_for.__class__.objects.get(key="carer")
    factories.save(Wording(section=section, audience=carers, body="<p>Help with it.</p>"), author)
    data = edited(exported(tmp_path, article.slug, "--draft"), ("Help with it", "Help him with it"))

    imported(author, data)

    assert Wording.objects.get().body == "<p>Help him with it.</p>"


def test_a_word_file_is_not_printed(author):
    article = factories.article(author)

    with pytest.raises(CommandError, match="name a new file with --output"):
        call_command("export_article", article.slug, "--draft", "--format", "docx")
