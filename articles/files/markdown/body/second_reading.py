"""
A second, simpler reading of a file, independent of the grammar: line by line, with a few patterns.

It gives the words that readers should see of each section and wording. If the imported article has other words, the
file is refused with the line. So a fault in the grammar, a library or the sanitiser cannot silently lose a digit or a
sign.
"""

import html
import re
from collections.abc import Iterator
from itertools import zip_longest

from articles.files.imported import BadFile, ImportedSection
from articles.text import richtext
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.richtext.words import BULLET, CITED, LEVEL, LOWERED, RAISED, words

MARK = re.compile(r" {0,3}:::+[ \t]*(.*?)[ \t]*")
HEADING = re.compile(r" {0,3}(#{2,6})(?:[ \t]+(.*?))?[ \t]*")
ITEM = re.compile(r"[ \t]*([-+*]|[0-9]{1,9}[.)])(?:[ \t]+(.*))?")
ROLE = re.compile(r"\s*\{[^{}]*\}\s*\Z")
NOTE = re.compile(r" {0,3}\[\^([^\]\s^]+)\]:[ \t]*(.*)")
RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*")
KEEP = 0xF0000  # offset for signs typed with a backslash or as an entity, which are no marks
PUNCTUATION = frozenset(r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~""")

_ESCAPED = re.compile(r"""\\([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])""")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CITATION = re.compile(r"\[@([^\[\]]*)\]")
_NOTE = re.compile(r"\[\^([1-9][0-9]{0,2})\]")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:|tel:)[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_LINK = re.compile(r"\[([^\[\]\ue004]*)\]\([ \t]*(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)[ \t]*\)")
_BREAK = re.compile(r"<[bB][rR]\s*/?>|\\(?=\n)")
_RAISED = re.compile(r"\^([0-9+−\w†‡§¶®™ºª°′″()./-]{1,40})\^(?![0-9^])")
_LOWERED = re.compile(r"(?<=[^\W\d_])~([\w+−–./∞-]{1,40})~(?![0-9~])|(?<=[)\]\ue003^])~([\w+−–./∞-]{1,40})~(?![0-9~])")
_SCRIPT = re.compile(
    r"[+−-]?[0-9]+([./–−-][0-9∞]+)?[+−-]?|\(\w\)|[^\W0-9_]*[0-9]*[+−-]?|[0-9]+[^\W0-9_]*[+−-]?|[^\w\s^~]+"
)
_MARKS = re.compile(r"[*_]+")
_MAYBE = "\ue006"  # put before a * or _ that may be a mark


class Stream:
    """The words of one section for one audience, each with its line. Captions are separate."""

    def __init__(self) -> None:
        self.words: list[tuple[str, int]] = []
        self.captions: list[tuple[str, int]] = []
        self.notes: set[int] = set()  # the numbers to which the text refers

    def __bool__(self) -> bool:
        return bool(self.words or self.captions)


class SectionWords:
    def __init__(self, heading: tuple[str, int]) -> None:
        self.heading = heading
        self.streams: dict[str, Stream] = {"": Stream()}


class Reader:
    """Reads the lines of a body. `sections` have the words for each audience."""

    def __init__(self) -> None:
        self.sections = [SectionWords(("", 0))]
        self.stream = self.sections[0].streams[""]
        self.block: list[str] = []
        self.first = 0
        self.notes: dict[int, list[tuple[str, int]]] = {}
        self.note = 0  # the number of the note that is read
        self.kind = ""  # of the line before: text, item, caption, row, note, or empty
        self.in_list = False

    def read(self, lines: list[str], first_line: int) -> list[SectionWords]:
        for at, line in enumerate(lines):
            following = lines[at + 1] if at + 1 < len(lines) else ""
            self._line(line, following, first_line + at, lines[at - 1] if at else "")
        self._end()
        for stream in (stream for section in self.sections for stream in section.streams.values()):
            for note in sorted(stream.notes):
                words = self.notes.get(note, [])
                stream.words += [(f"{RAISED}{note}{LEVEL}", words[0][1] if words else 0), *words]
        lead = self.sections[0]
        return self.sections if any(lead.streams.values()) else self.sections[1:]

    def _line(self, line: str, following: str, number: int, above: str) -> None:
        if not line.strip():
            self._end()
        elif found := MARK.fullmatch(line):
            self._end()
            self.in_list = False
            self.stream = self.sections[-1].streams.setdefault(found[1], Stream())
        elif found := HEADING.fullmatch(line):
            self._end()
            self.in_list = False
            self._heading(found, number)
        elif (line[0] == "[" or not self.in_list) and (found := NOTE.fullmatch(line)):
            self._end()
            self.in_list = False
            self.kind, self.note = "note", int(found[1]) if found[1].isdecimal() else 0
            self._add(found[2], number)
        elif self.kind == "row" or (
            self.kind != "item" and "|" in line and "|" in following and RULE.fullmatch(following)
        ):
            self._row(line, number)
        elif (found := ITEM.fullmatch(line)) and self._begins_item(line, above):
            self._end()
            self.kind, self.in_list = "item", True
            self._add(f"{BULLET if found[1] in '-+*' else found[1]} {found[2] or ''}", number)
        else:
            self._text(line, number)

    def _heading(self, found: re.Match[str], number: int) -> None:
        text = found[2] or ""
        if len(found[1]) > 2:
            self._add(text, number)
            self._end()
        else:
            self.sections.append(SectionWords((" ".join(words_of(ROLE.sub("", text))), number)))
            self.stream = self.sections[-1].streams[""]

    def _row(self, line: str, number: int) -> None:
        if line.startswith("Table:"):
            self._end()
            self._text(line, number)
            return
        if self.kind == "row" and RULE.fullmatch(line):
            return
        self._end()
        self._add(re.sub(r"(?<!\\)\|", " ", line), number)
        self._end()
        self.kind = "row"

    def _begins_item(self, line: str, above: str) -> bool:
        if self.kind not in ("text", "note"):
            return True
        rest = re.sub(r"^[ \t]*(?:[-+*]|[0-9]+[.)])", "", line).lstrip(" \t*_([~≈<>≤≥±½")
        return above.rstrip("*_ \t").endswith(":") and not rest[:1].isnumeric()

    def _text(self, line: str, number: int) -> None:
        if not self.kind:
            indented = line[:1] in " \t"
            self.in_list = self.in_list and indented
            self.kind = "item" if self.in_list else "caption" if line.lstrip().startswith("Table:") else "text"
        self._add(line, number)

    def _add(self, text: str, number: int) -> None:
        if not self.block:
            self.first = number
        self.block.append(text)

    def _end(self) -> None:
        if self.block:
            into = self.stream.captions if self.kind == "caption" else self.stream.words
            into = self.notes.setdefault(self.note, []) if self.kind == "note" else into
            text = "\n".join(self.block)
            text = text.lstrip().removeprefix("Table:") if self.kind == "caption" else text
            for number, line in enumerate(_unmarked(text, self.stream.notes).split("\n"), start=self.first):
                into += [(word, number) for word in line.split()]
        self.block, self.kind = [], ""


def _unmarked(text: str, notes: set[int] | None = None) -> str:
    """Return the text without the marks of Markdown. A possible mark has _MAYBE before it. Add to `notes` its notes."""
    text = _ESCAPED.sub(lambda found: chr(KEEP + ord(found[1])), text)
    text = _ENTITY.sub(lambda found: _protected(html.unescape(found.group())), text) if "&" in text else text
    if "[" in text or "<" in text:
        text = _CITATION.sub(_cited, text)
        if notes is not None:
            notes |= {int(found[1]) for found in _NOTE.finditer(text)}
            text = _NOTE.sub(rf"{RAISED}\1{LEVEL}", text)
        text = _AUTOLINK.sub(lambda found: _protected(found[1]), text)
        text = _LINK.sub(r"\1", text)
    text = _BREAK.sub(" ", text)
    text = _RAISED.sub(lambda found: _script(found, RAISED), text) if "^" in text else text
    text = _LOWERED.sub(lambda found: _script(found, LOWERED), text) if "~" in text else text
    return _MARKS.sub(_maybe, text)


def _protected(text: str) -> str:
    return "".join(chr(KEEP + ord(sign)) if sign in PUNCTUATION else sign for sign in text)


def _cited(found: re.Match[str]) -> str:
    return "".join(CITED.format(key.strip().removeprefix("@")) for key in found.group()[1:-1].split(";"))


def _script(found: re.Match[str], sign: str) -> str:
    inside = found[1] or found[2]
    return f"{sign}{inside}{LEVEL}" if _SCRIPT.fullmatch(inside) else found.group()


def _maybe(found: re.Match[str]) -> str:
    """Mark * and _ as possible marks, unless they are between letters or digits, or alone between spaces."""
    text, run = found.string, found.group()
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    if (before.isalnum() and after.isalnum()) or (not before.strip() and not after.strip()):
        return run
    wide = (
        text[max(0, found.start() - 2) : found.start()].rstrip(" ")[-1:],
        text[found.end() : found.end() + 2].lstrip(" ")[:1],
    )
    if len(run) == 1 and all(sign.isdigit() for sign in wide):
        return run
    return "".join(_MAYBE + sign for sign in run)


def words_of(text: str) -> list[str]:
    """Return the words of a plain text, such as a heading, that is typed as Markdown."""
    return [_plain(word, marks=True) for word in _unmarked(text).split()]


def _plain(word: str, *, marks: bool) -> str:
    word = word.replace(_MAYBE, "") if marks else re.sub(f"{_MAYBE}[*_]", "", word)
    if word.isascii():
        return word
    return characters.normalised("".join(chr(ord(sign) - KEEP) if ord(sign) >= KEEP else sign for sign in word))


def _agrees(typed: str, kept: str) -> bool:
    if _MAYBE not in typed:
        return _plain(typed, marks=True) == kept
    if kept in (_plain(typed, marks=False), _plain(typed, marks=True)):
        return True
    pieces = re.split(f"{_MAYBE}([*_])", typed)
    pattern = "".join(
        f"{re.escape(piece)}?" if at % 2 else re.escape(_plain(piece, marks=True)) for at, piece in enumerate(pieces)
    )
    return re.fullmatch(pattern, kept) is not None


def compare(lines: list[str], first_line: int, sections: list[ImportedSection]) -> None:
    """Raise BadFile with each place where the words of the sections differ from those of the lines."""
    faults = list(_differences(Reader().read(lines, first_line), sections, first_line))
    if faults:
        raise BadFile(*faults[0], *faults[1:])


def _differences(
    found: list[SectionWords], sections: list[ImportedSection], first_line: int
) -> Iterator[tuple[int, str]]:
    for one, section in zip_longest(found, sections):
        if one is None or section is None:
            line = section.line if section else one.heading[1] if one else 0
            yield line or first_line, _sentence(_("a section"), "")
            continue
        if one.heading[0].split() != section.heading.split():
            yield one.heading[1], _sentence(one.heading[0], section.heading)
        bodies = {"": section.body, **section.wordings}
        for audience in one.streams.keys() | bodies.keys():
            stream = one.streams.get(audience, Stream())
            text, captions = words(richtext.parse(bodies.get(audience, "")))
            for typed, kept in ((stream.words, text), (stream.captions, captions)):
                if difference := _first_difference(typed, kept, section.line):
                    yield difference


def _first_difference(typed: list[tuple[str, int]], kept: list[str], line: int) -> tuple[int, str] | None:
    at = 0
    for word, line in typed:
        if at < len(kept) and _agrees(word, kept[at]):
            at += 1
        elif _plain(word, marks=False):
            return line, _sentence(_plain(word, marks=True), " ".join(kept[at : at + 3]))
    return (line, _sentence("", " ".join(kept[at : at + 3]))) if at < len(kept) else None


def _sentence(typed: str, kept: str) -> str:
    shown = re.sub("[\ue001-\ue005]", "", kept)
    typed = re.sub("[\ue001-\ue005]", "", typed)
    typed, kept = (quoted(words) if words else _("nothing") for words in (typed, shown))
    return _(
        "This would not be kept as it is typed: {typed} would become {kept}. If a sign such as * "
        "belongs to the text, write \\ before it."
    ).format(typed=typed, kept=kept)
