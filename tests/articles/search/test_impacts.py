"""How much a term counts in a passage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.analysis import index_terms
from articles.search.ranking.impacts import MOST_IMPACT, impacts, naming_terms

pytestmark = pytest.mark.once

FILLING = "Some plain words that say nothing of it. " * 20


def test_a_name_counts_more_than_a_heading_and_a_heading_more_than_the_text():
    named = impacts("Gout", "", FILLING)["gout"]
    headed = impacts("Crystals", "Gout", f"gout {FILLING}")["gout"]
    written = impacts("Crystals", "", f"gout {FILLING}")["gout"]

    assert named > headed > written


def test_a_word_counts_more_in_a_short_name():
    assert impacts("Diabetes", "", "")["diabetes"] > impacts("Diabetes insipidus", "", "")["diabetes"]
    assert impacts("Of the gout", "", "")["gout"] == impacts("Gout", "", "")["gout"]


def test_a_synonym_counts_as_the_title_does():
    assert impacts("Heartburn", "", "", ["Acid reflux"])["reflux"] == impacts("Acid reflux", "", "")["reflux"]


def test_a_word_counts_more_the_oftener_it_is_there_and_less_in_a_long_text():
    once, often = impacts("", "", f"gout {FILLING}")["gout"], impacts("", "", f"gout gout gout {FILLING}")["gout"]

    assert once < often < MOST_IMPACT
    assert impacts("", "", "gout and pain")["gout"] > once


def test_names_are_counted_apart_from_texts():
    assert naming_terms("Gout", ["Podagra of the toe"]) == {"#gout", "#podagra", "#toe"}
    assert not any(term.startswith("#") for term in index_terms("#gout"))


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200), st.lists(st.text(max_size=40), max_size=3))
def test_every_term_has_a_whole_number_of_four_bits(title, heading, text, names):
    found = impacts(title, heading, text, names)

    assert {*found} == {term for field in (title, heading, text, *names) for term in index_terms(field)}
    assert all(isinstance(value, int) and 0 <= value <= MOST_IMPACT for value in found.values())
