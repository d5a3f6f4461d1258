"""The command `import_article` says what it made, or refuses in one sentence and leaves nothing behind."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from articles.files.markdown import source
from articles.models import Article, Reference, Section, Topic, Wording
from tests import factories
from tests.articles.importing.drafts import TEXT, command, everything

pytestmark = pytest.mark.django_db


def test_the_command_says_what_it_made(author, tmp_path):
    said = command(tmp_path, TEXT.replace(" [@report]", "")).splitlines()

    assert said == [
        "The draft of “Bowel cancer” is made (bowel-cancer): 3 sections, 2 references "
        "(2 new, 0 matched in the library).",
        "Line 8: The reference “report” is never cited.",
    ]


def test_the_command_says_what_it_updated_or_that_the_file_brings_nothing(author, tmp_path):
    command(tmp_path)

    assert command(tmp_path, update=True) == (
        "The file contains nothing new. The draft of “Bowel cancer” is unchanged.\n"
    )
    assert command(tmp_path, TEXT.replace("Many.", "Some."), update=True) == (
        "The draft of “Bowel cancer” is updated (bowel-cancer): 3 sections, 2 references "
        "(0 new, 1 matched in the library, 1 kept).\n"
    )


def test_the_command_tells_of_the_draft_and_not_of_the_file_alone(author, editor, tmp_path):
    """What the desk has added is in the draft that is updated, and a draft that differs from the file stays."""
    command(tmp_path)
    draft = Article.objects.get()
    factories.save(Section(article=draft, heading="About", body="<p>New.</p>", position=9), editor)
    factories.cite(draft, "lee2021", by=editor)
    stays = "was changed at the desk, and stays as the desk has it.\n"

    unchanged = command(tmp_path, update=True)
    updated = command(tmp_path, TEXT.replace("Many.", "Some."), update=True)

    work = "The reference “lee2021” was changed at the desk or in the library, and stays as it is there.\n"
    theirs = f"{work}The section “About” {stays}"
    assert unchanged == f"The file contains nothing new. The draft of “Bowel cancer” is unchanged.\n{theirs}"
    assert updated == (
        "The draft of “Bowel cancer” is updated (bowel-cancer): 4 sections, 3 references "
        f"(0 new, 1 matched in the library, 1 kept, 1 as the desk has it).\n{theirs}"
    )
    assert (draft.sections.count(), draft.article_references.count()) == (4, 3)


@pytest.mark.parametrize(
    ("text", "options", "sentence"),
    [
        (
            TEXT.replace("kind: topic", "kind: essay"),
            {},
            "Line 3: The kind “essay” is not known. Choose one of topic, ",
        ),
        (TEXT.replace("[@trial]", "[@none]"), {}, "Line 10: The citation [@none] has no reference with the id “none”."),
        (
            TEXT.replace("::: professional", "::: nurse"),
            {},
            "Line 12: The audience “nurse” is not known. Choose one of",
        ),
        (TEXT.encode() + b"\xff", {}, "Line 23: The byte 0xFF is not UTF-8"),
        (b"x" * (source.MOST_BYTES + 1), {}, "Line 1: The file is larger than 5 MB."),
        (TEXT, {"author": "nobody"}, "There is no account “nobody”."),
        (TEXT, {"author": "gone"}, "The account “gone” is not active."),
        (TEXT, {"author": "editor"}, "The account “editor” does not have the role of author."),
    ],
)
def test_a_refusal_of_the_command_is_one_sentence_and_stores_nothing(author, editor, tmp_path, text, options, sentence):
    factories.person("gone", groups=["author"], active=False)
    before = everything()

    with pytest.raises(CommandError) as caught:
        command(tmp_path, text, **options)

    assert str(caught.value).startswith(sentence)
    assert caught.value.returncode == 1
    assert everything() == before


def test_a_refusal_in_the_middle_of_storing_leaves_nothing(author, monkeypatch, tmp_path):
    before = everything()
    monkeypatch.setattr(Wording, "full_clean", lambda row, **kwargs: Topic(name="").full_clean())

    with pytest.raises(CommandError, match=r"The wording “Lead \(wording for: professional\)” cannot be stored"):
        command(tmp_path)

    assert everything() == before


def test_a_work_that_somebody_else_adds_at_the_same_moment_is_a_refusal(author, monkeypatch, tmp_path):
    Reference.objects.create(csl={"title": "A trial"}, doi="10.1000/trial")
    before = everything()
    monkeypatch.setattr("articles.files.drafts.cited_works._found", lambda *works: None)

    with pytest.raises(CommandError, match="just now; run the import again"):
        command(tmp_path)

    assert everything() == before


@pytest.mark.parametrize(
    ("name", "words"), [("none.md", "There is no file"), (".", "is a directory"), ("a\0b", "be read")]
)
def test_a_file_that_cannot_be_read_is_refused(author, tmp_path, name, words):
    with pytest.raises(CommandError, match=words):
        call_command("import_article", str(tmp_path / name), author="author")


def test_a_file_that_may_not_be_read_is_refused(author, tmp_path, monkeypatch):
    def closed(*args):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", closed)

    with pytest.raises(CommandError, match="may not be read"):
        call_command("import_article", str(tmp_path / "a.md"), author="author")


def test_reading_stops_one_byte_over_the_limit(author):
    with pytest.raises(CommandError, match="The file is larger than 5 MB"):
        call_command("import_article", "/dev/zero", author="author")
