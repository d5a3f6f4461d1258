"""A work of the library as an entry of a reference list."""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from articles.text.citations import fields
from articles.text.citations.dates import nlm_date, nlm_year
from articles.text.citations.fields import Work, escaped, markup, plain, sentence
from articles.text.citations.names import joined, names

Layout: TypeAlias = Callable[[Work, bool], Iterator[str]]

NOTHING_KNOWN = "Details of this work are missing."
RETRACTED = "<strong>[Retracted]</strong>"
DOUBTED = "expression of concern"
PRINTED_LATER = (  # versions signed before these were printed do not show them
    "status",
    "article-number",
    "eid",
    "supplement",
    "version",
)
BESIDE_CSL = ("article-number", "eid", "updated")  # printed, but not variables of CSL 1.0.2
PRINTED_PLAIN = re.findall(  # tags in these are printed as typed; titles keep <i>, <sub> and <sup>
    r"\S+",
    """
    accessed article-number author collection-number container-author container-title-short edition editor eid issue
    issued journalAbbreviation number page publisher publisher-place supplement translator updated version volume
    """,
)
TELLING = re.findall(  # a reader may need these to find or identify the work
    r"\S+",
    """
    archive archive_collection archive_location archive-place article-number author authority available-date chair
    chapter-number collection-editor collection-number collection-title compiler composer container-author
    container-title contributor curator dimensions director division edition editor editor-translator
    editorial-director eid event event-date event-place event-title executive-producer genre guest host illustrator
    interviewer issue issued jurisdiction medium narrator note number number-of-volumes organizer original-author
    original-date original-publisher original-publisher-place original-title page page-first part part-title performer
    printing producer recipient reviewed-author reviewed-genre reviewed-title scale script-writer section
    series-creator status submitted supplement title translator updated version volume volume-title
    """,
)
SERVER = re.compile(r"rxiv\b|\bpreprints?\b|\bSSRN\b|\bResearch Square\b|\bAuthorea\b", re.IGNORECASE)


def format_reference(csl: Work) -> str:
    """
    Return the work as safe HTML in NLM style (Citing Medicine, 2nd ed.), even if fields are missing or malformed.

    `csl` is one CSL-JSON 1.0.2 item. Links lead to doi.org, PubMed, or an http or https address.
    """
    csl = csl if isinstance(csl, dict) else {}
    layout = _layout(csl)
    address = _address(csl, layout)
    parts = [*layout(csl, bool(address)), *_found_at(csl, address)]
    entry = " ".join(part for part in parts if part) or NOTHING_KNOWN
    return f"{RETRACTED} {entry}" if is_retracted(csl) else entry


def is_retracted(csl: Work) -> bool:
    return plain(csl.get("status")).lower() == "retracted"


def is_doubted(csl: Work) -> bool:
    """Tell whether the work's entry says that there is an expression of concern about it."""
    return plain(csl.get("status")).lower() == DOUBTED


def is_named(csl: Work) -> bool:
    """Tell whether the work has a title or an identifier. A journal's name or an address is not enough."""
    return any(plain(csl.get(name)) for name in ("title", "DOI", "PMID", "PMCID"))


def as_first_printed(csl: Work) -> Work:
    """Return the work without the fields that the first renderer did not print."""
    first = {name: value for name, value in csl.items() if name not in PRINTED_LATER}
    if _is_preprint(csl):
        first["type"] = "article-journal"
        first.pop("genre", None)
    return first


def not_printed(csl: Work) -> list[str]:
    """Return the names of the fields, except the type, that do not change the printed entry of the work."""
    entry = format_reference(csl)
    names = [name for name in sorted(csl) if csl[name] and name != "type" and not _is_said(name, csl, entry)]
    return [name for name in names if _holds_more(name, csl) or format_reference({**csl, name: ""}) == entry]


def _holds_more(name: str, csl: Work) -> bool:
    """Tell whether `custom` holds more than the printed date."""
    return name == "custom" and isinstance(csl[name], dict) and bool(csl[name].keys() - {"updated"})


def _is_said(name: str, csl: Work, entry: str) -> bool:
    """Tell whether the entry prints the field's content from another field."""
    if name == "container-title":
        return bool(_journal({**csl, name: ""})) or markup(csl[name]) in entry
    if name == "page-first":
        return bool(csl.get("page"))
    return name == "genre" and _is_guideline(csl)


def _layout(csl: Work) -> Layout:
    kind = plain(csl.get("type")).lower()
    contained = plain(csl.get("container-title"))
    placed = any(plain(csl.get(name)) for name in ("volume", "issue", "page"))
    if contained and placed and (kind not in LAYOUTS or _is_guideline(csl)):
        return _article
    return LAYOUTS.get(kind, _web_page)


