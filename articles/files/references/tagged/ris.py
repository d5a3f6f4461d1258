"""Read RIS, as reference managers and publishers write it: also without ER, in lower case, and with A1 beside AU."""

import re
from collections.abc import Iterator
from typing import Any

from articles.files.references import own
from articles.files.references.days import date
from articles.files.references.people import person
from articles.files.references.record import Record
from articles.files.references.tagged import Tagged
from articles.text.citations.fields import pmcid, web_address
from articles.text.citations.standing import NOTICES, STATUSES
from articles.text.plain.translated import gettext as _

BEGINS = re.compile(r"^[ \t]*TY {1,2}- ?[ \t]*[A-Za-z]", re.MULTILINE | re.IGNORECASE)
_LINE = re.compile(r"[ \t]{0,3}([A-Za-z][A-Za-z0-9])(?:  ?|\t)-(?:[ \t](.*))?", re.DOTALL)
_WITH_ONE_SPACE = re.compile(r"[ \t]{0,3}[A-Z][A-Z0-9] - ")
TYPES = {
    "ABST": "article-journal",
    "BLOG": "post-weblog",
    "BOOK": "book",
    "CHAP": "chapter",
    "COMP": "software",
    "CONF": "paper-conference",
    "CPAPER": "paper-conference",
    "CTLG": "book",
    "DATA": "dataset",
    "DICT": "entry-dictionary",
    "EBOOK": "book",
    "ECHAP": "chapter",
    "EDBOOK": "book",
    "EJOUR": "article-journal",
    "ELEC": "webpage",
    "ENCYC": "entry-encyclopedia",
    "GEN": "document",
    "GOVDOC": "report",
    "INPR": "article-journal",
    "JFULL": "article-journal",
    "JOUR": "article-journal",
    "MGZN": "article-magazine",
    "NEWS": "article-newspaper",
    "PAMP": "document",
    "PAT": "patent",
    "RPRT": "report",
    "STAND": "standard",
    "THES": "thesis",
    "UNPB": "article",
}
TEXTS = {  # tags that may all be of one variable of CSL: the first in the file stays
    "TI": "title",
    "T1": "title",
    "CT": "title",
    "T2": "container-title",
    "JF": "container-title",
    "BT": "container-title",
    "J2": "container-title-short",
    "JA": "container-title-short",
    "J1": "container-title-short",
    "T3": "collection-title",
    "VL": "volume",
    "IS": "issue",
    "PB": "publisher",
    "CY": "publisher-place",
    "LA": "language",
    "C7": "article-number",
}
PEOPLE = {"AU": "author", "A1": "author", "A2": "editor", "ED": "editor", "A3": "collection-editor", "A4": "translator"}
KINDS = {*TYPES.values(), "guideline", "manuscript", "post"}  # M3 may say it better than TY


def records(text: str) -> Iterator[Tagged]:
    """Yield the records, each from a TY to its ER, to the next TY, or to the end of the text."""
    current: Tagged | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        found = _LINE.fullmatch(line)
        if found and (len(found[1]) != 2 or not _is_tag(line, found[1])):
            found = None
        tag, said = (found[1].upper(), found[2] or "") if found else ("", line)
        if tag == "TY":
            if current:
                current.ended = False
                yield current
            current = Tagged(number)
            current.add(number, tag, said)
        elif tag == "ER" and not said.strip():
            if current:
                yield current
            current = None
        elif current and tag and tag != "ER":
            current.add(number, tag, said)
        elif current:
            current.go_on(line)
    if current:
        current.ended = False
        yield current


def _is_tag(line: str, tag: str) -> bool:
    """With one space before the hyphen a line may be prose: only a tag that is known, in capitals, counts."""
    return not _WITH_ONE_SPACE.match(line) or tag in KNOWN


KNOWN = {
    *TEXTS,
    *PEOPLE,
    *[
        "TY",
        "ER",
        "PY",
        "Y1",
        "DA",
        "Y2",
        "SP",
        "EP",
        "ET",
        "M1",
        "M3",
        "DO",
        "AN",
        "C2",
        "SN",
        "UR",
        "L1",
        "L2",
        "LK",
        "N1",
        "N2",
        "AB",
        "KW",
        "ID",
        "JO",
        "DB",
        "ST",
        own.RIS,
    ],
}


def read(tagged: Tagged) -> Record:
    """Return the record of these lines; raise NotRead if one of them cannot be read."""
    record = Record(tagged.line)
    if not tagged.ended:
        record.remarks.append(_("The record has no line ER at its end. Check that it is complete."))
    people: dict[str, list[tuple[str, dict[str, str]]]] = {}
    held: dict[str, list[str]] = {}
    for tag, text in tagged.texts():
        if tag in PEOPLE:
            named = people.setdefault(PEOPLE[tag], [])
            if found := person(text):
                named.append((tag, found))
        elif tag in TEXTS:
            record.put(TEXTS[tag], text)
        else:
            held.setdefault(tag, []).append(text)
    if held["TY"][0].strip().upper() == "EDBOOK":  # the people of an edited book under AU are its editors
        people["editor"] = people.pop("author", []) + people.pop("editor", [])
    for role, named in people.items():
        record.put_people(role, _each_once(named))
    record.key = held.get("ID", [""])[0].strip()
    _kind(record, held)
    _journal(record, held)
    _place(record, held)
    _dates(record, held)
    _identifiers(record, held)
    _notes(record, held)
    for text in held.get(own.RIS, []):
        if text.startswith(own.BEGINS):
            own.put_own(record, text.removeprefix(own.BEGINS))
    return record


