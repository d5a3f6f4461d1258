"""Recognise the format of a file by its content, and read its records one by one."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from articles.files.imported import BadFile, ImportedReference
from articles.files.references import bibtex, csl, own
from articles.files.references.record import NotRead, Record
from articles.files.references.tagged import medline, ris
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import number as digits

MOST_BYTES = 10 * 1024 * 1024
MOST_RECORDS = 10_000

Records: TypeAlias = Iterator[tuple[int, Callable[[], Record]]]  # (line, what reads the record)


class Found(NamedTuple):
    """A reference of a file, and remarks on what was left out of it."""

    reference: ImportedReference
    remarks: list[str]


@dataclass
class Reading:
    """The records of a file that were read, and (line, sentence) for each that was not."""

    called: str
    found: list[Found] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)


class Format(NamedTuple):
    called: str
    begins: re.Pattern[str]
    records: Callable[[str], Records]


def _of_ris(text: str) -> Records:
    return ((tagged.line, partial(ris.read, tagged)) for tagged in ris.records(text))


def _of_medline(text: str) -> Records:
    return ((tagged.line, partial(medline.read, tagged)) for tagged in medline.records(text))


def _of_bibtex(text: str) -> Records:
    return ((entry.line, partial(bibtex.read, entry)) for entry in bibtex.entries(text))


def _of_csl(text: str) -> Records:
    return ((line, partial(_item, line, item)) for line, item in csl.items(text))


def _item(line: int, item: Any) -> Record:
    record = csl.read(line, item)
    custom = record.csl.get("custom")
    if isinstance(custom, dict) and (beside := custom.pop(own.JSON, None)) is not None:
        if not custom:
            del record.csl["custom"]
        own.put_own(record, json.dumps(beside))
    return record


FORMATS = (
    Format("RIS", ris.BEGINS, _of_ris),
    Format("PubMed", medline.BEGINS, _of_medline),
    Format("BibTeX", bibtex.BEGINS, _of_bibtex),
)
JSON = Format("CSL-JSON", csl.BEGINS, _of_csl)


def read_works(data: bytes) -> Reading:
    """Return the works of a file. Raise BadFile if it is too large, is not text, or is of no known format."""
    if len(data) > MOST_BYTES:
        raise BadFile(1, _("The file is larger than {most} MB.").format(most=MOST_BYTES // 1024**2))
    return read_text(_decoded(data))


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        said = _("The byte 0x{typed} is not UTF-8; save the file as UTF-8.").format(typed=f"{data[error.start]:02X}")
        raise BadFile(line, said) from None


def read_text(text: str) -> Reading:
    """Return the works of a text, as `read_works` does."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MOST_BYTES:
        raise BadFile(1, _("The text has more than {most} characters.").format(most=digits(MOST_BYTES)))
    form = _format_of(text)
    reading = Reading(form.called)
    for number, (line, read) in enumerate(form.records(text), start=1):
        if number > MOST_RECORDS:
            said = _("The file has more than {most} records; divide it into several files.")
            raise BadFile(line, said.format(most=digits(MOST_RECORDS)))
        try:
            record = read()
            reading.found.append(Found(record.finished(), record.remarks))
        except NotRead as error:
            reading.unread.append((line, str(error)))
    if not reading.found and not reading.unread:
        raise BadFile(1, _("There is no record in this text."))
    return reading


def _format_of(text: str) -> Format:
    """Return the format whose first record stands first; raise BadFile if there is none."""
    if JSON.begins.match(text):
        return JSON
    found = [(match.start(), form) for form in FORMATS if (match := form.begins.search(text))]
    if not found:
        known = _("This is no file of references in RIS, PubMed (.nbib), BibTeX or CSL-JSON.")
        raise BadFile(1, known)
    return min(found, key=lambda one: one[0])[1]
