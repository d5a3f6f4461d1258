"""
The dossier of an article as an archive, which anyone can verify offline with `verify_export.py --dossier`.

It has the ledger's export, each event of the article with its confidential part, each row that these events record, and
each signed text. The verifier compares all of them. Everything is in a manifest, signed with the ledger's key.
docs/proof.md describes the format.
"""

import base64
import datetime
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple

from django.apps import apps
from django.db import models

from articles.models import Article, VersionText
from articles.text.canonical import canonical
from reviews.evidence.ledger import exporting, keys, verify_export
from reviews.evidence.ledger.events import HASHED
from reviews.evidence.ledger.rows import covered, plain, row_name
from reviews.models.ledger import LedgerEvent, LedgerPrivate

AT_A_TIME = 500  # rows that one query fetches by their keys
FAST = 1  # the level of compression of the ledger, which is long and mostly random


class NotAsRecorded(Exception):
    """Raised if what is stored of the article is not what the ledger tells of it; the message is a sentence."""


class Packed(NamedTuple):
    """A file of the archive: deflated, with the SHA-256, the CRC-32 and the length of its content."""

    name: str
    digest: str
    crc: int
    size: int
    content: bytes


@dataclass(frozen=True)
class Recorded:
    """What the ledger and the tables say of an article at one moment."""

    article: Article
    events: list[dict[str, Any]]
    opened: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    versions: list[int]
    texts: dict[int, str]
    erased: list[int]
    ledger: Packed


def recorded(article: Article) -> Recorded:
    """
    Return what is recorded of the article. The number of queries does not grow with it; call within `one_state`.

    Raise NotAsRecorded if a row or a text is not as the last event about it left it.
    """
    rows = LedgerEvent.objects.filter(article=str(article.public_id)).order_by("position")
    events = list(rows.values(*HASHED, "hash", "signature"))
    confidential = LedgerPrivate.objects.filter(event__article=str(article.public_id)).values_list(
        "event", "salt", "text"
    )
    private = {position: (salt, text) for position, salt, text in confidential}
    opened = [
        {"position": position, "salt": salt, "text": text}
        for position, (salt, text) in ((row["position"], private.get(row["position"], ("", ""))) for row in events)
    ]
    try:
        names, versions = verify_export.recorded(events, opened)
        texts = _texts(article)
        found = Recorded(
            article=article,
            events=events,
            opened=opened,
            rows=_rows(names),
            versions=[*versions],
            texts=texts,
            erased=sorted(versions.keys() - texts.keys()),
            ledger=_packed("ledger.jsonl", ("".join(lines).encode() for lines in batched(exporting.lines())), FAST),
        )
        verify_export.check_rows({"rows": found.rows, "erased": found.erased}, dict(texts), names, dict(versions))
    except (verify_export.Bad, KeyError, ValueError) as error:
        sentence = f"What is stored of this article is not what the ledger tells of it: event {error}"
        raise NotAsRecorded(f"{sentence} Run “manage.py verify_ledger”.") from error
    return found


def packed(found: Recorded, *, html: str, beside: dict[str, Any], now: datetime.datetime) -> bytes:
    """
    Return the archive. `html` is all of it to be read, and `beside` what the ledger does not prove, as JSON.

    Raise WrongKey if the configured key is not the ledger's: nobody could verify the archive.
    """
    signer = keys.signer()
    if found.events and not _is_the_ledgers(signer):
        raise keys.WrongKey("The configured key is not the key that the ledger is signed with.")
    told = {
        "format": verify_export.DOSSIER,
        "article": str(found.article.public_id),
        "slug": found.article.slug,
        "title": found.article.title,
        "versions": found.versions,
        "erased": found.erased,
        "events": found.opened,
        "rows": found.rows,
        "beside": beside,
    }
    files = [
        _packed("dossier.html", [html.encode()]),
        _packed("dossier.json", [canonical(told).encode()]),
        found.ledger,
        *(_packed(f"versions/{number}.json", [text.encode()]) for number, text in sorted(found.texts.items())),
    ]
    manifest = canonical(
        {
            "format": verify_export.DOSSIER,
            "article": str(found.article.public_id),
            "made_at": plain(now),
            "files": {file.name: {"bytes": file.size, "sha256": file.digest} for file in files},
        }
    )
    signature = base64.b64encode(signer.sign(f"{verify_export.DOSSIER}\n{manifest}".encode()))
    head = [_packed("manifest.json", [manifest.encode()]), _packed("manifest.sig", [signature])]
    return verify_export.zipped([(row.name.encode(), row.crc, row.size, row.content) for row in [*head, *files]])


def _is_the_ledgers(signer: keys.Signer) -> bool:
    return LedgerEvent.objects.order_by("-position").values_list("key_id", flat=True).first() == signer.key_id


def _texts(article: Article) -> dict[int, str]:
    """Return the signed texts that are not erased, by the numbers of their versions."""
    rows = VersionText.objects.filter(version__article=article).values_list("version__number", "text")
    return dict(rows)


def _rows(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return each row with the columns that its digest covers; the texts are files of their own."""
    keys_of = defaultdict[str, list[int]](list)
    for name in names:
        table, _, key = name.partition(":")
        if table != VersionText._meta.db_table:
            keys_of[table].append(int(key))
    found: list[dict[str, Any]] = []
    for table, wanted in sorted(keys_of.items()):
        model, wanted = _models()[table], sorted(wanted)
        for start in range(0, len(wanted), AT_A_TIME):
            rows = model._base_manager.filter(pk__in=wanted[start : start + AT_A_TIME]).order_by("pk")
            found += map(_row, rows)
    return found


def _row(row: models.Model) -> dict[str, Any]:
    columns, values = covered(row)
    return {"table": row_name(row).partition(":")[0], "key": row.pk, "columns": columns, "values": values}


@cache
def _models() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def batched(lines: Iterator[str]) -> Iterator[list[str]]:
    """Yield the lines in stretches: each costs three calls."""
    while stretch := list(islice(lines, AT_A_TIME)):
        yield stretch


def _packed(name: str, chunks: Iterable[bytes], level: int = -1) -> Packed:
    digest, crc, size, packer = sha256(), 0, 0, zlib.compressobj(level, wbits=-15)
    content = []
    for chunk in chunks:
        digest.update(chunk)
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        content.append(packer.compress(chunk))
    content.append(packer.flush())
    return Packed(name, digest.hexdigest(), crc, size, b"".join(content))
