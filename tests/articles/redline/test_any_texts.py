"""Of any two texts: accept gives the new one, reject the old one, and a dose stays in its row."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.redline import changed, plain_redline, redline
from articles.text.richtext import clean
from tests.articles.redline.reading import assert_gives_both_back, read
from tests.articles.redline.texts import DRUGS, THOROUGH, documents, edits


@THOROUGH
@given(edits())
def test_of_an_edited_text_accept_gives_the_new_one_and_reject_the_old_one(pair):
    assert_gives_both_back(*pair)


@settings(THOROUGH, max_examples=120)
@given(documents, documents)
def test_of_any_two_texts_accept_gives_the_new_one_and_reject_the_old_one(old, new):
    assert_gives_both_back(old, new)


@settings(THOROUGH, max_examples=100)
@given(documents)
def test_a_text_compared_with_itself_has_no_marks(text):
    assert redline(text, text) == text
    assert not changed(text)


@settings(THOROUGH, max_examples=300)
@given(st.text(max_size=40), st.text(max_size=40))
def test_plain_strings_can_be_read_back_from_their_redline(old, new):
    marked = plain_redline(old, new)

    assert "".join(text for sign, text in read(marked) if sign != "ins") == old
    assert "".join(text for sign, text in read(marked) if sign != "del") == new


@st.composite
def dose_tables(draw):
    """Two versions of a table; each dose says of which drug and which version it is."""
    names = draw(st.lists(st.sampled_from(DRUGS), min_size=1, max_size=7, unique=True))
    later = draw(st.permutations(names)) if draw(st.booleans()) else list(names)
    later = [name for name in later if draw(st.integers(0, 4))] + draw(st.lists(st.sampled_from(DRUGS), max_size=2))
    later = list(dict.fromkeys(later)) or names

    def table(drugs, version):
        made = []
        for drug in drugs:
            kept = version == "old" or draw(st.booleans())
            number = DRUGS.index(drug) + 1 + (0 if kept else 100)
            made.append(f"<tr><td>{drug}</td><td>{number}00 mg</td><td>every {number} h</td></tr>")
        return clean(f"<table><tbody>{''.join(made)}</tbody></table>")

    return table(names, "old"), table(later, "new")


@THOROUGH
@given(dose_tables())
def test_a_dose_never_moves_into_another_row(pair):
    old, new = pair
    old_rows, new_rows = (rows_with_doses(html) for html in pair)

    for row in re.findall(r"<tr.*?</tr>", redline(old, new)):
        name = re.sub("<[^>]*>", "", re.search(r"<td>(.*?)</td>", row)[1])
        for sign, text in read(row):
            assert sign == "ins" or not text or text in old_rows[name]
            assert sign == "del" or not text or text in new_rows[name]


def rows_with_doses(html):
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", html):
        cells = re.findall(r"<td>(.*?)</td>", row)
        found[cells[0]] = "|".join(cells)
    return found
