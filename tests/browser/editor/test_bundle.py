"""The script of the editor belongs to its sources, is small, and names the licences of what is in it."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[3]
SOURCES = ROOT / "articles" / "desk" / "typed" / "editor" / "source"
STATIC = ROOT / "config" / "static"
OPTIONS = ("build.mjs", "package-lock.json", "package.json", "shortened.json")
MOST_BYTES = 250_000  # of all scripts of a page with an editor


def digest() -> str:
    """Return the digest of what the script is built from: sources, lock and options, as build.mjs reckons it."""
    names = sorted([*OPTIONS, *(str(path.relative_to(SOURCES)) for path in (SOURCES / "src").rglob("*.*"))])
    return sha256("".join(f"{name}\0{(SOURCES / name).read_text()}\0" for name in names).encode()).hexdigest()


@pytest.mark.parametrize("name", ["editor.js", "editor.css", "writing.js"])
def test_the_built_file_belongs_to_the_sources(name):
    first = (STATIC / name).read_text().splitlines()[0]

    assert re.search(r"sha256 ([0-9a-f]{64});", first)[1] == digest(), "run `make editor`"


def test_the_script_is_small():
    """The pages with an editor load these, and no others; `previewing.js` once the preview is opened."""
    whole = ("editor.js", "writing.js", "preview.js")
    part = ("editor.js", "beside.js", "doses.js", "preview.js", "previewing.js")

    for names in (whole, part):
        assert sum((STATIC / name).stat().st_size for name in names) < MOST_BYTES


def test_the_lock_names_exact_versions_and_no_registry():
    lock = json.loads((SOURCES / "package-lock.json").read_text())
    wanted = json.loads((SOURCES / "package.json").read_text())

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted["dependencies"].values())
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted["devDependencies"].values())
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_the_licences_of_what_is_bundled_are_named():
    lock = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    bundled = {
        f"{name.removeprefix('node_modules/')} {package['version']}, {package['license']}"
        for name, package in lock.items()
        if name and not package.get("dev")
    }
    licences = (STATIC / "editor-licences.txt").read_text()

    assert len(bundled) > 10
    assert set(re.findall(r"^(\S+ \d+\.\d+\.\d+, .+)$", licences, re.MULTILINE)) == bundled
    assert {line.rpartition(", ")[2] for line in bundled} == {"MIT"}
    assert licences.count("Permission is hereby granted") == len(bundled)
