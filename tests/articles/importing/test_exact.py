"""What a file says is kept exactly, or refused with its line: no dose changes on the way in."""

import re
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from articles.files.markdown.body import second_reading
from articles.files.markdown.parsing import BadFile, parse
from articles.text import richtext
from articles.text.plain.characters import normalised
from articles.text.redline import redline
from articles.text.rendering import visible_text
from tests.articles.importing.files import HEAD, REFERENCE, article, body_of, refusal

pytestmark = pytest.mark.once

KEPT = [
    "2*3*4 mg",
    "0.5*70*24",
    "5*10 and 6*20",
    "HLA-B*57:01 or HLA-B*15:02",
    "CYP2C19 *2 and *17",
    "2 *3* 4 mg",
    "10^6-10^9",
    "10^6.10^9",
    "4x10^9/L(10^3/μL)",
    "grade 1~2/3~4",
    "5~10/20~30 mg",
    "~5 to ~6",
    "snake_case_name 2_3_4",
    "Name: ____",
    "dose = 5 mg",
    "½–1½ tablets",
]


@pytest.mark.parametrize("text", KEPT)
def test_a_sign_beside_a_digit_or_within_a_word_is_text(text):
    assert body_of(text) == f"<p>{text}</p>"
    assert f"<td>{text}</td>" in body_of(f"| a |\n|---|\n| {text} |")
    assert f"<li>{text}</li>" in body_of(f"- x\n- {text}")


@pytest.mark.parametrize(
    ("written", "html"),
    [
        ("10^9^/L", "10<sup>9</sup>/L"),
        ("4 × 10^−3^", "4 × 10<sup>−3</sup>"),
        ("H~2~O and CO~2~eq", "H<sub>2</sub>O and CO<sub>2</sub>eq"),
        ("t~1/2~, C~max~, HbA~1c~", "t<sub>1/2</sub>, C<sub>max</sub>, HbA<sub>1c</sub>"),
        ("AUC~0–24~", "AUC<sub>0–24</sub>"),
        ("^131^I", "<sup>131</sup>I"),
        ("**500 mg** *daily*", "<strong>500 mg</strong> <em>daily</em>"),
        ("non-*E. coli* (*E. coli*)", "non-<em>E. coli</em> (<em>E. coli</em>)"),
        ("2\\*3 \\~a\\~ \\^b\\^ \\- 1", "2*3 ~a~ ^b^ - 1"),
    ],
)  # fmt: skip
def test_marks_at_the_edges_of_words_are_marks(written, html):
    assert body_of(written) == f"<p>{html}</p>"


def test_a_mark_that_is_left_as_a_sign_is_noted():
    assert article("From 10^6-10^9 cells.").warnings == [
        "Line 6: “^6-10^” is shown as it is typed, not raised or lowered."
    ]