def _each_once(named: list[tuple[str, dict[str, str]]]) -> list[dict[str, str]]:
    """Return the people; some programs write the same people under two tags."""
    first = {tag: [one for other, one in named if other == tag] for tag, _one in named}
    if len(first) > 1 and len({repr(people) for people in first.values()}) == 1:
        return next(iter(first.values()))
    return [one for _tag, one in named]


def _kind(record: Record, held: dict[str, list[str]]) -> None:
    kind = TYPES.get(held["TY"][0].strip().upper(), "document")
    genre = held.get("M3", [""])[0].strip()
    if genre in KINDS:
        kind = genre
    else:
        record.put("genre", genre)
    if genre.lower() == "preprint" and kind == "article-journal":
        kind = "article"
    record.csl["type"] = kind


def _journal(record: Record, held: dict[str, list[str]]) -> None:
    """JO is the full title in some files, and the abbreviation in others: beside a full title it is the latter."""
    for text in held.get("JO", []):
        full = record.csl.get("container-title")
        if full is None:
            record.put("container-title", text)
        elif text.strip() != full:
            record.put("container-title-short", text)


def _place(record: Record, held: dict[str, list[str]]) -> None:
    first, last = (held.get(tag, [""])[0].strip() for tag in ("SP", "EP"))
    if first and first == record.csl.get("article-number"):
        first = ""
    record.put("page", f"{first}-{last}" if first and last and last != first and "-" not in first else first or last)
    number = held.get("M1", [""])[0]
    if record.csl["type"] in ("software", "dataset"):
        record.put("version", held.get("ET", [""])[0])
    else:
        record.put("edition", held.get("ET", [""])[0])
    record.put("number", number)
    if record.csl["type"] in ("book", "chapter", "report", "thesis", "webpage", "standard"):
        record.put("number", record.csl.pop("issue", ""))


def _dates(record: Record, held: dict[str, list[str]]) -> None:
    found: list[dict[str, Any]] = []
    for tag in ("DA", "PY", "Y1"):
        found += [day for text in held.get(tag, []) if (day := date(text))]
    known = [day for day in found if "date-parts" in day]
    if known:
        record.csl["issued"] = max(known, key=_how_exact)
    elif found:
        record.csl["issued"] = found[0]
    if accessed := date(held.get("Y2", [""])[0]):
        record.csl["accessed"] = accessed


def _how_exact(day: dict[str, Any]) -> tuple[int, int]:
    return len(day["date-parts"]), len(day["date-parts"][0])


def _identifiers(record: Record, held: dict[str, list[str]]) -> None:
    for text in held.get("DO", []):
        record.put_doi(text)
    addresses = [text.strip() for tag in ("UR", "LK", "L2") for text in held.get(tag, [])]
    for address in addresses:
        if "doi.org/10." in address.lower():
            record.put_doi(address)
    record.put("URL", next((one for one in addresses if web_address(one) and "doi.org/10." not in one.lower()), ""))
    base = held.get("DB", [""])[0].lower()
    if not base or "pubmed" in base or "medline" in base:
        for text in held.get("AN", []):
            if text.strip().isascii() and text.strip().isdigit():
                record.put_pmid(text)
    for text in held.get("C2", []):
        record.put("PMCID", pmcid(text))
    for text in held.get("SN", []):
        digits = re.sub(r"[^0-9Xx]", "", text.split("(")[0])
        record.put("ISBN" if len(digits) in (10, 13) else "ISSN", text)


def _notes(record: Record, held: dict[str, list[str]]) -> None:
    for text in held.get("N1", []):
        note_of(record, text)


def is_known_note(text: str) -> bool:
    """Tell whether a note is a status, a notice of retraction or an identifier."""
    kind = text.strip().partition(": ")[0].lower()
    return text.strip().lower() in STATUSES or kind in (*NOTICES, "pmid", "doi")


def note_of(record: Record, text: str) -> None:
    """Put a note where it belongs: a status, a notice of retraction, an identifier, or else the note of the work."""
    said = text.strip()
    kind, _colon, rest = said.partition(": ")
    if said.lower() in STATUSES:
        record.put_status(said.lower())
    elif kind.lower() in NOTICES:
        record.put_notice(kind.lower(), rest)
    elif kind.upper() == "PMID":
        record.put_pmid(rest)
    elif kind.upper() == "DOI":
        record.put_doi(rest)
    else:
        record.put("note", said)
