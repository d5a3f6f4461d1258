"""The command that checks a file or a draft says what it finds, and exits 1 if anything blocks."""

import json

import pytest
from django.core.management import CommandError, call_command

from articles.checks import ruleset
from tests.factories import article

pytestmark = pytest.mark.django_db

FILE = """---
title: A fever
kind: topic
topics: [Infection]
audience: public
ai_use: none
references:
  - {{id: a, type: article-journal, container-title: Journal of Examples}}
---

{words}
"""


@pytest.fixture
def check(tmp_path, capsys):
    def check(words, *options):
        file = tmp_path / "fever.md"
        file.write_text(FILE.format(words=words))
        code = 0
        try:
            call_command("check_article", str(file), "--as-of", "2026-11-30", *options)
        except SystemExit as stop:
            code = stop.code
        return code, capsys.readouterr().out

    return check


def test_a_file_with_a_blocking_finding_exits_1(check):
    code, said = check("Take 5.0 mg [@a].")

    assert code == 1
    assert "Blocks submission (1)\n  MED-001 A trailing zero in a dose (1)\n" in said
    assert "A trailing zero in a dose: “5.0”. [Lead]" in said


def test_warnings_alone_exit_0_and_are_grouped(check):
    code, said = check("\n\n".join(f"It helps {number}% of people." for number in range(10, 20)))

    assert code == 0
    assert "CIT-018 A number without a citation (10)" in said
    assert "    and 5 more\n" in said
    assert "CIT-017 A reference that is never cited (1)" in said
    assert said.endswith(f"Rules: {ruleset()}\n")


def test_the_json_is_the_same_bytes_each_time(check):
    first, again = check("Take 5.0 mg [@a].", "--json"), check("Take 5.0 mg [@a].", "--json")

    assert first == again
    assert first[0] == 1
    assert json.loads(first[1])["as_of"] == "2026-11-30"


def test_a_draft_is_found_by_its_address(author, capsys):
    draft = article(author, body="<p>Take .5 mg.</p>")

    with pytest.raises(SystemExit):
        call_command("check_article", draft.slug)

    assert "MED-002" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["no-such-article", "/nowhere/x.md"])
def test_what_is_not_there_is_said(name):
    with pytest.raises(CommandError, match="There is no"):
        call_command("check_article", name)


def test_a_file_that_cannot_be_imported_is_refused_with_its_line(tmp_path):
    file = tmp_path / "bad.md"
    file.write_text("no front matter")

    with pytest.raises(CommandError, match="Line 1"):
        call_command("check_article", str(file))
