"""A file that cannot become an article is refused, with the line of each fault."""

import re

import pytest

from articles.files.markdown import source
from tests.articles.importing.files import HEAD, refusal

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
    ("## Vitamin C #\n\nText", 6, "# that ends this heading would be lost"),
    ("Text\n\n### Vitamin C ###", 8, "# that ends this heading would be lost"),
    ("## Help {urgent} ##\n\nText", 6, "# that ends this heading would be lost"),
    ("Text\n      ## Heading", 7, "space after the #"),
    ("## Key points\nText\n\n## Key points\nText", 9, "in line 6 already"),
    ("## Key points\nText\n\n## Other {key_points}\nText", 9, "in line 6 already"),
    ("Text ![x](y.png)", 6, "picture"),
    ("One\ntwo\nthree ![x](y.png)", 8, "picture"),
    ("Text\n\n<div>\n", 8, "Raw HTML"),
    ("One\ntwo <b>three</b>", 7, "Raw HTML"),
    ("Text <!-- note -->", 6, "Raw HTML"),
    ("> Said", 6, "quotation"),
    ("> Said\n> - that", 6, "quotation"),
    ("> - Said\n> + that", 6, "quotation"),
    ("- One\n  > Said\n  > 1. that", 7, "quotation"),
    ("```\ncode\n```", 6, "code block"),
    ("Text\n\n    code", 8, "code block"),
    ("Some `code`", 6, "` marks"),
    ("Text\n\n***\n", 8, "rule"),
    ("Text [@none]", 6, "no reference with the id “none”"),
    ("One\ntwo\n\nthree\nfour [@none]", 10, "no reference"),
    ("- One\n- Two [@none]", 7, "no reference"),
    ("| a | b |\n|---|---|\n| c | [@none] |", 8, "no reference"),
    ("Text [@a b]", 6, "must be written as"),
    ("Text [@one, p. 3]", 6, "must be written as"),
    ("Text [@]", 6, "must be written as"),
    ("Text [@one", 6, "must be written as"),
    ("Text [^1]", 6, "There is no note [^1]:"),
    ("Text [^a]", 6, "a number from 1 to 999"),
    ("[^1]: Note", 6, "Nothing in the text refers to this note"),
    ("Text [^1]\n\n[^1]: Note\n[^1]: Note", 9, "Line 8 has a note of this number"),
    ("Text [^1]\n\n[^1]:", 8, "is empty"),
    ("Text [^1] [^2]\n\n[^1]: Note\n[^2]: See [^1]", 9, "cannot refer to a note"),
    ("Text [^1]\n\n## B\n\nMore [^1]\n\n[^1]: Note", 10, "belongs to another section"),
    ("Up to 10[^9]\n\n[^9]: Note", 6, "read as a power"),
    ("Over 2 m[^2]\n\n[^2]: Note", 6, "read as a power"),
    ("Text [^1]\n\n[^1]: Note\n\n    More", 10, "code block"),
    ("Text [^1]\n\n- a\n\n  [^1]: Note", 10, "on a separate line"),
    ("Text\n[name]: http://a.example", 7, "on a separate line"),
    ("[x](javascript:alert(1))", 6, "address “javascript:alert(1)”"),
    ("<javascript:x>", 6, "address"),
    ("[x](page.html)", 6, "address “page.html”"),
    ("[](http://a.example)", 6, "no text"),
    ('[x](http://a.example "title")', 6, "cannot have a title"),
    ("| a | b |\n|---|---|\n| c |", 8, "1 cell, but the header in line 6 has 2"),
    ("| a | b |\n|---|---|\n| c | d |\n| c | d | e |", 9, "3 cells, but the header in line 6 has 2"),
    ("| a | b |\n|---|---|\nc", 8, "1 cell,"),
    ("| a | b |\n| c | d |", 6, "belongs to no table"),
    ("| a | b |\n|---|\n| c | d |", 6, "belongs to no table"),
    ("Text\n| a | b |\n\n|---|---|", 7, "belongs to no table"),
    ("| a | b |\n|---|---|\n| c | d |\n\n| e | f |", 10, "belongs to no table"),
    ("a | b\n---|---|---\nc | d", 7, "row of --- belongs to no table"),
    ("a | b\n---|---\n1. c | d", 8, "table ends at this line"),
    ("- | a | b |\n  |---|---|\n  | c | d |", 6, "table cannot be inside"),
    ("| a |\n|---|\n| b |\n\nTable: Which\n\n| a |\n|---|\n| b |", 10, "between two tables"),
    ("Table:\n| a |\n|---|\n| b |", 6, "caption of this table is empty"),
    ("::: carer\nText", 6, "not closed"),
    ("Text\n\n::: carer\nText\n\n## Next\n\nText\n:::", 8, "not closed"),
    ("::: carer\nText\n::: professional\nText\n:::", 8, "of line 6 must be closed"),
    ("::: carer\nText\n:::\n::: carer\nText\n:::", 9, "a wording for carer already"),
    ("::: nurse\nText\n:::", 6, "audience “nurse” is not known"),
    ("::: public\nText\n:::", 6, "already written for public"),
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
    ("## H\n" * 251, 256, "more than 250 sections"),
    ("Text\nwith a \0", 7, "U+0000 CONTROL CHARACTER is after “with a ”"),
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
    ("summary: Short", 5, "key “summary” is not known. Choose one of title, kind"),
    ("title: Again", 5, "key “title” is given twice"),
    ("risk: low", 5, "risk “low” is not known. Choose one of standard, high"),
    ("audience: nurse", 5, "audience “nurse” is not known"),
    ("slug: Über uns", 5, "slug"),
    ("slug: a--b", 5, "slug"),
    ("language: English", 5, "language"),
    ("language: [en]", 5, "must be text"),
    ("ai_note: {tool: x}", 5, "must be text"),
    ("ai_note: " + "x" * 2001, 5, "2001 characters"),
    ("topics: Oncology", 5, "list of names"),
    ("topics:\n  - Oncology\n  - [x]", 7, "topic must be a name"),
    ("topics:\n  - Oncology\n  - ''", 7, "topic must be a name"),
    ("topics:\n  - Oncology\n  - oncology", 7, "given twice"),
    ("topics:\n  - " + "x" * 101, 6, "1 to 100 characters"),
    ("slug: a # 5", 5, "Everything after # on this line would be lost"),
    ("slug: # 5", 5, "would be lost"),
    ("ai_note: µg of “X” # version 7", 5, "would be lost"),
    ('ai_note: "Model X" # version 7', 5, "would be lost"),
    ("ai_note: | # version 7\n  Model X", 5, "would be lost"),
    ("ai_note: Model X\n  # version 7", 6, "indented like a part of the value"),
    ("ai_note: |\n    Model X\n  # version 7", 7, "indented like a part of the value"),
    ("topics: [Oncology # 1\n  ,Surgery]", 5, "would be lost"),
    ("references:\n  - id: r1\n    title: Trial # 5 of aspirin", 7, "would be lost"),
    ("references:\n  - {id: r1, title: null}", 6, "“null” means nothing here"),
    ("references:\n  - id: r1\n    author: {family: Null}", 7, "“Null” means nothing here"),
    ("ai_note: ~", 5, "“~” means nothing here"),
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
    ('ai_note: "a\\0b"', 5, "U+0000 CONTROL CHARACTER is after “a”"),
    ('ai_note: "a\\u202Eb"', 5, "U+202E"),
    ("references: one", 5, "must be a list"),
    ("references:\n  - one", 6, "must be a mapping"),
    ("references:\n  - title: First", 6, "no id"),
    ("references:\n  - title: First\n    id:", 6, "no id"),
    ("references:\n  - title: First\n    id: [a]", 7, "letters, digits"),
    ("references:\n  - id: a b", 6, "id “a b” must consist of"),
    ("references:\n  - id: _a", 6, "letters, digits"),
    ("references:\n  - id: " + "a" * 65, 6, "1 to 64"),
    ("references:\n  - {id: a, title: A}\n  - {id: a, title: B}", 7, "reference in line 6 has the same id “a”"),
    ("references:\n  - {id: a, DOI: 10.1000/A}\n  - {id: b, DOI: 'doi:10.1000/a'}", 7, "line 6 has the same DOI"),
    ("references:\n  - {id: a, PMID: 12}\n  - {id: b, pmid: 12}", 7, "line 6 has the same PMID"),
    ("references:\n  - id: a\n    id: b", 7, "key “id” is given twice"),
    ("references:\n  - id: a\n    DOI: 10.1000/a\n    doi: 10.1000/a", 8, "field “DOI” is given twice"),
    ("references:\n  - id: a\n    DOI: abc", 7, "must look like"),
    ("references:\n  - id: a\n    PMID: abc", 7, "must look like"),
    ("references:\n  - id: a\n    title: [b]", 7, "must be text"),
    ("references:\n  - id: a\n    Zeitschrift für: b", 7, "must be named in letters"),
    ("references:\n  - id: a\n    custom: {'schlüssel': b}", 7, "must be named in letters"),
    ("references:\n  - id: a\n    issued: spring 2020", 7, "must be written as 2020"),
    ("references:\n  - id: a\n    issued: 2021-02-29", 7, "must be written as 2020"),
    ("references:\n  - id: a\n    issued: {date-parts: 2020}", 7, "must be written as 2020"),
    ("references:\n  - id: a\n    issued: {date-parts: [[]]}", 7, "must be written as 2020"),
    ("references:\n  - id: a\n    issued: {date-parts: [[2020, 13]]}", 7, "must be written as 2020"),
    ("references:\n  - id: a\n    issued: {date-parts: [[2020, 1, 1, 1]]}", 7, "must be written as 2020"),
    ("references:\n  - id: a\n    author: Smith, J, Doe, A, Roe, B", 7, "as a list"),
    ("references:\n  - id: a\n    author:\n      - {given: Ann}", 8, "as “Family, Given”, "),
    ("references:\n  - id: a\n    author:\n      - {name: Ann}", 8, "as “Family, Given”, "),
]


