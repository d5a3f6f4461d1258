"""One record of a file, made into CSL-JSON in the form in which the library stores it."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from articles.files.imported import ImportedReference
from articles.text.citations.identifiers import DOI, PMID, normal_doi, normal_pmid
from articles.text.citations.standing import OF_THIS_WORK, STATUSES
from articles.text.plain import markup
from articles.text.plain.marks import CITATION_KEY
from articles.text.plain.plaintext import quoted, tidy
from articles.text.plain.translated import gettext as _

NOT_KEPT = ("abstract", "keyword")  # other people's texts: they are not printed, and would be signed and published
MOST_IN_A_FIELD = 10_000
MOST_PEOPLE = 3_000
_KEPT = {"i": "i", "em": "i", "emph": "i", "italic": "i", "sub": "sub", "inf": "sub", "sup": "sup"}
_TAG = re.compile(
    r"<(/?)(?:jats:|mml:)?(i|em|emph|italic|sub|inf|sup|b|bold|strong|u|underline|sc|scp|span|p|br|title|div|font)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


class NotRead(ValueError):
    """Raised for a record that cannot be imported, with the reason as a sentence."""


@dataclass
class Record:
    """
    A record that is being read: the work as CSL-JSON, and remarks on what was left out.

    `line` is that of its first line. `key` is the file's name for the work; `called` is what an error calls it.
    """

    line: int
    csl: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    remarks: list[str] = field(default_factory=list)

    def put(self, name: str, text: str) -> None:
        """Set a variable of CSL to this text, unless the text is empty or the variable is set already."""
        if name not in self.csl and name not in NOT_KEPT and (said := tidied(text)):
            self.csl[name] = said

    def put_doi(self, text: str) -> None:
        said = normal_doi(html.unescape(text)).rstrip(".,;")
        if said and "DOI" not in self.csl:
            self._identified("DOI", text, said, DOI, 250)

    def put_pmid(self, text: str) -> None:
        if (said := normal_pmid(text)) and "PMID" not in self.csl:
            self._identified("PMID", text, said, PMID, 8)

    def _identified(self, name: str, typed: str, said: str, pattern: re.Pattern[str], most: int) -> None:
        if pattern.fullmatch(said) and said.isprintable() and len(said) <= most:
            self.csl[name] = said
        else:
            left_out = _("The {name} {typed} is not well-formed and was left out.")
            self.remarks.append(left_out.format(name=name, typed=quoted(typed)))

    def put_status(self, status: str) -> None:
        """Set the status of the work, unless it has a graver one."""
        known = self.csl.get("status")
        if known not in STATUSES or STATUSES.index(status) < STATUSES.index(known):
            self.csl["status"] = status

    def put_notice(self, kind: str, text: str) -> None:
        """Keep what the file says of a notice, such as where the retraction was published, and its status."""
        if status := OF_THIS_WORK.get(kind):
            self.put_status(status)
        notices = self.csl.setdefault("custom", {}).setdefault("notices", [])
        notice = {"kind": kind, "text": tidied(text)}
        if notice not in notices:
            notices.append(notice)

    def put_people(self, role: str, people: list[dict[str, str]]) -> None:
        if people and role not in self.csl:
            if len(people) > MOST_PEOPLE:
                said = _("This record has more than {most} people in one role.")
                raise NotRead(said.format(most=MOST_PEOPLE))
            self.csl[role] = people

    def finished(self) -> ImportedReference:
        """Return the reference; raise NotRead if it names no work, or would be printed with marks as they are typed."""
        csl = self.csl
        csl.setdefault("type", "document")
        if not any(csl.get(name) for name in ("title", "container-title", "DOI", "PMID", "URL")):
            raise NotRead(_("This record has no title, DOI, PMID or address."))
        if sentence := next(markup.in_work(csl), ""):
            raise NotRead(sentence)
        key = self.key if CITATION_KEY.fullmatch(self.key) else ""
        return ImportedReference(key, csl, csl.get("DOI", ""), csl.get("PMID", ""), self.line)


def tidied(text: str) -> str:
    """
    Return a text on one line: entities as signs, emphasis as <i>, <sub> and <sup>, other tags of print removed.

    Raise NotRead for a text that is too long, or has a character that is not allowed.
    """
    if len(text) > MOST_IN_A_FIELD:
        said = _("The field {field} has more than {most} characters.")
        raise NotRead(said.format(field=quoted(text, 40), most=MOST_IN_A_FIELD))
    try:
        return tidy(_TAG.sub(_tag, html.unescape(text)) if "<" in text or "&" in text else text)
    except ValidationError as error:
        raise NotRead(" ".join(error.messages)) from None


def _tag(found: re.Match[str]) -> str:
    kept = _KEPT.get(found[2].lower())
    return f"<{found[1]}{kept}>" if kept else " " if found[2].lower() in ("p", "br", "div", "title") else ""
