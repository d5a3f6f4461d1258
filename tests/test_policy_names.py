"""Each name is written once: events and steps in their two tables, states and kinds on their models."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator

import pytest
from django.db import models

from articles.files.markdown import parsing
from articles.files.markdown.body import reading as body
from articles.files.markdown.front_matter import front_matter
from articles.models import Article, Authorship, Section
from articles.models.setup import audience
from articles.text.redline import signed
from articles.text.rendering.our_words import ENGLISH, WORDS
from reviews.evidence.ledger import verify_export
from reviews.models.actions import Action, Mark
from reviews.workflow.table import STEPS
from tests.test_policy import CODE, ROOT, name

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


def choices() -> dict[str, set[str]]:
    """Return each value that a model's enum has, with the files of the enums that have it."""
    homes: dict[str, set[str]] = {}
    for module in [*sys.modules.values()]:
        if not getattr(module, "__name__", "").startswith(("articles.models", "reviews.models", "reviews.workflow")):
            continue
        for each in vars(module).values():
            if not inspect.isclass(each):
                continue
            for enum in [each, *vars(each).values()]:
                if inspect.isclass(enum) and issubclass(enum, models.TextChoices) and "." in enum.__module__:
                    for value in filter(None, enum.values):
                        homes.setdefault(value, set()).add(enum.__module__.replace(".", "/") + ".py")
    for action in Action:
        homes.setdefault(action.value, set()).add("reviews/models/actions.py")
    return homes


# These words also name a field, a relation, an address or an account, and so count in a comparison alone.
ALSO_NAMES = {
    "author", "body", "clinical", "conflict", "draft", "editor", "exact", "lay", "none", "pharmacist", "policy",
    "published", "question", "removal", "review", "reviewer", "specialist", "standard", "summary", "topic",
}  # fmt: skip
PURE = "reads the frozen text or a file, and knows no model; a test holds its words against the enum"
MAY_SAY = {
    "articles/checks/document.py": ({"policy"}, PURE),
    "articles/checks/families/governance/people.py": ({"author"}, PURE),
    "articles/checks/families/structure/parts.py": ({"lead"}, PURE),
    "articles/checks/families/structure/care.py": (
        {"help_now", "help_soon", "help_today", "high", "key_points", "question", "topic", "urgent"},
        PURE,
    ),
    "articles/checks/families/citations/entries.py": ({"translator"}, "a part in a cited work"),
    "articles/checks/families/citations/support.py": ({"body"}, PURE),
    "articles/checks/families/governance/declarations.py": ({"author", "none"}, PURE),
    "articles/checks/correction/__init__.py": ({"topic"}, "what a section is about"),
    "articles/checks/families/structure/questions.py": ({"body", "key_points", "lead", "question"}, PURE),
    "articles/management/commands/import_articles.py": ({"refused"}, "of a file of a folder"),
    "articles/files/markdown/front_matter/front_matter.py": ({"assisted", "generated", "high"}, PURE),
    "articles/files/markdown/front_matter/references.py": ({"submitted"}, "a date of a cited work"),
    "articles/files/drafts/merging.py": ({"topic"}, "a kind of part that an import merges"),
    "articles/files/markdown/body/reading.py": (
        {"help_now", "help_soon", "help_today", "key_points", "lead", "urgent"},
        PURE,
    ),
    "articles/files/word/numbers.py": ({"none"}, "a form of numbers in Word"),
    "articles/files/word/seen.py": ({"none"}, "a property of Word that is off"),
    "articles/files/word/parsing.py": ({"lead"}, PURE),
    "articles/files/word/own/names.py": (
        {"help_now", "help_soon", "help_today", "key_points", "lead", "urgent"},
        PURE,
    ),
    "articles/admin/library.py": ({"none"}, "a filter of a list"),
    "articles/desk/typed/reading.py": ({"body"}, "an element of HTML"),
    "articles/files/html/comparing.py": ({"body"}, "a part of a page"),
    "articles/files/html/parsing.py": ({"body", "lead"}, "an element of HTML; roles, where no model can be loaded"),
    "articles/files/html/slicing.py": ({"body"}, "a part of a page"),
    "articles/files/markdown/body/writing.py": ({"open"}, "a part of the names of Markdown's tokens"),
    "articles/models/notice.py": ({"published"}, "which versions a notice is about"),
    "articles/files/exporting/documents/jats/works.py": ({"translator"}, "a field of a cited work"),
    "articles/files/exporting/references/bibtex.py": ({"translator"}, "a field of a cited work"),
    "articles/files/exporting/references/parts.py": ({"standard"}, "a kind of cited work"),
    "articles/files/exporting/references/ris.py": ({"translator"}, "a field of a cited work"),
    "articles/files/references/bibtex/__init__.py": ({"translator"}, "a field of a cited work"),
    "articles/files/references/bibtex/inherited.py": ({"author"}, "a field of a cited work"),
    "articles/files/references/looked_up/crossref.py": (
        {"correction", "retraction", "translator", "withdrawal"},
        "words of Crossref",
    ),
    "articles/files/references/tagged/ris.py": ({"standard", "translator"}, "a kind of cited work, and a field of one"),
    "articles/site/machines/citations.py": ({"concern"}, "what facts call a notice"),
    "articles/site/facts.py": ({"concern"}, "what templates call a notice"),
    "articles/site/machines/json_ld/article.py": (
        {"author", "concern", "correction"},
        "what facts call a notice, and words of schema.org",
    ),
    "articles/site/machines/json_ld/frozen.py": ({"translator"}, "a word of schema.org"),
    "articles/site/machines/files/markdown/page.py": ({"concern"}, "what facts call a notice"),
    "articles/site/machines/files/pdf/blocks.py": ({"summary"}, "a tag of HTML"),
    "articles/site/machines/files/pdf/page.py": ({"concern"}, "what facts call a notice"),
    "articles/site/machines/words/standing.py": ({"concern"}, "what facts call a notice"),
    "articles/search/ranking/opposite.py": ({"high"}, "a word of a question"),
    "articles/text/redline/contents.py": ({"body"}, PURE),
    "articles/text/redline/signed.py": ({"assisted", "generated", "high", "illustrator", "translator"}, PURE),
    "articles/text/rendering/__init__.py": ({"lead", "question"}, PURE),
    "articles/text/rendering/our_words.py": ({"help_now", "help_soon", "help_today"}, PURE),
    "articles/text/rendering/sections.py": ({"lead", "urgent"}, PURE),
    "articles/desk/references/notices.py": ({"corrected"}, "what is said of a cited work"),
    "articles/text/citations/standing.py": ({"corrected"}, "what is said of a cited work"),
    "articles/text/citations/reference.py": ({"standard", "translator"}, "a kind of cited work, and a part in one"),
    "articles/text/citations/retractions/watch.py": ({"correction", "retraction"}, "words of the file"),
    "reviews/desk/article/timeline.py": (
        {"correction", "reviewer", "schedule_cancelled"},
        "words of a sentence, and a payload",
    ),
    "reviews/workflow/steps/decision.py": ({"schedule_cancelled"}, "what the payload says"),
    "reviews/desk/forms.py": ({"withdraw"}, "the name of a form"),
    "reviews/desk/review/page.py": ({"approved", "commented"}, "what an address calls a comparison"),
    "reviews/desk/queues/queue.py": ({"overdue", "nobody", "high", "urgent"}, "what the address of the queue says"),
    "reviews/desk/queues/waiting.py": ({"approved"}, "what a template calls a list"),
    "reviews/workflow/approval/sections.py": ({"topic"}, "what a section is about"),
    "reviews/site/around/progress.py": ({"decided"}, "the name of a column in the statement"),
}


