"""Blocks, items and words: what a small change looks like, and what is read as one word."""

import pytest

from articles.text.redline import accept, changed, plain_redline, redline, reject
from articles.text.redline.tokens import tokens
from articles.text.richtext import clean, parse
from articles.text.richtext.runs import Run
from tests.articles.redline.reading import assert_gives_both_back

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("<p>Give 100 mcg.</p>", "<p>Give 200 mcg.</p>", "<p>Give <del>100 mcg</del><ins>200 mcg</ins>.</p>"),
        ("<p>Stop it.</p>", "<p>Stop it now.</p>", "<p>Stop it<ins> now</ins>.</p>"),
        (
            "<p>It helps.</p>",
            '<p>It helps.<cite data-ref="a1">[a1]</cite></p>',
            '<p>It helps.<ins><cite data-ref="a1">[a1]</cite></ins></p>',
        ),
        (
            '<p>It helps.<cite data-ref="a1">[a1]</cite></p>',
            '<p>It helps.<cite data-ref="b2">[b2]</cite></p>',
            '<p>It helps.<del><cite data-ref="a1">[a1]</cite></del><ins><cite data-ref="b2">[b2]</cite></ins></p>',
        ),
        (
            "<p>Do not stop.</p>",
            "<p>Do <strong>not</strong> stop.</p>",
            "<p>Do <del>not</del><ins><strong>not</strong></ins> stop.</p>",
        ),
        (
            "<p>One two three.</p>",
            "<h3>One two three.</h3>",
            '<p data-change="removed"><del>One two three.</del></p>\n'
            '<h3 data-change="added"><ins>One two three.</ins></h3>',
        ),
        ("", "<p>New.</p>", '<p data-change="added"><ins>New.</ins></p>'),
        ("<p>Old.</p>", "", '<p data-change="removed"><del>Old.</del></p>'),
        ("", "", ""),
        (
            '<p>See <a href="/a/">the page</a>.</p>',
            '<p>See <a href="/b/">the page</a>.</p>',
            '<p>See <del><a href="/a/">the page</a></del><ins><a href="/b/">the page</a></ins>.</p>',
        ),
    ],
)
def test_what_a_small_change_looks_like(old, new, marked):
    assert_gives_both_back(old, new)
    assert redline(old, new) == marked


def test_a_moved_item_is_removed_there_and_added_here():
    old = clean("<ul><li>first thing</li><li>second one</li><li>last of all</li></ul>")
    new = clean("<ul><li>last of all</li><li>first thing</li><li>second one</li></ul>")

    assert_gives_both_back(old, new)
    assert redline(old, new).split("\n")[1:-1] == [
        '<li data-change="added"><ins>last of all</ins></li>',
        "<li>first thing</li>",
        "<li>second one</li>",
        '<li data-change="removed"><del>last of all</del></li>',
    ]


def test_a_word_changed_in_a_nested_item_is_marked_there_only():
    old = clean("<ul><li>outer text<ul><li>inner text here</li></ul></li></ul>")
    new = old.replace("here", "there")

    assert_gives_both_back(old, new)
    assert "<li>outer text\n" in redline(old, new)
    assert "<li>inner text <del>here</del><ins>there</ins></li>" in redline(old, new)


def test_a_second_paragraph_in_an_item_is_added_without_touching_the_first():
    old = clean("<ul><li>first part</li></ul>")
    new = clean("<ul><li><p>first part</p><p>first part again</p></li></ul>")

    assert_gives_both_back(old, new)
    assert redline(old, new).count("<ins>") == 1


def test_a_split_paragraph_keeps_what_it_can():
    old = "<p>Give it slowly over ten minutes. Check the pulse after each dose.</p>"
    new = "<p>Give it slowly over ten minutes.</p>\n<p>Check the pulse after each dose.</p>"

    assert_gives_both_back(old, new)
    assert "<p>Give it slowly over ten minutes.<del> Check the pulse after each dose.</del></p>" in redline(old, new)


