"""An article as a Word file is read again as the same article, also after somebody has changed words in Word."""

import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from articles.files.exporting.documents.docx import Beside, CannotBeWritten
from articles.files.imported import BadFile, ImportedArticle
from articles.files.markdown.parsing import parse as parse_markdown
from articles.files.word.package import DOCUMENT
from tests.articles.redline.texts import documents
from tests.articles.richtext_corpus import CORPUS
from tests.articles.test_exported_articles import FILES
from tests.articles.word.exported import (
    NAMES,
    content_of,
    edited,
    figure,
    part,
    read,
    with_body,
    with_parts,
    without,
    written,
)  # fmt: skip
from tests.articles.word.files import W, cell, docx, paragraph, table

CLEAR = (
    "a cell of a table reaches below its rows",
    "an item of a list of Word begins with words",
    "cells of a table overlap",
    "a raised sign of Word cannot",
)
DRUGS = table(["Drug", "Dose"], ["A", "5 mg"])


def again_or_why(content: dict) -> tuple[ImportedArticle | None, str]:
    try:
        return read(written(content)), ""
    except CannotBeWritten as refusal:
        return None, str(refusal)


def bodies(data: bytes) -> list[str]:
    return [section.body.replace("\n", "") for section in read(data).sections]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_sample_article_comes_back_equal(file):
    imported = parse_markdown(file.read_bytes())

    again = read(written(content_of(file.read_text()), beside=_beside(imported.translation_of)))

    assert [section.heading for section in again.sections] == [section.heading for section in imported.sections]
    assert [section.body for section in again.sections] == [section.body for section in imported.sections]
    assert [section.wordings for section in again.sections] == [section.wordings for section in imported.sections]
    assert [section.role for section in again.sections] == [section.role for section in imported.sections]
    assert {row.key: row.csl for row in again.references} == {row.key: row.csl for row in imported.references}
    names = ("title", "kind", "topics", "written_for", "ai_use", "ai_note", "language", "risk", "evidence_current_to")
    assert [getattr(again, name) for name in names] == [getattr(imported, name) for name in names]
    assert (again.translation_of, again.warnings) == (imported.translation_of, [])


def _beside(original: str):
    return Beside("Draft, not reviewed", original=original)


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_each_good_text_comes_back_or_is_refused_with_a_clear_sentence(number):
    content = with_body(CORPUS[number])
    body = content["sections"][0]["body"]

    again, why = again_or_why(content)

    if again is None:
        assert "<sub>i</sub></sup>" in body
        assert CLEAR[3] in why
    else:
        assert [section.body for section in again.sections] == [body, body]
        assert again.sections[1].wordings == {"carer": body}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(documents)
def test_any_text_comes_back_or_is_refused_with_a_clear_sentence(text):
    content = with_body(f"<p>First.</p>{text}")

    again, why = again_or_why(content)

    if again is None:
        assert any(said in why for said in CLEAR)
    else:
        assert [section.body for section in again.sections] == [section["body"] for section in content["sections"]]


def test_the_same_content_gives_the_same_bytes():
    content = with_body('<p>Look.</p><figure data-figure="ecg"></figure>')

    assert written(content) == written(json.loads(json.dumps(content)))
    with zipfile.ZipFile(io.BytesIO(written(content))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_word_sees_its_own_styles_lists_and_headers():
    body = '<h3>Adults</h3><ol start="5"><li>Wash.</li></ol><table><caption>Doses</caption><thead>'
    data = written(with_body(f"{body}<tr><th>Drug</th></tr></thead><tbody><tr><td>A</td></tr></tbody></table>"))
    document = part(data)

    styles = document.xpath("//w:pStyle/@w:val", namespaces=NAMES)
    assert styles[0] == "Title"
    assert {"Heading1", "Heading2", "ListParagraph", "Caption", "Sectionrole"} <= {*styles}
    assert document.xpath("//w:tr[1]/w:trPr/w:tblHeader", namespaces=NAMES)
    starts = part(data, "word/numbering.xml").xpath("//w:abstractNum[1]/w:lvl[1]/w:start/@w:val", namespaces=NAMES)
    assert starts == ["5"]
    assert "Draft, not reviewed" in "".join(part(data, "word/header1.xml").itertext())
    types = part(data, "[Content_Types].xml")
    assert DOCUMENT in {one.get("ContentType") for one in types}


def test_a_figure_is_a_picture_with_its_words_and_comes_back_with_its_file():
    content = with_body('<p>Look.</p><figure data-figure="ecg"></figure><p>Then read.</p>')

    again = read(written(content))
    data = edited(written(content), ("A disc", "A round disc"))

    assert [(row.key, row.alt, row.caption, row.source, row.licence) for row in again.figures] == [
        ("ecg", "A disc in the middle", "A disc", "Own drawing", "CC BY 4.0")
    ]
    assert part(data).xpath("//wp:docPr/@descr", namespaces=NAMES)[0] == "A disc in the middle"
    assert read(data).figures[0].caption == "A round disc"
    assert bodies(data)[0] == '<p>Look.</p><figure data-figure="ecg"></figure><p>Then read.</p>'


def test_a_figure_without_its_file_is_refused():
    content = with_body('<figure data-figure="ecg"></figure>')
    content["figures"] = [figure("ecg", files=[{"width": 1, "height": 1, "sha256": "0" * 64}])]

    with pytest.raises(CannotBeWritten, match="the figure “ecg” is missing"):
        written(content)


def test_words_that_were_edited_in_word_come_in():
    data = edited(
        written(content_of()),
        ("On nodes", "On lymph nodes"),
        ("5 mg", "2.5 mg"),
        ("a spoonful", "half a spoonful"),
        ("Doses", "Dosing"),
        ("Emergency: get help now", "Urgent: get help today"),
    )

    again = read(data)

    assert again.title == "On lymph nodes"
    assert [(one.role, one.heading) for one in again.sections] == [
        ("lead", ""), ("body", "Dosing"), ("help_today", "When to call"),
    ]  # fmt: skip
    assert again.sections[1].body == "<p>Give 2.5 mg.</p>"
    assert again.sections[1].wordings == {"carer": "<p>Give half a spoonful.</p>"}
    assert again.sections[0].body == '<p>Nodes swell <cite data-ref="smith2020">[smith2020]</cite>.</p>'
    assert (again.slug, again.topics, again.ai_note) == ("on-nodes", ["Oncology"], "A program proposed the headings.")


def test_a_line_of_information_that_was_changed_is_said_and_left_out():
    again = read(edited(written(content_of()), ("Oncology", "Surgery"), ("See a doctor.", "Do not.")))

    assert again.topics == ["Oncology"]
    assert again.warnings == [
        "This line of information is not imported: “Topics: Surgery”.",
        "This line of information is not imported: “Public: Do not.”.",
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("Text for: Carer", "Text for: Nobody"), "The line “Text for: Nobody” names no other audience"),
        (("Text for: Carer", "Text for: Public"), "The line “Text for: Public” names no other audience"),
        (("Role: Emergency: get help now", "Role: none"), "The line “Role: none” gives no section a role"),
    ],
)
def test_a_line_that_says_what_a_text_is_has_to_say_it(change, sentence):
    data = edited(written(content_of()), change)

    with pytest.raises(BadFile, match=sentence):
        read(data)


