"""The Merkle tree over all event hashes, as RFC 6962 part 2.1 defines it."""

import hashlib
from collections.abc import Iterable


class Tree:
    """
    A growing tree, held as its frontier: the roots of its perfect subtrees, largest first.

    There is one for each bit that is set in `size`, the number of leaves.
    """

    def __init__(self, frontier: Iterable[str] = (), size: int = 0):
        self._roots = [bytes.fromhex(root) for root in frontier]
        self.size = size

    @property
    def frontier(self) -> list[str]:
        return [root.hex() for root in self._roots]

    def add(self, event_hash: str):
        """Add a leaf: SHA-256 of a zero byte and the 32 bytes of the event's hash, given in hexadecimal."""
        roots, size = self._roots, self.size
        roots.append(hashlib.sha256(b"\x00" + bytes.fromhex(event_hash)).digest())
        while size & 1:
            right, left = roots.pop(), roots.pop()
            roots.append(_node(left, right))
            size >>= 1
        self.size += 1

    def root(self) -> str:
        """Return the root in hexadecimal; of an empty tree the SHA-256 of nothing."""
        if not self._roots:
            return hashlib.sha256(b"").hexdigest()
        result = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            result = _node(left, result)
        return result.hex()


def _node(left: bytes, right: bytes) -> bytes:
    """Return the node above two: SHA-256 of a one byte and both."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(frontier: list[str], size: int, event_hash: str) -> list[str]:
    """Return the frontier of a tree of `size` leaves after one more."""
    tree = Tree(frontier, size)
    tree.add(event_hash)
    return tree.frontier


def root(frontier: list[str]) -> str:
    """Return the root of the tree that has this frontier."""
    return Tree(frontier).root()


def root_of(event_hashes: Iterable[str]) -> str:
    """Return the root of the tree over these event hashes, in their order."""
    tree = Tree()
    for event_hash in event_hashes:
        tree.add(event_hash)
    return tree.root()
