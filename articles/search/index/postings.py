"""
Packed postings: which passages of a block have a term, and how much the term counts in each.

A block is 4,096 consecutive numbers of passages. Each posting is 16 bits: the lower 12 bits of the passage's number,
then 4 bits for the term's impact in it. The postings of a row are sorted by passage. The key of a row is made of the
number of the term and that of the block, so that the primary key alone finds all blocks of a term in order.
"""

import sys
from array import array
from collections.abc import Iterable
from typing import TypeAlias

BLOCK_BITS = 12
IMPACT_BITS = 4
MOST_IMPACT = (1 << IMPACT_BITS) - 1
IN_BLOCK = (1 << BLOCK_BITS) - 1
NUMBER_OF_BLOCKS = 1 << 20  # four billion passages

Values: TypeAlias = "array[int]"

_SWAPPED = sys.byteorder == "big"


def key_of(term: int, passage: int) -> int:
    """Return the key of the row with the term's posting for this passage."""
    return term * NUMBER_OF_BLOCKS + (passage >> BLOCK_BITS)


def keys_of(term: int) -> tuple[int, int]:
    """Return the first and the last key that a row of this term can have."""
    return term * NUMBER_OF_BLOCKS, (term + 1) * NUMBER_OF_BLOCKS - 1


def term_and_block(key: int) -> tuple[int, int]:
    return divmod(key, NUMBER_OF_BLOCKS)


def pack(postings: Iterable[tuple[int, int]]) -> bytes:
    """Return (passage, impact) pairs of one block, in the order of the passages, as the data of a row."""
    values = array("H", ((passage & IN_BLOCK) << IMPACT_BITS | impact for passage, impact in postings))
    if _SWAPPED:
        values.byteswap()
    return values.tobytes()


def unpack(data: bytes | memoryview) -> Values:
    """Return the data of a row as numbers: shifted by IMPACT_BITS a passage in its block, masked an impact."""
    values = array("H")
    values.frombytes(data)
    if _SWAPPED:
        values.byteswap()
    return values


def without(data: bytes | memoryview, passages: set[int]) -> bytes:
    """Return the data without the postings of these passages, given by their numbers within the block."""
    values = array("H", (value for value in unpack(data) if value >> IMPACT_BITS not in passages))
    if _SWAPPED:
        values.byteswap()
    return values.tobytes()