def test_a_deleted_wording_and_a_deleted_citation_are_gone_and_the_work_stays():
    data = without(without(written(content_of()), "Text for: Carer"), "Nodes swell")

    again = read(data)

    assert [section.wordings for section in again.sections] == [{}, {}]
    assert again.sections[0].body == "<p>Give 5 mg.</p>\n<p>Give a spoonful.</p>"
    assert [row.key for row in again.references] == ["smith2020"]


def test_a_file_of_ours_without_its_own_part_is_refused():
    data = written(content_of())
    root = part(data, "word/_rels/document.xml.rels")
    for row in [row for row in root if row.get("Id") == "rIdOwn"]:
        root.remove(row)

    with pytest.raises(BadFile, match="has dropped the part"):
        read(with_parts(data, **{"document.xml.rels": etree.tostring(root)}))


def test_a_damaged_own_part_is_refused():
    own = '<a:article xmlns:a="urn:imprimatur:article:1"><a:front-matter>kind: novel</a:front-matter></a:article>'

    with pytest.raises(BadFile, match="front matter is damaged"):
        read(with_parts(written(content_of()), item1=own.encode()))


def test_a_file_of_somebody_else_is_read_as_before():
    again = read(docx(paragraph("Doses", style="Heading1"), DRUGS, table(["A", cell("B")])))

    assert again.figures is None
    assert "<td>5 mg</td>" in again.sections[0].body


def test_a_wording_belongs_to_its_section_and_lists_that_follow_each_other_stay_two():
    content = with_body('<ul><li>A</li></ul><ul><li>B</li></ul><ol start="3"><li>C<ol><li>D</li></ol></li></ol>')

    assert bodies(written(content))[0] == (
        '<ul><li>A</li></ul><ul><li>B</li></ul><ol start="3"><li>C<ol><li>D</li></ol></li></ol>'
    )


def test_an_article_of_another_direction_keeps_its_amounts_together():
    content = content_of((FILES[2]).read_text())
    assert content["language"] == "ar"

    document = part(written(content))

    amounts = ["".join(one.itertext()) for one in document.iter(f"{{{W}}}dir")]
    assert any("cm" in one or "°C" in one for one in amounts)
    assert document.xpath("//w:tblPr/w:bidiVisual", namespaces=NAMES)


def test_what_is_said_of_single_sections_and_works_comes_back():
    content = content_of()
    content["sections"][1]["topic"] = "Oncology"
    content["sections"][1]["wordings"]["carer"]["heading"] = "How much to give"
    content["references"][0]["although_retracted"] = "As history."

    again = read(edited(written(content), ("How much", "How much of it")))

    assert (again.sections[1].topic, again.sections[2].topic) == ("Oncology", "")
    assert again.sections[1].headings == {"carer": "How much of it to give"}
    assert again.references[0].although_retracted == "As history."
    assert again.warnings == []


def test_a_section_that_was_renamed_in_word_says_that_its_topic_was_left_out():
    content = content_of()
    content["sections"][1]["topic"] = "Oncology"

    again = read(edited(written(content), ("Doses", "Dosing")))

    assert again.sections[1].topic == ""
    assert any("The text has no section “Doses”" in said for said in again.warnings)


def test_an_article_that_would_not_be_read_as_it_is_is_refused():
    lead = {"key": "a", "role": "lead", "heading": "", "body": "<p>One.</p>", "wordings": {}}
    content = content_of() | {"sections": [lead, lead | {"key": "b"}]}

    with pytest.raises(CannotBeWritten, match="Word cannot hold this article as it is: section"):
        written(content)


def test_a_draft_whose_lead_has_no_words_yet_keeps_it():
    lead = {"key": "a", "role": "lead", "heading": "", "body": "", "wordings": {}}
    content = content_of()
    content["sections"][0] = lead

    assert [section.role for section in read(written(content)).sections] == ["lead", "body", "help_now"]
