"""
What entries of BibTeX take from other entries of their file: by `crossref`, and by `xdata` of biblatex.

An entry keeps what it says itself. What the title of a book is to the book is the book’s title to a chapter. The rules
are those of biblatex (appendix B of its manual), which hold what BibTeX does.
"""

from collections.abc import Iterator

from articles.files.references.bibtex.parsing import Entry

WITHIN_A_BOOK = {"bookinbook", "inbook", "suppbook"}
WITHIN = {*WITHIN_A_BOOK, "conference", "incollection", "inproceedings", "inreference", "suppcollection"}
WITHIN_A_PERIODICAL = {"article", "suppperiodical"}
OF_ITSELF = {
    "annotation", "crossref", "entryset", "entrysubtype", "execute", "ids", "indexsorttitle", "indextitle", "keywords",
    "label", "note", "options", "presort", "related", "shorttitle", "sortkey", "sortname", "sorttitle", "sortyear",
    "xdata", "xref",
}  # fmt: skip
TITLES = ("title", "subtitle", "titleaddon")
DATES = {"date", "year", "month", "day"}
DEEPEST = 10


def with_inherited(found: list[Entry]) -> Iterator[Entry]:
    """Yield the entries that are works, in their order, each with what it takes from others."""
    by_key = {entry.key.casefold(): entry for entry in reversed(found) if entry.key}
    for entry in found:
        if entry.kind not in ("xdata", "set"):
            if not entry.fault and {"crossref", "xdata"} & entry.fields.keys():
                entry = Entry(
                    entry.line, entry.kind, entry.key, _whole(entry, by_key, entry.missing), "", entry.missing
                )
            yield entry


def _whole(entry: Entry, by_key: dict[str, Entry], missing: list[str], depth: int = 0) -> dict[str, str]:
    """Return the fields of an entry with those that it inherits."""
    fields = dict(entry.fields)
    sources = [(key, True) for key in fields.get("xdata", "").split(",")] + [(fields.get("crossref", ""), False)]
    for named, is_data in sources:
        key = named.strip()
        source = by_key.get(key.casefold())
        if not key or source is entry or depth >= DEEPEST:
            continue
        if source is None:
            missing.append(key)
            continue
        more = _whole(source, by_key, missing, depth + 1)
        more = more if is_data else _as_seen_from(entry.kind, source.kind, more)
        if DATES & fields.keys():
            more = {name: text for name, text in more.items() if name not in DATES}
        fields = {**more, **fields}
    return fields


def _as_seen_from(kind: str, parent: str, fields: dict[str, str]) -> dict[str, str]:
    """Return the fields of a parent, named as an entry of this kind names them."""
    prefix = ""
    if kind in WITHIN:
        prefix = "main" if parent.startswith("mv") else "book"
    elif kind in WITHIN_A_PERIODICAL:
        prefix = "journal"
    elif parent.startswith("mv"):
        prefix = "main"
    names = {name: f"{prefix}{name}" for name in TITLES} if prefix else {}
    seen = {names.get(name, name): text for name, text in fields.items() if name not in OF_ITSELF and name not in names}
    seen |= {names[name]: fields[name] for name in names if name in fields and names[name] not in fields}
    if kind in WITHIN_A_BOOK and "author" in fields:
        seen.setdefault("bookauthor", fields["author"])
    return seen
