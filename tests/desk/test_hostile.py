"""Whatever is sent to a form of the desk, the answer is a page with a sentence, never an error of the server."""

from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.urls import reverse

from tests.populated import browser

pytestmark = pytest.mark.django_db

ODD = [
    "",
    " ",
    "\0",
    "a\0b",
    "-1",
    "0",
    str(2**31),
    str(2**63),
    str(10**30),
    "1e9",
    "ⅷ",
    "٣",
    "'\"><script>%s{}{{}}",
    "\u202e",
    "x" * 20_000,
    "9999-12-31",
    "0001-01-01",
    "24:61",
    ["1", "x"],
]
STORED = ["\0", "a\0b", str(2**31), str(2**63), str(10**30), "\u202e", "x" * 20_000, "9999-12-31", "0001-01-01"]
FORMS = {
    "draft": (
        "author",
        ["title", "slug", "kind", "language", "written_for", "risk", "topics", "ai_use", "ai_note", "seen"],
    ),
    "draft_create": ("author", ["title", "slug", "kind", "language", "written_for", "risk", "topics", "ai_use"]),
    "section": ("author", ["role", "heading", "body", "position", "seen"]),
    "section_create": ("author", ["role", "heading", "body", "position"]),
    "wording": ("author", ["heading", "body", "seen"]),
    "people": ("author", ["contributor", "role", "position"]),
    "references": ("author", ["key", "type", "title", "authors", "issued", "page", "url", "doi", "pmid", "accessed"]),
    "submit": ("author", ["change", "note"]),
    "recall": ("author", ["reason"]),
    "notices": ("editor", ["kind", "reason", "versions", "seen"]),
    "lift_notice": ("editor", ["reason"]),
    "assign": ("editor", ["ask", "due", "risk", "change"]),
    "unassign": ("editor", ["reason"]),
    "decline": ("editor", ["reason"]),
    "end_round": ("editor", ["reason"]),
    "schedule": ("editor", ["at_0", "at_1"]),
    "cancel_schedule": ("editor", ["reason"]),
    "issue_disclaimer": ("editor", ["text"]),
    "decide": ("asked", ["no_conflict", "outcome", "reason", "digest", "password"]),
    "recuse": ("asked", ["reason", "conflict"]),
    "withdraw_approval": ("asked", ["reason", "password"]),
    "comment": ("asked", ["text", "kind", "assignee", "section_key", "blocking", "board_only"]),
    "answer": ("asked", ["text"]),
    "assign_comment": ("asked", ["assignee"]),
    "resolve_comment": ("asked", ["reason", "disposition"]),
}
RIGHT = {
    "title": "Nodes", "slug": "other-nodes", "kind": "topic", "language": "en", "risk": "standard", "ai_use": "none",
    "role": "body", "heading": "Why", "body": "Words.", "position": "3", "key": "k1", "type": "book", "change": "minor",
    "note": "A note.", "reason": "A reason.", "capacity": "clinical", "text": "A text.", "outcome": "request_changes",
    "no_conflict": "on", "password": "guess", "at_0": "2099-01-01", "at_1": "08:00", "written_for": "1", "seen": "1",
    "disposition": "answered",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_odd_values_get_an_answer(world, name):
    """All on SQLite; on PostgreSQL those that another database may take otherwise."""
    people, arguments = world
    odd = ODD if connection.vendor == "sqlite" else STORED
    actor, fields = FORMS[name]
    client = browser(people, actor)
    page = reverse(name, kwargs=arguments.get(name))
    base = {field: RIGHT[field] for field in fields if field in RIGHT}

    wrong = {}
    for field in fields:
        for value in odd:
            before = transaction.savepoint()
            answer = client.post(page, {**base, field: value})
            transaction.savepoint_rollback(before)
            if answer.status_code not in (302, 403, 404, 409, 422):
                wrong[field, str(value)[:40]] = answer.status_code

    assert wrong == {}


@pytest.mark.parametrize("query", ["audience", "changes", "after", "q", "state", "next"])
def test_odd_questions_get_an_answer(world, query):
    people, arguments = world
    client = browser(people, "editor")
    pages = [
        reverse(name, kwargs=arguments.get(name)) for name in ("desk_review", "desk_articles", "desk", "desk_article")
    ]

    answers = {client.get(page, {query: value}).status_code for page in pages for value in ODD}

    assert answers <= {200, 404}


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_a_number_that_is_nobodys_is_not_found(world, number):
    client = browser(world[0], "editor")

    for name in ("desk_article", "desk_review", "draft", "notices"):
        assert client.get(reverse(name, kwargs={"pk": number})).status_code == 404, name
    for name in ("decide", "answer", "lift_notice", "cancel_schedule", "confirm_disclaimer"):
        assert client.post(reverse(name, kwargs={"pk": number})).status_code == 404, name


SEARCHED = [
    ("author", "links", "draft", ["q"]),
    ("author", "citations", "draft", ["q"]),
    ("author", "library", "", ["q", "only", "after"]),
    ("author", "desk_articles", "", ["q", "state", "after"]),
    ("editor", "queue", "", ["q", "words", "state", "risk", "topic", "editor", "reviewer", "after", "sort"]),
    ("editor", "questions", "", ["state", "after"]),
    ("editor", "reports", "", ["state", "after"]),
    ("author", "draft_history", "draft", ["after", "audience"]),
    ("author", "draft_changes", "draft", ["from", "to", "audience"]),
    ("author", "figure_choice", "draft", ["figure"]),
    ("author", "write", "draft", ["text"]),
    ("author", "inbox", "", ["after"]),
    ("editor", "dashboard", "", ["weeks"]),
    ("editor", "question", "question", ["q"]),
]


@pytest.mark.parametrize(("user", "name", "of", "fields"), SEARCHED)
@pytest.mark.parametrize("odd", ["\0", "a\0b", "\x01", "\ud800", "\ue001", "x" * 5_000])
def test_an_odd_search_finds_nothing_and_is_no_error(world, user, name, of, fields, odd):
    people, arguments = world
    address = reverse(name, kwargs=arguments.get(of))
    for field in fields:
        answer = browser(people, user).get(f"{address}?{urlencode({field: odd}, errors='surrogatepass')}")

        assert answer.status_code in (200, 302, 404, 422), (name, field)
        if name in ("links", "citations"):
            found = answer.json()
            assert not any(found.get(each) for each in ("articles", "references", "works"))
