"""Read the text of a file as sections, each with its wordings for other audiences."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from markdown_it.token import Token

from articles.files.imported import BadFile, Faults, ImportedSection, at_line
from articles.files.markdown.body import grammar, lists, second_reading
from articles.files.markdown.body import pipe_tables as tables
from articles.files.markdown.body.notes import Notes
from articles.files.markdown.body.writing import Writer
from articles.text import richtext
from articles.text.plain import characters
from articles.text.plain.plaintext import quoted, tidy
from articles.text.plain.translated import gettext as _

MOST_SECTIONS = 500
ROLE_BY_HEADING = {"key points": "key_points", "summary": "summary"}
ROLES = ("summary", "key_points", "body", "urgent", "help_now", "help_today", "help_soon")
ROLE_SIGN = re.compile(r"\s*\{([^{}]*)\}\Z")
CLOSED = re.compile(r"#[ \t]+.*(?<=[ \t])#+[ \t]*\Z")


@dataclass
class Part:
    """A section as tokens: the general text, and the wordings by audience. `line` is that of its heading."""

    role: str
    heading: str
    line: int
    general: list[Token] = field(default_factory=list)
    wordings: dict[str, list[Token]] = field(default_factory=dict)


@dataclass
class Body:
    sections: list[ImportedSection]
    cited: set[str]
    warnings: list[str]


def read(
    text: str,
    faults: Faults,
    *,
    first_line: int,
    keys: Iterable[str] | None,
    audiences: frozenset[str],
    written_for: str,
) -> Body:
    """Return the sections of the text and note its faults. If `keys` is None, citations are not checked."""
    tokens = grammar.tokens(text, first_line)
    lines = [""] * (first_line - 1) + text.split("\n")
    tables.check(tokens, lines, faults)
    lists.check(tokens, lines, faults)
    _check_headings(tokens, lines, faults)
    splitter = Splitter(first_line, audiences - {written_for}, written_for, faults)
    writer = Writer(keys, faults)
    notes = Notes(tokens, faults)
    parts = splitter.split(notes.text)
    for number, part in enumerate(parts):
        for written in (part.general, *part.wordings.values()):
            notes.place(written, number)
    notes.check_called()
    sections = [_section(part, writer) for part in parts]
    if not faults.found:
        if not any(section.body or section.wordings for section in sections):
            raise BadFile(first_line - 1, _("There is no text after the front matter."))
        second_reading.compare(lines[first_line - 1 :], first_line, sections)
    empty = [
        at_line(section.line, _("The section {heading} has no main text.").format(heading=quoted(section.heading)))
        for section in sections
        if not section.body
    ]
    return Body(sections, writer.cited, writer.warnings + empty)


class Splitter:
    """Splits the tokens at each `##` heading and at the `:::` marks."""

    def __init__(self, first_line: int, others: frozenset[str], written_for: str, faults: Faults) -> None:
        self.others = others
        self.written_for = written_for
        self.faults = faults
        self.parts = [Part("lead", "", first_line)]
        self.into = self.parts[0].general  # the current text
        self.opened = 0  # the line of the open :::, or 0
        self.key_points = 0  # the line of that section, or 0

    def split(self, tokens: list[Token]) -> list[Part]:
        """Return the parts, without the lead if there is no text before the first heading."""
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "heading_open":
                if self.faults.tried(False, _is_section, token):
                    self._begin(tokens[index + 1], grammar.line_of(token))
                    index += 3
                    continue
                self.into.append(token)
            elif token.type == "wording_mark":
                self.faults.tried(None, self._mark, token)
            else:
                self.into.append(token)
            index += 1
        self._check_closed()
        lead = self.parts[0]
        return self.parts if lead.general or lead.wordings else self.parts[1:]

    def _begin(self, inline: Token, line: int) -> None:
        self._check_closed()
        heading, role = self.faults.tried(("…", "body"), _heading, inline, line)
        if role == "key_points" and self.key_points:
            self._note(
                line,
                _("The article has its key points in line {line} already.").format(line=self.key_points),
            )
        if len(self.parts) == MOST_SECTIONS + 1:
            self._note(line, _("The article has more than {most} sections.").format(most=MOST_SECTIONS))
        self.key_points = line if role == "key_points" else self.key_points
        self.parts.append(Part(role, heading, line))
        self.into = self.parts[-1].general

    def _note(self, line: int, sentence: str) -> None:
        self.faults.note(BadFile(line, sentence))

    def _check_closed(self) -> None:
        if self.opened:
            self._note(self.opened, _("The ::: that begins here is not closed by a line of ::: in its section."))
            self.opened = 0

    def _mark(self, token: Token) -> None:
        line, audience = grammar.line_of(token), token.info
        if token.level:
            raise BadFile(line, _("A ::: cannot be inside a list."))
        if not audience and not self.opened:
            raise BadFile(
                line,
                _("This ::: closes nothing. If it begins a wording, name the audience after it: ::: professional."),
            )
        if not audience:
            self._close()
            return
        if self.opened:
            self._note(
                line, _("The ::: of line {line} must be closed before the next begins.").format(line=self.opened)
            )
        self._open(audience, line)

    def _open(self, audience: str, line: int) -> None:
        """Begin a wording. The text of a refused one is still read for its faults."""
        wordings = self.parts[-1].wordings
        problem = self._problem(audience, wordings)
        self.opened, self.into = line, []
        wordings[f"refused in line {line}" if problem else audience] = self.into
        if problem:
            raise BadFile(line, problem)

    def _problem(self, audience: str, wordings: dict[str, list[Token]]) -> str:
        if audience == self.written_for:
            return _("The main text is already written for {audience}; put this text there.").format(audience=audience)
        if audience not in self.others:
            return _("The audience {audience} is not known. Choose one of {choices}.").format(
                audience=quoted(audience), choices=", ".join(sorted(self.others))
            )
        return (
            _("This section has a wording for {audience} already.").format(audience=audience)
            if audience in wordings
            else ""
        )

    def _close(self) -> None:
        if not self.into:
            self._note(self.opened, _("The wording that begins here is empty."))
        self.into = self.parts[-1].general
        self.opened = 0


def _check_headings(tokens: list[Token], lines: list[str], faults: Faults) -> None:
    """Note each heading that ends with #, which CommonMark would drop."""
    for token in tokens:
        if token.type == "heading_open" and CLOSED.search(lines[grammar.lines_of(token)[0]]):
            sentence = _(
                "The # that ends this heading would be lost. Remove it, or write \\# if it belongs to the text."
            )
            faults.note(BadFile(grammar.line_of(token), sentence))