def _article(csl: Work, online: bool) -> Iterator[str]:
    """Smith JA. Title. N Engl J Med. 2020 Mar 12;34(5):1023-31."""
    yield sentence(joined(names(csl.get("author"))))
    yield sentence(markup(csl.get("title")))
    preprint = _is_preprint(csl)
    yield from _preprint_server(csl) if preprint else (sentence(_medium(_journal(csl), online)),)
    when = _dated(nlm_date(csl.get("issued")), csl, online)
    place = ";".join(part for part in (when, _volume_and_issue(csl)) if part)
    pages = fields.pages(csl.get("page")) or escaped(csl.get("article-number")) or escaped(csl.get("eid"))
    pages = pages or ("" if preprint else escaped(csl.get("number")))
    if pages:
        place = f"{place}:{pages}" if place else f"p. {pages}"
    yield sentence(place)


def _preprint_server(csl: Work) -> Iterator[str]:
    """medRxiv 069187 [Preprint]. Version 2."""
    server = _journal(csl) or escaped(csl.get("publisher"))
    yield sentence(" ".join(filter(None, (server.removesuffix("."), escaped(csl.get("number")), "[Preprint]"))))
    yield _version(csl)


def _book(csl: Work, online: bool) -> Iterator[str]:
    """Smith JA. Title. 2nd ed. Jones B, editor. New York: Publisher; 2002."""
    yield from _title_page(csl, online)
    yield _imprint(csl, nlm_year(csl.get("issued")), online)
    yield _series(csl)


def _chapter(csl: Work, online: bool) -> Iterator[str]:
    """Smith JA. Title. In: Jones B, editor. Book. 2nd ed. New York: Publisher; 2002. p. 93-113."""
    book = markup(csl.get("container-title"))
    if not book:
        yield from _book(csl, online)
    else:
        yield sentence(joined(names(csl.get("author"))))
        yield sentence(markup(csl.get("title")))
        editors = _credited(csl, "editor") or sentence(joined(names(csl.get("container-author"))))
        yield " ".join(filter(None, ("In:", editors, sentence(_medium(book, online)))))
        yield from _volume_and_edition(csl)
        yield _imprint(csl, nlm_year(csl.get("issued")), online)
        yield _series(csl)
    pages = fields.pages(csl.get("page"))
    yield sentence(f"p. {pages}") if pages else ""


def _web_page(csl: Work, online: bool) -> Iterator[str]:
    """Organisation. Title [Internet]. London: Publisher; 2021 [updated 2022 May 3; cited 2024 Jan 5]."""
    yield from _title_page(csl, online)
    yield from _site_imprint(csl, online)


def _report(csl: Work, online: bool) -> Iterator[str]:
    """Smith JA. Title. Geneva: Publisher; 2002 Jan. Report No.: 12."""
    yield from _title_page(csl, online)
    yield from _site_imprint(csl, online)
    yield _series(csl)
    number = escaped(csl.get("number"))
    yield sentence(f"{_number_label(csl)} No.: {number}") if number else ""


LAYOUTS = {
    "article": _article,
    "article-journal": _article,
    "article-magazine": _article,
    "article-newspaper": _article,
    "book": _book,
    "chapter": _chapter,
    "entry": _chapter,
    "entry-dictionary": _chapter,
    "entry-encyclopedia": _chapter,
    "paper-conference": _chapter,
    "post": _web_page,
    "post-weblog": _web_page,
    "webpage": _web_page,
    "guideline": _report,
    "report": _report,
    "standard": _report,
}


def _title_page(csl: Work, online: bool) -> Iterator[str]:
    """Yield authors or editors, title, edition and translators."""
    authors = sentence(joined(names(csl.get("author"))))
    editors = _credited(csl, "editor")
    yield authors or editors
    yield sentence(_medium(markup(csl.get("title")) or markup(csl.get("container-title")), online))
    yield from _volume_and_edition(csl)
    yield editors if authors else ""
    yield _credited(csl, "translator")


def _credited(csl: Work, role: str) -> str:
    people = names(csl.get(role))
    return sentence(f"{joined(people)}, {role}{'s' * (len(people) > 1)}") if people else ""


def _volume_and_edition(csl: Work) -> Iterator[str]:
    yield fields.edition(csl.get("edition"))
    volume = escaped(csl.get("volume"))
    yield sentence(f"Vol. {volume}") if volume else ""
    yield _version(csl)


