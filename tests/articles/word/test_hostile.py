"""Files that are no Word files, or that are made to keep a reader busy: a sentence, soon, and within the memory."""

import io
import time
import zipfile

import pytest

from articles.files import apart
from articles.files.imported import BadFile
from articles.files.markdown.parsing import AUDIENCES
from articles.files.word import package
from tests.articles.word.files import KIND, docx, paragraph

LONG = 30 * 1024 * 1024
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
DTD = '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def packed(*names: str, text: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, text)
    return made.getvalue()


FILES = {
    "no archive": (b"PK\x03\x04 and nothing more", "not a whole Word file"),
    "an old file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file of an old Word"),
    "half of a file": (docx(paragraph("Text."))[:600], "not a whole Word file"),
    "another archive": (packed("a.txt"), "not a Word file"),
    "many parts": (packed(*(f"{number}.xml" for number in range(2_001))), "unpacks to more"),
    "much text in little": (packed("word/document.xml", text=b" " * LONG * 4), "unpacks to more"),
    "one long part": (docx(paragraph("x" * 7_000_000)), "divide it into several articles"),
    "macros": (
        docx(paragraph("Text."), kind="application/vnd.ms-word.document.macroEnabled.main+xml"),
        "without macros",
    ),
    "another kind": (docx(paragraph("Text."), kind=f"{KIND}.glossary+xml"), "without macros"),
    "a DTD": (docx(paragraph("Text."), prolog=DTD), "has a DTD"),
    "damaged": (docx("<w:p>"), "is damaged"),
    "no text": (docx(title=""), "no text"),
    "strict": (docx(paragraph("Text."), prolog="<!--http://purl.oclc.org/ooxml/-->"), "Strict Open XML"),
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_refused_with_a_sentence(name):
    data, said = FILES[name]

    before = time.monotonic()
    with pytest.raises(BadFile) as refused:
        apart.read(data, audiences=AUDIENCES)

    assert said in str(refused.value)
    assert len(refused.value.sentences) == 1
    assert not str(refused.value).startswith("Line")
    assert time.monotonic() - before < 30  # of the wall clock, on a busy machine


def test_a_file_over_the_limit_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(package, "MOST_BYTES", 100)

    with pytest.raises(BadFile, match="larger than"):
        package.Package(docx(paragraph("Text.")))


def test_a_million_runs_are_refused_and_the_most_that_may_be_is_read_within_its_limits():
    with pytest.raises(BadFile):
        apart.read(docx("<w:p>" + "<w:r><w:t>a</w:t></w:r>" * 1_000_000 + "</w:p>"), audiences=AUDIENCES)


def test_an_encrypted_archive_is_refused():
    data = bytearray(docx(paragraph("Text.")))
    for sign, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(sign)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(sign, at + 4)

    with pytest.raises(BadFile, match="encrypted"):
        package.Package(bytes(data))


def test_a_word_file_is_read_in_another_process_as_here():
    data = docx(paragraph("Give 5 mg."))

    assert apart.read(data, audiences=AUDIENCES) == apart.parse(data, audiences=AUDIENCES)
