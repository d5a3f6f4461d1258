"""Restoring a backup into an empty database and empty folders."""

import io
import os
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from reviews.evidence import triggers
from reviews.evidence.ledger import keys
from reviews.operations.backup import Refused, databases
from reviews.operations.backup.archive import CHECKPOINTS, MEDIA, Archive
from reviews.operations.backup.databases import PostgreSQL, SQLite
from reviews.operations.backup.manifest import Manifest
from reviews.verifying import Report, verify


class Outcome(NamedTuple):
    """A restored backup: its manifest, the verification of the ledger, and the output of that of the pages."""

    manifest: Manifest
    ledger: Report
    pages: str
    pages_are_right: bool

    @property
    def is_whole(self) -> bool:
        return self.ledger.is_whole and self.pages_are_right


def restore(path: Path, *, public_key: str | None = None) -> Outcome:
    """
    Restore database, media and checkpoint files, migrate the database to this software, and verify everything.

    `public_key` is the ledger's key, needed only without LEDGER_KEY_FILE. Before any write, raise Refused if the file
    is damaged or not for this site, or if the site is not empty. A failure until the database is loaded leaves nothing
    behind. If the verification finds problems the restored site stays, and the outcome has them.
    """
    with Archive(path) as archive:
        database = databases.of_the_site()
        public_key = _check_fits(archive.manifest, database.member, public_key)
        for folder in _folders():
            _require_no_files(folder)
        database.require_ready()
        try:
            _put_back(archive, database)
        except OSError as error:
            where = f" to {error.filename}" if error.filename else ""
            raise Refused(f"The backup could not be written back{where}: {error.strerror or error}.") from error
        return _verified(archive.manifest, public_key)


def _folders() -> tuple[Path, Path]:
    return Path(settings.MEDIA_ROOT), Path(settings.CHECKPOINT_DIR)


def _check_fits(manifest: Manifest, member: str, public_key: str | None) -> str:
    """Raise Refused if this site cannot use the backup; return the public key that must have signed its ledger."""
    if manifest.vendor != connection.vendor or member not in manifest.members:
        raise Refused(
            f"The backup is of a database of another kind: {manifest.vendor}. This site uses {connection.vendor}."
        )
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.keys()
    if newer := sorted(set(manifest.migrations) - known):
        raise Refused(
            f"The backup is of a newer version, {manifest.version}: this software does not know the migration "
            f"{'.'.join(newer[0])}. Install that version first."
        )
    try:
        public_key = public_key or keys.read(Path(settings.LEDGER_KEY_FILE)).public
        key_id = keys.key_id_of(public_key)
    except ImproperlyConfigured as error:
        raise Refused(
            f"{error} The key is not in the backup: bring it back first, or name its public half with --public-key."
        ) from error
    if manifest.ledger.position and key_id != manifest.ledger.key_id:
        raise Refused(
            f"The ledger in the backup is signed with key {manifest.ledger.key_id}, but the available key is {key_id}. "
            "The key is not in the backup: bring it back first."
        )
    return public_key


def _require_no_files(folder: Path) -> None:
    if found := next((path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()), None):
        raise Refused(
            f"The folder {folder} already holds files, such as {found}: move them away. If checkpoints are newer than "
            "the backup, give them to “manage.py accept_restore --checkpoints” afterwards."
        )


def _put_back(archive: Archive, database: SQLite | PostgreSQL) -> None:
    """Write the files, then load the database; delete the files again if it cannot be loaded."""
    with ExitStack() as undo:
        for start, folder in zip((MEDIA, CHECKPOINTS), _folders(), strict=True):
            for name in archive.names(start):
                _make_folders((folder / name).parent, undo)
                undo.callback((folder / name).unlink, missing_ok=True)
                archive.extract(start + name, folder / name)
        database.load(archive, finish=lambda: _finish(archive.manifest))
        undo.pop_all()


def _make_folders(folder: Path, undo: ExitStack) -> None:
    if folder.is_dir():
        return
    _make_folders(folder.parent, undo)
    folder.mkdir()
    undo.callback(os.rmdir, folder)


def _finish(manifest: Manifest) -> None:
    """Compare the rows with the manifest, then migrate the database and check that its triggers are in force."""
    counts = databases.row_counts()
    if counts != manifest.rows:
        wrong = sorted(
            name for name in counts.keys() | manifest.rows.keys() if counts.get(name) != manifest.rows.get(name)
        )
        raise Refused(
            f"The restored table {wrong[0]} has {counts.get(wrong[0], 'no')} rows; in the manifest it has "
            f"{manifest.rows.get(wrong[0], 'none')}."
        )
    call_command("migrate", verbosity=0, interactive=False)
    if missing := triggers.missing():
        raise Refused(f"The trigger {missing[0]} could not be installed.")


def _verified(manifest: Manifest, public_key: str) -> Outcome:
    report, output, right = verify(public_key=public_key), io.StringIO(), True
    try:
        call_command("verify_pages", stdout=output)
    except SystemExit:
        right = False
    return Outcome(manifest, report, output.getvalue().strip(), right)
