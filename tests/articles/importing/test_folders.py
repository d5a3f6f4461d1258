"""The command `import_articles` stores each file of a folder, remembers what it did, and goes on after a break."""

import hashlib
import json
import os
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from articles.management.commands import import_articles
from articles.models import Article
from tests.articles.importing.drafts import everything
from tests.articles.word.files import docx, paragraph
from tests.articles.word.files import run as words

pytestmark = pytest.mark.django_db

STATE = "import_articles.json"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def text(title: str, body="Text.") -> str:
    return f"---\ntitle: {title}\nkind: topic\nai_use: none\n---\n{body}\n"


def run(folder, out=None, **options) -> tuple[list[str], str]:
    """Return the lines of a run, and its error, empty if it had none."""
    out = StringIO() if out is None else out
    try:
        call_command("import_articles", str(folder), author="author", stdout=out, **options)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


@pytest.fixture
def folder(author, tmp_path):
    """Two good files and a bad one, and others that are none of ours."""
    (tmp_path / "a.md").write_text(text("Asthma"))
    (tmp_path / "b.MD").write_text(text("Burns", "Some `code`"))
    (tmp_path / "c.md").write_text(text("Cough", "Text ^2^ "))
    (tmp_path / "._a.md").write_text("of the system")
    (tmp_path / "notes.txt").write_text("none of ours")
    (tmp_path / "folder.md").mkdir()
    return tmp_path


def test_the_files_of_a_folder_are_stored_or_refused_and_reported_at_the_end(folder):
    lines, error = run(folder)

    assert error == "1 of 3 files were refused."
    assert lines == [
        "1 of 3: a.md: stored",
        "2 of 3: b.MD: refused",
        "3 of 3: c.md: stored",
        "3 files: 2 stored, 0 stored by an earlier run, 1 refused.",
        "Stored: a.md",
        "  The draft of “Asthma” is made (asthma): 1 section, 0 references (0 new, 0 matched in the library).",
        "Stored: c.md",
        "  The draft of “Cough” is made (cough): 1 section, 0 references (0 new, 0 matched in the library).",
        "Refused: b.MD",
        "  Line 6: Code between ` marks has no place in an article; remove the marks.",
    ]
    assert sorted(Article.objects.values_list("title", flat=True)) == ["Asthma", "Cough"]


def test_a_second_run_stores_nothing_again_and_names_what_is_still_refused(folder):
    run(folder)
    before = everything()

    lines, error = run(folder)

    assert lines[:4] == [
        "1 of 3: a.md: stored before",
        "2 of 3: b.MD: refused before",
        "3 of 3: c.md: stored before",
        "3 files: 0 stored, 2 stored by an earlier run, "
        "1 refused (1 of them by an earlier run; try them with --again).",
    ]
    assert error == "1 of 3 files were refused."
    assert everything() == before


def test_a_refused_file_is_tried_again_if_asked_or_if_it_changed(folder, monkeypatch):
    run(folder)
    tried = []
    read = import_articles.read
    monkeypatch.setattr(import_articles, "read", lambda data, **said: tried.append(data) or read(data, **said))

    again, _error = run(folder, again=True)
    (folder / "b.MD").write_text(text("Burns", "No code"))
    changed, error = run(folder)

    assert [again[1], changed[1], error] == ["2 of 3: b.MD: refused", "2 of 3: b.MD: stored", ""]
    assert tried == [text("Burns", "Some `code`").encode(), text("Burns", "No code").encode()]


