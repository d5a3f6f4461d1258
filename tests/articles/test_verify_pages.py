"""The command that compares what readers are shown with what was signed, and fails where it differs or is not seen."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.management.commands import verify_pages
from reviews import triggers
from tests import factories


@pytest.fixture
def page(author, editor, clinical, specialist):
    draft = factories.article(author, title="Lymph nodes", slug="lymph-nodes")
    return factories.published(factories.submitted(author, draft), editor, clinical, specialist)


def compared(*options) -> tuple[int, str]:
    """Return the exit code of the command and what it said."""
    out = io.StringIO()
    try:
        call_command("verify_pages", *options, stdout=out)
    except SystemExit as stopped:
        return stopped.code, out.getvalue()
    return 0, out.getvalue()


def test_pages_that_show_what_was_signed_are_counted(page):
    assert compared() == (0, "Compared 3 pages with what was signed: 0 differ.\n")


def test_a_page_that_shows_another_text_is_named(page):
    triggers.drop()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_versiontext SET text = replace(text, 'filter lymph', 'filter water')")

    code, said = compared()

    assert code == 1
    assert "lymph-nodes, version 1, for public: the text rendered is not the text signed." in said
    assert "Compared 3 pages with what was signed: 3 differ." in said


def test_a_page_that_cannot_be_fetched_is_not_said_to_differ(page, live_server, monkeypatch):
    monkeypatch.setattr(verify_pages, "reverse", lambda name, args: f"/nowhere/{args[1]}/")

    code, said = compared("--url", live_server.url)

    assert code == 1
    assert "for public: the page cannot be fetched: it answers 404 Not Found." in said
    assert said.endswith("Compared 0 pages with what was signed: 0 differ. 3 could not be fetched.\n")


def test_a_site_that_cannot_be_reached_is_said_once(page):
    with pytest.raises(CommandError, match=r"^http://127.0.0.1:1/articles/lymph-nodes/for/\w+/ cannot be reached"):
        compared("--url", "http://127.0.0.1:1")


def test_the_pages_that_are_served_are_compared(page, live_server):
    assert compared("--url", live_server.url) == (0, "Compared 3 pages with what was signed: 0 differ.\n")
