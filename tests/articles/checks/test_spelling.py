"""An unknown word is marked and counted. Nothing is offered for it: the nearest word may be another medicine."""

import re

from hypothesis import given
from hypothesis import strategies as st

from articles.checks import run
from articles.checks.families.medicines.names import NAMES
from articles.checks.families.medicines.units import CODES
from articles.checks.vocabulary import is_a_word, medicines, stands_in_a_list, words
from tests.articles.checks.content import text

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = sorted({*NAMES, *(unit for unit in CODES if len(unit) > 3 and unit.isalpha() and unit.isascii())})


@st.composite
def misspelt(draw):
    """A medicine or unit with one letter left out, doubled, changed or exchanged with the next."""
    word = draw(st.sampled_from(WORDS))
    place = draw(st.integers(0, len(word) - 2))
    way = draw(st.sampled_from(["out", "twice", "other", "exchanged"]))
    one, two, rest = word[place], word[place + 1], word[place + 2 :]
    middle = {
        "out": two,
        "twice": one + one + two,
        "other": draw(st.sampled_from(LETTERS)) + two,
        "exchanged": two + one,
    }
    return word[:place] + middle[way] + rest


def marked(body):
    return [one for one in run(text(body)) if one.rule == "LANG-017"]


@given(misspelt(), st.sampled_from(["", "5 mg ", "0.5 g "]))
def test_no_other_word_is_ever_offered(word, dose):
    for one in marked(f"They take {dose}{word} now."):
        said = set(re.findall(r"\w+", f"{one.message} {one.hint}".lower())) - set(
            re.findall(r"\w+", one.sentence.lower())
        )
        fixed = re.findall(r"\w+", "is in no dictionary check how it spelt a rare name may be right")
        assert said <= {*fixed, word.lower()}
        assert one.severity == "info"


@given(st.sampled_from(sorted(NAMES)), st.sampled_from(sorted(CODES)), st.integers(1, 9999))
def test_no_medicine_unit_or_number_is_marked(name, unit, number):
    assert [
        one.excerpt for one in marked(f"They take {number} {unit} of {name} now.") if one.excerpt in (name, unit)
    ] == []


def test_an_unknown_word_is_marked_once_with_its_number():
    (found,) = marked("<p>The feever is high. The feever stays.</p><p>A feever.</p>")

    assert found.message == "“feever” (3 times) is in no dictionary."


def test_the_quick_look_up_says_what_the_lists_say():
    known = [*sorted(words())[::997], *sorted(medicines())[::997]]

    assert all(map(stands_in_a_list, known))
    assert all(stands_in_a_list(word[::-1]) == is_a_word(word[::-1]) for word in known)
    assert not stands_in_a_list("feever")
