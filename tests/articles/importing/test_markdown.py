"""A Markdown file is read as it was meant: front matter, sections, wordings, text, citations, tables and captions."""

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from articles.files.markdown import parsing as markdown
from articles.files.markdown.parsing import parse
from articles.text import richtext
from tests import samples
from tests.articles.importing.files import HEAD, REFERENCE, article, body_of, refusal

ROOT = Path(__file__).resolve().parents[3]


def test_the_front_matter_is_taken_as_it_was_written():
    read = parse(
        b"---\ntitle: |\n  On   the\n  bowel\nkind: question\nslug: bowel-1\ntopics: [Oncology, 'No']\n"
        b"audience: carer\nai_use: assisted\nai_note: Drafts.\nlanguage: no\nrisk: high\n---\nText.\n"
    )

    assert (read.title, read.kind, read.slug, read.topics) == (
        "On the bowel",
        "question",
        "bowel-1",
        ["Oncology", "No"],
    )
    assert (read.written_for, read.ai_use, read.ai_note) == ("carer", "assisted", "Drafts.")
    assert (read.language, read.risk, read.warnings) == ("no", "high", [])


def test_what_the_front_matter_leaves_out_has_a_default_or_stays_empty():
    read = parse(b"\xef\xbb\xbf---\ntitle: 2024\nkind: topic\n---\nText.")

    assert (read.title, read.slug, read.topics, read.references) == ("2024", "", [], [])
    assert (read.written_for, read.language, read.risk, read.ai_use) == ("public", "en", "standard", "")
    assert read.warnings == ["Line 1: The file does not say whether artificial intelligence was used (ai_use)."]


def test_sections_have_the_role_of_their_heading_or_the_one_written_beside_it():
    sections = article(
        "Lead.\n\n## KEY points\nA\n\n## Summary\nB\n\n## Causes\nC\n\n## When to get help {urgent}\nD\n\n"
        "## Key points in brief {body}\nE\n\n## Call if {help_now}\nF\n\n## Ask if {help_today}\nG\n\n"
        "## Tell us if {help_soon}\nH"
    ).sections

    assert [(section.role, section.heading, section.line) for section in sections] == [
        ("lead", "", 6),
        ("key_points", "KEY points", 8),
        ("summary", "Summary", 11),
        ("body", "Causes", 14),
        ("urgent", "When to get help", 17),
        ("body", "Key points in brief", 20),
        ("help_now", "Call if", 23),
        ("help_today", "Ask if", 26),
        ("help_soon", "Tell us if", 29),
    ]
    assert [section.body for section in sections] == [f"<p>{text}</p>" for text in ("Lead.", *"ABCDEFGH")]


def test_wordings_stand_apart_from_the_general_text():
    lead, causes = article(
        "General.\n::: carer\nFor *carers*.\n:::\nMore.\n\n## Causes\n\n::: professional\n- One\n\n"
        "| a |\n|---|\n| b |\n:::\n\nAll."
    ).sections

    assert lead.body == "<p>General.</p>\n<p>More.</p>"
    assert lead.wordings == {"carer": "<p>For <em>carers</em>.</p>"}
    assert causes.body == "<p>All.</p>"
    assert causes.wordings["professional"].startswith("<ul>\n<li>One</li>\n</ul>\n<table>")


