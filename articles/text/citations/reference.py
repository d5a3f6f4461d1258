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
AS_PRINTED = "@printing"  # beside the fields of a work that is printed as an earlier release did; no file can have it
PRINTING = 3  # 1: the first; 2: with the fields of PRINTED_LATER; 3: with languages, kinds and dates unknown
MARKED = {  # types that are named in brackets behind the title, as Citing Medicine has it for dissertations (chapter 5)
    "dataset": "dataset",
    "document": "",  # only by its genre
    "manuscript": "manuscript",
    "pamphlet": "",
    "software": "software",
    "speech": "",
    "thesis": "dissertation",
}
AHEAD = "ahead of print"  # the status of an article that is not in an issue yet
UNDATED = "[date unknown]"
PRINTED_PLAIN = re.findall(  # tags in these are printed as typed; titles keep <i>, <sub> and <sup>
    r"\S+",
    """
    accessed article-number author available-date collection-number container-author container-title-short edition
    editor eid event-date event-place issue issued journalAbbreviation jurisdiction number page publisher
    publisher-place supplement translator updated version volume
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
LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nb": "Norwegian", "nl": "Dutch", "nn": "Norwegian",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
SERVER = re.compile(r"rxiv\b|\bpreprints?\b|\bSSRN\b|\bResearch Square\b|\bAuthorea\b", re.IGNORECASE)


def format_reference(csl: Work) -> str:
    """
    Return the work as safe HTML in NLM style (Citing Medicine, 2nd ed.), even if fields are missing or malformed.

    `csl` is one CSL-JSON 1.0.2 item. Links lead to doi.org, PubMed, or an http or https address.
    """
    csl = csl if isinstance(csl, dict) else {}
    layout = _layout(csl)
    address = _address(csl, layout)
    language = _language(csl)
    parts = [*layout(csl, bool(address)), "" if address else language, *_found_at(csl, address, language)]
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
    return _as_printed(first, 1)


def as_second_printed(csl: Work) -> Work:
    """Return the work so that it is printed as by the second form of the entries."""
    return _as_printed(csl, 2)


def _as_printed(csl: Work, printing: int) -> Work:
    """Mark the work for an earlier form of its entry, if the entry differs in it."""
    marked = {**csl, AS_PRINTED: printing}
    return marked if format_reference(marked) != format_reference(csl) else csl


def _prints(csl: Work, printing: int = PRINTING) -> bool:
    """Tell whether the entry has what came with this form."""
    return bool(csl.get(AS_PRINTED, PRINTING) >= printing)


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
    if contained and placed and (kind not in LAYOUTS or kind == "patent" or _is_guideline(csl)):
        return _article
    return LAYOUTS.get(kind, _web_page)


def _article(csl: Work, online: bool) -> Iterator[str]:
    """Smith JA. Title. N Engl J Med. 2020 Mar 12;34(5):1023-31."""
    yield sentence(joined(names(csl.get("author"))))
    yield sentence(markup(csl.get("title")))
    preprint = _is_preprint(csl)
    yield from _preprint_server(csl) if preprint else (sentence(_medium(_journal(csl), online)),)
    when = _dated(nlm_date(csl.get("issued")), csl, online)
    place = ";".join(part for part in (when, _volume_and_issue(csl), _section(csl)) if part)
    pages = fields.pages(csl.get("page")) or escaped(csl.get("article-number")) or escaped(csl.get("eid"))
    pages = pages or ("" if preprint else escaped(csl.get("number")))
    if pages:
        place = f"{place}:{pages}" if place else f"p. {pages}"
    yield sentence(place)


def _section(csl: Work) -> str:
    """Return the section of a newspaper (Citing Medicine, chapter 8): 2005 Jul 24;Sect. A:12."""
    section = escaped(csl.get("section"))
    is_news = plain(csl.get("type")).lower() == "article-newspaper"
    return f"Sect. {section}" if section and is_news and _prints(csl) else ""


def _patent(csl: Work, online: bool) -> Iterator[str]:
    """Smith JA, inventor; Company, assignee. Title. United States patent US 1234567. 2002 Aug 1. (Chapter 7)"""
    if not _prints(csl):
        yield from _web_page(csl, online)
        return
    owner = escaped(csl.get("publisher"))
    credits = [_credited(csl, "author", "inventor").removesuffix("."), f"{owner}, assignee" if owner else ""]
    yield sentence("; ".join(filter(None, credits)))
    yield sentence(_medium(markup(csl.get("title")), online))
    country, number = escaped(csl.get("jurisdiction")), escaped(csl.get("number"))
    yield sentence(" ".join(filter(None, (country, "patent" if country or number else "", number))))
    yield sentence(_dated(nlm_date(csl.get("issued")), csl, online))


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
        yield _event(csl)
        yield _imprint(csl, nlm_year(csl.get("issued")), online)
        yield _series(csl)
    pages = fields.pages(csl.get("page"))
    yield sentence(f"p. {pages}") if pages else ""


def _event(csl: Work) -> str:
    """Return the name, days and place of a conference (Citing Medicine, chapter 3), unless the book says its name."""
    if plain(csl.get("type")).lower() != "paper-conference" or not _prints(csl):
        return ""
    name = markup(csl.get("event-title")) or markup(csl.get("event"))
    name = "" if name == markup(csl.get("container-title")) else name
    return sentence("; ".join(filter(None, (name, nlm_date(csl.get("event-date")), escaped(csl.get("event-place"))))))


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
    "patent": _patent,
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
    yield sentence(_medium(markup(csl.get("title")) or markup(csl.get("container-title")), online, _mark(csl)))
    yield from _volume_and_edition(csl)
    yield editors if authors else ""
    yield _credited(csl, "translator")


def _credited(csl: Work, role: str, called: str = "") -> str:
    people = names(csl.get(role))
    return sentence(f"{joined(people)}, {called or role}{'s' * (len(people) > 1)}") if people else ""


def _mark(csl: Work) -> str:
    """Return what a work is, in the words that stand in brackets behind its title."""
    kind = plain(csl.get("type")).lower()
    if kind not in MARKED or not _prints(csl) or _is_guideline(csl):
        return ""
    genre = escaped(csl.get("genre"))
    return genre[:1].lower() + genre[1:] if genre else MARKED[kind]


def _language(csl: Work) -> str:
    """Return the language of a work that is not in English, as a word (Citing Medicine, chapter 1)."""
    code = plain(csl.get("language")).lower().replace("_", "-").split("-")[0]
    return sentence(LANGUAGES.get(code, "")) if code and _prints(csl) else ""


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
    date = nlm_date(csl.get("issued")) or (UNDATED if online and _prints(csl) else "")
    yield _imprint(csl, date, online, publisher or site)


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


def _medium(title: str, online: bool, mark: str = "") -> str:
    """Return the title with what the work is in brackets: [Internet], [dissertation on the Internet]."""
    medium = " on the ".join(filter(None, (mark, "Internet" if online else "")))
    return f"{title.removesuffix('.')} [{medium}]" if title and medium else title


def _address(csl: Work, layout: Layout) -> str:
    """Return the address to print; empty if a DOI or PubMed number leads to the same article."""
    address = fields.web_address(csl.get("URL"))
    identifier = plain(csl.get("DOI"))
    if layout is _article and (fields.doi(identifier).startswith("<a ") or fields.pmid(csl.get("PMID"))):
        return ""
    return "" if identifier and address.lower().endswith(identifier.lower()) else address


def _found_at(csl: Work, address: str, language: str) -> Iterator[str]:
    """
    Yield address and identifiers. A full stop follows an address only after a slash (Citing Medicine, ch. 22).

    The language of a work on the Internet stands behind its address.
    """
    if address:
        yield f"Available from: {fields.link(address, address)}{'.' * address.endswith('/')}"
        yield language
    identifier = fields.doi(csl.get("DOI"))
    yield f"doi: {identifier}." if identifier else ""
    yield _ahead(csl)
    numbers = (("PMID", fields.pmid(csl.get("PMID"))), ("PMCID", fields.pmcid(csl.get("PMCID"))))
    yield sentence("; ".join(f"{label}: {number}" for label, number in numbers if number))


def _ahead(csl: Work) -> str:
    """Return what PubMed's entries say of an article that appeared on the Internet before its issue."""
    if not plain(csl.get("type")).lower().startswith("article") or not _prints(csl):
        return ""
    if plain(csl.get("status")).lower() == AHEAD and not plain(csl.get("volume")):
        return "Epub ahead of print."
    day = nlm_date(csl.get("available-date"))
    return f"Epub {day}." if day and day != nlm_date(csl.get("issued")) else ""
