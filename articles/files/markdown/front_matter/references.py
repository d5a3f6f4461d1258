"""The references of a file as CSL-JSON 1.0.2. Each number in it is a text or a whole number."""

import datetime
import re
from collections.abc import Callable
from itertools import chain
from typing import Any, TypeVar

import regex

from articles.files.imported import BadFile, Faults, ImportedReference, at_line
from articles.files.markdown.front_matter.yamltext import Value
from articles.text.citations import BESIDE_CSL, TELLING, not_printed
from articles.text.citations.identifiers import DOI, PMID, normal_doi, normal_pmid
from articles.text.plain import markup
from articles.text.plain.marks import CITATION_KEY
from articles.text.plain.plaintext import quoted, tidy, tidy_lines
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import number as digits

T = TypeVar("T")

MOST = 500
ALTHOUGH, LONGEST_REASON = "although_retracted", 300
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
ADDRESS = re.compile(r"https?://|(?<![\w./])www\.", re.IGNORECASE)
ORGANISATION = re.compile(
    r"\b(?:of|for|and|Cent(?:er|re)s?|Institutes?|Society|Association|College|Committee|Department|"
    r"Ministry|Group|Agency|Organi[sz]ation|University|Hospital|Network|Council|Foundation|Division|Office)\b"
)
ET_AL = re.compile(r"(?:et\.? al\.?|and others)\Z", re.IGNORECASE)
SUFFIX = re.compile(r" ((?:Jr|Sr)\.?|2nd|3rd|[4-9]th)\Z")
ROMAN = ("II", "III", "IV")  # “King III, Martin L” is one person, “Ivanov II, Petrov PP” are two
INITIAL = regex.compile(r"^\p{Lu}(?:\.|\p{Lu}{0,2}\s)|\s(?:\p{Lu}\.?-?){1,3}$")  # few family names look so
DEGREE = re.compile(r"(?:Ph\.?D|D\.?Phil|Pharm\.?D|[MB]\.?Sc|Dr\.?P\.?H|MBBS|MB ?B?Ch|MB ?ChB|[FM]RC[A-Z]+)\.?")
SEVERAL = re.compile(r";|\s(?:and|&)\s")
DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
DATES = ("accessed", "available-date", "event-date", "issued", "original-date", "submitted")
_words = re.compile(r"\S+").findall
NAMES = _words(
    """
    author chair collection-editor compiler composer container-author contributor curator director editor
    editorial-director editor-translator executive-producer guest host illustrator interviewer narrator organizer
    original-author performer producer recipient reviewed-author script-writer series-creator translator
    """
)
NAME_PARTS = _words(
    "family given dropping-particle non-dropping-particle suffix literal comma-suffix static-ordering parse-names"
)
TEXTS = _words(
    """
    type citation-key categories language journalAbbreviation shortTitle abstract annote archive archive_collection
    archive_location archive-place authority call-number chapter-number citation-number citation-label
    collection-number collection-title container-title container-title-short dimensions division DOI edition event
    event-title event-place first-reference-note-number genre ISBN ISSN issue jurisdiction keyword locator medium note
    number number-of-pages number-of-volumes original-publisher original-publisher-place original-title page
    page-first part part-title PMCID PMID printing publisher publisher-place references reviewed-genre reviewed-title
    scale section source status supplement title title-short URL version volume volume-title year-suffix custom
    """
)
UNREAD = ("categories", "custom", "updated")  # not converted; a date in words is printed in words
FIELDS = {name.lower(): name for name in (*DATES, *NAMES, *TEXTS, *BESIDE_CSL)}
FINDS = ("title", "container-title", "DOI", "PMID", "URL")


def read(value: Value | None, warnings: list[str], faults: Faults) -> list[ImportedReference]:
    """Return the references in the order of the file. Note faults, and add warnings for unusual details."""
    if value is None or value.data is None:
        return []
    if not isinstance(value.data, list):
        raise BadFile(value.line, _("The value of references must be a list."))
    if len(value.data) > MOST:
        raise BadFile(
            value.data[MOST].line,
            _("The file has {number} references; {most} are allowed.").format(
                number=digits(len(value.data)), most=digits(MOST)
            ),
        )
    seen: dict[str, int] = {}
    tried = (faults.tried(None, _reference, item, seen, warnings, faults) for item in value.data)
    found = [reference for reference in tried if reference]
    unseen = {one.key: not_printed(one.csl) for one in found}
    for one in found:
        if names := [name for name in unseen[one.key] if name in TELLING]:
            warnings.append(
                at_line(
                    one.line,
                    _("The reference {key} has fields that are not printed: {choices}.").format(
                        key=quoted(one.key), choices=", ".join(names)
                    ),
                )
            )
    if lesser := sorted({*chain(*unseen.values())} - {*TELLING}):
        warnings.append(
            at_line(
                value.line,
                _("These fields of references are not printed, but they are signed with the text: {choices}.").format(
                    choices=", ".join(lesser)
                ),
            )
        )
    return found