def test_a_section_of_wordings_alone_is_kept_and_noted():
    read = article("Text.\n\n## Causes\n\n::: carer\nWhy.\n:::")

    assert read.sections[1].body == ""
    assert read.warnings == ["Line 8: The section “Causes” has no main text."]


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("One\ntwo", "<p>One two</p>"),
        ("One  \ntwo\\\nthree", "<p>One<br>two<br>three</p>"),
        ("*a* **b** ***c***", "<p><em>a</em> <strong>b <em>c</em></strong></p>"),
        ("H~2~O, 10^9^, ^99m^Tc", "<p>H<sub>2</sub>O, 10<sup>9</sup>, <sup>99m</sup>Tc</p>"),
        ("Ca^2+^, Cl^−^", "<p>Ca<sup>2+</sup>, Cl<sup>−</sup></p>"),
        ("~5 to ~6, 2^10, a ~b c~ d, ~5-~6", "<p>~5 to ~6, 2^10, a ~b c~ d, ~5-~6</p>"),
        (r"\~a\~ \^b\^ \[@one]", "<p>~a~ ^b^ [@one]</p>"),
        ("p < 0.05 & x > 3 -- \"so\"", "<p>p &lt; 0.05 &amp; x &gt; 3 -- \"so\"</p>"),
        ("&lt;b&gt; &micro;g", "<p>&lt;b&gt; μg</p>"),
        ("### A *b*\n#### C", "<h3>A <em>b</em></h3>\n<h4>C</h4>"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        ("- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul></li>\n<li>c</li>\n</ul>"),
        ("[a](https://a.example/?x=1&y=2)", '<p><a href="https://a.example/?x=1&amp;y=2">a</a></p>'),
        ("<https://a.example>", '<p><a href="https://a.example">https://a.example</a></p>'),
        ("#1 cause", "<p>#1 cause</p>"),
    ],
)  # fmt: skip
def test_markdown_becomes_the_html_that_articles_hold(written, html):
    assert body_of(written) == html


def test_citations_become_nodes():
    read = article("One [@one], both [@one; @two]; again\n[@two;\n@one].", REFERENCE)

    assert read.sections[0].body.count('<cite data-ref="one">[one]</cite>') == 3
    assert richtext.cited_keys(read.sections[0].body) == ["one", "two"]
    assert read.warnings == []


def test_the_line_is_right_after_a_citation_over_two_lines():
    said = refusal(f"{HEAD}{REFERENCE}---\nOne [@one;\n@two] and\n[@three].\n")

    assert said.startswith("Line 11: ")


@pytest.mark.parametrize("link", ["[see [@one]](https://a.example)", "[see](https://a.example/b c)"])
def test_what_was_meant_as_a_link_but_is_none_is_noted(link):
    read = article(f"{link} [@one; @two]", REFERENCE)

    assert "](https://a.example" in read.sections[0].body
    assert [warning[:27] for warning in read.warnings] == ["Line 9: “](” is in the text"]


def test_references_that_nobody_cites_are_kept_and_noted():
    read = article("Text.\n\n::: carer\nSee [@two].\n:::", REFERENCE)

    assert [reference.key for reference in read.references] == ["one", "two"]
    assert read.warnings == ["Line 6: The reference “one” is never cited."]


def test_a_table_keeps_its_cells_and_header():
    html = body_of("| Drug | Dose |\n|:--|---|\n| A \\| B | *5* mg |\n| | x |")

    assert html == (
        '<table>\n<thead>\n<tr><th scope="col">Drug</th><th scope="col">Dose</th></tr>\n</thead>\n<tbody>\n'
        "<tr><td>A | B</td><td><em>5</em> mg</td></tr>\n<tr><td></td><td>x</td></tr>\n</tbody>\n</table>"
    )


@pytest.mark.parametrize(
    "written",
    [
        "Table: Which *drug*\n| a | b |\n|---|---|\n| c | d |",
        "Table: Which *drug*\n\n| a | b |\n|---|---|\n| c | d |",
        "| a | b |\n|---|---|\n| c | d |\nTable: Which *drug*",
        "| a | b |\n|---|---|\n| c | d |\n\nTable: Which *drug*",
    ],
)
def test_a_caption_stands_before_or_after_its_table(written):
    html = body_of(written)

    assert html.startswith("<table>\n<caption>Which <em>drug</em></caption>\n<thead>")
    assert html.endswith("</table>")
    assert html.count("<tr>") == 2


