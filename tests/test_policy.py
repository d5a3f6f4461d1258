"""Rules of the house that no single module can keep."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviews.workflow import table

pytestmark = pytest.mark.once

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for app in ("articles", "reviews", "config") for path in (ROOT / app).rglob("*.py"))
CODE = [path for path in SOURCES if "migrations" not in path.parts]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize(
    "path", [path for path in CODE if path.parts[-2] == "articles" or "articles" in path.parts], ids=name
)
def test_articles_know_nothing_of_reviews(path):
    assert not re.search(r"^\s*(?:from|import) reviews\b", path.read_text(), re.MULTILINE)


def test_only_the_workflow_writes_a_status_or_a_pointer():
    """Look for assignments to .status and to the article's pointers, and for saves that name them."""
    writers = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                parts = target.elts if isinstance(target, ast.Tuple) else [target]
                names = {part.attr for part in parts if isinstance(part, ast.Attribute)}
                if names & {"status", "published_version", "latest_version", "last_reviewed", "published_at"}:
                    writers.add(name(path))

    allowed = {path for path in writers if path.startswith("reviews/workflow/")}
    replays = {"reviews/verifying/replay.py"}  # what the ledger leads to, in memory
    assert writers - allowed - replays == set()
    assert allowed


BULK = re.compile(
    r"\.(?:update|bulk_update|bulk_create|_raw_delete)\(|skip_history_when_saving|save_without_historical"
)
MAY = {
    "articles/models/rows/append_only.py": "the guards themselves",
    "articles/desk/writing/autosave.py": "an overwritten row has no history",
    "articles/desk/writing/conflict.py": "a set's update",
    "articles/models/rows/announced.py": "what it refuses, and a dictionary's update",
    "articles/files/markdown/body/writing.py": "a set's update",
    "articles/files/word/seen.py": "a set's update",
    "articles/files/drafts/saving.py": "many rows at once, each with its history (importing/test_largest.py)",
    "articles/search/index/reading.py": "a dictionary's update",
    "articles/search/index/writing.py": "rows of the search index have no history",
    "articles/search/names.py": "many groups of synonyms at once, each with its history",
    "config/settings.py": "a dictionary's update",
    "reviews/desk/queues/inbox.py": "messages have no history",
    "reviews/messages/mail.py": "messages have no history",
    "reviews/operations/background/queue.py": "a job goes back into the queue",
    "reviews/operations/backup/archive.py": "a hash's update",
    "reviews/evidence/ledger/dossiers.py": "a hash's update",
    "reviews/evidence/ledger/rows.py": "a hash's update",
    "reviews/verifying/chain.py": "a hash's update",
    "reviews/verifying/evidence.py": "a dictionary's update",
    "reviews/workflow/steps/submission.py": "bulk_create of rows without history",
    "reviews/workflow/steps/beside/retractions.py": "entries of a list have no history: the ledger has their digest",
    "reviews/workflow/steps/notices.py": "bulk_create of rows without history",
    "reviews/workflow/transaction.py": "pointers leave no history: the ledger tells of them",
}


def test_nothing_walks_past_history():
    """`update()` and `bulk_*` leave no history; each use is listed above with its reason (dict.update is not meant)."""
    users = {name(path) for path in CODE if any(BULK.search(line) for line in lines(path))}

    assert users <= set(MAY), users - set(MAY)


def lines(path: Path) -> list[str]:
    return [
        line
        for line in path.read_text().splitlines()
        if not re.search(r"(?:public|secret|options|known)\W.*\.update\(", line)
    ]


def test_no_function_asks_request_data_for_field_names():
    for path in CODE:
        assert not re.search(r"\*\*(?:request|self\.request)\.", path.read_text()), name(path)


def test_requirements_are_pinned_exactly_and_once():
    to_run, all_of_them = ROOT / "config" / "deploy" / "requirements.txt", ROOT / "requirements.txt"
    lines = [line.split("#")[0].strip() for path in (to_run, all_of_them) for line in path.read_text().splitlines()]
    wanted = [line for line in lines if line]

    wanted.remove("-r config/deploy/requirements.txt")
    for line in wanted:
        assert re.fullmatch(r"[A-Za-z0-9_.-]+(?:\[[a-z,]+\])?==[0-9][A-Za-z0-9.]*", line), line
    names = [re.split(r"[\[=]", line)[0].casefold() for line in wanted]
    assert len(names) == len(set(names))


def test_the_digests_are_of_the_very_requirements():
    """A server installs what is listed and nothing else, and only files that bear one of the digests."""
    folder = ROOT / "config" / "deploy"
    wanted = re.findall(r"^([\w.-]+)(?:\[[a-z,]+\])?==(\S+)$", (folder / "requirements.txt").read_text(), re.MULTILINE)
    lock = (folder / "requirements.lock").read_text()
    pins = re.findall(r"^([\w.-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", lock, re.MULTILINE)

    assert sorted((name.casefold().replace("_", "-"), version) for name, version in wanted) == sorted(
        (name.casefold(), version) for name, version, _ in pins
    )
    assert len("".join(digests for *_, digests in pins).splitlines()) == len(lock.splitlines()) - len(pins) - 1


def test_readme_shows_the_table_and_the_diagram_of_the_code():
    readme = (ROOT / "README.md").read_text()

    assert table.diagram() in readme
    assert table.as_markdown() in readme


def test_readme_shows_the_tree():
    """Each package of the two apps is named where README says what is where."""
    readme = (ROOT / "README.md").read_text()
    for app in ("articles", "reviews"):
        for path in (ROOT / app).iterdir():
            if path.name.startswith("_") or path.name in ("apps.py", "migrations", "management"):
                continue
            assert f"{path.name}" in readme, f"README does not say what {app}/{path.name} is"


def test_the_project_speaks_of_itself_alone():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "config" / "deploy" / "README.md"]
    for path in [*CODE, *pages, *(ROOT / "tests").rglob("*.py")]:
        assert not re.search(r"/w[o]rk/|\bsub-?a[g]ent", path.read_text()), name(path)


SAID_AT_THE_DESK = ("articles/files/", "articles/desk/typed/", "articles/text/plain/", "articles/text/richtext/")
TRANSLATES = {"_", "gettext", "gettext_noop", "ngettext", "pgettext"}
FOR_PROGRAMMERS = {"AssertionError", "RuntimeError", "ValueError"}
SENTENCE = re.compile(r"[a-z]+[ ,;:]+\S+ .*\.\s*\Z", re.DOTALL)


def test_nothing_said_against_a_text_is_a_bare_literal():
    """What refuses a file or a typed text is a whole sentence in the catalogue, never one made of parts."""
    bare = {
        f"{name(path)}:{literal.lineno}"
        for path in CODE
        if name(path).startswith(SAID_AT_THE_DESK)
        for literal in _sentences(ast.parse(path.read_text()))
    }

    assert bare == set()


def _sentences(node: ast.AST) -> Iterator[ast.Constant]:
    """Yield the sentences within the node that are neither translated nor documentation."""
    match node:
        case ast.Call(func=ast.Name(id=called)) if called in TRANSLATES | FOR_PROGRAMMERS:
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Constant(value=str(words)) if SENTENCE.search(words):
            yield node
    for child in ast.iter_child_nodes(node):
        yield from _sentences(child)
