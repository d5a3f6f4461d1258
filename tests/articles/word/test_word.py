"""Word files become articles whole, or are refused with the place and the words."""

import pytest

from articles.files.imported import BadFile
from articles.files.markdown.parsing import AUDIENCES
from articles.files.word import parsing
from articles.files.word.parsing import parse
from tests.articles.word.files import (
    cell,
    citation,
    docx,
    field,
    footnotes,
    note,
    paragraph,
    run,
    table,
)  # fmt: skip

SMITH = {
    "type": "article-journal", "title": "Nodes", "author": [{"family": "Smith", "given": "A"}],
    "issued": {"date-parts": [[2020]]}, "DOI": "10.5555/nodes",
}  # fmt: skip
SUP = '<w:vertAlign w:val="superscript"/>'


def read(*body, **more):
    return parse(docx(*body, **more), audiences=AUDIENCES)


def bodies(article) -> list[tuple[str, str]]:
    return [(section.heading, section.body) for section in article.sections]


def refusal(*body, **more) -> str:
    with pytest.raises(BadFile) as refused:
        read(*body, **more)
    return str(refused.value)


def test_headings_become_sections_with_their_text():
    article = read(
        paragraph("Before all."),
        paragraph("Dosing", style="Heading1"),
        paragraph("Give ", run("5 mg", "<w:b/>"), " of it to 10", run("9", SUP), "/L."),
        paragraph("Children", style="Heading2"),
        paragraph("Half of it."),
        paragraph("Key points", style="Mine"),
        paragraph("One.", item="2"),
        paragraph("Two.", item="2"),
    )

    assert (article.title, article.language, article.kind) == ("On nodes", "en", "topic")
    assert bodies(article) == [
        ("", "<p>Before all.</p>"),
        (
            "Dosing",
            "<p>Give <strong>5 mg</strong> of it to 10<sup>9</sup>/L.</p>\n<h3>Children</h3>\n<p>Half of it.</p>",
        ),
        ("Key points", "<ul>\n<li>One.</li>\n<li>Two.</li>\n</ul>"),
    ]
    assert [section.role for section in article.sections] == ["lead", "body", "key_points"]
    assert article.kept == ["Kept, and compared sign by sign: 3 headings, 3 paragraphs, 2 items."]


def test_a_numbered_list_keeps_its_numbers_across_a_remark():
    article = read(
        paragraph("Wash.", item="1"),
        paragraph("Dry.", item="1"),
        paragraph("Wait."),
        paragraph("Give 5 mg.", item="1"),
        paragraph("Now.", item="5"),
        paragraph("Deep.", item="5", depth=1),
    )

    assert article.sections[0].body.replace("\n", "") == (
        '<ol><li>Wash.</li><li>Dry.</li></ol><p>Wait.</p><ol start="3"><li>Give 5 mg.</li></ol>'
        '<ol start="3"><li>Now.<ol><li>Deep.</li></ol></li></ol>'
    )


def test_an_item_without_words_keeps_its_number():
    article = read(paragraph("Wash.", item="1"), paragraph("", item="1"), paragraph("Give 5 mg.", item="1"))

    assert article.sections[0].body.replace("\n", "") == (
        '<ol><li>Wash.</li></ol><ol start="3"><li>Give 5 mg.</li></ol>'
    )


def test_numbers_go_on_from_cell_to_cell():
    rows = [[cell(paragraph(words, item="1")), dose] for words, dose in (("Wash.", "5 mg"), ("Dry.", "2 mg"))]

    body = read(table(["Step", "Dose"], *rows, header=True), paragraph("Wait.", item="1")).sections[0].body

    assert body.replace("\n", "").count("<li>Wash.</li>") == 1
    assert '<ol start="2"><li>Dry.</li></ol>' in body.replace("\n", "")
    assert body.replace("\n", "").endswith('<ol start="3"><li>Wait.</li></ol>')


def test_letters_become_numbers_and_the_report_says_so():
    article = read(paragraph("Wash.", item="3"), paragraph("Dry.", item="3"))

    assert article.sections[0].body.replace("\n", "") == "<ol><li>Wash.</li><li>Dry.</li></ol>"
    assert any("Letters, Roman numbers" in said for said in article.warnings)


MERGED = table(
    ["Drug", cell("Dose", '<w:gridSpan w:val="2"/>')],
    [cell("A", '<w:vMerge w:val="restart"/>'), "Adults", "5 mg"],
    [cell("", "<w:vMerge/>"), "Children", "2.5 mg"],
    header=True,
)


