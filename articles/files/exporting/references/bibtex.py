"""Works in the format of BibTeX, in UTF-8."""

import re
from collections.abc import Iterator
from functools import partial

from articles.files.exporting.references import parts
from articles.files.references import own
from articles.files.references.own import written_with_own
from articles.text.citations.dates import MONTHS
from articles.text.citations.fields import Work, doi_text, plain, pmcid, web_address

TYPES = {
    "article-journal": "article",
    "article": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "entry-dictionary": "incollection",
    "entry-encyclopedia": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}
CONTAINERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
PUBLISHERS = {"techreport": "institution", "phdthesis": "school"}
_COMMANDS = {  # TeX reads these as commands
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "$&%#_"},
}
_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_LIGATURE = re.compile("-{2,}|`{2,}|'{2,}")  # TeX makes one sign of these
_NAMED = {"sup": "textsuperscript", "sub": "textsubscript", "i": "emph"}
_TAG = re.compile(r"<(sup|sub|i)>([^<>]*)</\1>")


def bibtex(works: dict[str, Work]) -> str:
    return "\n".join(written_with_own(csl, partial(_entry, key, csl), parts.read_again) for key, csl in works.items())


def _entry(key: str, csl: Work, beside: str) -> str:
    kind = TYPES.get(parts.kind(csl), "misc")
    fields = [*_people(csl), *_titles(kind, csl), *_dates(csl), *_place(kind, csl), *_found_at(csl)]
    fields.append((own.BIBTEX, beside and f"{{{beside}}}"))
    fields.append(("entrysubtype", _text(parts.beside(parts.kind(csl), of=TYPES))))
    lines = "".join(f"  {name} = {text},\n" for name, text in fields if text not in ("", "{}", "{{}}"))
    return f"@{kind}{{{key},\n{lines}}}\n"


def _escaped(text: str) -> str:
    """Return the text for TeX. A brace without its partner is written by name: BibTeX counts braces."""
    commands = _COMMANDS if _is_balanced(text) else {**_COMMANDS, **_BRACES}
    written = "".join(commands.get(letter, letter) for letter in text)
    return _LIGATURE.sub(lambda found: "{}".join(found[0]), written)


def _is_balanced(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if depth < 0:
            return False
    return depth == 0


def _text(value: object) -> str:
    return f"{{{_escaped(plain(value))}}}"


def _title(value: object) -> str:
    """
    Return a title whose letters keep their case; italics, and letters that Unicode cannot raise or lower, are commands.

    Digits are raised by Unicode: many programs drop commands that they do not know, and 10⁹ must not become 109.
    """
    pieces, end, text = [], 0, parts.in_unicode(value)
    for match in _TAG.finditer(text):
        pieces += [_escaped(text[end : match.start()]), f"\\{_NAMED[match[1]]}{{{_escaped(match[2])}}}"]
        end = match.end()
    return f"{{{{{''.join(pieces)}{_escaped(text[end:])}}}}}"


def _people(csl: Work) -> Iterator[tuple[str, str]]:
    for role in ("author", "editor", "translator"):
        yield role, f"{{{' and '.join(map(_person, parts.people(csl.get(role))))}}}"


def _person(person: parts.Person) -> str:
    if person.others:
        return "others"
    if person.is_organisation:
        return f"{{{_escaped(person.family)}}}"
    names = (_part(text) for text in (person.family, person.suffix, person.given) if text)
    return ", ".join(names)


def _part(text: str) -> str:
    """Return a part of a name; one that holds what parts names is kept together by braces."""
    return f"{{{_escaped(text)}}}" if re.search(r",|\band\b", text) else _escaped(text)


def _titles(kind: str, csl: Work) -> Iterator[tuple[str, str]]:
    yield "title", _title(csl.get("title"))
    yield CONTAINERS.get(kind, "howpublished"), _title(csl.get("container-title"))
    yield "shortjournal", _text(plain(csl.get("container-title-short")) or plain(csl.get("journalAbbreviation")))
    yield "type", _text(csl.get("genre"))
    yield "series", _title(csl.get("collection-title"))
    yield "abstract", _text(parts.title(csl.get("abstract")))


def _dates(csl: Work) -> Iterator[tuple[str, str]]:
    issued, accessed = parts.day(csl.get("issued")), parts.day(csl.get("accessed"))
    yield "year", _text(issued.year)
    if issued.until:
        yield "date", _text(f"{_iso(issued)}/{issued.until}")
    yield "month", MONTHS[int(issued.month) - 1].lower() if issued.month else _text(issued.words if issued.year else "")
    yield "day", _text(issued.day)
    yield "urldate", _text(_iso(accessed))


def _iso(day: parts.Day) -> str:
    known = (day.year, day.month and day.month.zfill(2), day.day and day.day.zfill(2))
    return "-".join(filter(None, known))


def _place(kind: str, csl: Work) -> Iterator[tuple[str, str]]:
    first, last = parts.page_range(csl.get("page"))
    yield "volume", _text(csl.get("volume"))
    number = " ".join(filter(None, (plain(csl.get("issue")), plain(csl.get("supplement"))))) or plain(csl.get("number"))
    yield "number", _text(number)
    yield "pages", f"{{{'--'.join(_escaped(page) for page in (first, last) if page)}}}"
    yield "eid", _text(plain(csl.get("article-number")) or plain(csl.get("eid")))
    yield "edition", _text(csl.get("edition"))
    yield "version", _text(csl.get("version"))
    yield PUBLISHERS.get(kind, "publisher"), _text(csl.get("publisher"))
    yield "address", _text(csl.get("publisher-place"))
    yield "language", _text(csl.get("language"))


def _found_at(csl: Work) -> Iterator[tuple[str, str]]:
    """Yield identifiers and notes. Addresses are written as they are: programs open them without reading TeX."""
    yield "doi", _address(doi_text(csl.get("DOI")))
    yield "pmid", _text(csl.get("PMID"))
    yield "pmcid", _text(pmcid(csl.get("PMCID")))
    yield "issn", _text(csl.get("ISSN"))
    yield "isbn", _text(csl.get("ISBN"))
    yield "url", _address(web_address(csl.get("URL")))
    yield "note", _text("; ".join(parts.notes(csl)))


def _address(text: str) -> str:
    for sign, code in (("\\", "%5C"), ("{", "%7B"), ("}", "%7D")):
        text = text.replace(sign, code)
    return f"{{{text}}}"
