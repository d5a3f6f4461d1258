"""
The proof of one published version: the events about it, and that they are in a signed checkpoint.

docs/proof.md describes the format. The script that anyone can verify a proof with (`verify_export.py`) also verifies
each proof here before it is given.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, reduce
from itertools import pairwise
from operator import or_
from threading import Lock
from typing import Any

from django.db.models import Q

from articles.models import Version
from articles.text.canonical import canonical
from reviews.evidence.ledger import merkle, verify_export
from reviews.evidence.ledger.events import HASHED
from reviews.models.actions import Action, Mark
from reviews.models.ledger import Checkpoint, LedgerEvent

TILE = 256  # events; the roots of full tiles are remembered, so that a path reads few of the hashes
REMEMBERED = 20_000  # tiles: the roots of five million events

Payload = dict[str, Any]


class NoProof(Exception):
    """Raised if the ledger does not prove the version as it was published; the message is a sentence."""


class NotYet(Exception):
    """Raised if the version was published after the checkpoint was made."""


@dataclass(frozen=True)
class Proof:
    """A verified proof: its canonical text, the facts that it proves, its checkpoint, and the key that signed that."""

    text: str
    facts: dict[str, Any]
    checkpoint: Checkpoint
    public_key: str


def proof_of(version: Version, checkpoint: Checkpoint) -> Proof:
    """
    Return the proof that the version was published, at this checkpoint; four queries, however long the ledger.

    Raise NotYet if the checkpoint is older than the publication, and NoProof if the ledger was damaged.
    """
    about = _about(version, checkpoint.size)
    if not any(event["action"] == Action.PUBLISHED for event in about):
        raise NotYet
    events = [*_rotations(checkpoint.size), *about]
    events.sort(key=lambda event: event["position"])
    try:
        facts = verify_export.facts_of([(event, json.loads(event["payload"])) for event in events])
        paths = audit_paths([event["position"] for event in events], checkpoint.size)
        text = canonical(
            {
                "format": verify_export.PROOF,
                "facts": facts,
                "events": [{"event": event, "path": paths[event["position"]]} for event in events],
                "checkpoint": checkpoint.note,
            }
        )
        *_, keys = verify_export.check_proof(text)
    except (verify_export.Bad, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoProof(f"The ledger does not prove version {version.number}: {error}") from error
    if (facts["version"], facts["digest"]) != (version.number, version.digest):
        raise NoProof(f"The ledger tells of another text than what is stored as version {version.number}.")
    return Proof(text, facts, checkpoint, keys[-1])


def _rotations(size: int) -> Iterable[dict[str, Any]]:
    return _as_exported(Q(action=Action.KEY_ROTATED), size)


def _about(version: Version, size: int) -> list[dict[str, Any]]:
    """
    Return the first event of the ledger, which names its key, and the events of the version.

    These are its submission, the approvals that its publication or its completed full review shows, these two, the
    declaration that its review was urgent, the attestations that it needs no change, and the notices that name it.
    """
    ours = Q(article=str(version.article.public_id), action__in=Action.with_mark(Mark.PROVES))
    told = [(row, json.loads(row["payload"])) for row in _as_exported(Q(position=1) | ours, size)]
    signed: set[str] = set()
    for row, payload in told:
        if row["action"] in verify_export.SHOWING and payload["version"] == version.number:
            signed |= payload["signatures"].keys()
    return [row for row, payload in told if _belongs(row["action"], payload, version.number, signed)]


def _belongs(action: str, payload: Payload, number: int, signed: set[str]) -> bool:
    if action == Action.LEDGER_STARTED:
        return True
    if action == Action.NOTICE_ISSUED:
        return number in payload["versions"]
    if action == Action.DECIDED and not signed & {*payload["rows"]}:
        return False  # a request for changes, or an approval that was withdrawn
    return bool(payload["version"] == number)


def _as_exported(condition: Q, size: int) -> Iterable[dict[str, Any]]:
    rows = LedgerEvent.objects.filter(condition, position__lte=size).order_by()
    return rows.values(*HASHED, "hash", "signature")


def audit_paths(positions: list[int], size: int) -> dict[int, list[str]]:
    """
    Return the audit path of each event in the tree of the first `size` events, by its position; two queries.

    Only the hashes of the tiles that hold these events are read, of those not known yet, and of the unfinished one.
    """
    ends = dict(_hashes(Q(position__in=range(TILE, size + 1, TILE))))
    known = {end // TILE - 1: root for end, digest in ends.items() if (root := _tiles.get(digest)) is not None}
    needed = {(position - 1) // TILE for position in positions} | {*range(size // TILE + 1)} - {*known}
    read = dict(_hashes(reduce(or_, map(_within, _stretches(sorted(needed)))) & Q(position__lte=size)))

    @cache
    def subtree(start: int, width: int) -> bytes:
        if width == TILE and start // TILE in known:
            return known[start // TILE]
        if width <= TILE:
            return bytes.fromhex(merkle.root_of(read[at + 1] for at in range(start, start + width)))
        return merkle.node(subtree(start, width // 2), subtree(start + width // 2, width // 2))

    for end, digest in ends.items():
        _tiles.put(digest, subtree(end - TILE, TILE))
    return {position: merkle.audit_path(position - 1, size, subtree) for position in positions}


def _hashes(condition: Q) -> Iterator[tuple[int, str]]:
    return LedgerEvent.objects.filter(condition).order_by().values_list("position", "hash").iterator(chunk_size=TILE)


def _stretches(tiles: list[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of neighbouring tiles."""
    firsts = [tiles[0], *(later for earlier, later in pairwise(tiles) if later > earlier + 1)]
    lasts = [*(earlier for earlier, later in pairwise(tiles) if later > earlier + 1), tiles[-1]]
    return list(zip(firsts, lasts, strict=True))


def _within(stretch: tuple[int, int]) -> Q:
    first, last = stretch
    return Q(position__range=(first * TILE + 1, (last + 1) * TILE))


class Tiles:
    """
    The roots of full tiles, by the hash of their last event; the oldest are dropped first.

    That hash covers all events before it. So after a restore, a tile of the lost history is found under no hash.
    """

    def __init__(self) -> None:
        self._roots: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()
        self.get: Callable[[str], bytes | None] = self._roots.get

    def put(self, digest: str, root: bytes) -> None:
        with self._lock:
            self._roots[digest] = root
            while len(self._roots) > REMEMBERED:
                self._roots.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._roots.clear()


_tiles = Tiles()
