"""The commands as an operator runs them: what they say, and how they exit."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from reviews.evidence.ledger import exporting, keys
from reviews.models import Checkpoint, LedgerEvent, LedgerHead
from tests import migrated
from tests.ledger import attacks
from tests.ledger.attacks import execute, undone

ROOT = Path(__file__).resolve().parents[2]


def said(*arguments, **options) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


class TestVerifyLedger:
    def test_a_whole_ledger(self, story):
        text = said("verify_ledger")

        assert text.endswith("All is well: the ledger is whole, and the database agrees with it.\n")
        assert f"Verified {LedgerEvent.objects.count()} events" in text

    def test_a_ledger_whose_signatures_were_left_out_is_not_called_whole(self, story):
        text = said("verify_ledger", "--no-signatures")

        assert text.endswith("The database agrees with the ledger. The signatures of the events were not verified.\n")
        assert "All is well" not in text

    def test_as_json(self, story):
        report = json.loads(said("verify_ledger", "--json"))

        assert report["whole"] is True
        assert report["problems"] == []
        assert report["events"] == report["signatures"] == LedgerEvent.objects.count()
        assert report["ledger_id"] == LedgerHead.objects.get().ledger_id

    def test_the_first_bad_position_is_named_and_the_exit_is_1(self, story):
        attacks.disarm()
        execute("UPDATE reviews_ledgerevent SET actor = '9' WHERE position IN (40, 41)")
        out = StringIO()

        with pytest.raises(SystemExit) as exit_:
            call_command("verify_ledger", stdout=out)

        attacks.rearm()
        assert exit_.value.code == 1
        assert out.getvalue().splitlines()[-1] == "The first bad position is 40: Event 40 was changed."

    def test_as_json_the_exit_is_1_as_well(self, story):
        attacks.disarm()
        execute("DELETE FROM reviews_ledgerprivate WHERE event_id = 9")
        out = StringIO()

        with pytest.raises(SystemExit) as exit_:
            call_command("verify_ledger", "--json", stdout=out)

        attacks.rearm()
        report = json.loads(out.getvalue())
        assert exit_.value.code == 1
        assert report["whole"] is False
        assert report["problems"][0]["position"] == 9

    def test_without_signatures_and_with_another_key(self, story):
        assert " 0 signatures" in said("verify_ledger", "--no-signatures")
        assert "All is well" in said("verify_ledger", "--public-key", keys.signer().public)

        with pytest.raises(SystemExit):
            said("verify_ledger", "--public-key", "0" * 64)

    def test_it_writes_nothing(self, story):
        before = attacks.read_all()

        said("verify_ledger")

        assert attacks.read_all() == before
        assert not connection.needs_rollback


class TestCheckpoint:
    def test_it_signs_the_head_once(self, story, checkpoint_files):
        events = LedgerEvent.objects.count()

        first, second = said("checkpoint"), said("checkpoint")

        assert LedgerEvent.objects.count() == events + 1
        assert Checkpoint.objects.order_by("size").last().size == events + 1
        assert f"at {events + 1} events" in first
        assert second.endswith("wrote the missing files of 0 checkpoints.\n")

    def test_it_writes_missing_files(self, story, checkpoint_files):
        said("checkpoint")
        for path in checkpoint_files[:3]:
            path.unlink()

        assert said("checkpoint").endswith("wrote the missing files of 3 checkpoints.\n")
        assert "All is well" in said("verify_ledger")


class TestLedgerKey:
    def test_new_and_show(self, story, tmp_path):
        file = tmp_path / "new.key"

        assert str(file) in said("ledger_key", "new", str(file))
        assert said("ledger_key", "show") == f"Key {keys.signer().key_id}, public key {keys.signer().public}\n"
        with pytest.raises(CommandError, match="already exists"):
            said("ledger_key", "new", str(file))
        with pytest.raises(CommandError, match="Name the file"):
            said("ledger_key", "rotate")

    def test_rotate(self, story, settings, tmp_path):
        file = tmp_path / "new.key"
        said("ledger_key", "new", str(file))

        text = said("ledger_key", "rotate", str(file))

        assert keys.read(file).key_id in text
        settings.LEDGER_KEY_FILE = file
        assert "All is well" in said("verify_ledger")

    def test_rotate_to_what_is_no_key(self, story, tmp_path):
        with pytest.raises(CommandError, match="No key can be read from"):
            said("ledger_key", "rotate", str(tmp_path / "none.key"))


class TestExportLedger:
    def test_an_export_that_fails_leaves_the_one_that_is_there(self, story, tmp_path, monkeypatch):
        kept = tmp_path / "ledger.jsonl"
        call_command("export_ledger", kept)
        before = kept.read_bytes()

        def fails(size=None):
            yield "{}\n"
            raise OperationalError("The database went away.")

        monkeypatch.setattr(exporting, "lines", fails)
        with pytest.raises(OperationalError):
            call_command("export_ledger", kept)

        assert kept.read_bytes() == before
        assert [path for path in tmp_path.iterdir() if path.is_file()] == [kept]

    def test_an_export_goes_into_a_pipe(self, story, tmp_path):
        pipe, copy = tmp_path / "pipe", tmp_path / "copy"
        os.mkfifo(pipe)

        with copy.open("wb") as out, subprocess.Popen(["/bin/cat", str(pipe)], stdout=out):
            call_command("export_ledger", pipe)

        assert copy.read_bytes().count(b"\n") > LedgerEvent.objects.count()
        assert stat.S_ISFIFO(pipe.stat().st_mode)

    def test_to_a_file_and_to_standard_output(self, story, tmp_path):
        file = tmp_path / "ledger.jsonl"

        said("export_ledger", str(file))

        assert file.read_text() == said("export_ledger")
        with undone():
            assert len(file.read_text().splitlines()) == 1 + LedgerEvent.objects.count() + Checkpoint.objects.count()


def manage(folder: Path, *arguments, **environment) -> subprocess.Popen:
    """Run manage.py on a database of its own in this folder."""
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "CHECKPOINT_DIR": str(folder / "checkpoints"),
        "LEDGER_KEY_FILE": str(folder / "ledger.key"),
        "DEBUG": "1",
        **environment,
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


WHILE_VERIFYING = """
import sqlite3
from unittest import mock
from django.conf import settings
from reviews import verifying
check = verifying.evidence.check
def write_meanwhile(expected, report):
    other = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=0)
    other.execute("INSERT INTO auth_group (name) VALUES ('written meanwhile')")
    other.commit()
    check(expected, report)
