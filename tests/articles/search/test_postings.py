"""Packed postings: what goes in comes out, in order, on both databases."""

from hypothesis import given
from hypothesis import strategies as st

from articles.search.index.postings import (
    IMPACT_BITS,
    MOST_IMPACT,
    NUMBER_OF_BLOCKS,
    key_of,
    keys_of,
    pack,
    term_and_block,
    unpack,
    without,
)

within_a_block = st.dictionaries(st.integers(0, 4095), st.integers(0, MOST_IMPACT), max_size=60)


def unpacked(data, block=0):
    return {(block << 12) + (value >> IMPACT_BITS): value & MOST_IMPACT for value in unpack(data)}


@given(within_a_block)
def test_what_is_packed_is_unpacked(postings):
    data = pack(sorted(postings.items()))

    assert unpacked(data) == postings
    assert len(data) == 2 * len(postings)
    assert list(unpack(data)) == sorted(unpack(data))


@given(within_a_block, st.sets(st.integers(0, 4095)))
def test_what_is_taken_out_is_gone_and_the_rest_stays(postings, taken):
    left = without(pack(sorted(postings.items())), taken)

    assert unpacked(left) == {passage: impact for passage, impact in postings.items() if passage not in taken}


@given(st.integers(1, 1 << 40), st.integers(0, (1 << 32) - 1))
def test_a_key_tells_the_term_and_the_block(term, passage):
    key = key_of(term, passage)
    first, last = keys_of(term)

    assert term_and_block(key) == (term, passage >> 12)
    assert first <= key <= last < 1 << 63
    assert last - first == NUMBER_OF_BLOCKS - 1
