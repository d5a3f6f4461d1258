"""One rule, one place: what articles know of reviews, what a notice does, and which approvals count."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from articles.models import Notice
from articles.review_process import ReviewProcess
from reviews.desk.urls import urlpatterns as of_the_desk
from reviews.models import Capacity
from reviews.site.review_process import Reviews
from reviews.site.urls import urlpatterns as of_the_site
from tests.test_policy import CODE, ROOT, name

pytestmark = pytest.mark.once

ARTICLES = [path for path in (ROOT / "articles").rglob("*.py") if "migrations" not in path.parts]


def texts(source: str) -> Iterator[ast.Constant]:
    """Yield the texts in a source that are neither docstrings nor keys of a dictionary."""
    tree = ast.parse(source)
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    left_out |= {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node


# Articles ask for their review through one door

NAMES_REVIEWS = re.compile(
    r"\breviews\.\w|^\s*(?:from|import) reviews\b|reviews_|reviews__|__reviews?\b|__review__|\.reviews?\b(?!_)",
    re.MULTILINE,
)
LOOKUP = re.compile(r"(?:\A|__)-?reviews?(?:__|\Z)")


def urls_of_reviews() -> set[str]:
    return {pattern.name for pattern in [*of_the_desk, *of_the_site] if getattr(pattern, "name", None)}


def names_of_reviews(source: str) -> list[str]:
    """Return how a source names the reviews: in code or prose, as a lookup, or by an address of theirs."""
    found = [match.group() for match in NAMES_REVIEWS.finditer(source)]
    found += [text.value for text in texts(source) if LOOKUP.search(text.value)]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("reverse", "reverse_lazy", "redirect"):
            found += [text.value for text in node.args[:1] if getattr(text, "value", None) in urls_of_reviews()]
    return found


@pytest.mark.parametrize("path", ARTICLES, ids=name)
def test_articles_do_not_name_the_reviews(path):
    assert names_of_reviews(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "from reviews import models",
        "rows.filter(reviews__status=1)",
        "rows.filter(latest_version__review__status=1)",
        'rows.select_related("review")',
        'F("published_version__review__published_at")',
        "version.review.status",
        "article.reviews.all()",
        "'''SELECT 1 FROM reviews_review'''",
        '"""As `reviews.workflow` says."""',
        'reverse("desk_article", args=[1])',
        'redirect("board")',
    ],
)
def test_each_way_of_naming_the_reviews_is_seen(source):
    assert names_of_reviews(source)


def templates_of_articles() -> set[Path]:
    """Return the templates that `articles` renders, with those that they include or extend."""
    wanted = {text.value for path in ARTICLES for text in texts(path.read_text())}
    found: set[Path] = set()
    folder = ROOT / "templates"
    waiting = [path for path in folder.rglob("*.*") if path.relative_to(folder).as_posix() in wanted]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            parts = re.findall(r"{% (?:include|extends) \"([^\"]+)\"", path.read_text())
            waiting += [folder / part for part in parts if (folder / part).exists()]  # others are Django's own
    return found


def test_templates_of_articles_follow_no_relation_to_a_review():
    found = templates_of_articles()

    assert len(found) > 30
    for path in found:
        assert not re.search(r"\w\.reviews?\b", path.read_text()), name(path)


def test_the_reviews_answer_all_that_articles_ask():
    asked = {key: value for key, value in vars(ReviewProcess).items() if inspect.isfunction(value) and key[0] != "_"}

    assert len(asked) >= 10
    for key, function in asked.items():
        answer = getattr(Reviews, key)
        assert [*inspect.signature(answer).parameters] == [*inspect.signature(function).parameters], key


# What a notice of each kind does is one table

MAY_NAME_KINDS = {
    "articles/models/notice.py": "the table",
    "articles/site/facts.py": "keys under which templates find a notice, by its consequences",
    "articles/files/references/looked_up/crossref.py": "words of Crossref for what happened to a work",
    "articles/text/citations/retractions/watch.py": "words of a list of retractions, which is not of ours",
    "reviews/demo/story.py": "issues a retraction, in the demonstration",
}
KINDS = {*Notice.Kind.values}
OTHER_MEANINGS = {"correction"}  # a class of change has the same name


def lists_of_kinds(source: str) -> list[int]:
    """Return the lines that name a kind of notice as a member, in SQL, or beside another kind in one collection."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in Notice.Kind.names:
            parts = ast.unparse(node.value).split(".")
            found += [node.lineno] if parts[-1] == "Kind" and parts[0] == "Notice" else []
        elif isinstance(node, ast.Dict | ast.Set | ast.Tuple | ast.List):
            items = node.keys if isinstance(node, ast.Dict) else node.elts
            kinds = {item.value for item in items if isinstance(item, ast.Constant)} & KINDS
            found += [node.lineno] if len(kinds) > 1 else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            quoted = {*re.findall(r"'(\w+)'", node.value)} & (KINDS - OTHER_MEANINGS)
            found += [node.lineno] if quoted else []
    return found


@pytest.mark.parametrize("path", [path for path in CODE if name(path) not in MAY_NAME_KINDS], ids=name)
def test_no_second_list_says_what_a_notice_does(path):
    assert lists_of_kinds(path.read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "Notice.Kind.REMOVAL",
        'HIDING = ("removal", "retraction")',
        "SQL = \"kind IN ('withdrawal')\"",
        'WORDS = {"concern": "A", "removal": "B"}',
    ],
)
def test_each_second_list_of_kinds_is_seen(source):
    assert lists_of_kinds(source)


def test_templates_ask_a_notice_for_its_consequences():
    for path in (ROOT / "templates").rglob("*.*"):
        compared = re.findall(r"kind [!=]= \"(\w+)\"", path.read_text())
        assert not {*compared} & KINDS, name(path)


def test_the_table_has_a_row_for_each_kind():
    assert {*Notice.CONSEQUENCES} == KINDS


# Which approvals count is one condition

SUPERSEDED = re.compile(r"superseded_by__isnull|supersedes_id|<>\s*'lay'|'lay'")
MAY_NAME_LAY = {
    "reviews/models/board/__init__.py": "where capacities that count are told from those that do not",
    "reviews/workflow/approval/eligibility/__init__.py": "a lay reviewer needs no credentials",
    "reviews/demo/cast.py": "one of the demonstration's people",
    "reviews/demo/story.py": "one of the demonstration's people",
}


@pytest.mark.parametrize("path", CODE, ids=name)
def test_no_second_condition_says_which_approvals_count(path):
    source = path.read_text()
    if name(path) != "reviews/models/review.py":
        assert not any(SUPERSEDED.search(text.value) for text in texts(source))
        assert not re.search(r"superseded_by__isnull\s*=", source)
    if name(path) not in MAY_NAME_LAY:
        assert not re.search(rf"\bCapacity\.{Capacity.LAY.name}\b", source)
