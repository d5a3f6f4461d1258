"""What is said against a file is in the language of the page, whichever process reads it; commands say English."""

import re
from contextlib import suppress
from html import escape

import pytest
from django.core.management.base import CommandError
from django.utils import translation

from articles.files import apart
from articles.files.imported import BadFile, Faults
from articles.files.markdown.parsing import AUDIENCES, parse
from tests.articles.importing.drafts import TEXT, command
from tests.articles.importing.files import HEAD
from tests.articles.importing.test_refused_files import BODIES, FILES, HEADS
from tests.pseudo import unmarked, without_line, wrapped

FAULTY = (
    "---\ntitle: A\nkind: essay\nreferences:\n  - {id: a, DOI: abc, issued: May}\n  - {id: a}\n---\n"
    "Text [@none] ~~5~~ mg.\n\n> 60\n\n[x](page.html)\n\n| a | b |\n|---|---|\n| c |\n\n::: nurse\nText\n:::\n\n"
    "A\u202e\n"
)
IN_GERMAN = [
    "Zeile 3: Der Wert “essay” von kind ist nicht bekannt. Zur Wahl stehen: topic, question, policy.",
    "Zeile 5: Das Datum “issued” muss als 2020, 2020-03 oder 2020-03-12 geschrieben werden.",
    "Zeile 5: Der Wert “abc” von DOI muss aussehen wie 10.1000/xyz.",
    "Zeile 6: Die Quelle in Zeile 5 hat auch id “a”.",
]


def refused(data: bytes) -> list[str]:
    with pytest.raises(BadFile) as caught:
        apart.read(data, audiences=AUDIENCES)
    return caught.value.sentences


@pytest.mark.once
def test_a_faulty_file_is_refused_in_german_in_both_processes(monkeypatch):
    faulty = FAULTY.replace("A\u202e", "A").encode()

    with translation.override("de"):
        here = refused(faulty)
        monkeypatch.setattr(apart, "SMALL", 0)
        there = refused(faulty)
        assert refused(FAULTY.encode()) == [
            "Zeile 22: U+202E RIGHT-TO-LEFT OVERRIDE steht nach „A“: Das Zeichen ändert die Reihenfolge, in der ein "
            "Text zu lesen ist; entfernen Sie es."
        ]
        assert refused(f"{HEAD}---\n{'x' * 20_001}\n".encode()) == [
            "Zeile 6: Diese Zeile hat 20.001 Zeichen; teilen Sie sie in Zeilen von höchstens 20.000."
        ]

    assert here == there
    assert here[:4] == IN_GERMAN
    assert "Zeile 16: Diese Tabellenzeile hat 1 Zelle, aber die Kopfzeile in Zeile 14 hat 2." in here
    assert all(sentence.startswith("Zeile ") for sentence in here)
    assert refused(faulty)[0] == "Line 3: The kind “essay” is not known. Choose one of topic, question, policy."


@pytest.mark.once
def test_a_remark_on_a_file_is_german_in_both_processes(monkeypatch):
    data = b"---\ntitle: A\nkind: topic\nreferences: [{id: a, title: B}]\n---\nText a](b).\n\n## Empty\n"

    with translation.override("de"):
        here = apart.read(data, audiences=AUDIENCES)
        monkeypatch.setattr(apart, "SMALL", 0)
        assert apart.read(data, audiences=AUDIENCES) == here

    assert here.warnings == [
        "Zeile 1: Die Datei sagt nicht, ob künstliche Intelligenz verwendet wurde (ai_use).",
        "Zeile 6: „](“ steht im Text; ein Link ist [text](address), ohne Zitat und ohne Leerzeichen darin.",
        "Zeile 8: Der Abschnitt “Empty” hat keinen Haupttext.",
        "Zeile 4: Die Quelle „a“ wird nie zitiert.",
    ]


@pytest.mark.once
def test_every_word_against_a_file_is_marked():
    files = [f"{HEAD}---\n{body}\n".encode() for body, _, _ in BODIES]
    files += [f"{HEAD}{head}\n---\nText.\n".encode() for head, _, _ in HEADS]
    files += [f"{HEAD}---\n- One\n-Two\n".encode(), *(data for data, _, _ in FILES)]
    said: list[str] = []

    with wrapped():
        for data in files:
            with suppress(BadFile):
                said += parse(data).warnings
                continue
            with pytest.raises(BadFile) as caught:
                parse(data)
            said += caught.value.sentences

    assert len(said) > len(files)
    assert [each for each in said if unmarked(f"<p>{escape(without_line(each))}</p>", "")] == []


@pytest.mark.once
def test_more_faults_than_are_shown_are_counted():
    found = Faults()
    for line in range(502):
        found.note(BadFile(line, "x"))

    with translation.override("de"), pytest.raises(BadFile) as caught:
        found.stop()

    assert caught.value.sentences[-1] == "Die Datei hat 2 weitere Fehler."


@pytest.mark.django_db
def test_a_command_says_english_on_a_german_site(author, tmp_path):
    with translation.override("de"):
        assert "Line 8: The reference “report” is never cited." in command(tmp_path, TEXT.replace(" [@report]", ""))
        with pytest.raises(CommandError, match=re.escape("exists already; use --update to update its draft")):
            command(tmp_path)
