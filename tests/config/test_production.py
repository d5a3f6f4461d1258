"""The site as in production: what stops its start, what its checks say, and what its server answers."""

import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from config.logs import Line
from tests import migrated

ROOT = Path(__file__).parents[2]
SECRET = "a1B2c3D4e5" * 6


@pytest.fixture
def production(tmp_path) -> dict:
    """Return the environment of a server with a SQLite file and a key of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        **kept,
        "DEBUG": "0",
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "imprimatur.example,127.0.0.1",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
        "LEDGER_KEY_FILE": str(tmp_path / "ledger.key"),
        "CHECKPOINT_DIR": str(tmp_path / "checkpoints"),
        "STATIC_ROOT": str(tmp_path / "static"),
        "BEHIND_PROXY": "1",
        "PYTHON": sys.executable,
        "WEB_WORKERS": "1",
    }
    made = manage(environment, "ledger_key", "new", environment["LEDGER_KEY_FILE"])
    assert made.returncode == 0, made.stderr
    return environment


def file_of(environment: dict) -> Path:
    return Path(environment["DATABASE_URL"].removeprefix("sqlite:///"))


def manage(environment: dict, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


def test_the_deployment_check_is_clean(production):
    migrated.put(file_of(production))

    checked = manage(production, "check", "--deploy", "--fail-level", "WARNING", "--database", "default")

    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"SECRET_KEY": "for-debugging-only-never-in-production"}, "publicly known"),
        ({"LEDGER_KEY_FILE": ""}, "LEDGER_KEY_FILE is not set."),
        ({"DEBUG": "1"}, "DEBUG is on for hosts other than this machine."),
    ],
    ids=["no secret", "short secret", "known secret", "no ledger key", "debugging in public"],
)
def test_an_unsafe_start_is_refused_with_a_sentence(production, changed, sentence):
    refused = manage({**production, **changed}, "check")

    assert refused.returncode != 0
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_deployment_check_finds_the_ledgers_key_absent_or_another(production, tmp_path):
    migrated.put(file_of(production))
    manage(production, "checkpoint")
    another = {**production, "LEDGER_KEY_FILE": str(tmp_path / "another.key")}

    absent = manage(another, "check", "--deploy", "--database", "default")
    manage(another, "ledger_key", "new", another["LEDGER_KEY_FILE"])
    wrong = manage(another, "check", "--deploy", "--database", "default")

    assert (absent.returncode, wrong.returncode) == (1, 1)
    assert "No key can be read from" in absent.stderr
    assert "but the ledger is signed with key" in wrong.stderr
    assert "Traceback" not in absent.stderr + wrong.stderr


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({}, "https://imprimatur.example"),
        ({"HTTPS_PORT": "8443"}, "https://imprimatur.example:8443"),
        ({"ALLOWED_HOSTS": "127.0.0.1,.example.org,a.example"}, "https://a.example"),
        ({"ALLOWED_HOSTS": "127.0.0.1"}, "http://127.0.0.1:8000"),
        ({"SITE_URL": "https://www.example.org/"}, "https://www.example.org"),
    ],
)
def test_mails_name_the_address_of_the_site(production, names, said):
    words = ["shell", "--no-imports", "--command", "from django.conf import settings; print(settings.SITE_URL)"]

    assert manage({**production, **names}, *words).stdout.strip() == said


def test_mails_from_nowhere_are_warned_of(production):
    server = {**production, "EMAIL_URL": "smtp://mail.example:25"}

    said = manage(server, "check", "--deploy", "--fail-level", "WARNING")
    from_us = {**server, "EMAIL_URL": "smtp://mail.example:25/?_default_from_email=a@b.example"}
    named = manage(from_us, "check", "--deploy")

    assert said.returncode == 1
    assert "Mails are sent from Imprimatur <no-reply@localhost>, which mail servers refuse." in said.stderr
    assert named.returncode == 0, named.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["migrate"], "manage.py: The database cannot do this: unable to open database file"),
        (["verify_ledger", "--public-key", "00"], "A public key is 64 hexadecimal digits"),
    ],
)
def test_what_an_operator_can_put_right_is_said_in_a_sentence(production, words, sentence):
    refused = manage({**production, "DATABASE_URL": "sqlite:////nonexistent/site.sqlite3"}, *words)

    assert refused.returncode != 0
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_was_not_migrated_is_told_from_one_that_is_away(production):
    refused = manage(production, "verify_pages")

    assert refused.returncode == 1
    assert "The database has not been migrated" in refused.stderr


def test_a_server_without_the_ledgers_key_does_not_start(production):
    migrated.put(file_of(production))
    Path(production["LEDGER_KEY_FILE"]).unlink()

    started = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"], cwd=ROOT, env=production, capture_output=True, text=True
    )

    assert started.returncode != 0
    assert "LEDGER_KEY_FILE" in started.stderr


def test_the_server_serves_pages_files_and_headers_as_behind_a_proxy(production, tmp_path):
    port = _free_port()
    log = (tmp_path / "log").open("w+")
    server = subprocess.Popen(
        [ROOT / "config" / "deploy" / "serve"],
        env={**production, "BIND": f"127.0.0.1:{port}"},
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", server, log)
        page = _get(port, "/", https=True)
        sheet = re.search(r'href="(/static/site\.[0-9a-f]{12}\.css)"', page.read().decode()).group(1)
        style = _get(port, sheet, https=True, encoding="br")

        assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert page.headers["Content-Security-Policy"].count("default-src 'self'") == 1
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["X-Request-ID"]
        assert "Set-Cookie" not in page.headers
        assert "immutable" in style.headers["Cache-Control"]
        assert style.headers["Content-Encoding"] == "br"
        with pytest.raises(urllib.error.HTTPError) as plain:
            _get(port, "/", https=False)
        assert plain.value.code == 301
        assert plain.value.headers["Location"].startswith("https://")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=40)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def _get(port: int, path: str, *, https: bool, encoding: str = "identity"):
    headers = {"Host": "imprimatur.example", "Accept-Encoding": encoding}
    headers |= {"X-Forwarded-Proto": "https"} if https else {}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    return urllib.request.build_opener(_NoRedirect).open(request, timeout=20)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for(address: str, server, log):
    until = time.monotonic() + 90
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    log.seek(0)
    raise AssertionError(f"the server does not answer: {log.read()}")


def test_a_log_line_is_json_with_the_number_of_its_request(rf):
    request = rf.post("/desk/", {"password": "a secret"})
    request.id = "0123456789abcdef"
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden: %s", ("/desk/",), None)
    record.request, record.status_code = request, 403

    line = json.loads(Line().format(record))

    assert line["message"] == "Forbidden: /desk/"
    assert (line["level"], line["status_code"], line["request"]) == ("warning", 403, "0123456789abcdef")
    assert "a secret" not in str(line)


def test_each_answer_names_its_request(client, db):
    given = client.get("/", headers={"X-Request-ID": "0123456789abcdef"})
    hostile = client.get("/", headers={"X-Request-ID": 'x" onload="alert(1)'})

    assert given["X-Request-ID"] == "0123456789abcdef"
    assert re.fullmatch("[0-9a-f]{32}", hostile["X-Request-ID"])
