"""Works in the format of Research Information Systems (RIS)."""

from collections.abc import Iterator

from articles.files.exporting import parts
from articles.text.citations.fields import Work, doi_text, plain, pmcid, web_address

TYPES = {
    "article": "JOUR",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "guideline": "STAND",
    "paper-conference": "CPAPER",
    "post": "ELEC",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "standard": "STAND",
    "thesis": "THES",
    "webpage": "ELEC",
}


def ris(works: dict[str, Work]) -> str:
    """Return the works, each a record from TY to ER. A text is one line: RIS has no way to continue it."""
    return "".join(f"{tag}  - {text}\r\n" for key, csl in works.items() for tag, text in _record(key, csl))


def _record(key: str, csl: Work) -> Iterator[tuple[str, str]]:
    yield "TY", TYPES.get(parts.kind(csl), "GEN")
    yield "ID", key
    for tag, text in (*_people(csl), *_titles(csl), *_dates(csl), *_place(csl), *_identifiers(csl)):
        if text:
            yield tag, text
    yield from (("N1", note) for note in parts.notes(csl))
    yield "ER", ""


def _people(csl: Work) -> Iterator[tuple[str, str]]:
    for tag, role in (("AU", "author"), ("A2", "editor"), ("A4", "translator")):
        for person in parts.people(csl.get(role)):
            yield tag, ", ".join(filter(None, (person.family, person.given, person.suffix)))


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
    """Return a date as RIS writes it: 2020/03/12/, with a season behind the last stroke."""
    return (
        f"{day.year}/{day.month.zfill(2) if day.month else ''}/{day.day.zfill(2) if day.day else ''}/{day.words}"
        * bool(day.year)
    )


def _place(csl: Work) -> Iterator[tuple[str, str]]:
    first, last = parts.page_range(csl.get("page"))
    yield "VL", plain(csl.get("volume"))
    yield "IS", " ".join(filter(None, (plain(csl.get("issue")), plain(csl.get("supplement")))))
    yield "SP", first or plain(csl.get("article-number")) or plain(csl.get("eid"))
    yield "EP", last
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
