"""The drill that an operator runs: it does the whole round, and says so when anything is not as promised."""

import importlib.machinery
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
DRILL = ROOT / "config" / "deploy" / "drill"


@pytest.fixture
def environment(tmp_path) -> dict:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    values = {**kept, "PYTHON": sys.executable, "TMPDIR": str(tmp_path)}
    if connection.vendor == "postgresql":
        login = connection.settings_dict
        person = ":".join(quote(login[part], safe="") for part in ("USER", "PASSWORD") if login[part])
        host = f"{quote(login['HOST'], safe='')}:{login['PORT'] or 5432}"
        values["PGOPTIONS"] = "-c synchronous_commit=off"  # no drill of the tests is about the disk
        values["ADMIN_DATABASE_URL"] = f"postgres://{person}@{host}/postgres"
    return values


def run(environment: dict, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, DRILL, *arguments], env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_drill_in_its_smallest_size(environment, tmp_path):
    done = run(environment, "--backups", "1")

    print(f"\n{done.stdout}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "All is as promised."
    assert "1 backups while the site is written to" in done.stdout
    assert "newer checkpoints were an alarm; then whole again" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_fails_is_said(environment, tmp_path):
    failing = tmp_path / "failing"
    failing.write_text("#!/bin/sh\necho 'it broke' >&2\nexit 3\n")
    failing.chmod(0o700)

    done = run({**environment, "PYTHON": str(failing)}, "--backups", "1")

    assert done.returncode == 1
    assert "NOT AS PROMISED." in done.stderr
    assert "it broke" in done.stderr


@pytest.fixture
def drill():
    loader = importlib.machinery.SourceFileLoader("drill", str(DRILL))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("drill", loader))
    loader.exec_module(module)
    return module


class Answering:
    """A site that says what it is told to."""

    def __init__(self, folder: Path, found: dict):
        self.checkpoints, self.media, self._found = folder / "checkpoints", folder / "media", found

    def do(self, part, *arguments):
        return self._found


RIGHT = {
    "whole": True, "problems": [], "events": 7, "pages": "Compared 1.", "pages_are_right": True, "signed_in": True,
    "public_key": "", "alarm": ["rollback"], "accepted": (0, ""), "restored": [{"ended_at": 7, "lost_until": 9}],
}  # fmt: skip


@pytest.fixture
def sites(tmp_path, drill, monkeypatch):
    """The folders of two sites, of which one has a checkpoint more."""
    for name, sizes in (("site", (7, 9)), ("other", (7,))):
        (tmp_path / name / "media").mkdir(parents=True)
        (tmp_path / name / "media" / "figure").write_text("a figure")
        (tmp_path / name / "checkpoints" / "id").mkdir(parents=True)
        for size in sizes:
            (tmp_path / name / "checkpoints" / "id" / f"{size:012d}.txt").touch()
    monkeypatch.setattr(drill, "outsider", lambda *arguments: "All is well: 7 events … 1 of yours.")
    return lambda **found: (Answering(tmp_path / "other", {**RIGHT, **found}), Answering(tmp_path / "site", {}))


def test_what_is_as_promised_passes(drill, sites, tmp_path):
    assert "7 events" in drill.verified(*sites(), tmp_path, 7)
    assert "1 newer checkpoints were an alarm" in drill.accepted(*sites(), tmp_path, 7, 9)


@pytest.mark.parametrize(
    "found", [{"whole": False}, {"events": 6}, {"pages_are_right": False}, {"signed_in": False}], ids=str
)
def test_a_restored_site_that_is_not_right_fails_the_drill(drill, sites, tmp_path, found):
    with pytest.raises(SystemExit, match="NOT AS PROMISED"):
        drill.verified(*sites(**found), tmp_path, 7)


@pytest.mark.parametrize("said", ["5: it was changed.", "All is well: 8 events"])
def test_an_outsider_who_finds_something_else_fails_the_drill(drill, sites, tmp_path, monkeypatch, said):
    monkeypatch.setattr(drill, "outsider", lambda *arguments: said)

    with pytest.raises(SystemExit, match="An outsider finds something else"):
        drill.verified(*sites(), tmp_path, 7)


def test_lost_media_fail_the_drill(drill, sites, tmp_path):
    (tmp_path / "other" / "media" / "figure").write_text("another")

    with pytest.raises(SystemExit, match="Media are missing"):
        drill.verified(*sites(), tmp_path, 7)


@pytest.mark.parametrize(
    "found",
    [{"alarm": []}, {"accepted": (1, "no")}, {"whole": False}, {"restored": [{"ended_at": 6, "lost_until": 9}]}],
    ids=str,
)
def test_an_older_backup_that_is_no_alarm_or_cannot_be_accepted_fails_the_drill(drill, sites, tmp_path, found):
    with pytest.raises(SystemExit, match="NOT AS PROMISED"):
        drill.accepted(*sites(**found), tmp_path, 7, 9)
