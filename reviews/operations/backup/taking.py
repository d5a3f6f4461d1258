"""Taking a backup while the site is in use."""

import datetime
import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

import config
from reviews.evidence.ledger import checkpoints
from reviews.operations.backup import Refused, databases, manifest
from reviews.operations.backup.archive import CHECKPOINT, CHECKPOINTS, MEDIA, Writer
from reviews.operations.backup.databases import Facts
from reviews.operations.backup.manifest import Manifest
from reviews.verifying import verify

SCRATCH = ".imprimatur-"


def take(folder: Path, *, even_if_damaged: bool = False) -> tuple[Path, Manifest]:
    """
    Write a new backup file into the folder, atomically, and return its path and manifest.

    Database and checkpoint files belong to one snapshot. The ledger is verified first, without the signatures of its
    events; if it has problems raise Refused, unless `even_if_damaged`. Needs disk space for the database twice.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise Refused(f"The folder {folder} does not exist: create it first.")
    whole = _is_whole(even_if_damaged)
    _delete_old_scratch_folders(folder)
    try:
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=folder))
    except OSError as error:
        raise Refused(f"The folder {folder} cannot be written to: {error.strerror}.") from error
    try:
        return _take(folder, scratch, whole)
    except OSError as error:
        raise Refused(f"The backup could not be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _delete_old_scratch_folders(folder: Path) -> None:
    """Delete scratch folders older than a day, left by killed backups: each holds a copy of the database."""
    long_ago = (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)).timestamp()
    for scratch in folder.glob(f"{SCRATCH}*"):
        if scratch.is_dir() and scratch.stat().st_mtime < long_ago:
            shutil.rmtree(scratch, ignore_errors=True)


def _is_whole(even_if_damaged: bool) -> bool:
    try:
        report = verify(check_signatures=False)
    except ImproperlyConfigured as error:
        raise Refused(str(error)) from error
    if (first := report.first) and not even_if_damaged:
        raise Refused(
            f"The ledger is not whole, first at {first.position}: {first.message} Check it with "
            "“manage.py verify_ledger”, or take the backup anyway with --even-if-damaged."
        )
    return report.is_whole


def _take(folder: Path, scratch: Path, whole: bool) -> tuple[Path, Manifest]:
    database, now = databases.of_the_site(), datetime.datetime.now(datetime.UTC)
    with Writer(scratch / "backup.tar") as tar:
        facts = database.dump(scratch / database.member)
        tar.add(database.member, scratch / database.member)
        _add_checkpoints(tar, facts)
        _add_media(tar, Path(settings.MEDIA_ROOT))
        written = Manifest(
            format=manifest.FORMAT,
            version=config.VERSION,
            made_at=now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            vendor=databases.connection.vendor,
            vendor_version=database.version,
            whole=whole,
            ledger=facts.ledger,
            migrations=facts.migrations,
            rows=facts.rows,
            members=tar.members.copy(),
        )
        tar.close(written)
    target = folder / f"imprimatur-{now:%Y-%m-%dT%H%M%S.%fZ}.tar"
    os.rename(scratch / "backup.tar", target)
    databases.sync_folder(folder)
    return target, written


def _add_checkpoints(tar: Writer, facts: Facts) -> None:
    """
    Add the checkpoint files up to the end of the ledger in the backup, and the lost ones of earlier restores.

    A checkpoint whose file is not yet written is added from the database.
    """
    ledger_id, end = facts.ledger.id, facts.ledger.position
    start = checkpoints.folder(ledger_id)
    missing = {checkpoints.file_name(size): note for size, note in facts.notes.items()}
    for path in sorted(start.rglob("*.txt")) if ledger_id else []:
        name = f"{CHECKPOINTS}{ledger_id}/{path.relative_to(start)}"
        if CHECKPOINT.fullmatch(name) and _is_until(end, path, start):
            tar.add(name, path)
            missing.pop(path.name if path.parent == start else "", None)
    for name, note in missing.items():
        tar.add_bytes(f"{CHECKPOINTS}{ledger_id}/{name}", note.encode("utf-8", "surrogatepass"))


def _is_until(end: int, path: Path, start: Path) -> bool:
    """Tell whether the file belongs to the ledger up to this end; a lost one does if its restore does."""
    if path.parent == start:
        return int(path.stem) <= end
    return int(path.parent.name.rpartition("-")[2]) < end


def _add_media(tar: Writer, folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise Refused(f"Among the media, {path} is a link or a device: a backup holds plain files.")
        if path.is_file():
            tar.add(f"{MEDIA}{path.relative_to(folder)}", path)
