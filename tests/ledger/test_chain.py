"""The Merkle tree and the chain, against independent implementations and the published vectors of RFC 6962."""

import base64
import hashlib
import json

import pytest

from articles.text.canonical import canonical
from reviews.evidence.ledger import merkle
from reviews.models import LedgerEvent, LedgerHead, LedgerPrivate

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
LEAF_OF_NOTHING = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 part 2.1, word for word: split at the largest power of two smaller than n."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()


def hashes(number: int) -> list[str]:
    return [hashlib.sha256(bytes([at])).hexdigest() for at in range(number)]


def test_the_vectors_of_certificate_transparency():
    assert merkle.root([]) == EMPTY
    assert merkle.root_of([""]) == LEAF_OF_NOTHING
    assert merkle.root_of(["", "00"]) == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    eight = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    assert merkle.root_of(eight) == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("number", range(71))
def test_the_frontier_gives_the_root_of_the_recursive_definition(number):
    frontier: list[str] = []
    for size, each in enumerate(hashes(number)):
        frontier = merkle.grow(frontier, size, each)

    assert merkle.root(frontier) == recursive_root([bytes.fromhex(each) for each in hashes(number)]).hex()
    assert len(frontier) == number.bit_count()
    assert merkle.root_of(hashes(number)) == merkle.root(frontier)


def test_every_event_can_be_recomputed_by_hand(story):
    previous = "0" * 64

    for row in LedgerEvent.objects.order_by("position").values():
        digest, signature = row.pop("hash"), row.pop("signature")
        text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        assert digest == hashlib.sha256(f"imprimatur/event/1\n{text}".encode()).hexdigest()
        assert row["previous_hash"] == previous
        assert len(base64.b64decode(signature)) == 64
        assert row["payload"] == canonical(json.loads(row["payload"]))
        previous = digest
    assert LedgerHead.objects.get().hash == previous


def test_every_private_part_is_committed_to_with_a_salt_of_its_own(story):
    rows = list(LedgerPrivate.objects.select_related("event"))

    for row in rows:
        digest = hashlib.sha256(f"{row.salt}\n{row.text}".encode()).hexdigest()
        assert row.event.private_commitment == digest
    assert len({row.salt for row in rows}) == len(rows) > 50


def test_the_first_event_names_the_ledger_and_its_key(story):
    first, second = LedgerEvent.objects.order_by("position")[:2]
    payload = json.loads(first.payload)

    assert (first.position, first.action, second.position) == (1, "ledger_started", 2)
    assert payload["ledger_id"] == first.ledger_id == second.ledger_id
    assert hashlib.sha256(bytes.fromhex(payload["public_key"])).hexdigest()[:16] == first.key_id