with mock.patch.object(verifying.evidence, "check", write_meanwhile):
    print(len(verifying.verify().problems))
"""


def test_on_sqlite_a_verification_holds_up_no_writer_and_sees_one_state(tmp_path):
    migrated.put(tmp_path / "db.sqlite3")
    assert manage(tmp_path, "checkpoint").wait() == 0

    process = manage(tmp_path, "shell", "--no-imports", "-c", WHILE_VERIFYING)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, out.strip()) == (0, "0"), err
    database = sqlite3.connect(tmp_path / "db.sqlite3")
    assert database.execute("SELECT count(*) FROM auth_group WHERE name = 'written meanwhile'").fetchone() == (1,)


def test_as_a_process_the_exit_code_tells(tmp_path):
    migrated.put(tmp_path / "db.sqlite3")
    assert manage(tmp_path, "checkpoint").wait() == 0
    whole = manage(tmp_path, "verify_ledger", "--json")
    out, _ = whole.communicate()
    assert (whole.returncode, json.loads(out)["events"]) == (0, 2)

    database = sqlite3.connect(tmp_path / "db.sqlite3")
    database.execute("DROP TRIGGER reviews_ledgerevent_only_added_delete")
    database.execute("DELETE FROM reviews_ledgerevent WHERE position = 2")
    database.commit()
    cut = manage(tmp_path, "verify_ledger", "--json")
    out, _ = cut.communicate()

    found = [(problem["position"], problem["kind"]) for problem in json.loads(out)["problems"]]
    assert cut.returncode == 1
    assert (2, "rollback") in found
    assert (2, "head") in found
    assert (2, "trigger") in found
