"""Pictures of a Word file become figures with their words, or are refused with what they lack."""

import base64
import io
import zipfile

import pytest

from articles.files.drafts.store import Report, store
from articles.files.imported import BadFile, ImportedArticle
from articles.files.word.parsing import parse
from articles.models import Figure
from tests import factories
from tests.articles.word.files import R, docx, paragraph, run, table

AUDIENCES = frozenset({"public", "carer", "professional"})
PNG = factories.png()
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
SOURCE, LICENCE = paragraph("Source: own drawing"), paragraph("Licence: CC BY 4.0")


def picture(alt="A disc in the middle", *, key="rIdPicture", inner="", named="", looks="") -> str:
    """Return a paragraph that holds a picture alone."""
    return paragraph(
        f'<w:r><w:rPr>{looks}</w:rPr><w:drawing xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:a="{DRAWING}/main">'
        f'<wp:inline><wp:docPr id="1" name="Picture 1" descr="{alt}"{named}/><a:graphic><a:graphicData><pic><blipFill>'
        f'<a:blip r:embed="{key}"/>{inner}</blipFill></pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def with_file(data: bytes, file: bytes = PNG, *, mode: str = "Internal") -> bytes:
    """Return the Word file with a picture, to which its relation leads."""
    made = io.BytesIO()
    relation = f'<Relationship Id="rIdPicture" Type="{R}/image" Target="media/image1.png" TargetMode="{mode}"/>'
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/_rels/document.xml.rels":
                content = content.replace(b"</Relationships>", f"{relation}</Relationships>".encode())
            new.writestr(name, content)
        new.writestr("word/media/image1.png", file)
    return made.getvalue()


def read(*body: str, **more) -> ImportedArticle:
    return parse(with_file(docx(*body), **more), audiences=AUDIENCES)


def refused(*body: str, **more) -> str:
    with pytest.raises(BadFile) as refusal:
        read(*body, **more)
    return "\n".join(refusal.value.sentences)


def test_a_picture_becomes_a_figure_with_the_words_below_it():
    caption = paragraph("Figure 1. A disc", style="Caption")

    article = read(paragraph("Look."), picture(), caption, SOURCE, LICENCE, paragraph("Then read."))

    (figure,) = article.figures
    assert (figure.alt, figure.caption) == ("A disc in the middle", "A disc")
    assert (figure.source, figure.licence) == ("own drawing", "CC BY 4.0")
    assert base64.b64decode(figure.data) == PNG
    assert [section.body.replace("\n", "") for section in article.sections] == [
        f'<p>Look.</p><figure data-figure="{figure.key}"></figure><p>Then read.</p>'
    ]
    assert article.kept == ["Kept, and compared sign by sign: 2 paragraphs, 1 figure."]
    assert article.warnings == []


def test_a_picture_stands_in_its_section_and_before_the_title():
    body = (paragraph("Doses", style="Heading1"), picture(), LICENCE, SOURCE, paragraph("Give 5 mg."))
    assert 'Doses", body' not in read(*body).sections[0].body
    assert read(*body).sections[0].body.startswith("<figure")

    data = with_file(
        docx(picture(), SOURCE, LICENCE, paragraph("On nodes", style="Title"), paragraph("Text."), title="")
    )
    article = parse(data, audiences=AUDIENCES)

    assert article.title == "On nodes"
    assert [section.body.replace("\n", "") for section in article.sections] == [
        f'<figure data-figure="{article.figures[0].key}"></figure><p>Text.</p>'
    ]


def test_words_in_other_languages_and_a_caption_with_another_number_are_kept():
    caption = paragraph("Abbildung 7: Scheibe", style="Caption")

    (figure,) = read(picture(), caption, paragraph("Quelle: Eigene"), paragraph("Lizenz: CC0")).figures

    assert (figure.caption, figure.source, figure.licence) == ("Abbildung 7: Scheibe", "Eigene", "CC0")


@pytest.mark.parametrize(
    ("lines", "lacks"),
    [
        ((picture(), SOURCE), "a line “Licence: …”"),
        ((picture(""), SOURCE, LICENCE), "an alternative text"),
        ((picture(""), paragraph("Text.")), "an alternative text, a line “Source: …”, a line “Licence: …”"),
        ((picture(), paragraph("Text."), SOURCE, LICENCE), "a line “Source: …”, a line “Licence: …”"),
    ],
)
def test_a_picture_without_its_words_is_refused_with_what_it_lacks(lines, lacks):
    assert f"Picture 1 lacks {lacks}. Give it an alternative text in Word" in refused(paragraph("Look."), *lines)


@pytest.mark.parametrize(
    "changed",
    [
        picture(inner='<a:srcRect l="20000"/>'),
        picture(inner='<a:xfrm rot="5400000"/>'),
        picture(inner='<a:xfrm flipH="1"/>'),
        picture(inner="<a:grayscl/>"),
        picture(inner='<a:lum bright="70000"/>'),
        picture(named=' hidden="1"'),
        picture(looks="<w:vanish/>"),
        picture(looks="<w:strike/>"),
    ],
)
def test_a_picture_that_word_shows_otherwise_than_its_file_is_refused(changed):
    said = refused(paragraph("Look."), changed, SOURCE, LICENCE)

    assert "Picture 1 is cut, turned, recoloured or hidden by Word, and readers would see all of its file." in said


def test_a_picture_that_is_not_in_the_file_or_of_another_kind_is_refused():
    assert "is not in the file" in refused(picture(), SOURCE, LICENCE, mode="External")
    assert "is not in the file" in refused(picture(key="rId99"), SOURCE, LICENCE)
    assert "is no PNG, JPEG or WebP" in refused(picture(), SOURCE, LICENCE, file=b"\x01\x00\x00\x00EMF")
    assert "is larger than 6 MB" in refused(picture(), SOURCE, LICENCE, file=PNG + bytes(6_000_001))


def test_a_picture_among_words_in_a_cell_or_a_list_is_refused_with_its_place():
    inner = picture().removeprefix("<w:p>").removesuffix("</w:p>").partition("</w:pPr>")[2]

    assert "A picture (leave it out" in refused(paragraph("Look ", inner), SOURCE, LICENCE)
    assert "in table 1, row 2, column 1" in refused(table(["A"], [f"<w:tc>{picture()}</w:tc>"]), SOURCE)
    assert "A picture" in refused(paragraph(inner, item="2"), SOURCE, LICENCE, paragraph("Text."))


def test_words_below_a_picture_that_word_hides_or_marks_are_refused():
    hidden = paragraph("Source: ", run("own drawing", "<w:vanish/>"))

    assert "The line below picture 1 is not plain text" in refused(picture(), hidden, LICENCE)
    assert "The line below picture 1" in refused(
        picture(),
        paragraph("Above 10", run("9", '<w:vertAlign w:val="superscript"/>'), style="Caption"),
        SOURCE,
        LICENCE,
    )


def test_each_picture_is_refused_by_its_number():
    said = refused(picture(""), SOURCE, LICENCE, paragraph("Text."), picture(), LICENCE)

    assert "Picture 1 lacks an alternative text." in said
    assert "Picture 2 lacks a line “Source: …”." in said


def test_words_with_signs_that_are_not_allowed_are_refused():
    assert "not allowed ones" in refused(picture("A \u202edisc"), SOURCE, LICENCE)
    assert "not allowed ones" in refused(picture(), paragraph("Source: \u202eown"), LICENCE)


def test_the_same_picture_twice_is_refused_and_words_by_a_program_are_said():
    lines = (picture("A disc. Description automatically generated"), SOURCE, LICENCE)

    assert "Picture 2 stands in the text twice" in refused(*lines, paragraph("Text."), *lines)
    (said,) = read(*lines, paragraph("Text.")).warnings
    assert said.startswith("The alternative text of picture 1 was written by a program: “A disc. Description")


@pytest.mark.django_db
def test_the_figure_is_stored_with_the_draft_and_words_changed_in_word_come_in(author):
    lines = (paragraph("Look."), picture(), SOURCE, LICENCE)

    article = store(read(*lines), author=author)
    report = Report()
    store(read(*lines), author=author, update=True, report=report)
    store(read(paragraph("Look."), picture("A round disc"), SOURCE, LICENCE), author=author, update=True)

    assert report.changes == 0
    row = Figure.objects.get(article=article)
    assert (row.alt, row.source, row.licence, row.decorative) == ("A round disc", "own drawing", "CC BY 4.0", False)
    assert f'<figure data-figure="{row.key}"></figure>' in article.sections.get().body