def test_a_run_that_is_interrupted_goes_on_where_it_stopped(folder, monkeypatch):
    store = import_articles.store

    def interrupted(imported, **said):
        if imported.title == "Cough":
            raise KeyboardInterrupt
        return store(imported, **said)

    monkeypatch.setattr(import_articles, "store", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(folder)
    monkeypatch.undo()

    lines, _error = run(folder)

    assert lines[:3] == ["1 of 3: a.md: stored before", "2 of 3: b.MD: refused before", "3 of 3: c.md: stored"]
    assert Article.objects.count() == 2


def test_the_state_names_each_file_by_the_hash_of_its_bytes(folder):
    run(folder)

    state = json.loads((folder / STATE).read_text())
    key = hashlib.sha256((folder / "a.md").read_bytes()).hexdigest()
    assert (len(state), state[key]) == (3, {"file": "a.md", "refused": []})
    assert not (folder / f"{STATE}.new").exists()


def test_a_folder_may_have_word_files_too(author, tmp_path):
    (tmp_path / "nodes.docx").write_bytes(docx(paragraph(words("Nodes are small."))))

    lines, error = run(tmp_path)

    assert (lines[0], error) == ("1 of 1: nodes.docx: stored", "")
    assert Article.objects.get().title == "On nodes"


def test_a_folder_may_have_pages_too_and_their_drafts_are_updated(author, tmp_path):
    page = (
        "<!doctype html><title>Nodes</title><h1>On nodes</h1><p>Nodes are small.</p><h2>Doses</h2><p>Give 2.5 mg.</p>"
    )
    for name in ("nodes.html", "hidden.htm"):
        (tmp_path / name).write_text(page if name == "nodes.html" else f"{page}<p hidden>Give 50 mg.</p>")

    lines, _error = run(tmp_path)
    (tmp_path / "nodes.html").write_text(page.replace("2.5", "5"))
    updated, _error = run(tmp_path, update=True)

    assert lines[0] == "1 of 2: hidden.htm: refused"
    assert any(line.startswith("  Line 1: ") and "hides its text" in line for line in lines)
    assert updated[1] == "2 of 2: nodes.html: stored"
    assert [one.body for one in Article.objects.get().sections.all()] == [
        "<p>Nodes are small.</p>",
        "<p>Give 5 mg.</p>",
    ]


def test_a_run_that_was_ended_between_storing_and_noting_goes_on(folder):
    run(folder)
    stored_at = Article.objects.get(title="Asthma").history.count()
    (folder / STATE).unlink()  # as if the machine had stopped before it was written

    lines, _error = run(folder)

    assert lines[:3] == ["1 of 3: a.md: stored before", "2 of 3: b.MD: refused", "3 of 3: c.md: stored before"]
    assert Article.objects.get(title="Asthma").history.count() == stored_at
    (folder / STATE).unlink()
    (folder / "a.md").write_text(text("Asthma", "Other text."))
    assert run(folder)[0][0] == "1 of 3: a.md: refused"


def test_changed_files_update_their_drafts_if_asked(folder):
    run(folder)
    (folder / "a.md").write_text(text("Asthma", "Other text."))

    refused, _error = run(folder)
    updated, _error = run(folder, again=True, update=True)

    assert refused[0] == "1 of 3: a.md: refused"
    assert "  The article “Asthma” exists already; use --update to update its draft." in refused
    assert updated[0] == "1 of 3: a.md: stored"
    assert Article.objects.get(title="Asthma").sections.get().body == "<p>Other text.</p>"


def test_on_a_terminal_a_bar_shows_how_far_the_import_is(folder):
    out = Terminal()
    run(folder, out)

    bars = out.getvalue().partition("\n")[0].split("\r")[1:]
    assert bars == [f"[{'#' * 10 * full}{'.' * (30 - 10 * full)}] {full} of 3" for full in (1, 2, 3)]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("[]", "is not the state of an import"), ('{"a": {}}', "is not the state"), ("{", "is not the state")],
)
def test_a_state_that_is_none_is_refused_and_stays(folder, state, sentence):
    (folder / STATE).write_text(state)

    lines, error = run(folder)

    assert (lines, sentence in error) == ([], True)
    assert (Article.objects.count(), (folder / STATE).read_text()) == (0, state)


def test_what_cannot_be_imported_at_all_is_refused_in_a_sentence(author, tmp_path):
    assert "There is no folder" in run(tmp_path / "none")[1]
    assert "has no file that ends in .md, .docx, .html or .htm" in run(tmp_path)[1]
    (tmp_path / "a.md").write_text(text("Asthma"))
    with pytest.raises(CommandError, match="There is no account “nobody”"):
        call_command("import_articles", str(tmp_path), author="nobody")

    assert os.listdir(tmp_path) == ["a.md"]
    assert not Article.objects.exists()