def bare_choices(source: str, path: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of texts that are a value of a model's enum, outside its file and docstrings."""
    module = ast.parse(source)
    compared = {
        id(part)
        for node in ast.walk(module)
        if isinstance(node, ast.Compare)
        for part in ast.walk(node)
        if not isinstance(part, ast.Subscript)
    }
    keys = {id(node.slice) for node in ast.walk(module) if isinstance(node, ast.Subscript)}
    for node in ast.walk(module):
        said = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        is_meant = said not in ALSO_NAMES or (id(node) in compared and id(node) not in keys)
        if is_meant and path not in HOMES.get(said, {path}):
            yield node.lineno, said


HOMES = choices()


def test_a_value_of_an_enum_is_named_on_its_model_alone():
    found = {name(path): {*bare_choices(path.read_text(), name(path))} for path in CODE if name(path) != VERIFIER}
    wrong = {
        path: sorted(each for each in texts if each[1] not in MAY_SAY.get(path, (set(), ""))[0])
        for path, texts in found.items()
    }

    assert {path: texts for path, texts in wrong.items() if texts} == {}


def test_each_exception_is_needed():
    for path, (words, reason) in MAY_SAY.items():
        said = {text for _, text in bare_choices((ROOT / path).read_text(), path)}
        assert words <= said, f"{path} does not say {words - said} any more"
        assert reason


@pytest.mark.parametrize(
    "source",
    [
        'Review.objects.filter(status__in=["submitted", "under_review"])',
        'review.status == "approved"',
        'workflow.issue_notice(article, kind="retraction")',
        'if assignment.capacity == "lay": pass',
        'if role in ("author", "editor"): pass',
    ],
)
def test_a_value_that_is_written_out_would_be_found(source):
    assert [*bare_choices(source, "reviews/desk/any.py")]


def test_what_knows_no_model_has_the_words_of_the_enums():
    declared = {"": "Not declared", **dict(Article.AIUse.choices)}

    assert tuple(Article.Kind.values) == front_matter.KINDS
    assert tuple(Article.Risk.values) == front_matter.RISKS
    assert tuple(Article.AIUse.values) == front_matter.AI_USES
    assert {key for key, _ in audience.FIRST_AUDIENCES} == parsing.AUDIENCES
    assert front_matter.WRITTEN_FOR in parsing.AUDIENCES
    assert Article._meta.get_field("risk").default == front_matter.RISK
    assert {*body.ROLES, "lead"} == {*Section.Role.values}
    assert {*body.ROLE_BY_HEADING.values()} <= {*body.ROLES}
    assert declared == signed.AI_USES
    assert dict(Article.Kind.choices) == signed.KINDS
    assert dict(Article.Risk.choices) == signed.RISKS
    frozen_roles = {
        "author",
        "lead",
        "key_points",
        "body",
        "urgent",
        *WORDS[ENGLISH].levels,
    }  # of people and sections, in checks, rendering and redline
    assert frozen_roles <= {*Section.Role.values, *Authorship.Role.values}


COMPARED = re.compile(r"(?:==|!=|\bin)\s*[\"']([a-z_]+)[\"']")


def test_a_template_asks_and_does_not_compare_with_a_value():
    found = {
        name(path): sorted({*COMPARED.findall(path.read_text())} & HOMES.keys())
        for path in (ROOT / "templates").rglob("*.html")
    }

    assert {path: words for path, words in found.items() if words} == {}
    assert COMPARED.findall('{% if review.status == "approved" %}') == ["approved"]
