"""A Markdown file becomes an article as it was meant, or is refused with the line that is wrong."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import richtext
from articles.importing import markdown, source
from articles.importing.markdown import BadFile, ImportedArticle, parse

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples"
HEAD = "---\ntitle: Bowel cancer\nkind: topic\nai_use: none\n"
REFERENCE = "references:\n  - {id: one, title: First}\n  - {id: two, title: Second}\n"


def article(body="Text.", head="") -> ImportedArticle:
    return parse(f"{HEAD}{head}---\n{body}\n".encode())


def body_of(text: str, head="") -> str:
    return article(text, head).sections[0].body


def csl_of(fields: str) -> dict:
    return article("Text [@x].", f"references:\n  - {{id: x, {fields}}}\n").references[0].csl


def refusal(data) -> str:
    with pytest.raises(BadFile) as caught:
        parse(data if isinstance(data, bytes) else data.encode())
    return str(caught.value)


# The front matter ends on line 5, so that the body begins on line 6.
BODIES = [
    ("# Title", 6, "title is in the front matter"),
    ("Text\n\n##### Deep", 8, "go down to ####"),
    ("Text\n====", 6, "not underlined"),
    ("Text\n---", 6, "not underlined"),
    ("- ## Heading", 6, "inside a list"),
    ("## ", 6, "no heading"),
    ("## {urgent}", 6, "no heading"),
    ("## Help {now}", 6, "role “now” is not known"),
    ("## Help {lead}", 6, "role “lead” is not known"),
    ("## H~2~O", 6, "plain text"),
    ("## 10^9^ cells", 6, "plain text"),
    ("## " + "x" * 201, 6, "201 characters"),
    ("##Heading", 6, "space after the #"),
    ("Text\n      ## Heading", 7, "space after the #"),
    ("## Key points\nText\n\n## Key points\nText", 9, "in line 6 already"),
    ("## Key points\nText\n\n## Other {key_points}\nText", 9, "in line 6 already"),
    ("Text ![x](y.png)", 6, "image"),
    ("One\ntwo\nthree ![x](y.png)", 8, "image"),
    ("Text\n\n<div>\n", 8, "Raw HTML"),
    ("One\ntwo <b>three</b>", 7, "Raw HTML"),
    ("Text <!-- note -->", 6, "Raw HTML"),
    ("> Said", 6, "quotation"),
    ("```\ncode\n```", 6, "code block"),
    ("Text\n\n    code", 8, "code block"),
    ("Some `code`", 6, "` marks"),
    ("Text\n\n***\n", 8, "rule"),
    ("Text [@none]", 6, "no reference with the id “none”"),
    ("One\ntwo\n\nthree\nfour [@none]", 10, "no reference"),
    ("- One\n- Two [@none]", 7, "no reference"),
    ("| a | b |\n|---|---|\n| c | [@none] |", 8, "no reference"),
    ("Text [@a b]", 6, "has to be written as"),
    ("Text [@one, p. 3]", 6, "has to be written as"),
    ("Text [@]", 6, "has to be written as"),
    ("Text [@one", 6, "has to be written as"),
    ("Text [^1]", 6, "cite a reference"),
    ("[^1]: Note", 6, "cite with [@key]"),
    ("Text\n[name]: http://a.example", 7, "not defined apart"),
    ("[x](javascript:alert(1))", 6, "address “javascript:alert(1)”"),
    ("<javascript:x>", 6, "address"),
    ("[x](page.html)", 6, "address “page.html”"),
    ("[](http://a.example)", 6, "no text"),
    ('[x](http://a.example "title")', 6, "no title"),
    ("| a | b |\n|---|---|\n| c |", 8, "1 cell, but the header in line 6 has 2"),
    ("| a | b |\n|---|---|\n| c | d |\n| c | d | e |", 9, "3 cells, but the header in line 6 has 2"),
    ("| a | b |\n|---|---|\nc", 8, "1 cell,"),
    ("| a | b |\n| c | d |", 6, "belongs to no table"),
    ("| a | b |\n|---|\n| c | d |", 6, "belongs to no table"),
    ("Text\n| a | b |\n\n|---|---|", 7, "belongs to no table"),
    ("| a | b |\n|---|---|\n| c | d |\n\n| e | f |", 10, "belongs to no table"),
    ("a | b\n---|---|---\nc | d", 7, "row of --- belongs to no table"),
    ("a | b\n---|---\n1. c | d", 8, "breaks the table off"),
    ("- | a | b |\n  |---|---|\n  | c | d |", 6, "table cannot stand inside"),
    ("| a |\n|---|\n| b |\n\nTable: Which\n\n| a |\n|---|\n| b |", 10, "between two tables"),
    ("Table:\n| a |\n|---|\n| b |", 6, "caption of this table is empty"),
    ("::: carer\nText", 6, "not closed"),
    ("Text\n\n::: carer\nText\n\n## Next\n\nText\n:::", 8, "not closed"),
    ("::: carer\nText\n::: professional\nText\n:::", 8, "of line 6 has to be closed"),
    ("::: carer\nText\n:::\n::: carer\nText\n:::", 9, "a wording for carer already"),
    ("::: nurse\nText\n:::", 6, "audience “nurse” is not known"),
    ("::: public\nText\n:::", 6, "written for public already"),
    ("::: carer\n\n:::", 6, "empty"),
    ("Text\n\n:::", 8, "closes nothing"),
    ("- Item\n\n  ::: carer", 8, "inside a list"),
    ("Text\n      ::: carer", 7, "beginning of its line"),
    ("", 5, "no text"),
    ("## Heading\n\n## Another", 5, "no text"),
    ("101. Item", 6, "1 to 100, not 101"),
    ("0. Item", 6, "1 to 100, not 0"),
    ("1. One\n2.\n3. Three", 7, "empty"),
    ("".join(f"{'  ' * depth}- x\n" for depth in range(12)), 14, "nested more than 8"),
    ("## H\n" * 501, 506, "more than 500 sections"),
    ("Text\nwith a \0", 7, "a NUL character"),
    ("Text\nwith a \x1b", 7, "U+001B"),
    ("Text\nwith a \u202e", 7, "U+202E"),
    ("Text\nwith a &#12;", 7, "U+000C"),
]


@pytest.mark.parametrize(("body", "line", "words"), BODIES)
def test_a_body_that_cannot_be_stored_is_refused_with_its_line(body, line, words):
    said = refusal(f"{HEAD}---\n{body}\n")

    assert said.startswith(f"Line {line}: ")
    assert words in said


@pytest.mark.parametrize(("body", "line", "words"), BODIES)
def test_the_line_is_the_same_with_the_line_ends_of_other_systems(body, line, words):
    for end in ("\r\n", "\r"):
        assert refusal(f"{HEAD}---\n{body}\n".replace("\n", end)).startswith(f"Line {line}: ")


# The lines here come after `---`, `title`, `kind` and `ai_use`: the first is line 5.
HEADS = [
    ("summary: Short", 5, "key “summary” is not known; the keys are title, kind"),
    ("title: Again", 5, "key “title” is given twice"),
    ("risk: low", 5, "risk “low” is not known; it is one of standard, high"),
    ("audience: nurse", 5, "audience “nurse” is not known"),
    ("slug: Über uns", 5, "slug"),
    ("slug: a--b", 5, "slug"),
    ("language: English", 5, "language"),
    ("language: [en]", 5, "has to hold a text"),
    ("ai_note: {tool: x}", 5, "has to hold a text"),
    ("ai_note: " + "x" * 2001, 5, "2001 characters"),
    ("topics: Oncology", 5, "list of names"),
    ("topics:\n  - Oncology\n  - [x]", 7, "topic has to be a name"),
    ("topics:\n  - Oncology\n  - ''", 7, "topic has to be a name"),
    ("topics:\n  - Oncology\n  - oncology", 7, "given twice"),
    ("topics:\n  - " + "x" * 101, 6, "1 to 100 characters"),
    ("slug: a: b", 5, "not readable as YAML"),
    ("slug: [a", 5, "not readable as YAML"),
    ("slug: a\n\tb: c", 6, "not readable as YAML"),
    ("slug: &x a", 5, "Anchors"),
    ("slug: *x", 5, "Anchors"),
    ("topics: &x [a, a]\nreferences: [*x, *x, *x]", 5, "Anchors"),
    ("slug: !!python/object:os.system x", 5, "Tags"),
    ("slug: !!str x", 5, "Tags"),
    ("? [a]\n: b", 5, "single word"),
    ("topics: " + "[" * 30 + "]" * 30, 5, "nested more than 8"),
    ('ai_note: "a\\0b"', 5, "a NUL character"),
    ('ai_note: "a\\u202Eb"', 5, "U+202E"),
    ("references: one", 5, "has to hold a list"),
    ("references:\n  - one", 6, "has to be a mapping"),
    ("references:\n  - title: First", 6, "no id"),
    ("references:\n  - title: First\n    id:", 6, "no id"),
    ("references:\n  - title: First\n    id: [a]", 7, "letters, digits"),
    ("references:\n  - id: a b", 6, "id “a b” has to consist of"),
    ("references:\n  - id: _a", 6, "letters, digits"),
    ("references:\n  - id: " + "a" * 65, 6, "1 to 64"),
    ("references:\n  - {id: a, title: A}\n  - {id: a, title: B}", 7, "reference of line 6 has the id “a” too"),
    ("references:\n  - {id: a, DOI: 10.1000/A}\n  - {id: b, DOI: 'doi:10.1000/a'}", 7, "line 6 has the DOI"),
    ("references:\n  - {id: a, PMID: 12}\n  - {id: b, pmid: 12}", 7, "line 6 has the PMID"),
    ("references:\n  - id: a\n    id: b", 7, "key “id” is given twice"),
    ("references:\n  - id: a\n    DOI: 10.1000/a\n    doi: 10.1000/a", 8, "field “DOI” is given twice"),
    ("references:\n  - id: a\n    DOI: abc", 7, "has to look like"),
    ("references:\n  - id: a\n    PMID: abc", 7, "has to look like"),
    ("references:\n  - id: a\n    title: [b]", 7, "has to hold a text"),
    ("references:\n  - id: a\n    Zeitschrift für: b", 7, "has to be named in letters"),
    ("references:\n  - id: a\n    custom: {'schlüssel': b}", 7, "has to be named in letters"),
    ("references:\n  - id: a\n    issued: spring 2020", 7, "has to be written as 2020"),
    ("references:\n  - id: a\n    issued: 2021-02-29", 7, "has to be written as 2020"),
    ("references:\n  - id: a\n    issued: {date-parts: 2020}", 7, "has to be written as 2020"),
    ("references:\n  - id: a\n    issued: {date-parts: [[]]}", 7, "has to be written as 2020"),
    ("references:\n  - id: a\n    issued: {date-parts: [[2020, 13]]}", 7, "has to be written as 2020"),
    ("references:\n  - id: a\n    issued: {date-parts: [[2020, 1, 1, 1]]}", 7, "has to be written as 2020"),
    ("references:\n  - id: a\n    author: Smith J, Doe A, Roe B", 7, "as a list"),
    ("references:\n  - id: a\n    author:\n      - {given: Ann}", 8, "has to be “Family, Given”"),
    ("references:\n  - id: a\n    author:\n      - {name: Ann}", 8, "has to be “Family, Given”"),
]


@pytest.mark.parametrize(("head", "line", "words"), HEADS)
def test_a_front_matter_that_says_it_wrongly_is_refused_with_its_line(head, line, words):
    said = refusal(f"{HEAD}{head}\n---\nText.\n")

    assert said.startswith(f"Line {line}: ")
    assert words in said


FILES = [
    (b"", 1, "has to begin with its front matter"),
    (b"Text.", 1, "has to begin with its front matter"),
    (b"\n---\ntitle: A\n---\n", 1, "has to begin with its front matter"),
    (b"---\ntitle: A\nkind: topic\n", 1, "not closed"),
    (b"---\n---\nText.", 1, "no title"),
    (b"---\n- a\n---\nText.", 2, "key: value"),
    (b"---\nkind: topic\n---\nText.", 1, "no title"),
    (b"---\ntitle: A\n---\nText.", 1, "no kind"),
    (b"---\ntitle:\nkind: topic\n---\nText.", 2, "title is empty"),
    (b"---\nkind: topic\ntitle: ' '\n---\nText.", 3, "title is empty"),
    (b"---\nkind: topic\ntitle: [a]\n---\nText.", 3, "has to hold a text"),
    (b"---\nkind: topic\ntitle: " + b"x" * 301 + b"\n---\nText.", 3, "301 characters, more than the 300"),
    (b"---\ntitle: A\nkind: essay\n---\nText.", 3, "one of topic, question, policy"),
    (b"---\ntitle: A\nkind: topic\nai_use: some\n---\nText.", 4, "one of none, assisted, generated"),
    (b"---\ntitle: A: B\nkind: topic\n---\nText.", 2, "a text with a colon needs quotation marks"),
    (b"---\ntitle: A\nkind: topic\n---\nText\nand \xff", 6, "byte 0xFF is not UTF-8"),
    (b"---\r\ntitle: A\r\nkind: topic\r\n---\r\nText\r\n\xc3", 6, "byte 0xC3 is not UTF-8"),
    (b"---\ntitle: \xed\xa0\x80\n---\n", 2, "not UTF-8"),
    (b"\xff\xfe-\0-\0-\0", 1, "not UTF-8"),
    (b"a\n" * 3_000_000, source.MOST_BYTES // 2 + 1, "larger than 5 MB"),
]


@pytest.mark.parametrize(("data", "line", "words"), FILES, ids=range(len(FILES)))
def test_a_file_that_is_no_article_is_refused_with_its_line(data, line, words):
    said = refusal(data)

    assert said.startswith(f"Line {line}: ")
    assert words in said


def test_every_refusal_is_one_sentence():
    said = [refusal(f"{HEAD}---\n{body}\n") for body, _, _ in BODIES]
    said += [refusal(f"{HEAD}{head}\n---\nText.\n") for head, _, _ in HEADS]
    said += [refusal(data) for data, _, _ in FILES]

    assert [sentence for sentence in said if not sentence.endswith(".") or "\n" in sentence] == []


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
        "## Key points in brief {body}\nE"
    ).sections

    assert [(section.role, section.heading, section.line) for section in sections] == [
        ("lead", "", 6),
        ("key_points", "KEY points", 8),
        ("summary", "Summary", 11),
        ("body", "Causes", 14),
        ("urgent", "When to get help", 17),
        ("body", "Key points in brief", 20),
    ]
    assert [section.body for section in sections] == [f"<p>{text}</p>" for text in ("Lead.", *"ABCDE")]


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
    assert read.warnings == ["Line 8: The section “Causes” has no general text."]


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("One\ntwo", "<p>One two</p>"),
        ("One  \ntwo\\\nthree", "<p>One<br>two<br>three</p>"),
        ("*a* **b** ***c***", "<p><em>a</em> <strong>b <em>c</em></strong></p>"),
        ("H~2~O, 10^9^, ^99m^Tc", "<p>H<sub>2</sub>O, 10<sup>9</sup>, <sup>99m</sup>Tc</p>"),
        ("Ca^2+^, Cl^−^", "<p>Ca<sup>2+</sup>, Cl<sup>−</sup></p>"),
        ("~5 to ~6, 2^10, ~~no~~, a ~b c~ d, ~5-~6", "<p>~5 to ~6, 2^10, ~~no~~, a ~b c~ d, ~5-~6</p>"),
        (r"\~a\~ \^b\^ \[@one]", "<p>~a~ ^b^ [@one]</p>"),
        ("p < 0.05 & x > 3 -- \"so\"", "<p>p &lt; 0.05 &amp; x &gt; 3 -- \"so\"</p>"),
        ("&lt;b&gt; &micro;g", "<p>&lt;b&gt; µg</p>"),
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
    assert [warning[:27] for warning in read.warnings] == ["Line 9: “](” stands in the "]


def test_references_that_nobody_cites_are_kept_and_noted():
    read = article("Text.\n\n::: carer\nSee [@two].\n:::", REFERENCE)

    assert [reference.key for reference in read.references] == ["one", "two"]
    assert read.warnings == ["Line 6: The reference “one” is never cited."]


def test_a_table_keeps_its_cells_and_header():
    html = body_of("| Drug | Dose |\n|:--|--:|\n| A \\| B | *5* mg |\n| | x |")

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


def test_numbers_in_a_reference_keep_their_digits():
    csl = csl_of("type: book, volume: 12.50, issue: 007, page: 12:30, edition: 2, number: 1e3, section: yes")

    assert csl == {
        "type": "book",
        "volume": "12.50",
        "issue": "007",
        "page": "12:30",
        "edition": "2",
        "number": "1e3",
        "section": "yes",
    }


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("2020", [[2020]]),
        ("2020-03", [[2020, 3]]),
        ("2020-03-12", [[2020, 3, 12]]),
        ("{date-parts: [[2020, 3]]}", [[2020, 3]]),
        ("{date-parts: [['2020', 3], [2021]]}", [[2020, 3], [2021]]),
    ],
)
def test_dates_become_date_parts(written, parts):
    assert csl_of(f"issued: {written}")["issued"] == {"date-parts": parts}


def test_names_become_csl_names():
    csl = csl_of(
        "author: ['Smith, Ann B', WHO, {family: Roe, given: J}], editor: {literal: Board}, translator: 'Doe, A'"
    )

    assert csl["author"] == [{"family": "Smith", "given": "Ann B"}, {"literal": "WHO"}, {"family": "Roe", "given": "J"}]
    assert csl["editor"] == [{"literal": "Board"}]
    assert csl["translator"] == [{"family": "Doe", "given": "A"}]


@pytest.mark.parametrize(
    "doi", ["10.1000/ABC", "doi:10.1000/abc", "https://doi.org/10.1000/Abc", "dx.doi.org/10.1000/abc"]
)
def test_identifiers_are_brought_to_one_form(doi):
    reference = article("A [@x].", f"references:\n  - {{id: x, doi: '{doi}', pmid: 'PMID: 123'}}\n").references[0]

    assert (reference.doi, reference.pmid) == ("10.1000/abc", "123")
    assert (reference.csl["DOI"], reference.csl["PMID"]) == ("10.1000/abc", "123")


def test_fields_unknown_to_csl_and_empty_references_are_noted():
    read = article("A [@x].", "references:\n  - {id: x, jounal: Lancet, volume: }\n")

    assert read.references[0].csl == {"jounal": "Lancet", "type": "document"}
    assert read.warnings == [
        "Line 6: CSL has no field “jounal” (reference “x”).",
        "Line 6: The reference “x” has no title, container-title, DOI, PMID or URL.",
    ]


def test_the_example_in_the_documentation_is_a_whole_article():
    read = parse(textwrap.dedent(markdown.__doc__.partition("article.\n\n")[2]).encode())

    assert [section.role for section in read.sections] == ["lead", "key_points", "body"]
    assert read.sections[2].wordings.keys() == {"professional"}
    assert read.warnings == []


def test_reading_a_file_needs_neither_django_nor_a_database():
    code = "import sys, articles.importing.markdown; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def sample(name: str) -> ImportedArticle:
    path = SAMPLES / f"{name}.md"
    if not path.exists():
        pytest.skip(f"The sample {name} is not beside this repository.")
    return parse(path.read_bytes())


def test_the_sample_with_references_is_read_whole():
    read = sample("ileal-net-metastasis")

    assert [(section.role, section.heading) for section in read.sections] == [
        ("body", "From the research"),
        ("key_points", "Key points"),
    ]
    assert [reference.key for reference in read.references] == ["jso", "aso", "dcr", "natcomm", "ijscr"]
    assert richtext.cited_keys("".join(section.body for section in read.sections)) == [
        reference.key for reference in read.references
    ]
    assert read.sections[1].body.count("<li>") == 5
    assert read.warnings == []


def test_the_sample_with_tables_is_read_whole():
    read = sample("lymph-node-metastasis")

    html = "".join(section.body for section in read.sections)
    assert [section.role for section in read.sections] == ["lead", *["body"] * 7, "summary"]
    assert [section.body.count("<tr>") for section in read.sections] == [0, 6, 6, 4, 6, 6, 5, 0, 0]
    assert (html.count("<table>"), html.count("<tr>"), html.count("<td>")) == (6, 33, 54)
    assert read.sections[7].body.count("<ol>") == 1
    assert read.sections[7].body.count("<li>") == 4


PIECES = st.sampled_from(
    [
        *[
            "---\n",
            "title: x\n",
            "kind: topic\n",
            "references:\n",
            "  - {id: a}\n",
            "## H\n",
            "# ",
            "### ",
            "- ",
            "1. ",
        ],
        *[
            "10. ",
            "::: carer\n",
            ":::\n",
            "Table: x\n",
            "| a | b |\n",
            "|---|---|\n",
            "| c |\n",
            "|",
            "[@a]",
            "[@",
            "[^1]",
        ],
        *[
            "[a]: b\n",
            "[x](y)",
            "![",
            "<https://a.b>",
            "<b>",
            "~x~",
            "^x^",
            "*",
            "_",
            "`",
            "&#12;",
            "&amp;",
            "\\",
            "> ",
        ],
        *["    ", "\t", "\n", "{urgent}", "***\n", "&x ", "*x ", "!!a ", ": ", "'", '"', "[", "]", "{", "}", "a", "é"],
        *["\u0301", "\0", "\r", "\u2028", "\u200b"],
    ]
)


def outcome(data: bytes) -> ImportedArticle | str:
    try:
        return parse(data)
    except BadFile as error:
        return str(error)


def no_floats(value) -> bool:
    if isinstance(value, dict):
        return all(map(no_floats, value.values()))
    return all(map(no_floats, value)) if isinstance(value, list) else isinstance(value, str | int)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(), st.text().map(str.encode)))
def test_any_bytes_are_read_or_refused(data):
    assert outcome(data)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=15).map("".join))
def test_any_pieces_of_markdown_are_read_or_refused_with_a_line_of_the_file(body, head):
    for data in (f"{HEAD}{REFERENCE}---\n{body}", f"{HEAD}{head}---\n{body}", f"{head}{body}"):
        said = outcome(data.encode())

        lines = data.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        if isinstance(said, str):
            assert 1 <= int(said.removeprefix("Line ").partition(":")[0]) <= lines
            assert "cannot be stored as it is written" not in said or "\u0301" in data
        else:
            assert all(richtext.clean(section.body) == section.body for section in said.sections)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_value_in_a_reference_is_read_or_refused(value):
    for written in (value, json.dumps(value), f"[{value}]", f"{{{value}}}"):
        for field in ("title", "author", "issued", "DOI", "PMID", "custom"):
            said = outcome(f"{HEAD}references:\n  - id: a\n    {field}: {written}\n---\nA [@a].".encode())
            assert isinstance(said, str) or no_floats(said.references[0].csl)
