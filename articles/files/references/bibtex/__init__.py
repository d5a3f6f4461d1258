"""Read BibTeX and biblatex. An entry that is broken does not take the next one with it."""

import re
from collections.abc import Iterator
from typing import Any

from articles.files.references import own
from articles.files.references.bibtex.inherited import with_inherited
from articles.files.references.bibtex.parsing import Entry, Parser
from articles.files.references.bibtex.people import people
from articles.files.references.bibtex.tex import decoded
from articles.files.references.days import date, point
from articles.files.references.record import NotRead, Record, tidied
from articles.files.references.tagged.ris import is_known_note, note_of
from articles.text.citations.fields import pmcid, web_address
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

BEGINS = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "book",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "bookinbook": "chapter",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "inreference": "entry-encyclopedia",
    "manual": "report",
    "mastersthesis": "thesis",
    "misc": "document",
    "mvbook": "book",
    "mvcollection": "book",
    "mvproceedings": "book",
    "mvreference": "book",
    "reference": "book",
    "suppbook": "chapter",
    "suppcollection": "chapter",
    "online": "webpage",
    "patent": "patent",
    "phdthesis": "thesis",
    "preprint": "article",
    "proceedings": "book",
    "report": "report",
    "software": "software",
    "standard": "standard",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "webpage": "webpage",
    "www": "webpage",
}
TEXTS = {
    "title": "title",
    "eventtitle": "event-title",
    "venue": "event-place",
    "chapter": "chapter-number",
    "holder": "publisher",
    "journal": "container-title",
    "journaltitle": "container-title",
    "booktitle": "container-title",
    "shortjournal": "container-title-short",
    "origlocation": "original-publisher-place",
    "origpublisher": "original-publisher",
    "origtitle": "original-title",
    "series": "collection-title",
    "volumes": "number-of-volumes",
    "volume": "volume",
    "eid": "article-number",
    "edition": "edition",
    "version": "version",
    "publisher": "publisher",
    "institution": "publisher",
    "school": "publisher",
    "organization": "publisher",
    "address": "publisher-place",
    "location": "publisher-place",
    "language": "language",
    "langid": "language",
    "type": "genre",
    "issn": "ISSN",
    "isbn": "ISBN",
}
PEOPLE = {"author": "author", "editor": "editor", "translator": "translator", "bookauthor": "container-author"}
NOT_KEPT = (  # what others would print
    "afterword", "annotator", "commentator", "editora", "editorb", "editorc", "foreword", "introduction", "issuetitle",
    "pubstate",
)  # fmt: skip


def entries(text: str) -> Iterator[Entry]:
    """Yield the entries of a file, each with what it inherits from others, one after the other."""
    return with_inherited(list(Parser(text).entries()))


def read(entry: Entry) -> Record:
    """Return the record of an entry; raise NotRead if it cannot be read."""
    if entry.fault:
        raise NotRead(entry.fault)
    fields = entry.fields
    record = Record(entry.line, key=entry.key)
    kind = decoded(fields.get("entrysubtype", "")) or TYPES.get(entry.kind, "document")
    record.csl["type"] = tidied(kind)
    for name, role in PEOPLE.items():
        record.put_people(role, people(fields.get(name, "")))
    for name, text in {**fields, **_titles(entry)}.items():
        if name in TEXTS:
            record.put(TEXTS[name], decoded(text))
    _place(record, fields)
    _dates(record, fields)
    _found_at(record, fields)
    _remark(record, entry)
    if beside := fields.get(own.BIBTEX, ""):
        own.put_own(record, beside)
    return record


def _titles(entry: Entry) -> dict[str, str]:
    """Return the titles of the entry, each with its subtitle and what stands behind; that of a whole work leads."""
    found = {name: _title(entry.fields, name) for name in ("title", "booktitle", "maintitle", "journaltitle")}
    whole, issue = found.pop("maintitle"), entry.fields.get("issuetitle", "")
    of = "booktitle" if found["booktitle"] else "title"
    if whole and whole != found[of]:
        found[of] = f"{whole}: {found[of]}"
    if entry.kind == "periodical" and issue:
        found |= {"title": issue, "journaltitle": found["title"]}
    return {name: text for name, text in found.items() if text}


