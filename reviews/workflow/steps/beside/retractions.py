"""Loading a list of retractions: what it says of works is in force from then on, and editors learn whom it touches."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Retraction, RetractionSnapshot, Version, VersionReference
from articles.models.people import Role
from articles.models.setup.retractions import gravest
from articles.text.canonical import canonical
from articles.text.citations import is_retracted
from articles.text.citations.retracted import plain_title, work_of
from articles.text.citations.retractions.standing import Record, Standing, identifiers_of, standings
from reviews.evidence import ledger
from reviews.messages import notifications
from reviews.models import LedgerHead, Task
from reviews.models.actions import Action
from reviews.workflow.errors import NotNow
from reviews.workflow.refusals import refusals_logged
from reviews.workflow.transaction import as_stored

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

BATCH = 500
FEWEST = 0.9  # of the identifiers of the list in force: a shorter list was probably cut off

TOLD: dict[str, "StrOrPromise"] = {
    Standing.RETRACTED: gettext_lazy(
        "Version {number} cites a retracted work: [@{key}], “{title}” ({list}). Check what depends on it. If it no "
        "longer holds, submit a new version or issue a notice."
    ),
    Standing.CONCERN: gettext_lazy(
        "Version {number} cites a work under an expression of concern: [@{key}], “{title}” ({list}). Check what "
        "depends on it."
    ),
    Standing.CORRECTED: gettext_lazy(
        "Version {number} cites a work that was corrected: [@{key}], “{title}” ({list}). Check whether the correction "
        "touches what the text says."
    ),
    Standing.REINSTATED: gettext_lazy(
        "Version {number} cites a work that was reinstated: [@{key}], “{title}” ({list}). Check what the text says of "
        "it."
    ),
    Standing.NONE: gettext_lazy(
        "Version {number} cites a work that the list of retractions no longer names: [@{key}], “{title}” ({list}). "
        "Check what the text says of it."
    ),
}


@dataclass(frozen=True)
class ReadList:
    """A list of retractions as it was read from a file: its name, its day, its SHA-256, its rows and records."""

    name: str
    as_of: datetime.date
    sha256: str
    rows: int
    records: list[Record] = field(repr=False)


@dataclass(frozen=True)
class Touched:
    """A published text that cites a work whose standing the list changed."""

    version: Version
    key: str
    title: str
    standing: str


@refusals_logged
@transaction.atomic(durable=True)
def load_retractions(found: ReadList, *, actor: User | None, accept_fewer: bool = False) -> list[Touched]:
    """
    Put a list of retractions in force, and return the published texts that it touches.

    The editors get a task and a message for each. Raise NotNow if this list, or a newer one, is in force, or if it has
    far fewer identifiers than the list in force and `accept_fewer` is not set.
    """
    _wait_for_others()
    after = {name: Retraction.of(name, record) for name, record in standings(found.records).items()}
    before = {row.identifier: row for row in Retraction.objects.all()}
    _require_newer(found, after, before, accept_fewer=accept_fewer)
    _replace(before, after)
    snapshot = RetractionSnapshot(
        name=found.name,
        as_of=found.as_of,
        sha256=found.sha256,
        rows=found.rows,
        entries=len(after),
        digest=digest_of(after.values()),
        loaded_at=timezone.now(),
    )
    snapshot.save()
    touched = list(_touched(before, after))
    _open_tasks(touched, snapshot)
    ledger.append(Action.RETRACTIONS_LOADED, actor=actor, payload=_payload(snapshot), rows=[snapshot])
    return touched


def _wait_for_others() -> None:
    """Let one list be loaded after the other: the ledger is locked until the transaction ends."""
    LedgerHead.objects.select_for_update().get(pk=1)


def digest_of(rows: Iterable[Retraction]) -> str:
    """Return one SHA-256 of all rows, in whatever order they come."""
    each = sorted(hashlib.sha256(canonical(row.values()).encode()).digest() for row in rows)
    return hashlib.sha256(b"".join(each)).hexdigest()


def _require_newer(
    found: ReadList, after: dict[str, Retraction], before: dict[str, Retraction], *, accept_fewer: bool
) -> None:
    last = RetractionSnapshot.objects.order_by("-pk").first()
    if last is None:
        return
    if (last.sha256, last.as_of) == (found.sha256, found.as_of):
        raise NotNow(_("This list is already loaded."))
    if found.as_of < last.as_of:
        said = _("A newer list is loaded: {newer}. This one is as of {day}.")
        raise NotNow(said.format(newer=last, day=found.as_of.isoformat()))
    if len(after) < len(before) * FEWEST and not accept_fewer:
        said = _("The list has {count} identifiers, the one in force has {before}. Check that the file is whole.")
        raise NotNow(said.format(count=f"{len(after):,}", before=f"{len(before):,}"))


def _replace(before: dict[str, Retraction], after: dict[str, Retraction]) -> None:
    """Make the stored rows those of the list. Rows that stay the same are not touched."""
    same = {name for name, row in after.items() if name in before and row.values() == before[name].values()}
    gone = sorted(before.keys() - same)
    for start in range(0, len(gone), BATCH):
        Retraction.objects.filter(identifier__in=gone[start : start + BATCH]).delete()
    new = [row for name, row in sorted(after.items()) if name not in same]
    Retraction.objects.bulk_create(new, batch_size=BATCH)


def _touched(before: dict[str, Retraction], after: dict[str, Retraction]) -> Iterator[Touched]:
    """Yield the works of published texts whose standing is another one now. The text may say already that it is."""
    cited = VersionReference.objects.filter(version=F("version__article__published_version"))
    for row in cited.select_related("version__article", "reference").order_by("version", "key").iterator():
        names = identifiers_of(row.reference.doi, row.reference.pmid)
        was, now = (_standing(names, rows) for rows in (before, after))
        is_known = is_retracted(row.reference.csl) or is_retracted(work_of(row.csl_text))
        if was != now and not (now == Standing.RETRACTED and is_known):
            yield Touched(row.version, row.key, plain_title(work_of(row.csl_text)), now)


def _standing(names: tuple[str, ...], rows: dict[str, Retraction]) -> str:
    found = gravest(rows[name] for name in names if name in rows)
    return found.standing if found else Standing.NONE.value


def _open_tasks(touched: list[Touched], snapshot: RetractionSnapshot) -> None:
    now = timezone.now()
    with as_stored():
        for work in touched:
            text = str(TOLD[work.standing]).format(
                number=work.version.number, key=work.key, title=work.title[:400], list=snapshot
            )
            Task(
                article=work.version.article,
                version=work.version,
                role=Role.EDITOR.group,
                text=text[:1000],
                opened_at=now,
            ).save()
    notifications.works_retracted({work.version.pk: work.version for work in touched}.values())


def _payload(snapshot: RetractionSnapshot) -> dict[str, str | int]:
    return {
        "name": snapshot.name,
        "as_of": snapshot.as_of.isoformat(),
        "sha256": snapshot.sha256,
        "lines": snapshot.rows,
        "entries": snapshot.entries,
        "digest": snapshot.digest,
    }
