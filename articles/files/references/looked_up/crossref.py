"""The interface of Crossref: works/{doi} of its REST API, which answers in JSON (https://api.crossref.org/swagger-ui/)."""

import json
from typing import Any
from urllib.parse import quote

from articles.files.references import csl
from articles.files.references.record import NotRead, Record
from articles.text.citations.identifiers import normal_doi
from articles.text.plain.translated import gettext as _

HOST = "https://api.crossref.org"
TYPES = {
    "book-chapter": "chapter",
    "book-part": "chapter",
    "book-section": "chapter",
    "book-series": "book",
    "database": "dataset",
    "dataset": "dataset",
    "dissertation": "thesis",
    "edited-book": "book",
    "journal-article": "article-journal",
    "monograph": "book",
    "peer-review": "document",
    "posted-content": "article",
    "proceedings-article": "paper-conference",
    "reference-book": "book",
    "reference-entry": "entry-encyclopedia",
    "report": "report",
    "report-component": "report",
    "standard": "standard",
}
DATES = ("published-print", "published", "issued", "published-online", "posted", "created")
SAME = ("volume", "issue", "page", "publisher", "article-number", "language")
FIRST = {"title": "title", "container-title": "container-title", "short-container-title": "container-title-short"}
NOTICES = {  # Crossref's word for an update: the kind of notice
    "retraction": "retraction in",
    "removal": "retraction in",
    "withdrawal": "retraction in",
    "partial_retraction": "partial retraction in",
    "expression_of_concern": "expression of concern in",
    "correction": "erratum in",
    "corrigendum": "erratum in",
    "erratum": "erratum in",
    "addendum": "update in",
    "new_version": "update in",
    "new_edition": "update in",
}


def address_of(doi: str) -> str:
    return f"{HOST}/works/{quote(doi, safe='')}"


def read(answer: bytes, doi: str) -> Record:
    """Return the record of an answer; raise NotRead if it is none, or of another work."""
    try:
        whole = json.loads(answer, parse_float=str)
    except (ValueError, RecursionError):
        raise NotRead(_("The answer cannot be read.")) from None
    message = whole.get("message") if isinstance(whole, dict) else None
    if not isinstance(message, dict):
        raise NotRead(_("The answer cannot be read."))
    if normal_doi(str(message.get("DOI", ""))) != doi:
        raise NotRead(_("The answer is about another work."))
    record = csl.read(0, _item(message))
    _standing(record, message)
    return record


def _item(message: dict[str, Any]) -> dict[str, Any]:
    """Return the work as CSL-JSON, which Crossref's own form is like, but for names, types and dates."""
    kind = str(message.get("type", ""))
    item: dict[str, Any] = {
        "DOI": message.get("DOI"),
        "type": TYPES.get(kind, "book" if kind == "book" else "document"),
    }
    for name, variable in FIRST.items():
        values = message.get(name)
        if isinstance(values, list) and values and isinstance(values[0], str):
            item[variable] = values[0]
    subtitle = message.get("subtitle")
    if isinstance(subtitle, list) and subtitle and isinstance(subtitle[0], str) and "title" in item:
        item["title"] = f"{item['title']}: {subtitle[0]}"
    item |= {name: message[name] for name in SAME if isinstance(message.get(name), str)}
    for role in ("author", "editor", "translator"):
        if isinstance(people := message.get(role), list) and people:
            item[role] = [{**one, "literal": one["name"]} if "name" in one else one for one in people if _is_named(one)]
    issued = next((message[name] for name in DATES if _is_date(message.get(name))), None)
    item |= {"issued": {"date-parts": issued["date-parts"][:1]}} if issued else {}
    for name in ("ISBN", "ISSN"):
        if isinstance(values := message.get(name), list) and values and isinstance(values[0], str):
            item[name] = values[0].rsplit("/", 1)[-1]
    if kind == "posted-content" and message.get("subtype") in (None, "preprint"):
        item["genre"] = "Preprint"
        institution = message.get("institution")
        if "container-title" not in item and isinstance(institution, list) and institution:
            item["container-title"] = str(institution[0].get("name", "")) if isinstance(institution[0], dict) else ""
    place = message.get("publisher-location")
    return item | ({"publisher-place": place} if isinstance(place, str) and kind != "journal-article" else {})


def _is_named(one: Any) -> bool:
    return isinstance(one, dict) and any(
        isinstance(one.get(part), str) and one[part] for part in ("name", "family", "given")
    )


def _is_date(value: Any) -> bool:
    parts = value.get("date-parts") if isinstance(value, dict) else None
    return (
        isinstance(parts, list)
        and bool(parts)
        and isinstance(parts[0], list)
        and isinstance(parts[0][:1], list)
        and bool(parts[0] and parts[0][0])
    )


def _standing(record: Record, message: dict[str, Any]) -> None:
    """Keep what Crossref says of the work: `updated-by` names the notices about it, also those of Retraction Watch."""
    updates = message.get("updated-by")
    for one in updates if isinstance(updates, list) else []:
        if isinstance(one, dict) and (kind := NOTICES.get(str(one.get("type", "")).lower())):
            record.put_notice(kind, f"doi: {one.get('DOI', '')}")
