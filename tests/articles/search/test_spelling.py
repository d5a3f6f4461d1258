"""Which word was meant, and when nothing must be guessed."""

import re
import string
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.checks.vocabulary import is_known, is_listed, medicines, only_medicines
from articles.checks.vocabulary import words as known_words
from articles.search.analysis import index_terms
from articles.search.analysis.common import lines
from articles.search.ranking.spelling import is_medicine, meant, one_change, opposed

pytestmark = pytest.mark.once


class Words:
    """A vocabulary of these words, each in as many passages as given."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = words
        self.queries = 0

    def counts(self, terms: Iterable[str]) -> Mapping[str, int]:
        self.queries += 1
        return {term: self.words[term] for term in terms if term in self.words}

    def like(self, beginnings: Sequence[tuple[str, int, int]]) -> Mapping[str, int]:
        self.queries += 1
        return {
            word: count
            for word, count in self.words.items()
            for start, least, most in beginnings
            if word.startswith(start) and least <= len(word) <= most
        }


def of(typed: str, *words: str) -> str:
    return meant([typed], Words(dict.fromkeys(words, 10))).get(typed, "")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("sentinal", "sentinel"),
        ("aeortic", "aortic"),
        ("neumonia", "pneumonia"),
        ("diabete", "diabetes"),
        ("arrhthmia", "arrhythmia"),
        ("succeptible", "susceptible"),
        ("dianosed", "diagnosed"),
        ("hyperglicemia", "hyperglycemia"),
        ("astma", "asthma"),
        ("paracetmol", "paracetamol"),
        ("metfornin", "metformin"),
        ("warfarn", "warfarin"),
        ("asprin", "aspirin"),
        ("ibuprofin", "ibuprofen"),
        ("amoxicilin", "amoxicillin"),
        ("insuline", "insulin"),
        ("omeprazol", "omeprazole"),
        ("simvastatine", "simvastatin"),
    ],
)
def test_a_misspelt_word_is_recognised(typed, word):
    assert of(typed, word, "liver", "blood", "pressure") == word


@pytest.mark.parametrize(
    ("typed", "only"),
    [
        ("hypoglycemia", "hyperglycemia"),
        ("hypoglicemia", "hyperglycemia"),
        ("hypglycemia", "hyperglycemia"),
        ("prednisone", "prednisolone"),
        ("prednisolon", "prednisone"),
        ("clonazepam", "clobazam"),
        ("clonazpam", "clobazam"),
        ("clobazepam", "clobazam"),
        ("afferent", "efferent"),
        ("aferent", "efferent"),
        ("uremia", "uricuria"),
        ("hematemia", "hematuria"),
        ("intervenous", "intravenous"),
        ("tachycardya", "bradycardia"),
        ("salbutmol", "tolbutamide"),
        ("semaglutide", "liraglutide"),
        ("hydroxizine", "hydralazine"),
        ("celebrx", "celexa"),
        ("cortisl", "cortisone"),
        ("cortisol", "cortisone"),
        ("easprn", "aspirin"),
        ("warfrant", "warfarin"),
    ],
)
def test_no_other_medicine_and_no_opposite_is_offered(typed, only):
    assert of(typed, only) == ""


@pytest.mark.parametrize("typed", ["coffee", "ibuprofen", "IL6", "mg", "hus", "65", "ob", "心疾患", "Aortic"])
def test_a_word_that_is_one_is_left_alone(typed):
    assert of(typed, "toffee", "ibuprofan", "il7", "mcg", "hos", "66", "aortic", "bob") == ""


def test_of_two_words_as_near_only_a_clearly_commoner_one_is_meant():
    assert meant(["xarpal"], Words({"carpal": 40, "tarpal": 30})) == {}
    assert meant(["xarpal"], Words({"carpal": 90, "tarpal": 30})) == {"xarpal": "carpal"}


def test_many_words_take_two_queries():
    vocabulary = Words({"sentinel": 3, "aortic": 4})

    assert meant(["sentinal", "aeortic", "zzzzzz", "qqqqqqqqq"], vocabulary) == {
        "sentinal": "sentinel",
        "aeortic": "aortic",
    }
    assert vocabulary.queries == 2


def test_a_query_of_known_words_takes_none():
    vocabulary = Words({})

    assert meant(["coffee", "tablet"], vocabulary) == {}
    assert vocabulary.queries == 0


def test_every_change_of_one_letter_is_tried():
    assert {"at", "cta", "bat", "cats", "act", "chat"} <= one_change("cat")
    assert "cat" not in one_change("cat")


PAIRS = [tuple(pair) for pair in lines("opposites")]
STEMS = ["glycemia", "tension", "thermia", "cardia", "venous", "cellular", "operative", "natal"]
MEDICINES = sorted(name for name in medicines() if is_medicine(name) and 6 <= len(name) <= 14 and name.isascii())


@given(st.sampled_from(PAIRS), st.sampled_from(STEMS), st.booleans(), st.data())
def test_no_misspelling_of_a_word_becomes_its_opposite(pair, stem, turned, data):
    part, opposite = pair[::-1] if turned else pair
    typed = data.draw(misspelling(part + stem))
    assume(part in typed and not is_known(typed))

    assert of(typed, opposite + stem) == "" or not opposed(typed, opposite + stem)


@given(st.sampled_from(MEDICINES), st.sampled_from(MEDICINES))
def test_no_medicine_becomes_another(typed, other):
    found = of(typed, other)

    assert not found or found[:5] == typed[:5], "only a form of the same name"


@given(st.data())
def test_no_misspelling_of_a_medicine_becomes_another(data):
    """The other one is as like as any of the whole list, and the right one is not in the texts."""
    right = data.draw(st.sampled_from(MEDICINES))
    typed = data.draw(misspelling(right))
    likely = [name for name in MEDICINES if name != right and name[:2] == right[:2]][:300]
    found = of(typed, *likely)

    same = index_terms(found) == index_terms(right)  # such as amebicides and amoebicides
    one, other = (re.sub(r"(.)\1", r"\1", name) for name in (found, right))  # amoxicillin and amoxicilina
    assert not found or same or one.startswith(other[:-1]) or other.startswith(one[:-1])


@st.composite
def misspelling(draw: st.DrawFn, word: str) -> str:
    """Draw the word with one letter left out, put in, replaced, or exchanged with the next."""
    at = draw(st.integers(1, len(word) - 2))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    left, right = word[:at], word[at:]
    return draw(st.sampled_from([left + right[1:], left + letter + right, left + letter + right[1:]]))


@pytest.mark.parametrize("word", ["aspirin", "Tumour", "zzzz", "a", "crohn’s", "ibuprofen", "aeortic", "é"])
def test_the_lists_that_take_little_memory_say_the_same(word):
    assert is_listed(word) == is_known(word)


def test_what_only_a_medicine_is_called_is_no_word():
    assert only_medicines() == medicines() - known_words()
    assert len(only_medicines()) > 30_000