def _reference(item: Value, seen: dict[str, int], warnings: list[str], faults: Faults) -> ImportedReference:
    if not isinstance(item.data, dict):
        raise BadFile(item.line, _("A reference must be a mapping: {id: smith2020, title: …}."))
    line = item.line
    key = _key(item.data, line)
    faults.tried(None, _once, f"id {quoted(key)}", line, seen)
    although = item.data.pop(ALTHOUGH, None)
    csl = _csl(item.data, key, warnings, faults)
    doi, pmid = csl.get("DOI", ""), csl.get("PMID", "")
    if doi:
        faults.tried(None, _once, f"DOI {quoted(doi)}", line, seen)
    if pmid:
        faults.tried(None, _once, f"PMID {quoted(pmid)}", line, seen)
    if not any(csl.get(name) for name in FINDS):
        warnings.append(
            at_line(
                line, _("The reference {key} has no title, container-title, DOI, PMID or URL.").format(key=quoted(key))
            )
        )
    return ImportedReference(key, csl, doi, pmid, line, faults.tried("", _reason, although) if although else "")


def _reason(value: Value) -> str:
    """Return the reason why a retracted work is cited."""
    reason = tidy(_plain(value))
    if sentence := markup.in_plain_text(reason):
        raise BadFile(value.line, sentence)
    if len(reason) > LONGEST_REASON:
        said = _("The {key} has {number} characters, more than the {most} allowed.")
        raise BadFile(value.line, said.format(key=ALTHOUGH, number=len(reason), most=LONGEST_REASON))
    return reason


def _once(what: str, line: int, seen: dict[str, int]) -> None:
    if what in seen:
        raise BadFile(line, _("The reference in line {line} has the same {what}.").format(line=seen[what], what=what))
    seen[what] = line


def _key(entries: dict[str, Value], line: int) -> str:
    value = entries.get("id")
    if value is None or value.data is None:
        raise BadFile(line, _("This reference has no id."))
    if not isinstance(value.data, str) or not CITATION_KEY.fullmatch(value.data):
        if not isinstance(value.data, str):
            raise BadFile(
                value.line,
                _(
                    "The id must consist of 1 to 64 letters, digits, hyphens and underscores, beginning with "
                    "a letter or digit."
                ),
            )
        raise BadFile(
            value.line,
            _(
                "The id {typed} must consist of 1 to 64 letters, digits, hyphens and underscores, "
                "beginning with a letter or digit."
            ).format(typed=quoted(value.data)),
        )
    return value.data


def _csl(entries: dict[str, Value], key: str, warnings: list[str], faults: Faults) -> dict[str, Any]:
    csl: dict[str, Any] = {}
    for written, value in entries.items():
        if written == "id" or value.data is None:
            continue
        try:
            name = FIELDS.get(written.lower()) or _name(written, value)
            if name in csl:
                raise BadFile(value.line, _("The field {name} is given twice.").format(name=quoted(name)))
            if name not in FIELDS.values():
                warnings.append(
                    at_line(
                        value.line,
                        _("CSL has no field {name} (reference {key}).").format(name=quoted(name), key=quoted(key)),
                    )
                )
            csl[name] = _field(name, value)
        except BadFile as error:
            faults.note(error)
    csl.setdefault("type", "document")
    return csl


def _name(written: str, value: Value) -> str:
    if not NAME.fullmatch(written):
        raise BadFile(
            value.line,
            _("The field {written} must be named in letters, digits and hyphens.").format(written=quoted(written)),
        )
    return written


def _field(name: str, value: Value) -> Any:
    if name in DATES:
        return _without_marks(name, _date(name, value), value.line)
    if name in NAMES:
        people = value.data if isinstance(value.data, list) else [value]
        return [one for person in people for one in _people(name, person)]
    if name == "DOI":
        return _identifier(name, value, normal_doi, DOI, 250, "10.1000/xyz")
    if name == "PMID":
        return _identifier(name, value, normal_pmid, PMID, 8, "31452104")
    if name in FIELDS.values() and name not in UNREAD:
        return _text(name, value)
    return _without_marks(name, _plain(value), value.line) if name in UNREAD else _plain(value)


def _text(name: str, value: Value) -> str:
    """Return the text on one line; refuse marks that would be printed as typed, and two addresses in one field."""
    text = tidy(_scalar(name, value).replace("\n", " "))
    if name == "URL":
        if len(ADDRESS.findall(text)) > 1:
            raise BadFile(value.line, _("The field “URL” holds two addresses; give one."))
        return f"https://{text}" if text.lower().startswith("www.") else text
    return _without_marks(name, text, value.line)


def _without_marks(name: str, value: T, line: int) -> T:
    """Return the value of a field; refuse marks that would be printed as typed."""
    for sentence in markup.in_work({name: value}):
        raise BadFile(line, sentence)
    return value


def _plain(value: Value) -> Any:
    if isinstance(value.data, list):
        return [_plain(item) for item in value.data]
    if isinstance(value.data, dict):
        return {_name(key, item): _plain(item) for key, item in value.data.items()}
    return tidy_lines(value.data or "")


