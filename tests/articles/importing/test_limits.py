"""A heavy file is refused with a sentence, within five seconds and 256 MB, and never holds the site."""

import subprocess
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.files import apart
from articles.files.imported import BadFile
from articles.files.markdown.front_matter import references
from articles.files.markdown.parsing import AUDIENCES, parse
from tests.articles.importing.drafts import TEXT, everything
from tests.articles.importing.files import HEAD, refusal

OVER = [
    ("words ", "words of 1 MB"),
    ("## A\n\nb\n\n", "250 sections"),
    ("| a |\n|---|\n| b |\n\n", "20,000 cells"),
    ("[a](https://a.example)\n", "2,000 links"),
    ("[@one]\n", "5,000 citations"),
    ("- a\n", "10,000 items"),
    ("*a* b\n", "30,000 marks"),
    ("> ", "a long line"),
    ("[", "a long line"),
    ("**a", "a long line"),
    ("<b>\n", "30,000 marks"),
]


@pytest.mark.parametrize(("unit", "kind"), OVER)
def test_a_file_over_a_limit_is_refused_before_it_is_parsed(unit, kind, monkeypatch):
    monkeypatch.setattr("articles.files.markdown.body.grammar.tokens", lambda *args: pytest.fail("It was parsed."))

    said = refusal(f"{HEAD}---\n{unit * (4_000_000 // len(unit))}\n")

    assert "divide it" in said


def test_five_hundred_references_are_read_and_one_more_is_refused():
    def file(number):
        return f"{HEAD}references:\n" + "".join(f"  - {{id: r{one}}}\n" for one in range(number)) + "---\nText.\n"

    assert len(parse(file(references.MOST).encode()).references) == references.MOST
    assert "501 references; 500 are allowed" in refusal(file(references.MOST + 1))
    assert "more than 50,000 keys" in refusal(file(20_000))
    assert "more than 1,000,000 characters" in refusal(file(60_000))


def test_a_large_file_is_read_in_a_process_of_its_own_with_the_same_result():
    text = f"{HEAD}references:\n  - {{id: one, title: A, issued: 2020-03, custom: {{a: [b]}}}}\n---\n" + "".join(
        f"## Part {number}\n\nText *of* it, and more of the same [@one].\n\n::: carer\nOther words.\n:::\n\n"
        for number in range(240)
    )
    data = text.encode()
    assert len(data) > apart.SMALL

    assert apart.read(data, audiences=AUDIENCES) == parse(data)


def test_the_faults_of_a_large_file_come_back_from_its_process():
    data = f"{HEAD}---\n{'Text.' * 10}\n{'x ' * 5000}\n\n{'~~5~~ mg.' * 900}\n\n[@none]\n".encode()

    with pytest.raises(BadFile) as caught:
        apart.read(data, audiences=AUDIENCES)

    assert [line for line, _ in caught.value.faults] == [9, 11]


@pytest.mark.parametrize("wait", [apart.LONGEST_WAIT, 0.05])
def test_a_file_that_takes_too_long_is_given_up(monkeypatch, wait):
    monkeypatch.setattr(apart, "LONGEST_WAIT", wait)
    data = f"{HEAD}---\n".encode() + b"a\n\n" * 300_000
    begun = time.monotonic()

    with pytest.raises(apart.TooHeavy) as caught:
        apart.read(data, audiences=AUDIENCES)

    assert time.monotonic() - begun < 15
    assert "takes more than" in str(caught.value)
    assert "Line" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "said", "refused"),
    [
        (1, b"object type name: MemoryError\nlost sys.stderr", apart.TooHeavy),
        (120, b"Exception ignored in: MemoryError", apart.TooHeavy),
        (1, b"NameError: name 'nothing' is not defined", RuntimeError),
    ],
)
def test_a_process_that_died_for_want_of_memory_is_told_from_a_fault_of_ours(monkeypatch, code, said, refused):
    done = subprocess.CompletedProcess([], code, b"", said)
    monkeypatch.setattr(apart.subprocess, "run", lambda *args, **kwargs: done)

    with pytest.raises(refused):
        apart.read(f"{HEAD}---\n".encode() + b"a\n\n" * 300_000, audiences=AUDIENCES)


@pytest.mark.django_db
def test_a_heavy_file_at_the_desk_is_refused_and_nothing_is_stored(client, author):
    client.force_login(author)
    before = everything()

    for unit in ("a\n\n", "*a* ", "- a\n"):
        file = SimpleUploadedFile("a.md", f"{HEAD}---\n{unit * (4_900_000 // len(unit))}".encode())
        begun = time.monotonic()
        answer = client.post("/desk/articles/import/", {"file": file})

        assert answer.status_code == 422
        assert time.monotonic() - begun < 15
    assert everything() == before


@pytest.mark.django_db
def test_no_transaction_is_open_while_a_file_is_read(client, author, monkeypatch):
    from django.db import connection

    depths = []

    def watched(data, **kwargs):
        depths.append(len(connection.savepoint_ids))
        return apart.read(data, **kwargs)

    monkeypatch.setattr("articles.desk.drafts.read", watched)
    client.force_login(author)
    depth = len(connection.savepoint_ids)

    answer = client.post("/desk/articles/import/", {"file": SimpleUploadedFile("a.md", TEXT.encode())})

    assert answer.status_code == 302
    assert depths == [depth]
