"""Read the files of PubMed (.nbib) and of Ovid in the format of MEDLINE, with what they say of retractions."""

import re
from collections.abc import Iterator

from articles.files.references.days import date
from articles.files.references.people import ET_AL, Person, of_author, person
from articles.files.references.record import Record
from articles.files.references.tagged import Tagged
from articles.text.citations.fields import pmcid
from articles.text.citations.reference import AHEAD

BEGINS = re.compile(r"^(?:PMID ?- *[0-9]|OWN {0,2}- *[A-Z])", re.MULTILINE | re.IGNORECASE)
_LINE = re.compile(r"([A-Za-z][A-Za-z0-9]{1,3}) {0,2}- ?(.*)", re.DOTALL)
TEXTS = {
    "TI": "title",
    "TT": "original-title",
    "JT": "container-title",
    "TA": "container-title-short",
    "VI": "volume",
    "IP": "issue",
    "PG": "page",
    "PB": "publisher",
    "EN": "edition",
    "CTI": "collection-title",
}
NOTICES = {  # by the tag
    "RIN": "retraction in",
    "ECI": "expression of concern in",
    "PRIN": "partial retraction in",
    "CRI": "corrected and republished in",
    "EIN": "erratum in",
    "RPI": "republished in",
    "UIN": "update in",
    "ROF": "retraction of",
    "ECF": "expression of concern for",
    "PROF": "partial retraction of",
    "PRF": "partial retraction of",
    "CRF": "corrected and republished from",
    "EFR": "erratum for",
    "RPF": "republished from",
    "UOF": "update of",
}
KINDS = {
    "book": "book",
    "book chapter": "chapter",
    "dataset": "dataset",
    "newspaper article": "article-newspaper",
    "technical report": "report",
}
LANGUAGES = {"eng": "en", "ger": "de", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru", "chi": "zh"}
LANGUAGES |= {"jpn": "ja", "dut": "nl", "pol": "pl", "swe": "sv", "dan": "da", "nor": "no", "tur": "tr", "kor": "ko"}


def records(text: str) -> Iterator[Tagged]:
    """Yield the records, each up to a blank line or the next PMID. Other lines may stand before its own PMID."""
    current: Tagged | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        found = _LINE.fullmatch(line)
        if found and len(line) > 4 and line[:5].rstrip("- ").upper() == found[1].upper():
            tag = found[1].upper()
            if tag == "PMID" and current and any(known == tag for _number, known, _lines in current.fields):
                yield current
                current = None
            current = current or Tagged(number)
            current.add(number, tag, found[2])
        elif not line.strip():
            if current:
                yield current
            current = None
        elif current:
            current.go_on(line)
    if current:
        yield current


def read(tagged: Tagged) -> Record:
    """Return the record of these lines; raise NotRead if one of them cannot be read."""
    record = Record(tagged.line)
    fields = [*tagged.texts()]
    for tag, text in fields:
        if tag in TEXTS:
            record.put(TEXTS[tag], text.removesuffix(".") if tag == "TI" and not text.endswith("..") else text)
    if record.csl.get("title", "").startswith("[") and (own := record.csl.pop("original-title", "")):
        record.csl["title"] = f"{own.removesuffix('.')} {record.csl['title']}"
    _people(record, fields)
    held: dict[str, list[str]] = {}
    for tag, text in fields:
        held.setdefault(tag, []).append(text)
    _kind(record, held)
    _place(record, held)
    _identifiers(record, held)
    _standing(record, held)
    return record


def _people(record: Record, fields: list[tuple[str, str]]) -> None:
    """AU repeats the name of the FAU before it; without one it is a person of its own. Groups are where they stand."""
    for role, whole, short, group in (("author", "FAU", "AU", "CN"), ("editor", "FED", "ED", "")):
        people: list[Person] = []
        is_said = False
        for tag, text in fields:
            if tag == whole:
                people += filter(None, [person(text) if "," in text else of_author(text)])
                is_said = True
            elif tag == short:
                people += [] if is_said else filter(None, [of_author(text)])
                is_said = False
            elif tag == group and (found := text.strip()):
                people.append(dict(ET_AL) if found.lower() == "et al." else {"literal": found})
        record.put_people(role, _tidied(people))


def _tidied(people: list[Person]) -> list[Person]:
    return [one if "family" in one else {"literal": " ".join(one["literal"].split())} for one in people]


def _kind(record: Record, held: dict[str, list[str]]) -> None:
    types = [text.strip().lower() for text in held.get("PT", [])]
    kind = next((KINDS[name] for name in types if name in KINDS), "article-journal")
    book = held.get("BTI", [""])[0]
    if book and "title" in record.csl:
        kind = "chapter"
        record.put("container-title", book)
    elif book:
        kind = "book"
        record.put("title", book)
    if "preprint" in types:
        kind, record.csl["genre"] = "article", "Preprint"
    elif any("guideline" in name for name in types):
        record.csl["genre"] = "guideline"
    record.csl["type"] = kind


def _place(record: Record, held: dict[str, list[str]]) -> None:
    if kept := next(filter(None, map(date, held.get("DP", []) + held.get("DEP", []))), None):
        record.csl["issued"] = kept
    if record.csl["type"] in ("book", "chapter"):
        record.put("publisher-place", held.get("PL", [""])[0])
    language = held.get("LA", [""])[0].strip().lower()
    record.put("language", LANGUAGES.get(language, language))
    for text in held.get("IS", []) + held.get("ISBN", []):
        digits = re.sub(r"[^0-9Xx]", "", text.split("(")[0])
        record.put("ISBN" if len(digits) in (10, 13) else "ISSN", text.split("(")[0])
    if held.get("PST", [""])[0].strip().lower() == "aheadofprint" and "volume" not in record.csl:
        record.csl["status"] = AHEAD
    elif (online := date(held.get("DEP", [""])[0])) and record.csl["type"].startswith("article"):
        record.csl["available-date"] = online
    if "page" not in record.csl:
        for text in held.get("LID", []) + held.get("AID", []):
            if text.endswith("[pii]") and re.fullmatch(r"e?[0-9]{1,8}", number := text.removesuffix("[pii]").strip()):
                record.put("article-number", number)


def _identifiers(record: Record, held: dict[str, list[str]]) -> None:
    record.put_pmid(held.get("PMID", [""])[0])
    record.put("PMCID", pmcid(held.get("PMC", [""])[0].strip()))
    for text in held.get("LID", []) + held.get("AID", []):
        said = text.strip()
        if said.lower().endswith("[doi]") or said.lower().startswith("doi:"):  # the latter by other databases
            record.put_doi(re.sub(r"\s*\[doi\]\Z", "", said, flags=re.IGNORECASE))


def _standing(record: Record, held: dict[str, list[str]]) -> None:
    """Keep what PubMed says of retractions and other notices, and the gravest of them as the work's status."""
    if any(text.strip().lower() == "retracted publication" for text in held.get("PT", [])):
        record.put_status("retracted")
    for tag, kind in NOTICES.items():
        for text in held.get(tag, []):
            record.put_notice(kind, text)
