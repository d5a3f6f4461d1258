"""A few rounds of each fault: the commands find nothing, and find at once what is broken on purpose."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.settings import TEST_SERVER

ROOT = Path(__file__).parents[2]


def command(name: str, *options: str) -> subprocess.CompletedProcess:
    environment = {key: value for key, value in os.environ.items() if key not in ("DJANGO_SETTINGS_MODULE",)}
    for key in ("LEDGER_KEY_FILE", "CHECKPOINT_DIR", "TEST_DATABASE_URL", "DATABASE_URL"):
        environment.pop(key, None)
    words = [sys.executable, "-m", f"tests.faults.{name}", *options]
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture
def where() -> list[str]:
    """The database that this run of the suite is about."""
    server = TEST_SERVER
    return ["--server", server] if server else []


def test_a_kill_loses_nothing_that_was_acknowledged_and_no_mail(where):
    done = command("killed", "--rounds", "6", *where)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("postgresql: 6 rounds" if where else "sqlite: 6 rounds")


@pytest.mark.parametrize(("broken", "said"), [("early", "acknowledged and lost: "), ("mail", " mails “")])
def test_a_kill_shows_what_is_broken_on_purpose(where, broken, said):
    done = command("killed", "--rounds", "60", "--break", broken, *where)

    assert done.returncode == 1
    assert said in done.stdout, done.stdout + done.stderr


@pytest.mark.once
def test_a_power_cut_leaves_everything_that_was_acknowledged():
    done = command("copied", "--rounds", "5")

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("sqlite: 5 copies")


@pytest.mark.once
def test_a_power_cut_shows_what_is_broken_on_purpose():
    done = command("copied", "--rounds", "60", "--break", "early")

    assert done.returncode == 1
    assert "acknowledged and lost: " in done.stdout, done.stdout + done.stderr


@pytest.mark.postgresql
def test_a_server_that_stops_at_once_loses_nothing_that_was_acknowledged():
    done = command("stopped", "--rounds", "2")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "postgresql: 2 stops" in done.stdout


@pytest.mark.postgresql
def test_a_stop_shows_what_is_broken_on_purpose():
    done = command("stopped", "--rounds", "3", "--break", "early")

    assert done.returncode == 1
    assert "acknowledged and lost: " in done.stdout, done.stdout + done.stderr


@pytest.mark.once
def test_a_full_disk_is_answered_with_503_and_loses_nothing():
    done = command("full_disk", "--rounds", "2")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "answered with 503" in done.stdout


@pytest.mark.once
def test_a_full_disk_shows_what_is_broken_on_purpose():
    done = command("full_disk", "--rounds", "3", "--break", "answers")

    assert done.returncode == 1
    assert "a step was answered with 500" in done.stdout, done.stdout + done.stderr