def _scalar(name: str, value: Value) -> str:
    if not isinstance(value.data, str):
        raise BadFile(value.line, _("The value of {name} must be text.").format(name=quoted(name)))
    return value.data


def _identifier(
    name: str, value: Value, normal: Callable[[str], str], pattern: re.Pattern[str], most: int, example: str
) -> str:
    typed = _scalar(name, value)
    text = normal(typed)
    if not pattern.fullmatch(text) or not text.isprintable() or len(text) > most:
        raise BadFile(
            value.line,
            _("The {name} {typed} must look like {example}.").format(name=name, typed=quoted(typed), example=example),
        )
    return text


def _date(name: str, value: Value) -> dict[str, Any]:
    if isinstance(value.data, str) and (found := DATE.fullmatch(value.data.strip())):
        return {"date-parts": [_day([int(part) for part in found.groups() if part], name, value)]}
    if isinstance(value.data, dict) and value.data.keys() <= {"date-parts", "season", "circa", "literal", "raw"}:
        date = {key: _plain(item) for key, item in value.data.items() if item.data is not None}
        if "date-parts" in date:
            date["date-parts"] = [_day(_numbers(part, name, value), name, value) for part in _ends(date, name, value)]
        return date
    raise _bad_date(name, value)


def _ends(date: dict[str, Any], name: str, value: Value) -> list[Any]:
    parts = date["date-parts"]
    if not isinstance(parts, list) or not 1 <= len(parts) <= 2:
        raise _bad_date(name, value)
    return parts


def _numbers(part: Any, name: str, value: Value) -> list[int]:
    if (
        not isinstance(part, list)
        or not all(isinstance(n, str) and re.fullmatch(r"[0-9]{1,4}", n) for n in part)
        or not part
    ):
        raise _bad_date(name, value)
    return [int(number) for number in part]


def _day(parts: list[int], name: str, value: Value) -> list[int]:
    try:
        year, month, day = [*parts, *[1] * (3 - len(parts))]
        datetime.date(year, month, day)
    except ValueError:
        raise _bad_date(name, value) from None
    return parts


def _bad_date(name: str, value: Value) -> BadFile:
    return BadFile(
        value.line, _("The date {name} must be written as 2020, 2020-03 or 2020-03-12.").format(name=quoted(name))
    )


def _people(name: str, value: Value) -> list[dict[str, str]]:
    """Return the person, or each person of a list in the style of PubMed: Smith AB, Lee C Jr."""
    if isinstance(value.data, str) and "," in value.data:
        parts = [_in_nlm_style(_without_marks(name, tidy(part), value.line)) for part in value.data.split(",")]
        people = [person for person in parts if person]
        if len(people) == len(parts) and not (len(people) == 2 and people[0]["given"] in ROMAN):
            return people
    return [_person(name, value)]


def _in_nlm_style(text: str) -> dict[str, str] | None:
    """Return the parts of a name that ends with initials, or None."""
    found = SUFFIX.search(text)
    family, _, given = text[: found.start() if found else None].rpartition(" ")
    initials = given.replace("-", "").replace(".", "")
    if not (family and initials.isalpha() and initials.isupper() and len(initials) <= 3):
        return None
    return {"family": family, "given": given} | ({"suffix": found[1]} if found else {})


def _person(name: str, value: Value) -> dict[str, str]:
    if isinstance(value.data, str) and tidy(value.data):
        whole = _without_marks(name, tidy(value.data), value.line)
        if ET_AL.search(whole) and whole.lower() not in ("et al", "et al.", "and others"):
            raise BadFile(
                value.line,
                _(
                    "{whole} ends with “et al.” or “and others”. Write that as a separate name at the end of the list."
                ).format(whole=quoted(whole)),
            )
        parts = [tidy(part) for part in value.data.split(",")]
        if len(parts) > 1 and len(parts[0].split()) > 1 and ORGANISATION.search(whole):
            return {"literal": whole}
        several = len(parts) == 2 and (INITIAL.search(parts[0]) or SEVERAL.search(whole))
        if len(parts) == 2 and DEGREE.fullmatch(parts[1]):
            raise BadFile(
                value.line,
                _("{degree} is no given name: leave it out of {whole}.").format(
                    degree=quoted(parts[1]), whole=quoted(whole)
                ),
            )
        if len(parts) > 2 or not parts[0] or several or ";" in whole:
            raise BadFile(
                value.line,
                _(
                    "Write the names of {name} as a list: [“Family, Given”, …], or each as {{family: …, given: …}}."
                ).format(name=quoted(name)),
            )
        return {"family": parts[0], "given": parts[1]} if len(parts) == 2 and parts[1] else {"literal": parts[0]}
    if isinstance(value.data, dict) and value.data.keys() <= set(NAME_PARTS):
        person = {
            part: _without_marks(name, tidy(text.data), text.line)
            for part, text in value.data.items()
            if isinstance(text.data, str) and text.data
        }
        if person.get("family") or person.get("literal"):
            return person
    raise BadFile(
        value.line,
        _("Write each name in {name} as “Family, Given”, {{family: …, given: …}} or {{literal: …}}.").format(
            name=quoted(name)
        ),
    )
