"""Works in the format of Research Information Systems (RIS)."""

from collections.abc import Iterator
from functools import partial

from articles.files.exporting.references import parts
from articles.files.references import own
from articles.files.references.own import written_with_own
from articles.files.references.people import ET_AL, person
from articles.text.citations.fields import Work, doi_text, plain, pmcid, web_address

TYPES = {
    "article-journal": "JOUR",
    "article": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "paper-conference": "CPAPER",
    "patent": "PAT",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "software": "COMP",
    "standard": "STAND",
    "guideline": "STAND",
    "thesis": "THES",
    "webpage": "ELEC",
    "post": "ELEC",
}


def ris(works: dict[str, Work]) -> str:
    """Return the works, each a record from TY to ER. A text is one line: RIS has no way to continue it."""
    return "".join(written_with_own(csl, partial(_written, key, csl), parts.read_again) for key, csl in works.items())


def _written(key: str, csl: Work, beside: str) -> str:
    return "".join(f"{tag}  - {text}\r\n" for tag, text in _record(key, csl, beside))


def _record(key: str, csl: Work, beside: str) -> Iterator[tuple[str, str]]:
    kind = parts.kind(csl)
    yield "TY", TYPES.get(kind, "GEN")
    yield "ID", key
    if what := plain(csl.get("genre")) or parts.beside(kind, of=TYPES):
        yield "M3", what
    for tag, text in (*_people(csl), *_titles(csl), *_dates(csl), *_place(csl), *_identifiers(csl)):
        if text:
            yield tag, text
    yield from (("N1", note) for note in parts.notes(csl))
    if beside:
        yield own.RIS, f"{own.BEGINS}{beside}"
    yield "ER", ""


def _people(csl: Work) -> Iterator[tuple[str, str]]:
    for tag, role in (("AU", "author"), ("A2", "editor"), ("A4", "translator")):
        for one in parts.people(csl.get(role)):
            yield tag, _name(one)


def _name(one: parts.Person) -> str:
    """Return a name. As EndNote has it, an organisation that would be read as a person ends in a comma."""
    if one.others:
        return ET_AL["literal"]
    text = ", ".join(filter(None, (one.family, one.given, one.suffix)))
    if one.is_organisation and person(text) != {"literal": text}:
        return f"{text.replace(',', ',,')},"
    return text


def _titles(csl: Work) -> Iterator[tuple[str, str]]:
    yield "TI", parts.title(csl.get("title"))
    yield "T2", parts.title(csl.get("container-title"))
    yield "T3", parts.title(csl.get("collection-title"))
    yield "J2", plain(csl.get("container-title-short")) or plain(csl.get("journalAbbreviation"))
    yield "AB", parts.title(csl.get("abstract"))


def _dates(csl: Work) -> Iterator[tuple[str, str]]:
    issued, accessed = parts.day(csl.get("issued")), parts.day(csl.get("accessed"))
    yield "PY", issued.year
    yield "DA", _day(issued)
    yield "Y2", _day(accessed)


def _day(day: parts.Day) -> str:
    """Return a date as RIS writes it: 2020/03/12/, with a season or the end of a range behind the last stroke."""
    month, date = (part.zfill(2) if part else "" for part in (day.month, day.day))
    return f"{day.year}/{month}/{date}/{day.words or day.until}" if day.year else ""


def _place(csl: Work) -> Iterator[tuple[str, str]]:
    first, last = parts.page_range(csl.get("page"))
    yield "VL", plain(csl.get("volume"))
    yield "IS", " ".join(filter(None, (plain(csl.get("issue")), plain(csl.get("supplement")))))
    number = plain(csl.get("article-number")) or plain(csl.get("eid"))
    yield "SP", first or number
    yield "EP", last
    yield "C7", number
    yield "ET", plain(csl.get("edition")) or plain(csl.get("version"))
    yield "M1", plain(csl.get("number"))
    yield "PB", plain(csl.get("publisher"))
    yield "CY", plain(csl.get("publisher-place"))
    yield "LA", plain(csl.get("language"))


def _identifiers(csl: Work) -> Iterator[tuple[str, str]]:
    yield "DO", doi_text(csl.get("DOI"))
    yield "AN", plain(csl.get("PMID"))
    yield "C2", pmcid(csl.get("PMCID"))
    yield "SN", plain(csl.get("ISSN")) or plain(csl.get("ISBN"))
    yield "UR", web_address(csl.get("URL"))