@pytest.mark.parametrize(("head", "line", "words"), HEADS)
def test_a_front_matter_that_says_it_wrongly_is_refused_with_its_line(head, line, words):
    said = refusal(f"{HEAD}{head}\n---\nText.\n")

    assert said.startswith(f"Line {line}: ")
    assert words in said


FILES = [
    (b"", 1, "must begin with its front matter"),
    (b"Text.", 1, "must begin with its front matter"),
    (b"\n---\ntitle: A\n---\n", 1, "must begin with its front matter"),
    (b"---\ntitle: A\nkind: topic\n", 1, "not closed"),
    (b"---\n---\nText.", 1, "no title"),
    (b"---\n- a\n---\nText.", 2, "key: value"),
    (b"---\nkind: topic\n---\nText.", 1, "no title"),
    (b"---\ntitle: A\n---\nText.", 1, "no kind"),
    (b"---\ntitle:\nkind: topic\n---\nText.", 2, "title is empty"),
    (b"---\nkind: topic\ntitle: ' '\n---\nText.", 3, "title is empty"),
    (b"---\nkind: topic\ntitle: [a]\n---\nText.", 3, "must be text"),
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


def test_every_fault_is_one_sentence_with_its_line():
    said = [refusal(f"{HEAD}---\n{body}\n") for body, _, _ in BODIES]
    said += [refusal(f"{HEAD}{head}\n---\nText.\n") for head, _, _ in HEADS]
    said += [refusal(data) for data, _, _ in FILES]

    lines = [line for sentences in said for line in sentences.split("\n")]
    assert [line for line in lines if not re.fullmatch(r"Line \d+: [^\n]+\.", line)] == []


def test_all_faults_of_a_file_are_listed_at_once_in_the_order_of_their_lines():
    said = refusal(
        "---\ntitle: A\nkind: essay\nrisk: low\nreferences:\n  - {id: a, DOI: abc, issued: May}\n  - {id: a}\n---\n"
        "Text [@none] ~~5~~ mg.\n\n### A\n\n> 60\n\n::: nurse\nText ![x](y)\n:::\n\n1. a\n3. b\n"
    )

    assert [line.partition(": ")[0] for line in said.split("\n")] == [
        f"Line {number}" for number in (3, 4, 6, 6, 7, 9, 9, 13, 15, 16, 20)
    ]


def test_a_file_with_very_many_faults_says_how_many_more_there_are():
    sentences = refusal(f"{HEAD}---\n" + "A ~~b~~.\n\n" * 700).split("\n")

    assert len(sentences) == 501
    assert sentences[-1] == "The file has 200 more faults."


def test_a_front_matter_that_cannot_be_read_hides_no_fault_of_the_text():
    said = refusal("---\ntitle: [a\n---\nText [@one] ~~b~~.\n").split("\n")

    assert len(said) == 2
    assert "not readable as YAML" in said[0]
    assert "Struck-out" in said[1]
