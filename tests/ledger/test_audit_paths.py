"""Audit paths: as RFC 6962 defines them, read in few statements, and refused when anything in them is another."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.evidence.ledger import merkle, proofs, verify_export
from reviews.models import Checkpoint, LedgerEvent

HASHES = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(700)]


def naive_root(leaves: list[str]) -> bytes:
    """MTH of RFC 6962, 2.1, to the letter."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + bytes.fromhex(leaves[0])).digest()
    k = largest_power_below(len(leaves))
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[str]) -> list[str]:
    """PATH of RFC 6962, 2.1.1, to the letter."""
    if len(leaves) == 1:
        return []
    k = largest_power_below(len(leaves))
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:]).hex()]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k]).hex()]


def largest_power_below(number: int) -> int:
    k = 1
    while k * 2 < number:
        k *= 2
    return k


def path_of(leaf: int, leaves: list[str]) -> list[str]:
    def subtree(start: int, width: int) -> bytes:
        assert start % width == 0
        assert not start <= leaf < start + width, "a subtree that holds the leaf is never asked for"
        return naive_root(leaves[start : start + width])

    return merkle.audit_path(leaf, len(leaves), subtree)


@st.composite
def places(draw) -> tuple[int, int]:
    size = draw(st.integers(1, len(HASHES)))
    return draw(st.integers(0, size - 1)), size


@pytest.mark.once
@given(places())
def test_a_path_is_that_of_the_rfc_and_leads_to_the_root(place):
    leaf, size = place
    leaves = HASHES[:size]

    path = path_of(leaf, leaves)

    assert path == naive_path(leaf, leaves)
    assert verify_export.root_by(path, leaf, size, leaves[leaf]) == naive_root(leaves)


@pytest.mark.once
@given(places(), st.integers(0, 20), st.integers(0, 255))
def test_a_path_that_is_any_other_does_not_lead_to_the_root(place, at, bit):
    leaf, size = place
    leaves, path = HASHES[:size], path_of(place[0], HASHES[:size])
    root = naive_root(leaves)

    def leads(changed: list[str], leaf: int = leaf, digest: str = leaves[leaf]) -> bool:
        return verify_export.root_by(changed, leaf, size, digest) == root

    assert not leads([*path, path[0] if path else leaves[0]])
    assert not leads(path, digest=HASHES[-1] if size < len(HASHES) else hashlib.sha256(b"another").hexdigest())
    if path:
        at %= len(path)
        flipped = (int(path[at], 16) ^ 1 << bit).to_bytes(32).hex()
        assert not leads([*path[:at], flipped, *path[at + 1 :]])
        assert not leads([*path[:at], *path[at + 1 :]])
        assert not leads([*path[:at], path[at].upper(), *path[at + 1 :]]) or path[at] == path[at].upper()
        assert not leads(path, leaf=(leaf + 1) % size)


@pytest.mark.once
@pytest.mark.parametrize(("leaf", "size"), [(0, 0), (1, 1), (-1, 3), (3, 3)])
def test_there_is_no_path_of_a_leaf_that_is_not_there(leaf, size):
    with pytest.raises(ValueError, match="has no leaf"):
        merkle.audit_path(leaf, size, lambda start, width: b"")


@pytest.fixture(params=[1, 2, 4, 256])
def tile(request, monkeypatch):
    monkeypatch.setattr(proofs, "TILE", request.param)
    proofs._tiles.clear()
    yield request.param
    proofs._tiles.clear()


def test_paths_of_the_stored_ledger_are_those_of_the_rfc(story, tile, django_assert_max_num_queries):
    hashes = list(LedgerEvent.objects.order_by("position").values_list("hash", flat=True))
    sizes = {1, 2, 3, 31, 32, 33, len(hashes), *Checkpoint.objects.values_list("size", flat=True)}

    for size in sorted(sizes):
        for positions in ([1], [size], sorted({1, size // 2 + 1, size})):
            with django_assert_max_num_queries(2):
                paths = proofs.audit_paths(positions, size)
            assert paths == {position: naive_path(position - 1, hashes[:size]) for position in positions}


def test_what_is_known_is_not_read_again(story, monkeypatch):
    monkeypatch.setattr(proofs, "TILE", 4)
    proofs._tiles.clear()
    size, read = LedgerEvent.objects.count(), []
    hashes_of = proofs._hashes

    def counted(condition):
        rows = list(hashes_of(condition))
        read.append(len(rows))
        return iter(rows)

    monkeypatch.setattr(proofs, "_hashes", counted)
    first, again = proofs.audit_paths([1, size], size), proofs.audit_paths([1, size], size)
    proofs._tiles.clear()

    assert first == again
    assert read[:2] == [size // 4, size]
    assert read[2:] == [size // 4, 4 + (size % 4 or 4)]


def test_tiles_of_a_lost_history_are_not_taken_for_those_of_the_present(monkeypatch):
    monkeypatch.setattr(proofs, "REMEMBERED", 2)
    tiles = proofs.Tiles()

    for number in range(3):
        tiles.put(HASHES[number], bytes([number]))

    assert [tiles.get(HASHES[number]) for number in range(4)] == [None, b"\x01", b"\x02", None]
