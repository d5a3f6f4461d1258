"""Each name is written once: events and steps in their two tables, states and kinds on their models."""

import ast
from collections.abc import Iterator

import pytest

from reviews.evidence.ledger import verify_export
from reviews.models.actions import Action, Mark
from reviews.workflow.table import STEPS
from tests.test_policy import CODE, name

pytestmark = pytest.mark.once

TABLES = {"reviews/models/actions.py", "reviews/workflow/table.py"}
VERIFIER = "reviews/evidence/ledger/verify_export.py"  # for outsiders, who have nothing else of ours
COLLECTIONS = (ast.Dict, ast.Set, ast.Tuple, ast.List)


def names_in(node: ast.AST) -> set[str]:
    """Return the events and steps that a collection names: as text, or as members of the table."""
    items = node.keys if isinstance(node, ast.Dict) else node.elts
    texts = {each.value for each in items if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    members = {
        each.attr
        for each in items
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "Action"
    }
    return texts & {*Action, *STEPS} | members


def names_of(node: ast.Assign) -> set[str]:
    return {target.id for target in node.targets if isinstance(target, ast.Name)}


def second_tables(source: str) -> Iterator[int]:
    """Yield the lines of collections that name three events or steps, or more."""
    module = ast.parse(source)
    exported = {id(node.value) for node in module.body if isinstance(node, ast.Assign) and "__all__" in names_of(node)}
    for node in ast.walk(module):
        if isinstance(node, COLLECTIONS) and id(node) not in exported and len(names_in(node)) >= 3:
            yield node.lineno


def bare_events(source: str) -> Iterator[int]:
    """Yield the lines on which an event is appended, asked for or compared by a name that stands there as text."""
    for node in ast.walk(ast.parse(source)):
        said = []
        if isinstance(node, ast.Call):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            said = node.args[:2] if function in ("append", "_write") else []
            said = said + [each.value for each in node.keywords if (each.arg or "").startswith("action")]
        elif isinstance(node, ast.Compare) and "action" in ast.unparse(node.left):
            said = node.comparators
        if any(part.value in {*Action} for each in said for part in ast.walk(each) if isinstance(part, ast.Constant)):
            yield node.lineno


def test_no_event_is_named_by_a_text():
    found = {name(path): [*bare_events(path.read_text())] for path in CODE if name(path) != VERIFIER}

    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        'ledger.append("published", actor=None)',
        '_write(head, "published", actor="")',
        'ledger.append("declined" if step else "round_ended", actor=None)',
        'events.filter(action="published")',
        'events.filter(action__in=["published"])',
        'event.action == "published"',
        'event.action in ("published", "recalled")',
    ],
)
def test_a_text_for_an_event_would_be_found(source):
    assert [*bare_events(source)]


def test_there_is_no_second_table_of_events_or_steps():
    found = {name(path): [*second_tables(path.read_text())] for path in CODE if name(path) not in {*TABLES, VERIFIER}}

    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        '{"submitted": 1, "recalled": 2, "published": 3}',
        '("recuse", "unassign", "approve")',
        "{Action.RECUSED, Action.DECIDED, Action.PUBLISHED}",
    ],
)
def test_a_second_table_would_be_found(source):
    assert [*second_tables(source)]


def test_the_outsiders_verifier_says_the_same_of_checkpoints():
    """It stands alone, and so has its own list of the events at which the ledger always was signed."""
    assert {*verify_export.ENDS} == {*Action.with_mark(Mark.CHECKPOINT_UNSAID)}
