"""Read BibTeX and biblatex. An entry that is broken does not take the next one with it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from articles.files.references.bibtex.tex import decoded, parted
from articles.files.references.days import date, point
from articles.files.references.people import (
    ET_AL,
    ORGANISATION,
    SUFFIX,
    Person,
    in_nlm_style,
    is_surely_a_suffix,
    named,
)
from articles.files.references.record import NotRead, Record, tidied
from articles.files.references.ris import is_known_note, note_of
from articles.text.citations.dates import MONTHS
from articles.text.citations.fields import pmcid, web_address
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

BEGINS = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_ENTRY = re.compile(r"(?:^|(?<=[)}]))[ \t]*@[ \t]*([A-Za-z]+)[ \t\n]*([{(])", re.MULTILINE)
_NAME = re.compile(r"\s*,?\s*([^\s=,{}()\"#%]+)\s*=\s*")
_PIECE = re.compile(r"\s*(?:\{|\"|([^\s,#{}()\"]+))")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_COMMA = re.compile(r",")
MOST_FIELDS = 500
TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "book",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "inreference": "entry-encyclopedia",
    "manual": "report",
    "mastersthesis": "thesis",
    "misc": "document",
    "mvbook": "book",
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
    "journal": "container-title",
    "journaltitle": "container-title",
    "booktitle": "container-title",
    "shortjournal": "container-title-short",
    "series": "collection-title",
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


@dataclass
class Entry:
    """An entry as its fields, each with the text of its first value; `fault` says why it could not be read."""

    line: int
    kind: str
    key: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    fault: str = ""


class Parser:
    """Reads the entries one after the other, each at most up to the line on which the next one begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.strings = {name.lower(): str(number) for number, name in enumerate(MONTHS, start=1)}

    def entries(self) -> Iterator[Entry]:
        line, counted = 1, 0
        starts = [*_ENTRY.finditer(self.text)]
        over = -1
        for number, found in enumerate(starts):
            if found.start() < over:
                continue
            line, counted = line + self.text.count("\n", counted, found.start(1)), found.start(1)
            kind = found[1].lower()
            if kind in ("comment", "preamble"):
                continue
            end = starts[number + 1].start() if number + 1 < len(starts) else len(self.text)
            entry = Entry(line, kind)
            try:
                over = self._entry(entry, found.end(), end, ")" if found[2] == "(" else "}")
            except NotRead as error:
                entry.fault = str(error)
            if kind != "string":
                yield entry

    def _entry(self, entry: Entry, at: int, end: int, closing: str) -> int:
        if entry.kind != "string":
            comma = self.text.find(",", at, end)
            brace = self.text.find(closing, at, end)
            if brace != -1 and (comma == -1 or brace < comma):
                entry.key = self.text[at:brace].strip()
                return brace + 1
            if comma == -1:
                raise NotRead(_("The entry is not closed by a bracket."))
            entry.key = self.text[at:comma].strip()
            at = comma
        while found := _NAME.match(self.text, at, end):
            name = found[1].lower()
            value, at = self._value(found.end(), end)
            if entry.kind == "string":
                self.strings[name] = value
            else:
                entry.fields.setdefault(name, value)
            if len(entry.fields) > MOST_FIELDS:
                raise NotRead(_("The entry has more than {most} fields.").format(most=MOST_FIELDS))
        rest = re.compile(r"[\s,]*").match(self.text, at, end)
        at = rest.end() if rest else at
        if not self.text.startswith(closing, at, end):
            near = self.text[at : min(end, at + 60)].strip()
            what = _("The entry cannot be read at {place}.").format(place=quoted(near, 40)) if near else ""
            raise NotRead(what or _("The entry is not closed by a bracket."))
        return at + 1

    def _value(self, at: int, end: int) -> tuple[str, int]:
        """Return the value at this place, joined if it is written with #, and the place behind it."""
        pieces: list[str] = []
        while found := _PIECE.match(self.text, at, end):
            at = found.end()
            if found[1] is not None:
                pieces.append(self.strings.get(found[1].lower(), found[1]))
            else:
                closed = self._closed(at, end, self.text[at - 1])
                pieces.append(self.text[at : closed - 1])
                at = closed
            joined = re.compile(r"\s*#").match(self.text, at, end)
            if not joined:
                break
            at = joined.end()
        return "".join(pieces), at

    def _closed(self, at: int, end: int, opening: str) -> int:
        depth = 0
        for found in (_BRACE if opening == "{" else _QUOTE).finditer(self.text, at, end):
            sign = found[0]
            if sign == "{":
                depth += 1
            elif sign == "}" and depth:
                depth -= 1
            elif (sign == '"' and not depth) or (sign == "}" and opening == "{"):
                return found.end()
        raise NotRead(_("A field of the entry is not closed by a bracket."))