def test_of_two_tables_the_nearer_one_has_the_caption():
    table = "| a |\n|---|\n| {} |\n"
    after = body_of(table.format("x") + "Table: Of x\n\n" + table.format("y") + "Table: Of y")
    before = body_of("Table: Of x\n" + table.format("x") + "\nTable: Of y\n" + table.format("y"))

    assert before == after
    assert before.index("Of x") < before.index("<td>x") < before.index("Of y") < before.index("<td>y")


def test_a_caption_without_a_table_stays_a_paragraph_and_is_noted():
    read = article("Table: Nothing below\n\nText.")

    assert read.sections[0].body == "<p>Table: Nothing below</p>\n<p>Text.</p>"
    assert read.warnings == ["Line 6: This line begins with Table: but no table is beside it."]


def test_the_example_in_the_documentation_is_a_whole_article():
    read = parse(textwrap.dedent(markdown.__doc__.partition("article.\n\n")[2]).encode())

    assert [section.role for section in read.sections] == ["lead", "key_points", "body"]
    assert read.sections[2].wordings.keys() == {"professional"}
    assert read.warnings == []


def test_reading_a_file_needs_neither_django_nor_a_database():
    code = "import sys, articles.files.markdown.parsing; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("pair", samples.PAIRS, ids=str)
def test_a_question_with_references_is_read_whole(pair):
    written, read = pair.question.read_text(), samples.read(pair.question)

    assert [section.role for section in read.sections] == ["body", "key_points"]
    assert [reference.key for reference in read.references] == re.findall(r"\{id: (\w+)", written)
    assert richtext.cited_keys("".join(section.body for section in read.sections)) == [
        reference.key for reference in read.references
    ]
    assert len(read.references) == 5
    assert read.sections[1].body.count("<li>") == len(re.findall(r"^- ", written, re.MULTILINE))
    assert read.warnings == []


@pytest.mark.parametrize("pair", samples.PAIRS, ids=str)
def test_a_topic_with_tables_is_read_whole(pair):
    written, read = pair.topic.read_text(), samples.read(pair.topic)
    tables = [part.count("\n|") - 1 for part in written.split("\n\n") if part.startswith("| ")]  # rows but the ruler
    cells = sum(line.count("|") - 1 for line in re.findall(r"^\|.*", written, re.MULTILINE) if "---" not in line)

    html = "".join(section.body for section in read.sections)
    assert [section.role for section in read.sections] == ["lead", *["body"] * (len(read.sections) - 2), "summary"]
    assert [section.body.count("<tr>") - 1 for section in read.sections if "<table>" in section.body] == tables
    assert len(tables) >= 6
    assert html.count("<td>") + html.count("<th ") == cells
    (ordered,) = (section.body for section in read.sections if "<ol>" in section.body)
    assert ordered.count("<li>") == len(re.findall(r"^\d\. ", written, re.MULTILINE))


@pytest.mark.parametrize("address", ["tel:116-123", "tel:(0)20-7946.0018", "tel:+1(201)555-0123;ext=12"])
def test_a_number_to_call_is_written_as_rfc_3966_has_it(address):
    assert f'<a href="{address}">Call</a>' in article(f"[Call]({address}) now.").sections[0].body


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("tel:116 123", "“tel:116%20123” contains a space, which a telephone link cannot have; write tel:116-123."),
        (
            "tel:1a",
            "“tel:1a” must be a telephone number: digits, which may have - . ( ) between them and + in front, such as",
        ),
        ("https://me@a.b", "“https://me@a.b” needs the name of a site directly after //, without a user name"),
        ("ftp://a.b", "“ftp://a.b” must begin with https://, http://, mailto:, tel:, / or #."),
    ],
)
def test_an_address_is_refused_with_what_is_wrong_in_it(address, sentence):
    assert f"Line 6: The address {sentence}" in refusal(f"{HEAD}---\n[Call](<{address}>) now.\n")
