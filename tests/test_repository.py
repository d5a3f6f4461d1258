"""What a newcomer relies on in this repository: decisions, licence and tools are as its pages say."""

import re
from importlib.metadata import metadata
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("2*.md"))
REQUIREMENTS = [ROOT / "requirements.txt", ROOT / "config" / "deploy" / "requirements.txt"]


def pins() -> dict[str, str]:
    """Return every pinned requirement, by its name in lower case."""
    found = [
        pin
        for path in REQUIREMENTS
        for pin in re.findall(r"^([\w.-]+)(?:\[[a-z,]+\])?==(\S+)", path.read_text(), re.MULTILINE)
    ]
    return {name.casefold(): version for name, version in found}


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_date_context_decision_and_consequence(path):
    title, date, *parts = re.split(r"\n\n(?=Date: |## )", path.read_text().strip())

    assert re.fullmatch(r"\d{4}-\d\d-\d\d(?:-[a-z0-9]+)+", path.stem)
    assert re.fullmatch(r"# [A-Z].+", title)
    assert re.fullmatch(rf"Date: {path.stem[:10]}(?:, written down \d{{4}}-\d\d-\d\d)?", date)
    assert [part.partition("\n\n")[0] for part in parts] == ["## Context", "## Decision", "## Consequence"]
    assert all(part.partition("\n\n")[2].strip() for part in parts)


def test_every_decision_is_listed_under_its_title():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"^\| ([\d-]+) \| \[(.+)\]\((.+)\) \|$", (folder / "README.md").read_text(), re.MULTILINE)

    assert len(DECISIONS) > 20
    assert sorted(listed, key=lambda row: row[2]) == [
        (path.name[:10], path.read_text().splitlines()[0][2:], path.name) for path in DECISIONS
    ]
    assert {path.name for path in folder.iterdir()} == {"README.md", *(path.name for path in DECISIONS)}


def test_links_between_the_pages_of_the_repository_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "config" / "deploy" / "README.md"]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\((?!https?://|#)([^)\s#]+)(?:#[^)]*)?\)", page.read_text())
    ]

    assert len(links) > 40
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_every_make_command_that_a_page_names_exists_and_every_one_is_named():
    pages = "\n".join(
        (ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/developer.md")
    )
    named = set(re.findall(r"(?:^|^    |`|\d )make ([a-z]+)", pages, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))

    assert named == targets
    assert set(" ".join(re.findall(r"^\.PHONY: (.+)", makefile, re.MULTILINE)).split()) == targets


# What `docs/decisions` says of licences rests on these alone; any other needs a decision first.
LICENCES = {
    "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "CNRI-Python", "LGPL-3.0-only", "MIT",
    "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0",
}  # fmt: skip
CLASSIFIED = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
UNSAID = {"axe-playwright-python": "MIT"}  # its metadata name no licence; the file beside them does


def licences(name: str) -> set[str]:
    """Return what the installed distribution says of its licence: SPDX names, or those of its classifiers."""
    said = metadata(name)
    classes = [each.rpartition(" :: ")[2] for each in said.get_all("Classifier") or [] if each.startswith("License ::")]
    if classes and not said.get("License-Expression"):
        return {CLASSIFIED.get(each, each) for each in classes}
    expression = said.get("License-Expression") or said.get("License") or UNSAID.get(name, "nothing")
    return set(re.findall(r"[\w.-]+", expression)) - {"AND", "OR"}


@pytest.mark.parametrize("name", sorted(pins()))
def test_the_licence_of_a_dependency_was_weighed(name):
    assert licences(name) <= LICENCES


def test_the_licence_is_named_wherever_it_has_to_be():
    assert 'license = "BSD-3-Clause"' in (ROOT / "pyproject.toml").read_text()
    assert "Imprimatur contributors" in (ROOT / "LICENSE").read_text()
    assert "!LICENSE" in (ROOT / ".dockerignore").read_text().splitlines()
    for path in re.findall(r'"([^"]+)"', re.search(r"license-files = (.+)", (ROOT / "pyproject.toml").read_text())[1]):
        assert (ROOT / path).is_file()


def test_the_checks_before_a_commit_use_the_pinned_tools():
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    hooks = {hook["id"]: hook for hook in repository["hooks"]}
    wanted = [pin.split("==") for hook in hooks.values() for pin in hook.get("additional_dependencies", [])]

    assert {name for name, _ in wanted} == {"ruff", "djade"}
    assert [f"{name}=={version}" for name, version in wanted if pins()[name] != version] == []
    assert all(hook.get("additional_dependencies") or ".venv/bin/" in hook["entry"] for hook in hooks.values())
    assert "mypy" in pins()


def test_a_template_without_a_line_end_is_left_alone_by_djade():
    """It is included inside a sentence. `make lint` leaves it out by itself, the other two by its name."""
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    (djade,) = (hook for hook in repository["hooks"] if hook["id"] == "djade")
    editors = re.search(r"^\[\{(.+)\}\.html\]$", (ROOT / ".editorconfig").read_text(), re.MULTILINE)[1].split(",")
    templates = list((ROOT / "templates").rglob("*.html"))
    open_ended = {path for path in templates if not path.read_bytes().endswith(b"\n")}

    assert {path for path in templates if re.search(djade["exclude"], f"/{path.name}")} == open_ended != set()
    assert sorted(editors) == sorted(path.stem for path in open_ended)


def test_what_django_6_replaces_is_imported_in_one_module_each():
    """See docs/decisions: the move to Django 6 then is a removal."""
    homes = {"csp": "config/settings.py", "django_tasks": "config/tasks.py"}
    imports = re.compile(r"^\s*(?:from|import) (csp|django_tasks)\b", re.MULTILINE)
    files = [path for app in ("articles", "reviews", "config") for path in (ROOT / app).rglob("*.py")]
    found = {(package, str(path.relative_to(ROOT))) for path in files for package in imports.findall(path.read_text())}

    assert found == set(homes.items())
