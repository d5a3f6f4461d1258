"""The operator's page: each of its commands is run, as written and in its order, on a site of its own."""

import hashlib
import os
import re
import subprocess
import sys

import pytest
from django.core.management import get_commands

from tests import retractions
from tests.deploy.test_files import known_names
from tests.docs.pages import ROOT, blocks, commands, page

pytestmark = pytest.mark.once
RESTORED = "config/deploy/manage restore BACKUP"  # from here on the site has another, empty database
IMPORTED = "config/deploy/manage import_article FILE.md --author USERNAME"
AUTHOR = """
from django.contrib.auth.models import Group, User
from articles.models import Contributor, Topic
from articles.models.people import Role
nora = User.objects.create(username="nora", email="nora@imprimatur.example")
nora.groups.add(Group.objects.get(name=Role.AUTHOR.group))
Contributor.objects.create(user=nora, name="Nora Sample")
Topic.objects.create(name="Injuries", slug="injuries")
"""


def environment(folder, **names: str) -> dict[str, str]:
    """Write the file that `config/deploy/manage` reads, and return the environment to call it with."""
    folder.mkdir()
    kept = {
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "SECRET_KEY": hashlib.sha256(b"a sample").hexdigest(),
        "CHECKPOINT_DIR": str(folder / "checkpoints"),
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "ALLOWED_HOSTS": "imprimatur.example",
        "EDGE_URL": "",
        "EMAIL_URL": "dummy:",
        "PYTHON": sys.executable,
        **names,
    }
    file = folder / "environment"
    file.write_text("".join(f"{name}={value}\n" for name, value in kept.items()))
    file.chmod(0o600)
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    bare = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return bare | {"DEBUG": "0", "ENVIRONMENT_FILE": str(file), "SITE_USER": user}


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, tuple[int, str]]:
    """Run every command of the page once; return exit code and output of each, by its line."""
    folder = tmp_path_factory.mktemp("operator")
    key, new_key, backups = folder / "ledger.key", folder / "new.key", folder / "backups"
    backups.mkdir()
    first = environment(folder / "site", LEDGER_KEY_FILE=str(key))
    second = environment(folder / "restored", LEDGER_KEY_FILE=str(key))
    file = folder / "FILE.md"
    file.write_text(blocks("author", "markdown")[0])
    texts = folder / "texts"
    texts.mkdir()
    (texts / "second.md").write_text(file.read_text().replace("title: How long does", "title: How soon does"))
    listed = folder / "LIST.csv"
    listed.write_bytes(retractions.as_csv(retractions.row(doi="10.5555/a"), retractions.row(2, pmid="7")))
    put_in = {
        "NEW_KEY": new_key, "KEY": key, "LOGIN": "ada", "EMAIL": "ada@imprimatur.example", "FOLDER": backups,
        "FILE.md": file, "LIST.csv": listed, "USERNAME": "nora", "EXPORT": folder / "ledger.jsonl",
        "VERIFIER": folder / "verify.py", "TEXTS": texts, "TEXT.md": folder / "TEXT.md",
        "TEXT.docx": folder / "TEXT.docx",
        "SLUG": "how-long-does-a-sprained-ankle-take-to-heal",
        "CHECKPOINTS": folder / "site" / "checkpoints", ".venv/bin/python": sys.executable,
    }  # fmt: skip
    found, site = {}, first
    for line in commands("operator"):
        site = second if line == RESTORED else site
        if line == IMPORTED:  # by then an administrator has added people
            subprocess.run([ROOT / "config" / "deploy" / "manage", "shell", "-c", AUTHOR], env=site, check=True)
        put_in["BACKUP"] = next(backups.iterdir(), backups)
        words = re.sub(
            "|".join(rf"(?<![\w-]){re.escape(name)}\b" for name in put_in), lambda hit: str(put_in[hit[0]]), line
        )
        done = subprocess.run(words, shell=True, cwd=ROOT, env=site, capture_output=True, text=True, timeout=120)
        found[line] = done.returncode, done.stdout + done.stderr
    return found


def test_every_command_of_the_page_succeeds(said):
    assert len(said) > 20
    assert {line: output for line, (code, output) in said.items() if code} == {}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("verify_ledger", "All is well: the ledger is whole"),
        ("verify_pages", "0 differ"),
        ("backup FOLDER", "the ledger up to event"),
        ("import_article FILE.md --author USERNAME", "How long does a sprained ankle take to heal?"),
        ("import_articles TEXTS --author USERNAME", "1 files: 1 stored"),
        ("import_retractions LIST.csv", "No published article is touched."),
        ("import_article FILE.md --author USERNAME --update", "The file contains nothing new."),
        ("restore BACKUP", "the ledger is whole up to event"),
        ("accept_restore", "lost"),
        ("ledger_key rotate NEW_KEY", "hand"),
    ],
)
def test_a_command_does_what_the_page_says(said, line, words):
    output = "\n".join(output for command, (_, output) in said.items() if f" {line}" in command)

    assert words in output


def test_the_table_names_every_command_of_ours():
    table = page("operator").split("## All commands")[1].split("## Environment")[0]
    named = set(
        re.findall(r"`([a-z_]+)", "".join(row.split("|")[1] for row in table.splitlines() if row.startswith("|")))
    )
    ours = {name for name, app in get_commands().items() if app in ("articles", "reviews")}

    assert named == ours


def test_the_page_names_every_name_of_the_environment_that_the_site_reads():
    part = page("operator").split("## Environment")[1]
    rows = {
        name
        for row in part.splitlines()
        if row.startswith("|")
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    files = set(re.findall(r"`([A-Z_]+_FILE)`", part.split("| name |")[0]))

    assert rows | files == known_names() | {"TLS_CERTIFICATE", "TLS_KEY"}
