"""The Merkle tree over all event hashes (RFC 6962, section 2.1)."""

import hashlib
from collections.abc import Iterable


class Tree:
    """
    A growing tree, stored as its frontier: the roots of its perfect subtrees, largest first.

    There is one root for each bit set in `size`, the number of leaves.
    """

    def __init__(self, frontier: Iterable[str] = (), size: int = 0) -> None:
        self._roots = [bytes.fromhex(root) for root in frontier]
        self.size = size

    @property
    def frontier(self) -> list[str]:
        return [root.hex() for root in self._roots]

    def add(self, event_hash: str) -> None:
        """Add a leaf: the SHA-256 of the byte 0 and the 32 bytes of the event's hash, given in hexadecimal."""
        roots, size = self._roots, self.size
        roots.append(hashlib.sha256(b"\x00" + bytes.fromhex(event_hash)).digest())
        while size & 1:
            right, left = roots.pop(), roots.pop()
            roots.append(_node(left, right))
            size >>= 1
        self.size += 1

    def root(self) -> str:
        """Return the root in hexadecimal. The root of an empty tree is the SHA-256 of no bytes."""
        if not self._roots:
            return hashlib.sha256(b"").hexdigest()
        result = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            result = _node(left, result)
        return result.hex()


def _node(left: bytes, right: bytes) -> bytes:
    """Return the parent of two nodes: the SHA-256 of the byte 1 and both."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(frontier: list[str], size: int, event_hash: str) -> list[str]:
    """Return the frontier of a tree of `size` leaves after adding one."""
    tree = Tree(frontier, size)
    tree.add(event_hash)
    return tree.frontier


def root(frontier: list[str]) -> str:
    """Return the root of the tree with this frontier."""
    return Tree(frontier).root()


def root_of(event_hashes: Iterable[str]) -> str:
    """Return the root of the tree over these event hashes, in their order."""
    tree = Tree()
    for event_hash in event_hashes:
        tree.add(event_hash)
    return tree.root()
