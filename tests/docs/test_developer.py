"""The developer's page: its commands exist and start; those that no test takes whole are tried as far as they go."""

import os
import re
import shlex
import subprocess
import sys

import pytest

from tests.docs.pages import ROOT, blocks, commands
from tests.factories import article

CI = (ROOT / ".ci" / "run").read_text()
RUN_BY_CI = {"run", "test", "lint", "types", "sbom"}
COLLECTED = {"benchmark", "grade", "pictures"}
MADE_UP = {
    "coverage": ["--cov ", "coverage report"],
    "editor": ["npm ci", "node build.mjs"],
    "lock": ["piptools compile", "requirements.lock"],
    "answers": ["-m tests.benchmarks.answers"],
    "messages": ["-m tests.messages"],
}
PARTS = {"tests.faults.killed", "tests.faults.stopped", "tests.faults.copied", "tests.faults.full_disk"}


def made(target: str, *names: str) -> str:
    """Return what make would run."""
    words = ["make", "--no-print-directory", "--dry-run", target, "BIN=" + os.path.dirname(sys.executable), *names]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.once
def test_every_make_command_of_the_page_is_tried():
    named = {line.split()[1] for line in commands("developer") if line.startswith("make ")}

    assert named == RUN_BY_CI | COLLECTED | MADE_UP.keys()
    assert {target for target in RUN_BY_CI if re.search(rf"make [^\n]*\b{target}\b", CI)} == RUN_BY_CI
    assert "-k import" in made("test", "PYTEST=-k import")
    assert "runserver 127.0.0.1:8123" in made("run", "PORT=8123")
    for target, words in MADE_UP.items():
        assert [each for each in words if each not in made(target)] == []


@pytest.mark.once
@pytest.mark.parametrize("target", sorted(COLLECTED))
def test_what_takes_minutes_finds_its_tests(target):
    lines = [line for line in made(target, "TEST_DATABASE_URL=").splitlines() if "-m pytest" in line]

    for line in lines:
        done = subprocess.run(f"{line} --collect-only -q", shell=True, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
        assert re.search(r"\d+(?:/\d+)? tests? collected", done.stdout)
    assert lines


@pytest.mark.once
def test_each_drill_of_the_page_can_be_called_so():
    """`tests/faults` and `tests/backup` run them all, in fewer rounds."""
    drills = [shlex.split(line) for line in commands("developer") if not line.startswith("make ")]

    assert {words[2] for words in drills if words[0] == "python"} == PARTS
    assert [words for words in drills if words[0] != "python"] == [["config/deploy/drill"]]
    for words in drills:
        call = [sys.executable, *words[1:]] if words[0] == "python" else [sys.executable, *words]
        done = subprocess.run([*call, "--help"], cwd=ROOT, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
        assert [word for word in words if word.startswith("--") and word not in done.stdout] == []


@pytest.mark.django_db(transaction=True)
def test_the_lines_of_python_run_as_written(author, editor, clinical):
    names = {"article": article(author), "author": author, "editor": editor, "clinician": clinical}
    (lines,) = blocks("developer", "python")

    exec(lines, names := names | {"password": "correct horse battery"})

    assert names["version"].review.decisions.count() == 1