REFUSED = [
    ("The pressure fell to\n- 2.5 mmol/L", 7, "put this line at the end of the line above"),
    ("Give amoxicillin\n+ clavulanic acid", 7, "in the middle of a paragraph"),
    ("Give it on day\n1. Then stop", 7, "in the middle of a paragraph"),
    ("The change is:\n- 2.5 mmol/L", 7, "in the middle of a paragraph"),
    ("- The pressure fell to\n  - 2.5 mmol/L", 7, "in the middle of a paragraph"),
    ("- amoxicillin\n+ clavulanic acid", 7, "begin with the same kind"),
    ("- - 2 points", 6, "If the - belongs to the text, write \\- instead"),
    ("- 3. points", 6, "If the 3. belongs to the text, write 3\\. instead"),
    ("eGFR is\n> 60 mL/min", 7, "write \\>, or put it at the end of the line above"),
    ("1. One\n3. Three\n7. Seven", 7, "is numbered 3 but would be shown as 2"),
    ("1. One\n1. Two", 7, "is numbered 1 but would be shown as 2"),
    ("1) One\n2) Two", 6, "write 1."),
    ("a. One\nb. Two\nc. Three", 6, "for steps begin each with 1., 2., 3."),
    ("(i) One\n(ii) Two", 6, "for steps begin each"),
    ("Steps\n2. Two\n3. Three", 7, "for steps begin each"),
    ("- Adults: 5 mg\n-Children: 2 mg", 7, "run on from the item above"),
    ("- 5 mg\n-6 mg", 7, "run on from the item above"),
    ("- Adults 5 mg\n– Children 2 mg", 7, "run on from the item above"),
    ("1. Give 5 mg\n2.Then stop", 7, "run on from the item above"),
    ("-Adults 5 mg\n-Children 2 mg", 6, "run together"),
    ("1.Give\n2.Stop", 6, "run together"),
    ("Adults 5 mg\nChildren 2 mg\nInfants 1 mg", 6, "run together"),
    ("Week 1: 5 mg\nWeek 2: 10 mg", 6, "run together"),
    ("+5 mg\n+10 mg", 6, "run together"),
    ("Base excess was\n\n- 2.5 mmol/L", 8, "the sentence above is not finished"),
    ("Base excess was\n\n+ 2.5 mmol/L", 8, "the sentence above is not finished"),
    ("Give\n\n10. mg", 8, "the sentence above is not finished"),
    ("• One\n• Two", 6, "typed bullet"),
    ("– One\n– Two", 6, "for a list begin each with -"),
    ("Drug\tDose\nA\t5 mg", 6, "write its rows with |"),
    ("Drug,Dose\nA,5 mg\nB,10 mg", 6, "write its rows with |"),
    ("Drug; Dose\nA; 5 mg\nB; 10 mg", 6, "write its rows with |"),
    ("**Treat cancer:**Chemotherapy", 6, "do not make text bold"),
    ("in**flam**mation", 6, "do not make text bold"),
    ("~~5~~ 10 mg", 6, "Struck-out"),
    ("*2, *3 and *17* carriers", 6, "others are plain text"),
    ("Text [see @one]", 6, "nothing else between the brackets"),
    ("Text [-@one]", 6, "nothing else between the brackets"),
    ("As @one says", 6, "write [@one]"),
    ("Text ^[a note]", 6, "Notes in the text"),
    ("Table 3: Doses\n| a |\n|---|\n| b |", 6, "Tables are numbered when"),
    ("| a |\n|---|\n| b |\n\n**Table 3.** Doses", 10, "Tables are numbered when"),
    ("| a |\n|---|\n| b |\n| --- |\n| c |", 9, "one row of |---|"),
    ("| a | b |\n|:-:|---|\n| c | d |", 7, "on the left"),
    ("| a | b |\n|---|--:|\n| c | d |", 7, "on the left"),
    ("| a |\n|---|\n| b |\nText", 9, "leave a line empty"),
    ("5 \ufffdg", 6, "U+FFFD"),
    ("5 &#xFFFD;g", 6, "U+FFFD"),
    ("if â‰¥ 5", 6, "“â‰¥” was “≥”"),
    ("at 37Â°C", 6, "“Â°” was “°”"),
    ("## At 37Â°C\n\nText", 6, "“Â°” was “°”"),
    ("Stop if ALT <ULN and bilirubin >2", 6, "a < that means “less than” as \\<"),
]


@pytest.mark.parametrize(("body", "line", "words"), REFUSED)
def test_what_would_not_be_kept_exactly_is_refused_with_its_line(body, line, words):
    said = refusal(f"{HEAD}{REFERENCE}---\n{body}\n").split("\n")

    assert [sentence for sentence in said if sentence.startswith(f"Line {line + 3}: ") and words in sentence]


@pytest.mark.parametrize("field", ["title: 5 \ufffdg", "title: 37Â°C", "ai_note: â‰¥ 5"])
def test_a_damaged_text_in_the_front_matter_is_refused_too(field):
    said = refusal(f"---\ntitle: A\nkind: topic\n{field}\n---\nText.\n")

    assert "Line 4: " in said


@pytest.mark.parametrize(
    "text",
    ["CAFÉ’s", "2×½ tablets", "“Å”", "l’été", "Sjögren’s", "naïve", "μg ≥ ≤ ± ° – — …", "ß–Å–Ö"],
)
def test_letters_with_accents_are_no_damage(text):
    assert body_of(text) == f"<p>{text}</p>"


def test_a_list_may_follow_a_line_that_announces_it():
    assert body_of("The signs are:\n- one\n- two") == "<p>The signs are:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    assert body_of("**Signs:**\n- one").startswith("<p><strong>Signs:</strong></p>\n<ul>")


def test_a_cell_holds_a_second_line_from_the_file_to_the_reader():
    html = body_of("| Drug | Dose |\n|---|---|\n| A | 5 mg<br>10 mg<br/>twice |")

    assert "<td>5 mg<br>10 mg<br>twice</td>" in html
    assert visible_text(html).split("\n")[1] == "A\t5 mg 10 mg twice"
    assert "<td>5 mg<br><del>10 mg</del><ins>20 mg</ins><br>twice</td>" in redline(html, html.replace(">10", ">20"))