def test_tables_keep_each_cell_where_it_stands():
    article = read(paragraph("Table 1. Doses", style="Caption"), MERGED)

    assert article.sections[0].body.replace("\n", "") == (
        '<table><caption>Table 1. Doses</caption><thead><tr><th>Drug</th><th colspan="2">Dose</th></tr></thead><tbody>'
        '<tr><td rowspan="2">A</td><td>Adults</td><td>5 mg</td></tr><tr><td>Children</td><td>2.5 mg</td></tr></tbody>'
        "</table>"
    )
    assert "1 table, 7 cells" in article.kept[0]


def late() -> str:
    """Return a table whose second row has no first cell."""
    rows = table(["Drug", "Adults", "Children"], ["5 mg", "2 mg"])
    at = rows.index("<w:tr>", 10 + rows.index("<w:tr>"))
    return f'{rows[:at]}<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{rows[at + len("<w:tr>") :]}'


def test_a_row_that_begins_later_keeps_the_dose_of_the_child_under_its_column():
    body = read(late()).sections[0].body.replace("\n", "")

    assert "<tr><td></td><td>5 mg</td><td>2 mg</td></tr>" in body


@pytest.mark.parametrize(
    ("style", "look", "bold", "is_headed"),
    [
        ("Headed", "1", False, True),
        ("Headed", "0", False, False),
        ("Plain", "1", False, False),
        ("Plain", "", True, True),
    ],
)
def test_a_first_row_is_a_row_of_headers_if_word_shows_it_as_one(style, look, bold, is_headed):
    first = [cell(paragraph(run(text, "<w:b/>" if bold else ""))) for text in ("Drug", "Dose")]

    article = read(table(first, ["A", "5 mg"], style=style, look=look))

    assert ("<thead>" in article.sections[0].body) == is_headed
    assert any("looks like a row of headers" in said for said in article.warnings) == is_headed


@pytest.mark.parametrize("program", ["ZOTERO_ITEM ", ""], ids=["zotero", "mendeley"])
def test_citations_cite_works_and_the_list_is_left_out(program):
    article = read(
        paragraph("Nodes swell ", citation(SMITH, shown="(1)", program=program), "."),
        paragraph("They shrink ", citation(SMITH, {"type": "book", "title": "Nodes"}, program=program), "."),
        paragraph(field(" ADDIN ZOTERO_BIBL {} CSL_BIBLIOGRAPHY ", "1. Smith A. Nodes. 2020.")),
    )

    assert article.sections[0].body.replace("\n", "") == (
        '<p>Nodes swell <cite data-ref="smith2020">[smith2020]</cite>.</p>'
        '<p>They shrink <cite data-ref="smith2020">[smith2020]</cite><cite data-ref="reference">[reference]</cite>.</p>'
    )
    assert [(row.key, row.doi, row.csl["title"]) for row in article.references] == [
        ("smith2020", "10.5555/nodes", "Nodes"),
        ("reference", "", "Nodes"),
    ]
    assert any("list of references was left out" in said for said in article.warnings)


def test_notes_stand_at_the_end_of_their_section():
    article = read(
        paragraph("A dose", note(1), " of 5 mg."),
        paragraph("Next", style="Heading1"),
        paragraph("More", note(2), "."),
        parts=footnotes("At night.", "With 10 mL."),
    )

    assert bodies(article) == [
        ("", "<p>A dose<sup>1</sup> of 5 mg.</p>\n<p><sup>1</sup> At night.</p>"),
        ("Next", "<p>More<sup>2</sup>.</p>\n<p><sup>2</sup> With 10 mL.</p>"),
    ]


def test_links_keep_their_addresses():
    link = f'<w:hyperlink r:id="l1">{run("the guideline")}</w:hyperlink>'

    (section,) = read(paragraph("See ", link, "."), links={"l1": "https://example.org/a?b=1"}).sections

    assert section.body == '<p>See <a href="https://example.org/a?b=1">the guideline</a>.</p>'


def test_tracked_changes_are_accepted_and_said():
    inserted = f'<w:ins w:id="1" w:author="A">{run("5")}</w:ins>'
    deleted = '<w:del w:id="2" w:author="A"><w:r><w:delText>50</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="3">{run("twice ")}</w:moveFrom>', f'<w:moveTo w:id="4">{run(" twice")}</w:moveTo>'

    article = read(paragraph("Give ", moved[0], inserted, deleted, " mg", moved[1], "."))

    assert article.sections[0].body == "<p>Give 5 mg twice.</p>"
    assert any("tracked changes" in said for said in article.warnings)