def read(entry: Entry) -> Record:
    """Return the record of an entry; raise NotRead if it cannot be read."""
    if entry.fault:
        raise NotRead(entry.fault)
    fields = entry.fields
    record = Record(entry.line, key=entry.key)
    kind = decoded(fields.get("entrysubtype", "")) or TYPES.get(entry.kind, "document")
    record.csl["type"] = tidied(kind)
    for role in ("author", "editor", "translator"):
        record.put_people(role, people(fields.get(role, "")))
    title = ": ".join(filter(None, (fields.get("title", ""), fields.get("subtitle", ""))))
    for name, text in {**fields, "title": title}.items():
        if name in TEXTS:
            record.put(TEXTS[name], decoded(text))
    _place(record, fields)
    _dates(record, fields)
    _found_at(record, fields)
    return record


def people(text: str) -> list[Person]:
    """Return the people of a field, parted by `and` outside braces before any TeX is decoded."""
    return [one for part in parted(text, _AND) if (one := _person(part.strip()))]


def _person(text: str) -> Person | None:
    if not decoded(text):
        return None
    if text.lower() in ("others", "{others}"):
        return dict(ET_AL)
    if text.startswith("{") and text.endswith("}") and len(parted(text[1:-1], re.compile(r"\}\{"))) == 1:
        inner = text[1:-1]
        if inner.count("{") == inner.count("}") and _is_one_group(inner):
            return {"literal": tidied(decoded(inner))}
    parts = [tidied(decoded(part)) for part in parted(text, _COMMA)]
    if len(parts) == 1:
        return _without_comma(text, parts[0])
    given, suffix = parts[-1], parts[1] if len(parts) > 2 else ""
    if len(parts) > 2 and not SUFFIX.fullmatch(suffix) and SUFFIX.fullmatch(given):
        given, suffix = suffix, given
    if len(parts) == 2 and is_surely_a_suffix(given):
        given, suffix = "", given
    return named(parts[0], given, suffix) if parts[0] else {"literal": given}


def _is_one_group(inner: str) -> bool:
    depth = 0
    for found in _BRACE.finditer(inner):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth < 0:
            return False
    return depth == 0


def _without_comma(text: str, whole: str) -> Person:
    """Return the person of `Jane A. van der Berg`; one word in braces or alone is an organisation."""
    words = [tidied(decoded(word)) for word in parted(text, re.compile(r"[\s~]+")) if word]
    if len(words) < 2:
        return {"literal": whole}
    if found := in_nlm_style(whole):
        return found
    if len(words) > 2 and ORGANISATION.search(whole) and not any(len(word.strip(".")) < 2 for word in words):
        return {"literal": whole}
    first = next((at for at, word in enumerate(words[:-1]) if at and word[:1].islower()), len(words) - 1)
    return named(" ".join(words[first:]), " ".join(words[:first]))


def _place(record: Record, fields: dict[str, str]) -> None:
    kind = record.csl["type"]
    if "number" in fields or "issue" in fields:
        number = decoded(fields.get("number", "") or fields["issue"])
        is_issue = kind.startswith("article") or ("number" not in fields)
        record.put("issue" if is_issue else "number", number)
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
    if accessed := date(decoded(fields.get("urldate", ""))):
        record.csl["accessed"] = accessed


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
    others = [
        said for note in fields.get("note", "").split("; ") if (said := decoded(note)) and not _known(record, said)
    ]
    record.put("note", "; ".join(others))


def _known(record: Record, note: str) -> bool:
    """Tell whether the note is a status, a notice or an identifier; if it is, put it where it belongs."""
    if not is_known_note(note):
        return False
    note_of(record, note)
    return True