def test_a_paragraph_made_into_a_list_is_removed_and_added():
    old = "<p>Check the pulse, the pressure.</p>"
    new = clean("<ul><li>Check the pulse</li><li>the pressure</li></ul>")

    assert_gives_both_back(old, new)
    assert redline(old, new).startswith('<p data-change="removed">')


def test_text_that_looks_like_marks_is_not_taken_for_them():
    text = clean('<p>&lt;ins&gt;x&lt;/ins&gt; data-change="added"</p>')

    assert not changed(redline(text, text))
    assert accept(text) == reject(text) == text


def test_a_plain_redline_is_escaped():
    assert plain_redline("Use of <b> 10 mg", "Use of <b> 20 mg") == "Use of &lt;b&gt; <del>10 mg</del><ins>20 mg</ins>"


ONE_TOKEN = """
2.5 mg
100 mcg
5–10 mL
1,000 units
37.5 °C
10 %
≥ 65 years
3 mg/kg
10 mg/kg/day
mg/kg
5 µg
5 μg
250mg
1 g
5 to 10 mg
10-mg
1.5 mg/m²
80 mmHg
< 2
30 mL/min/1.73 m²
B12
covid-19
patient’s
0.9%
4 mmol/L
10 units/kg/h
7 days
1:1000
5 IU
120/80 mmHg
30 mg per kg
2 × 500 mg
2nd
""".strip().split("\n")


@pytest.mark.parametrize("one", [*ONE_TOKEN, "100\u00a0mg", "10\u202fmL", "2.5\u2009mg"])
def test_what_is_read_as_one_is_one_token(one):
    assert ["".join(run.text for run in token) for token in tokens([Run("text", one, ())])] == [one]


def test_a_dose_half_in_bold_is_one_token():
    (paragraph,) = parse("<p>1<strong>00</strong> mcg</p>")

    assert len(tokens(paragraph.runs)) == 1


@pytest.mark.parametrize(
    ("old", "new", "marks"),
    [
        ("Take .5 mg now.", "Take 5 mg now.", "Take <del>.5 mg</del><ins>5 mg</ins> now."),
        ("Take ·5 mg now.", "Take 5 mg now.", "Take <del>·5 mg</del><ins>5 mg</ins> now."),
        ("Give 10 000 IU.", "Give 1 000 IU.", "Give <del>10 000 IU</del><ins>1 000 IU</ins>."),
        ("A count of 10^9 cells.", "A count of 10^6 cells.", "A count of <del>10^9</del><ins>10^6</ins> cells."),
        ("A count of 10^9 cells.", "A count of 10 cells.", "A count of <del>10^9</del><ins>10</ins> cells."),
        ("At 5 × 10^-3 mol.", "At 5 × 10^-2 mol.", "At <del>5 × 10^-3 mol</del><ins>5 × 10^-2 mol</ins>."),
        ("From 10^6 to 10^9.", "From 10^7 to 10^9.", "From <del>10^6 to 10^9</del><ins>10^7 to 10^9</ins>."),
        ("At 25 kg/m^2.", "At 30 kg/m^2.", "At <del>25 kg/m^2</del><ins>30 kg/m^2</ins>."),
        ("At 5 × 10⁹/L.", "At 4 × 10⁹/L.", "At <del>5 × 10⁹</del><ins>4 × 10⁹</ins>/L."),
        ("Give 10\u202f000 IU.", "Give 10\u202f500 IU.", "Give <del>10\u202f000 IU</del><ins>10\u202f500 IU</ins>."),
        ("Rest. 5 mg", "Rest. 6 mg", "Rest. <del>5 mg</del><ins>6 mg</ins>"),
    ],
)
def test_a_number_is_one_however_it_is_written(old, new, marks):
    assert redline(clean(f"<p>{old}</p>"), clean(f"<p>{new}</p>")) == f"<p>{marks}</p>"
