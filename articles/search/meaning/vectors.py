"""
The vectors of passages: made after publication, and gone with the passage.

A vector is a row that refers to its passage, so the step that takes a text out of the index deletes its vectors too.
"""

import time
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import QuerySet

from articles.frozen.content import thaw
from articles.models import VersionText
from articles.models.rows.found import Meaning, Passage
from articles.search.index.texts import TEXT, passages_of
from articles.search.meaning import encoder
from articles.search.meaning.encoder import Encoder
from articles.text.canonical import sha256

SECONDS = 20  # the longest time that other jobs wait for a run
TOGETHER = 50  # versions read at once


def missing(encodes: Encoder) -> QuerySet[Passage]:
    """Return the sections in the index that have no vector of this encoder, the newest first."""
    return Passage.objects.filter(part=TEXT).exclude(meaning__encoder=encodes.name).order_by("-pk")


def number_missing() -> int:
    """Return how many passages lack a vector: 0 if the site has no encoder. One query."""
    encodes = encoder.installed()
    return missing(encodes).count() if encodes else 0


def encode_missing(seconds: float = SECONDS) -> bool:
    """
    Encode passages that lack a vector until the time is over, and tell whether that was not enough.

    Nothing is locked while a text is encoded. A passage that left the index in the meantime gets no vector. A text that
    is damaged or erased is passed over.
    """
    encodes = encoder.installed()
    if encodes is None:
        return False
    end = time.monotonic() + seconds
    last = None
    while True:
        rows = missing(encodes) if last is None else missing(encodes).filter(pk__lt=last)
        some = list(rows.values_list("pk", "version", "position")[:TOGETHER])
        if not some:
            return False
        texts = _texts({version for _, version, _ in some})
        for passage, version, position in some:
            if time.monotonic() >= end:
                return True
            if text := texts.get((version, position)):
                _store(passage, encodes.name, encodes.encode([text])[0])
            last = passage


def _texts(versions: set[int]) -> dict[tuple[int, int], str]:
    """Return what is encoded of each passage, by version and position: title, heading and text."""
    rows = VersionText.objects.filter(version__in=versions).values_list("version", "text", "version__digest")
    return {
        (version, passage.position): ". ".join(filter(None, [passage.title, passage.heading, passage.text]))
        for version, text, digest in rows
        if sha256(text) == digest
        for passage in passages_of(thaw(text))
    }


@transaction.atomic
def _store(passage: int, name: str, vector: bytes) -> None:
    if Passage.objects.select_for_update(no_key=True).filter(pk=passage).exists():
        Meaning.objects.update_or_create(passage_id=passage, defaults={"encoder": name, "vector": vector})


def vectors_of(passages: Sequence[int], encodes: Encoder) -> Mapping[int, bytes]:
    """Return the vectors of these passages, in one query; those that lack one are left out."""
    rows = Meaning.objects.filter(passage__in=passages, encoder=encodes.name)
    return {passage: bytes(vector) for passage, vector in rows.values_list("passage", "vector")}