def _is_section(token: Token) -> bool:
    """Tell whether a heading begins a section; refuse all headings other than ##, ### and ####."""
    line = grammar.line_of(token)
    if token.markup in ("=", "-"):
        raise BadFile(line, _("A heading is written with ## before it, not underlined."))
    if token.tag == "h1":
        raise BadFile(line, _("The title is in the front matter; begin a section with ## instead of #."))
    if token.tag in ("h5", "h6"):
        raise BadFile(line, _("Headings go down to ####."))
    if token.level:
        raise BadFile(line, _("A heading cannot be inside a list or a quotation."))
    return token.tag == "h2"


def _heading(inline: Token, line: int) -> tuple[str, str]:
    children = inline.children or []
    if any(child.type not in ("text", "text_special") for child in children):
        raise BadFile(
            line, _("The heading of a section is plain text, without emphasis, citations, links, ~ or ^ marks.")
        )
    typed = characters.normalised("".join(child.content for child in children))
    if fault := characters.first_fault(typed):
        raise BadFile(line, fault.sentence)
    heading = tidy(typed)
    role = ""
    if found := ROLE_SIGN.search(heading):
        role, heading = found[1].strip(), heading[: found.start()]
        if role not in ROLES:
            raise BadFile(
                line,
                _("The role {role} is not known. Choose one of {choices}.").format(
                    role=quoted(role), choices=", ".join(ROLES)
                ),
            )
    if not heading:
        raise BadFile(line, _("This section has no heading."))
    if len(heading) > 200:
        raise BadFile(
            line, _("The heading has {number} characters, more than the 200 allowed.").format(number=len(heading))
        )
    return heading, role or ROLE_BY_HEADING.get(heading.casefold(), "body")


def _section(part: Part, writer: Writer) -> ImportedSection:
    line = grammar.line_of(part.general[0]) if part.role == "lead" and part.general else part.line
    body = _cleaned(part.general, writer, line)
    wordings = {audience: _cleaned(tokens, writer, line) for audience, tokens in part.wordings.items()}
    return ImportedSection(part.role, part.heading, body, wordings, line)


def _cleaned(tokens: list[Token], writer: Writer, line: int) -> str:
    written = writer.write(tokens)
    if writer.faults.found:
        return ""
    if fault := characters.first_fault(characters.normalised(html.unescape(written))):
        writer.faults.note(BadFile(line, fault.sentence))
        return ""
    try:
        return richtext.storable(written)
    except richtext.TooLong:
        writer.faults.note(BadFile(line, _("The section that begins here is too long; divide it.")))
        return ""