# The second reading


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2*3*4 mg", "<p>2<em>3</em>4 mg</p>"),
        ("10^6-10^9", "<p>10<sup>6-10</sup>9</p>"),
        ("grade 1~2/3~4", "<p>grade 1<sub>2/3</sub>4</p>"),
        ("fell to\n- 2.5", "<p>fell to</p>\n<ul>\n<li>2.5</li>\n</ul>"),
        ("1. One\n3. Three", "<ol>\n<li>One</li>\n<li>Three</li>\n</ol>"),
        ("| a |\n|---|\n| b |", '<table>\n<thead>\n<tr><th scope="col">a</th></tr>\n</thead>\n</table>'),
        ("Table: 5 mg\n| a |\n|---|\n| b |", "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"),
        ("ALT > 5", "<p>ALT 5</p>"),
        ("5 mg", "<p>5 mg and more</p>"),
        ("H~2~O", "<p>H2O</p>"),
        ("A [@one] b", "<p>A b</p>"),
    ],
)  # fmt: skip
def test_a_second_reading_finds_what_the_first_would_lose(typed, kept):
    """What 0.2.0 made of these files, or what a fault in a library might."""
    section = article("Text.").sections[0]
    section = type(section)(section.role, section.heading, richtext.clean(kept), {}, section.line)

    with pytest.raises(BadFile, match="would not be kept as it is typed"):
        second_reading.compare(typed.split("\n"), 1, [section])


SIGNS = st.sampled_from("0123456789 .,-+–−<>=≥≤±×½²%/*_~^|()[]#:;µg")
PIECES = [
    "mg",
    "dose",
    "*",
    "**",
    "^",
    "~",
    "5",
    "2.5",
    "10",
    " ",
    " ",
    "\n",
    "- ",
    "+ ",
    "1. ",
    "> ",
    "a. ",
    ", ",
    "\n\n",
]
WORDS = st.sampled_from([*PIECES, "E. coli", "|", "\\", "&lt;", "&", "<br>", "[@one]", "`"])


def counted(text: str) -> str:
    """Return the letters, digits and signs that no mark of Markdown consists of, raised ones told from others."""
    return re.sub(r"[^\w<>=≥≤±×½²%/–−.,;()µ]|_", "", unicodedata.normalize("NFC", text))


def source(body: str) -> str:
    text = re.sub(r"<br>", "¶", body).replace("&lt;", "<")
    return text.replace("[@one]", "¶").replace("\\", "¶")


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(SIGNS, WORDS), min_size=1, max_size=25).map("".join))
def test_whatever_is_typed_each_letter_digit_and_sign_is_kept_or_the_file_is_refused(body):
    assume(not re.search(r"\\[&<\[]", body))  # the counting below knows no such signs
    try:
        read = parse(f"{HEAD}{REFERENCE}---\nText.\n\n{body}\n\nText.\n".encode())
    except BadFile:
        assume(False)
    shown = ["".join((section.heading, visible_text(section.body))) for section in read.sections]

    kept = re.sub(r"\[one\]|\^(?=\S)|_(?=\S)", "", " ".join(shown))
    assert counted(kept) == counted(normalised(f"Text.{source(body)}Text."))


CELL = (
    st.text(st.sampled_from("abc 0123456789.,-+–<>=≥%/*_~^|\\`[]#&µ½²"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)


def escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~^&])", r"\\\1", text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=2, max_size=5), st.lists(CELL, min_size=1, max_size=4))
def test_any_text_typed_with_backslashes_is_imported_as_it_is(rows, items):
    header, *others = (f"| {' | '.join(map(escaped, row))} |" for row in rows)
    table = "\n".join([header, "|---|---|", *others])
    listed = "\n".join(f"- {escaped(item)}" for item in items)

    first, second = (section.body for section in article(f"{table}\n\n## Items\n\n{listed}").sections)

    folded = [[" ".join(normalised(cell).split()) for cell in row] for row in rows]
    assert richtext.text(first) == "\n".join("\t".join(row) for row in folded)
    assert richtext.text(second) == "\n".join(" ".join(normalised(item).split()) for item in items)


def test_a_sign_of_number_is_kept_in_quotation_marks_within_words_and_before_a_backslash():
    front = 'ai_note: "Model X # version 7"\nreferences:\n  - {id: one, title: "Trial # 5", volume: "null", issue: 3#4}'

    read = article("Text [@one].\n\n## Vitamin C \\#\n\nFactor #5.\n\n## C#\n\nMore.", f"{front}\n")

    assert read.ai_note == "Model X # version 7"
    assert read.references[0].csl == {"type": "document", "title": "Trial # 5", "volume": "null", "issue": "3#4"}
    assert [section.heading for section in read.sections] == ["", "Vitamin C #", "C#"]


def test_remarks_on_lines_of_their_own_take_nothing_away():
    front = (
        "# the µ tool\nai_note: |\n  Model X\n  # 7\n# the works\nreferences:\n  # the first\n  - id: one\n"
        "    # as in PubMed\n    title: First\n  # the second\n  - {id: two,\n     # as in PubMed\n     title: Second}"
    )

    read = article("Text [@one; @two].", f"{front}\n")

    assert read.ai_note == "Model X\n# 7"
    assert [one.csl["title"] for one in read.references] == ["First", "Second"]
