"""Every refusal that a person reads is marked for translation: its own sentence, or one that was made elsewhere."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent.parent
READ = ("reviews/workflow", "reviews/desk", "reviews/models", "reviews/admin", "articles/desk", "articles/models")
READ += ("articles/admin", "articles/checks", "config")
REFUSALS = {"NotAllowed", "NotNow", "ValidationError", "PermissionDenied", "Finding", "add_error"}
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
NO_SENTENCES = {  # words in a refusal that nobody reads, by file
    "articles/desk/typed": "sentences about typed HTML, which are not translated yet",
}


def files() -> list[Path]:
    found = (path for folder in READ for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
    return sorted(path for path in found if not str(path.relative_to(ROOT)).startswith(tuple(NO_SENTENCES)))


def unmarked(node: ast.AST) -> list[str]:
    """Return the sentences within the node that no mark is around."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
        return []
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if is_sentence(node.value) else []
    if isinstance(node, ast.keyword) and node.arg == "code":
        return []
    return [words for child in ast.iter_child_nodes(node) for words in unmarked(child)]


def is_sentence(text: str) -> bool:
    return " " in text.strip() and any(letter.isalpha() for letter in text)


def refusals(path: Path) -> list[ast.Call]:
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [call for call in calls if getattr(call.func, "id", getattr(call.func, "attr", "")) in REFUSALS]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_sentence_of_a_refusal_is_marked(path):
    found = [(call.lineno, words) for call in refusals(path) for words in unmarked(call)]

    assert found == [], "mark it: docs/developer.md, “Mark words for translation”"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('NotNow(_("Wait."))', []),
        ('NotNow("Wait a while.")', ["Wait a while."]),
        ('NotNow(f"Version {number} is public.")', [" is public."]),
        ('ValidationError({"text": _("Write {what} here.").format(what="it")}, code="not now")', []),
        ('NotAllowed(" ".join(reasons))', []),
        ('form.add_error("key", "This key is taken.")', ["This key is taken."]),
    ],
)
def test_what_is_not_marked_is_found(code, found):
    assert unmarked(ast.parse(code).body[0].value) == found