def _version(csl: Work) -> str:
    version = re.sub(r"\A[Vv](?:ersion|\.)?\s*(?=[0-9])", "", escaped(csl.get("version")))
    return sentence(f"Version {version}") if version else ""


def _site_imprint(csl: Work, online: bool) -> Iterator[str]:
    """Yield the site of a page and its imprint. A site without publisher is the publisher; no name is repeated."""
    publisher = escaped(csl.get("publisher"))
    said = {name.html for name in names(csl.get("author"))} | {publisher}
    site = markup(csl.get("container-title")) if plain(csl.get("title")) else ""
    site = "" if site in said else site
    yield sentence(site) if publisher else ""
    yield _imprint(csl, nlm_date(csl.get("issued")), online, publisher or site)


def _journal(csl: Work) -> str:
    """Return the journal's abbreviated title without full stops, or else its full title."""
    short = plain(csl.get("container-title-short")) or plain(csl.get("journalAbbreviation"))
    return escaped(short.replace(".", "")) or markup(csl.get("container-title"))


def _volume_and_issue(csl: Work) -> str:
    volume, issue = escaped(csl.get("volume")), escaped(csl.get("issue"))
    supplement = escaped(csl.get("supplement"))
    if supplement and not supplement.lower().startswith("suppl"):
        supplement = f"Suppl {supplement}"
    issue = " ".join(filter(None, (issue, supplement)))
    if volume and issue.lower().startswith("suppl"):
        return f"{volume} {issue}"
    return f"{volume}({issue})" if issue else volume


def _imprint(csl: Work, date: str, online: bool, publisher: str = "") -> str:
    publisher = publisher or escaped(csl.get("publisher"))
    house = ": ".join(filter(None, (escaped(csl.get("publisher-place")), publisher)))
    return sentence("; ".join(filter(None, (house, _dated(date, csl, online)))))


def _dated(date: str, csl: Work, online: bool) -> str:
    """Add to the date the days of update and access. `updated` is no CSL variable: it may be inside `custom`."""
    custom = csl.get("custom")
    inner = custom.get("updated") if isinstance(custom, dict) else None
    updated = nlm_date(csl.get("updated")) or nlm_date(inner)
    cited = nlm_date(csl.get("accessed")) if online else ""
    known = [f"{word} {day}" for word, day in (("updated", updated), ("cited", cited)) if day]
    return " ".join(filter(None, (date, f"[{'; '.join(known)}]" if known else "")))


def _series(csl: Work) -> str:
    series, number = markup(csl.get("collection-title")), escaped(csl.get("collection-number"))
    return f"({series}; no. {number})." if series and number else f"({series})." if series else ""


def _is_guideline(csl: Work) -> bool:
    return "guideline" in (plain(csl.get("type")).lower(), plain(csl.get("genre")).lower())


def _is_preprint(csl: Work) -> bool:
    """Tell whether the genre is preprint, or the type `article` and its publisher or container a preprint server."""
    kind, genre = plain(csl.get("type")).lower(), plain(csl.get("genre")).lower()
    if kind not in ("article", "article-journal"):
        return False
    places = (plain(csl.get(name)) for name in ("publisher", "container-title"))
    return genre == "preprint" or (kind == "article" and any(map(SERVER.search, places)))


def _number_label(csl: Work) -> str:
    if _is_guideline(csl):
        return "Guideline"
    return "Standard" if plain(csl.get("type")).lower() == "standard" else "Report"


def _medium(title: str, online: bool) -> str:
    return f"{title.removesuffix('.')} [Internet]" if title and online else title


def _address(csl: Work, layout: Layout) -> str:
    """Return the address to print; empty if a DOI or PubMed number leads to the same article."""
    address = fields.web_address(csl.get("URL"))
    identifier = plain(csl.get("DOI"))
    if layout is _article and (fields.doi(identifier).startswith("<a ") or fields.pmid(csl.get("PMID"))):
        return ""
    return "" if identifier and address.lower().endswith(identifier.lower()) else address


def _found_at(csl: Work, address: str) -> Iterator[str]:
    """Yield address and identifiers. A full stop follows an address only after a slash (Citing Medicine, ch. 22)."""
    if address:
        yield f"Available from: {fields.link(address, address)}{'.' * address.endswith('/')}"
    identifier = fields.doi(csl.get("DOI"))
    yield f"doi: {identifier}." if identifier else ""
    numbers = (("PMID", fields.pmid(csl.get("PMID"))), ("PMCID", fields.pmcid(csl.get("PMCID"))))
    yield sentence("; ".join(f"{label}: {number}" for label, number in numbers if number))