def test_underlined_words_keep_an_emphasis_and_the_report_says_which():
    article = read(
        paragraph("Do ", run("not", '<w:u w:val="single"/>'), run(" stop", '<w:highlight w:val="red"/>'), ".")
    )

    assert article.sections[0].body == "<p>Do <em>not</em> stop.</p>"
    assert article.warnings == ["Underlined words are in italics now.", "Highlighting was left out."]
    assert read(paragraph(run("Go.", '<w:u w:val="none"/>'))).warnings == []


def test_what_only_a_style_raises_is_raised():
    (section,) = read(paragraph("10", run("9", '<w:rStyle w:val="Raised"/>'), "/L")).sections

    assert section.body == "<p>10<sup>9</sup>/L</p>"


def test_a_number_in_a_simple_field_is_kept():
    shown = f'<w:fldSimple w:instr=" SEQ Table ">{run("1")}</w:fldSimple>'

    assert read(paragraph("Table ", shown, ": doses.")).sections[0].body == "<p>Table 1: doses.</p>"


def test_a_table_of_contents_headers_and_comments_are_left_out_and_said():
    article = read(
        paragraph(field(' TOC \\o "1-3" ', "Dosing 2"), style="TOC1"),
        paragraph("Give 5 mg."),
        parts={"comments": "<c/>", "header": "<h/>"},
    )

    assert article.sections[0].body == "<p>Give 5 mg.</p>"
    said = " ".join(article.warnings)
    assert "table of contents was left out" in said
    assert "Comments were left out" in said
    assert "Headers and footers" in said


