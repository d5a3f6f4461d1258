"""Which words of a glossary stand in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.plain.words_used import words_used

pytestmark = pytest.mark.once

NODE, SENTINEL, IT, BIOPSY = ("node", "nodes"), ("sentinel node",), ("IT",), ("biopsy",)
WORDS = [NODE, SENTINEL, IT, BIOPSY]


def used(text, most=12) -> list[tuple]:
    return [WORDS[place] for place in words_used(WORDS, text, most)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A Node, and two nodes.", [NODE]),
        ("A biopsy of the node", [BIOPSY, NODE]),
        ("A sentinel\n node", [SENTINEL]),
        ("The sentinel node is a node", [SENTINEL, NODE]),
        ("(node) “biopsy”", [NODE, BIOPSY]),
        ("IT is not it", [IT]),
        ("it is", []),
        ("node-negative, lymphnode, nodes2, anode", []),
        ("IT ıt bıopsy", [IT]),
        ("", []),
    ],
)
def test_only_whole_words_are_found_in_the_order_of_the_text(text, words):
    assert used(text) == words


def test_at_most_so_many_are_found():
    assert used("node biopsy IT", most=2) == [NODE, BIOPSY]
    assert words_used([], "node", 12) == []


@pytest.mark.parametrize("word", ["5-HT3", "CO₂", "C. difficile", "a+b", "Ménière’s disease", "β-blocker"])
def test_signs_in_a_word_are_signs(word):
    assert words_used([(word,)], f"With {word}, and more", 12) == [0]
    assert words_used([(word,)], f"With {word}s", 12) == []


@given(st.lists(st.text(min_size=2, max_size=6).filter(str.strip), max_size=5), st.text(max_size=60))
def test_any_words_and_any_text_are_answered(words, text):
    found = words_used([(" ".join(word.split()),) for word in words], text, 12)

    assert len(found) == len(set(found))
