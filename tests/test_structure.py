"""The shape of the house: rooms, imports and the length of functions."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent
APPS = ("articles", "reviews", "config")
PYTHON = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if not {"migrations", "__pycache__"} & set(path.parts)
)
MOST_ROOMS = 10
MOST_LINES = 50
# What Django, deployment tools or readers of a whole folder look for by name, and so is not ours to group.
BY_CONVENTION = {"__init__.py", "__pycache__", "apps.py", "urls.py", "settings.py", "wsgi.py"}
BY_CONVENTION |= {"locale", "migrations", "management", "static", "templatetags"}
FLAT_BY_CONVENTION = {"commands", "locale", "migrations", "static", "deploy", "__pycache__"}


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in PYTHON}


def folders() -> list[Path]:
    found = [ROOT / app for app in APPS]
    found += [path for app in APPS for path in (ROOT / app).rglob("*") if path.is_dir()]
    return [path for path in found if not FLAT_BY_CONVENTION & set(path.relative_to(ROOT).parts)]


def imported_by(path: Path) -> set[str]:
    """Return the modules of ours that a file imports anywhere, also within a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= names & MODULES.keys() or {node.module}
    return found & MODULES.keys() - {module_of(path)}


def functions() -> list[tuple[str, int]]:
    return [
        (f"{module_of(path)}.{node.name}", node.end_lineno - node.lineno + 1)
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_no_level_holds_more_than_ten_rooms():
    rooms = {
        str(folder.relative_to(ROOT)): sorted({path.name for path in folder.iterdir()} - BY_CONVENTION)
        for folder in folders()
    }

    assert len(rooms) > 30
    assert {folder: names for folder, names in rooms.items() if len(names) > MOST_ROOMS} == {}


def test_no_import_leads_back_to_where_it_came_from():
    graph = {name: imported_by(path) for name, path in MODULES.items()}

    assert sum(map(len, graph.values())) > 500
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"These modules import each other: {' -> '.join(error.args[1])}")


def test_no_function_is_longer_than_fifty_lines():
    assert {name: lines for name, lines in functions() if lines > MOST_LINES} == {}