def _title(fields: dict[str, str], name: str) -> str:
    stem = name.removesuffix("title")
    if not fields.get(name):
        return ""
    title = ": ".join(filter(None, (fields[name], fields.get(f"{stem}subtitle", ""))))
    behind = fields.get(f"{name}addon", "")
    return f"{title}. {behind}" if behind else title


def _remark(record: Record, entry: Entry) -> None:
    """Say what the entry holds and a work of the library cannot, and which entries it refers to in vain."""
    if lost := [name for name in NOT_KEPT if entry.fields.get(name)]:
        record.remarks.append(_("Not kept: {names}.").format(names=", ".join(lost)))
    for key in entry.missing:
        said = _("It takes details from the entry {key}, which the file does not have.")
        record.remarks.append(said.format(key=quoted(key)))


def _place(record: Record, fields: dict[str, str]) -> None:
    kind = record.csl["type"]
    if "number" in fields or "issue" in fields:
        number = decoded(fields.get("number", "") or fields["issue"])
        is_issue = kind.startswith("article") or ("number" not in fields)
        record.put("issue" if is_issue else "number", number)
    if part := decoded(fields.get("part", "")):
        record.csl["volume"] = ".".join(filter(None, (record.csl.get("volume", ""), part)))
    record.put("page", re.sub(r"\s*[-\u2013\u2014]+\s*", "-", decoded(fields.get("pages", ""))))
    how = fields.get("howpublished", "")
    address = re.search(r"https?://[^\s{}]+", how)
    if address:
        record.put("URL", address[0])
    else:
        record.put("container-title", decoded(how))


def _dates(record: Record, fields: dict[str, str]) -> None:
    whole = date(decoded(fields.get("date", "")))
    record.csl |= {"issued": whole} if whole else {}
    year = decoded(fields.get("year", ""))
    if not whole and re.fullmatch(r"\d{4}", year, re.ASCII):
        record.csl["issued"] = _of_parts(year, decoded(fields.get("month", "")), decoded(fields.get("day", "")))
    elif not whole and year:
        record.csl["issued"] = date(year)
    for name, kept in (("eventdate", "event-date"), ("origdate", "original-date"), ("urldate", "accessed")):
        if found := date(decoded(fields.get(name, ""))):
            record.csl[kept] = found


def _of_parts(year: str, month: str, day: str) -> dict[str, Any]:
    if month.isdigit():
        return {"date-parts": [point(year, month[:2], day if day.isdigit() else None)]}
    said = date(f"{year} {month} {day}".strip())
    return said if said and "date-parts" in said else {"date-parts": [[int(year)]]}


def _found_at(record: Record, fields: dict[str, str]) -> None:
    """Identifiers and addresses are often written without TeX, but for a backslash before a sign."""
    raw = {name: re.sub(r"\\(?=[_%&#~{}$])", "", text).strip("{} \n") for name, text in fields.items()}
    record.put_doi(raw.get("doi", ""))
    address = "".join(raw.get("url", "").split())
    if "doi.org/10." in address.lower():
        record.put_doi(address)
    elif web_address(address):
        record.put("URL", address)
    record.put_pmid(raw.get("pmid", ""))
    if raw.get("eprinttype", raw.get("archiveprefix", "")).lower() in ("pubmed", "pmid"):
        record.put_pmid(raw.get("eprint", ""))
    record.put("PMCID", pmcid(raw.get("pmcid", "")))
    notes = [*fields.get("note", "").split("; "), fields.get("addendum", "")]
    others = [said for note in notes if (said := decoded(note)) and not _known(record, said)]
    record.put("note", "; ".join(others))


def _known(record: Record, note: str) -> bool:
    """Tell whether the note is a status, a notice or an identifier; if it is, put it where it belongs."""
    if not is_known_note(note):
        return False
    note_of(record, note)
    return True