BOX = (
    '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
    f"{paragraph('Give 5 mg.')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)
CHOICE = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice>'
    f"<w:drawing><w:txbxContent>{paragraph('Give 5 mg.')}</w:txbxContent></w:drawing></mc:Choice>"
    "</mc:AlternateContent></w:r>"
)
PICTURE = '<w:r><w:drawing><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></w:drawing></w:r>'
REFUSED = {
    "the letter m in the font Symbol": (
        run("m", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'),
        "set in the font Symbol",
    ),
    "a sign of a font": ('<w:r><w:sym w:font="Symbol" w:char="F06D"/></w:r>', "A sign of a font of symbols"),
    "a private character": (run("5 \uf06dg"), "U+F06D PRIVATE USE"),
    "a text box": (BOX, "A text box"),
    "a text box of newer files": (CHOICE, "A text box"),
    "a picture": (PICTURE, "A picture"),
    "struck out": (run("50 mg", "<w:strike/>"), "Struck out text would be shown: “50 mg”"),
    "struck out twice": (run("50 mg", "<w:dstrike/>"), "Struck out text would be shown: “50 mg”"),
    "struck out by a style": (run("50 mg", '<w:rStyle w:val="Struck"/>'), "Struck out text would be shown: “50 mg”"),
    "hidden": (run("50 mg", "<w:vanish/>"), "Hidden text would be shown: “50 mg”"),
    "an equation": ("<m:oMath><m:r><m:t>½</m:t></m:r></m:oMath>", "An equation"),
    "raised by points": (run("9", '<w:position w:val="6"/>'), "is raised or lowered by points"),
    "another direction": (f"<w:bdo>{run('5 mg')}</w:bdo>", "Text in another direction"),
    "a reading above": (
        f"<w:r><w:ruby><w:rubyBase>{run('5')}</w:rubyBase></w:ruby></w:r>",
        "Text in another direction",
    ),
    "a note that is not there": (note(7), "A note that the text refers to is missing"),
    "a box to tick": ("<w:r><w:fldChar><w:ffData><w:checkBox/></w:ffData></w:fldChar></w:r>", "A box to tick"),
    "an unknown part": ("<w:contentPart/>", "A part that is not known (contentPart)"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_page_would_show_otherwise_is_refused_with_its_place(name):
    part, said = REFUSED[name]

    assert said in refusal(paragraph("Give ", part))
    assert said in refusal(paragraph("Before."), table(["A", "B"], ["1", cell(paragraph("Give ", part))]))


def test_a_place_in_a_table_is_named_by_row_and_column():
    said = refusal(table(["A", "B"], ["1", cell(paragraph(run("50 mg", "<w:strike/>")))]))

    assert "“50 mg” in table 1, row 2, column 2." in said


def test_words_hidden_by_a_merged_cell_are_refused():
    said = refusal(table([cell("A", '<w:vMerge w:val="restart"/>')], [cell("50 mg", "<w:vMerge/>")], ["B"]))

    assert said == "Table 1, row 2, column 1 hides words in a merged cell: “50 mg”."


def test_a_table_in_a_cell_is_refused():
    inner = table(["5 mg"])

    assert "a table within table 1, row 1, column 1" in refusal(table([cell(f"{inner}{paragraph('')}")], ["A"]))


def test_every_fault_is_named_at_once():
    said = refusal(paragraph(run("1", "<w:strike/>")), paragraph(run("2", "<w:vanish/>"))).splitlines()

    assert len(said) == 2


@pytest.mark.parametrize(
    ("first", "in_properties", "name", "title", "said"),
    [
        ("Nodes and doses", "", "", "Nodes and doses", "The first line became the title"),
        ("A sentence.", "Nodes", "", "Nodes", "the one of the file’s properties"),
        ("A sentence.", "", "nodes-2", "nodes-2", "its name became the title"),
    ],
    ids=["first line", "properties", "name"],
)
def test_a_file_without_a_title_line_gets_one_and_says_so(first, in_properties, name, title, said):
    data = docx(paragraph(first), paragraph("Give 5 mg."), title="", in_properties=in_properties)

    article = parse(data, audiences=AUDIENCES, name=name)

    assert article.title == title
    assert ("<p>A sentence.</p>" in article.sections[0].body) == (first == "A sentence.")
    assert any(said in warning for warning in article.warnings)


def test_a_file_without_any_title_is_refused():
    assert "Give the first line of the file the style “Title”" in refusal(paragraph("A sentence."), title="")
    said = refusal(paragraph("Text."), paragraph("On nodes", style="Title"))
    assert "Only the first line of the file may have the style “Title”" in said


@pytest.mark.parametrize("more", [citation(SMITH), run("2", SUP), note(1)], ids=["citation", "raised", "note"])
def test_a_heading_with_more_than_words_is_refused(more):
    said = refusal(paragraph("Dose ", more, style="Heading1"), paragraph("Text."), parts=footnotes("A note."))

    assert said.startswith("Headings are plain text")


def test_pages_of_a_citation_are_named_in_the_report():
    data = citation(SMITH, shown="(1, p. 5)").replace('"itemData"', '"locator": "5", "itemData"')

    article = read(paragraph("Nodes swell ", data, "."))

    assert any("“(1, p. 5)” names pages" in said for said in article.warnings)


def test_a_citation_without_details_and_a_work_that_is_none_are_refused():
    bare = field(' ADDIN ZOTERO_ITEM CSL_CITATION {"citationItems": [{"id": 1}]} ', "(1)")

    assert "The citation “(1)” has no details" in refusal(paragraph("Nodes ", bare))
    assert "A work cited as “(1)”" in refusal(paragraph("Nodes ", citation({"type": "book"})))


def test_links_within_the_file_keep_their_words():
    link = f'<w:hyperlink w:anchor="a">{run("see below")}</w:hyperlink>'

    article = read(paragraph("Doses: ", link, "."))

    assert article.sections[0].body == "<p>Doses: see below.</p>"
    assert any("Links from one place of the file to another" in said for said in article.warnings)


def test_a_list_that_begins_deep_keeps_its_items():
    article = read(paragraph("One.", item="1", depth=1), paragraph("Two.", item="1", depth=1))

    assert article.sections[0].body.replace("\n", "") == "<ol><li>One.</li><li>Two.</li></ol>"


def test_a_single_heading_on_top_is_the_title():
    article = read(
        paragraph("Nodes", style="Heading1"),
        paragraph("Text."),
        paragraph("Doses", style="Heading2"),
        paragraph("5 mg."),
        title="",
    )

    assert article.title == "Nodes"
    assert bodies(article) == [("", "<p>Text.</p>"), ("Doses", "<p>5 mg.</p>")]


def test_the_comparison_finds_what_the_other_reader_loses(monkeypatch):
    """The proof can fail: with a reader that loses a cell, moves one, or drops a raised digit, the file is refused."""
    convert = parsing.mammoth.convert_to_html

    def losing(old, new):
        def changed(file, **options):
            result = convert(file, **options)
            assert old in result.value
            result.value = result.value.replace(old, new, 1)
            return result

        monkeypatch.setattr(parsing.mammoth, "convert_to_html", changed)

    body = [paragraph("Give 10", run("9", SUP), "/L."), table(["A", "B"], ["1", "5 mg"])]
    losing("<sup>9</sup>", "9")
    assert "would become “Give 109/L.”" in refusal(*body)
    losing("<p>5 mg</p>", "<p></p>")
    assert refusal(*body) == "Table 1, row 2, column 2: “5 mg” would become “”."
    losing("<td><p>1</p></td>", "")
    assert refusal(*body).startswith("Table 1, row 2, column 1: “1” would become “5 mg”.")
    losing("Give ", "")
    assert "“Give 10" in refusal(*body)
