"""Read CSL-JSON, item by item: what is behind a broken item is still read."""

import json
import re
from collections.abc import Iterator
from typing import Any

from articles.files.markdown.front_matter.references import DATES, NAME_PARTS, NAMES, TEXTS
from articles.files.references.days import date, point
from articles.files.references.people import ET_AL
from articles.files.references.record import NOT_KEPT, NotRead, Record, tidied
from articles.text.citations.fields import web_address
from articles.text.citations.names import OTHERS
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

BEGINS = re.compile(r"\s*[\[{]")
_NEXT = re.compile(r"\}\s*,\s*(?=\{)")
_BETWEEN = re.compile(r"[\s,]*")
MOST_BREAKS = 20  # after so many the rest is not read: each may cost a look at all that follows
MOST_DEPTH = 12
MOST_IN_CUSTOM = 20_000
BESIDE = ("article-number", "eid", "updated")
UNREAD = ("categories", "custom", "keyword", "type")
_decoder = json.JSONDecoder(parse_float=str)


def items(text: str) -> Iterator[tuple[int, Any]]:
    """Yield (line, item) for each item of the list, or NotRead in its place if it is broken."""
    at = _first(text)
    line, counted, breaks = 1, 0, 0
    while at < len(text):
        at = _between(text, at)
        if at >= len(text) or text[at] == "]":
            return
        line, counted = line + text.count("\n", counted, at), at
        try:
            item, at = _decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            place = line + text.count("\n", counted, getattr(error, "pos", counted))
            yield place, NotRead(_("This is not well-formed JSON."))
            breaks += 1
            following = _NEXT.search(text, max(at + 1, getattr(error, "pos", 0) - 1))
            if not following or breaks > MOST_BREAKS:
                return
            at = following.end()
        else:
            yield line, item


def _between(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _first(text: str) -> int:
    """Return the place of the first item: of a list, of the list inside an object, or of a single item."""
    inner = re.match(r"\s*\{\s*\"(?:items|references)\"\s*:\s*\[", text)
    found = inner or re.match(r"\s*\[", text)
    return found.end() if found else 0


def read(line: int, item: Any) -> Record:
    """Return the record of an item; raise NotRead if it is none."""
    if isinstance(item, NotRead):
        raise item
    if not isinstance(item, dict):
        raise NotRead(_("A reference in CSL-JSON must be an object."))
    record = Record(line, key=_plain(item.get("id", "")))
    custom = item.get("custom")
    beside = {name: custom[name] for name in BESIDE[:2] if name in custom} if isinstance(custom, dict) else {}
    for name, value in {**beside, **item}.items():
        if value is None or value == "" or name in ("id", *NOT_KEPT):
            continue
        _put(record, name, value)
    if isinstance(custom, dict) and beside:
        record.csl["custom"] = {name: value for name, value in record.csl["custom"].items() if name not in beside}
        if not record.csl["custom"]:
            del record.csl["custom"]
    return record


def _put(record: Record, name: str, value: Any) -> None:
    if name in DATES:
        record.csl[name] = _date(name, value)
    elif name in NAMES:
        record.put_people(name, [_person(name, one) for one in (value if isinstance(value, list) else [value])])
    elif name == "DOI":
        record.put_doi(_plain(value))
    elif name == "PMID":
        record.put_pmid(_plain(value))
    elif name == "URL":
        if web_address(_plain(value)):
            record.csl["URL"] = tidied(_plain(value))
    elif name in TEXTS and name not in UNREAD:
        record.put(name, _text(name, value))
    elif name == "type":
        record.csl["type"] = tidied(_text(name, value))
    elif name in ("custom", "categories", *BESIDE):
        _put_as_it_is(record, name, value)
    else:
        said = _("CSL has no field {name}; it was left out.")
        record.remarks.append(said.format(name=quoted(name)))


def _put_as_it_is(record: Record, name: str, value: Any) -> None:
    if name == "custom" and (not isinstance(value, dict) or len(json.dumps(value)) > MOST_IN_CUSTOM):
        record.remarks.append(_("The field {name} is too long, or no object, and was left out.").format(name="custom"))
        return
    record.csl[name] = _cleaned(value)


def _cleaned(value: Any, depth: int = 0) -> Any:
    if depth > MOST_DEPTH:
        raise NotRead(_("The fields of this reference lie too deep in each other."))
    if isinstance(value, dict):
        if not all(name.isascii() for name in value):
            raise NotRead(_("The fields of a reference must be named in letters, digits and hyphens."))
        return {name: _cleaned(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, depth + 1) for inner in value]
    return tidied(value) if isinstance(value, str) else value


def _plain(value: Any) -> str:
    return (
        str(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else value
        if isinstance(value, str)
        else ""
    )


def _text(name: str, value: Any) -> str:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    raise NotRead(_("The value of {name} must be text.").format(name=quoted(name)))


def _person(name: str, value: Any) -> dict[str, str]:
    if isinstance(value, str) and value.strip():
        return {"literal": tidied(value)}
    if isinstance(value, dict):
        texts = {part: tidied(text) for part, text in value.items() if part in NAME_PARTS and isinstance(text, str)}
        person = {part: text for part, text in texts.items() if text}
        if person.get("literal", "").lower() in OTHERS:
            return dict(ET_AL)
        if person.get("family") or person.get("literal"):
            return person
        if person.get("given"):
            return {"literal": person["given"]}
        if isinstance(value.get("name"), str) and value["name"].strip():
            return {"literal": tidied(value["name"])}  # as Crossref names an organisation
    raise NotRead(_("The names in {name} must have a family name, or be literal.").format(name=quoted(name)))


def _date(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, str | int):
        value = {"raw": str(value)}
    if isinstance(value, dict):
        parts = value.get("date-parts")
        if isinstance(parts, list) and parts and all(isinstance(part, list) and part and part[0] for part in parts):
            points = [point(*[_plain(number).strip() for number in part[:3]]) for part in parts[:2] if _is_day(part)]
            if points:
                rest = {key: _plain(value[key]) for key in ("season", "circa") if _plain(value.get(key))}
                return {"date-parts": points, **rest}
        said = _plain(value.get("raw")) or _plain(value.get("literal"))
        if said and (found := date(said)):
            return found
    raise NotRead(_("The date {name} must be written as 2020, 2020-03 or 2020-03-12.").format(name=quoted(name)))


def _is_day(part: list[Any]) -> bool:
    return all(re.fullmatch(r"\s*[0-9]{1,4}\s*", _plain(number)) for number in part[:3])
