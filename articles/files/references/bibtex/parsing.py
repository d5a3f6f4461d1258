"""The entries of a BibTeX file, each with its fields as they are typed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.files.references.record import NotRead
from articles.text.citations.dates import MONTHS
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

_ENTRY = re.compile(r"(?:^|(?<=[)}]))[ \t]*@[ \t]*([A-Za-z]+)[ \t\n]*([{(])", re.MULTILINE)
_NAME = re.compile(r"\s*,?\s*([^\s=,{}()\"#%]+)\s*=\s*")
_PIECE = re.compile(r"\s*(?:\{|\"|([^\s,#{}()\"]+))")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
MOST_FIELDS = 500


@dataclass
class Entry:
    """
    An entry as its fields, each with the text of its first value; `fault` says why it could not be read.

    `missing` are the keys of entries that it takes details from and that the file does not have.
    """

    line: int
    kind: str
    key: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    missing: list[str] = field(default_factory=list)


class Parser:
    """Reads the entries one after the other, each at most up to the line on which the next one begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.strings = {name.lower(): str(number) for number, name in enumerate(MONTHS, start=1)}

    def entries(self) -> Iterator[Entry]:
        line, counted = 1, 0
        starts = [*_ENTRY.finditer(self.text)]
        over = -1
        for number, found in enumerate(starts):
            if found.start() < over:
                continue
            line, counted = line + self.text.count("\n", counted, found.start(1)), found.start(1)
            kind = found[1].lower()
            if kind in ("comment", "preamble"):
                continue
            end = starts[number + 1].start() if number + 1 < len(starts) else len(self.text)
            entry = Entry(line, kind)
            try:
                over = self._entry(entry, found.end(), end, ")" if found[2] == "(" else "}")
            except NotRead as error:
                entry.fault = str(error)
            if kind != "string":
                yield entry

    def _entry(self, entry: Entry, at: int, end: int, closing: str) -> int:
        if entry.kind != "string":
            comma = self.text.find(",", at, end)
            brace = self.text.find(closing, at, end)
            if brace != -1 and (comma == -1 or brace < comma):
                entry.key = self.text[at:brace].strip()
                return brace + 1
            if comma == -1:
                raise NotRead(_("The entry is not closed by a bracket."))
            entry.key = self.text[at:comma].strip()
            at = comma
        while found := _NAME.match(self.text, at, end):
            name = found[1].lower()
            value, at = self._value(found.end(), end)
            if entry.kind == "string":
                self.strings[name] = value
            else:
                entry.fields.setdefault(name, value)
            if len(entry.fields) > MOST_FIELDS:
                raise NotRead(_("The entry has more than {most} fields.").format(most=MOST_FIELDS))
        rest = re.compile(r"[\s,]*").match(self.text, at, end)
        at = rest.end() if rest else at
        if not self.text.startswith(closing, at, end):
            near = self.text[at : min(end, at + 60)].strip()
            what = _("The entry cannot be read at {place}.").format(place=quoted(near, 40)) if near else ""
            raise NotRead(what or _("The entry is not closed by a bracket."))
        return at + 1

    def _value(self, at: int, end: int) -> tuple[str, int]:
        """Return the value at this place, joined if it is written with #, and the place behind it."""
        pieces: list[str] = []
        while found := _PIECE.match(self.text, at, end):
            at = found.end()
            if found[1] is not None:
                pieces.append(self.strings.get(found[1].lower(), found[1]))
            else:
                closed = self._closed(at, end, self.text[at - 1])
                pieces.append(self.text[at : closed - 1])
                at = closed
            joined = re.compile(r"\s*#").match(self.text, at, end)
            if not joined:
                break
            at = joined.end()
        return "".join(pieces), at

    def _closed(self, at: int, end: int, opening: str) -> int:
        depth = 0
        for found in (_BRACE if opening == "{" else _QUOTE).finditer(self.text, at, end):
            sign = found[0]
            if sign == "{":
                depth += 1
            elif sign == "}" and depth:
                depth -= 1
            elif (sign == '"' and not depth) or (sign == "}" and opening == "{"):
                return found.end()
        raise NotRead(_("A field of the entry is not closed by a bracket."))
