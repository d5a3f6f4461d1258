"""What a backup or a restore refuses because of where it is run; nothing is left behind."""

import os
import stat
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from reviews.evidence import ledger
from reviews.models.actions import Action
from reviews.operations.backup import taking
from reviews.operations.backup.databases import Facts
from reviews.operations.backup.manifest import Head
from tests.ledger import attacks
from tests.ledger import story as stories


@pytest.fixture
def folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    made = tmp_path / "backups"
    made.mkdir()
    return made


@pytest.fixture
def begun(db, folder):
    """A ledger of two events with a checkpoint."""
    with transaction.atomic():
        ledger.append(Action.CHECKPOINT_MADE, actor=None)
    stories.write_files()


def refused(folder, **options) -> str:
    """Return the sentence with which `backup` refuses, having left nothing in the folder."""
    with pytest.raises(CommandError) as error:
        call_command("backup", folder, stdout=StringIO(), **options)
    assert str(error.value).endswith("."), str(error.value)
    assert not folder.is_dir() or list(folder.iterdir()) == []
    return str(error.value)


def test_a_folder_that_is_not_there(begun, folder):
    assert "does not exist" in refused(folder / "none")


def test_a_folder_that_cannot_be_written_to(begun, folder, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("reviews.operations.backup.taking.tempfile.mkdtemp", refuse)

    assert "cannot be written to: Permission denied." in refused(folder)


def test_the_copy_that_a_killed_backup_left_is_cleared_away_after_a_day(begun, folder, monkeypatch):
    old, new = folder / ".imprimatur-old", folder / ".imprimatur-new"
    for scratch in (old, new):
        scratch.mkdir()
        (scratch / "database.sqlite3").write_text("a copy of the database")
    day_ago = time.time() - 25 * 60 * 60
    os.utime(old, (day_ago, day_ago))

    monkeypatch.setattr(taking, "_take", lambda *written: "a backup")
    taking.take(folder)

    assert not old.exists()
    assert new.exists(), "another backup may be at work in it"


def test_a_damaged_ledger(begun, folder):
    with attacks.undone():
        attacks.disarm()
        attacks.execute("UPDATE reviews_ledgerevent SET actor = '9' WHERE position = 2")

        assert "The ledger is not whole, first at 2: " in refused(folder)


def test_a_link_among_the_media(begun, folder, settings, monkeypatch):
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "link").symlink_to("/etc/passwd")
    monkeypatch.setattr("reviews.operations.backup.databases.SQLite.dump", dump_nothing)
    monkeypatch.setattr("reviews.operations.backup.databases.PostgreSQL.dump", dump_nothing)

    assert "is a link or a device" in refused(folder)


def dump_nothing(database, path):
    path.write_bytes(b"a database")
    return Facts({}, [], Head("", 0, "", ""), {})


def test_a_disk_that_is_full(filled, folder):
    """The limit on a file's size stands in for the disk's: the write itself fails, wherever it is at."""
    command = [["backup", str(folder)]]
    found = filled.site.do_all(*(("run_with_little_room", command, room) for room in (1_000, 20_000, 200_000)))

    for ((code, said),) in found:
        assert code == 1, said
        assert said.endswith(".")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (None, "The program pg_dump is missing"),
        ("echo 'pg_dump (PostgreSQL) 9.6.24'", "is of version 9, older than the server's"),
        ("echo nonsense", "is of version unknown"),
        ("case $1 in --version) echo 'pg_dump (PostgreSQL) 99.1';; *) echo 'pg_dump: error: no.' >&2; exit 1;; esac",
         "pg_dump failed: pg_dump: error: no."),
    ],
    ids=["missing", "older", "strange", "failing"],
)  # fmt: skip
@pytest.mark.postgresql
def test_programs_of_postgresql(transactional_db, folder, tmp_path, monkeypatch, program, sentence):
    binaries = tmp_path / "bin"
    binaries.mkdir()
    if program:
        tool = binaries / "pg_dump"
        tool.write_text(f"#!/bin/sh\n{program}\n")
        tool.chmod(0o700)
    monkeypatch.setenv("PATH", str(binaries))

    assert sentence in refused(folder)


@pytest.mark.postgresql
def test_the_password_is_on_no_command_line(transactional_db, folder, tmp_path, monkeypatch):
    binaries, log = tmp_path / "bin", tmp_path / "log"
    binaries.mkdir()
    tool = binaries / "pg_dump"
    tool.write_text(
        f"#!/bin/sh\n[ $1 = --version ] && echo '(PostgreSQL) 99' && exit\n"
        f'echo "$0 $*" > {log}\n[ -n "$PGPASSWORD" ] && echo found >> {log}\nexit 1\n'
    )
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{binaries}:{os.environ['PATH']}")

    refused(folder)

    command, found = log.read_text().splitlines()
    assert "--format=custom" in command
    assert "--snapshot=" in command
    assert connection.settings_dict["PASSWORD"] not in command.replace(str(tool), "").split("--file=")[0]
    assert found == "found"


def test_a_restore_refuses_a_database_that_holds_anything(filled, another):
    restore = ["restore", str(filled.backup)]
    (made, *refusals), state = another.do_all(("run", [["migrate", "--verbosity", "0"], restore, restore]), ("state",))

    assert made[0] == 0
    for code, said in refusals:
        assert code == 1
        assert "already holds tables" in said
    assert state["events"] == 0
    assert not another.media.exists()
    assert not another.checkpoints.exists()


def test_even_a_damaged_ledger_is_backed_up_where_that_is_asked_for(filled, another, empty, folder):
    backup = ["backup", str(folder)]
    ((restored, _),), _, ((no, _), (yes, said)) = another.do_all(
        ("run", [["restore", str(filled.backup)]]), ("damage",), ("run", [backup, [*backup, "--even-if-damaged"]])
    )
    (backup,) = folder.iterdir()
    ((code, told),), state = empty.do_all(("run", [["restore", str(backup)]]), ("state",))

    assert (restored, no, yes, code) == (0, 1, 0, 1)
    assert "The ledger in it is not whole" in said
    assert "Event 3 was changed." in told
    assert told.splitlines()[-1] == "The restored site is not whole."
    assert state["events"] == filled.state["events"]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_a_restore_needs_no_private_key_where_the_public_one_is_named(filled, another, tmp_path):
    another.key = tmp_path / "none.key"

    public = filled.public_key
    (without, said), (wrong, _), (right, told) = another.run(
        ["restore", str(filled.backup)],
        ["restore", str(filled.backup), "--public-key", "ab" * 32],
        ["restore", str(filled.backup), "--public-key", public],
    )

    assert (without, wrong, right) == (1, 1, 0), told
    assert "name its public half with --public-key" in said


def test_files_beside_a_sqlite_database_are_refused(filled, another):
    """On PostgreSQL a file of that name is nobody's business."""
    if connection.vendor != "sqlite":
        return
    command = [["restore", str(filled.backup)]]
    beside = [str(another.folder / f"site.sqlite3{end}") for end in ("-wal", "-shm", "-journal")]
    scenes = [(("touch", path), ("run", command), ("unlink", path)) for path in beside]

    found = another.do_all(*(each for scene in scenes for each in scene))

    for path, ((code, said),) in zip(beside, found[1::3], strict=True):
        assert code == 1
        assert f"The file {path} belongs to a database in use" in said
