"""The Merkle tree over all event hashes (RFC 6962, section 2.1)."""

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeAlias

Subtree: TypeAlias = Callable[[int, int], bytes]  # the root of the perfect subtree that begins at a leaf, by its width


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
            roots.append(node(left, right))
            size >>= 1
        self.size += 1

    def root(self) -> str:
        """Return the root in hexadecimal. The root of an empty tree is the SHA-256 of no bytes."""
        if not self._roots:
            return hashlib.sha256(b"").hexdigest()
        result = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            result = node(left, result)
        return result.hex()


def node(left: bytes, right: bytes) -> bytes:
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


def audit_path(leaf: int, size: int, subtree: Subtree) -> list[str]:
    """
    Return the audit path of a leaf in the tree of `size` leaves, from the leaf upwards, in hexadecimal.

    Leaves are numbered from 0 (RFC 6962, section 2.1.1). `subtree` returns the roots of perfect subtrees. It is asked
    only for those that do not hold the leaf. Raise ValueError if the tree has no such leaf.
    """
    if not 0 <= leaf < size:
        raise ValueError(f"A tree of {size} leaves has no leaf {leaf}.")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _left_width(end - start)
        if leaf < middle:
            path.append(_root_between(middle, end, subtree).hex())
            end = middle
        else:
            path.append(_root_between(start, middle, subtree).hex())
            start = middle
    return path[::-1]


def _root_between(start: int, end: int, subtree: Subtree) -> bytes:
    """Return the root of the leaves from `start` up to, but not including, `end`."""
    width = end - start
    if width & (width - 1) == 0:
        return subtree(start, width)
    middle = start + _left_width(width)
    return node(subtree(start, middle - start), _root_between(middle, end, subtree))


def _left_width(width: int) -> int:
    """Return the largest power of two below `width`: the leaves of the left subtree."""
    return 1 << (width - 1).bit_length() - 1
