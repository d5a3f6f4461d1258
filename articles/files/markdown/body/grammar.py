"""
The Markdown of articles: CommonMark, pipe tables, citations, notes, subscripts, superscripts and `:::` marks.

Raw HTML is parsed so that it can be refused with its line, but never passed on. Nothing typed may disappear silently,
so link definitions (`[name]: address`) are switched off.
"""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

from articles.files.imported import BadFile
from articles.text.plain.marks import CITATION_KEY, SUBSCRIPT, SUPERSCRIPT
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

IN_BRACKETS = re.compile(r"\[@[^\[\]]*\]")
NOTE = re.compile(r"\[\^[^\]\s^]+\]")
NOTE_TEXT = re.compile(r"\[\^([^\]\s^]+)\]:[ \t]*(.*)")
MARK = re.compile(r":::+[ \t]*(.*?)[ \t]*")


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").disable("reference")
    # Every address becomes a link, so that a bad one can be refused by name.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # as the library's documentation advises
    parser.core.ruler.disable("text_join")  # escaped characters stay apart: they are no marks
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler2.at("emphasis", emphasis.postProcess)
    parser.inline.ruler.before("link", "citation", _citation)
    parser.inline.ruler.after("emphasis", "subscript", _script("~", SUBSCRIPT, "sub"))
    parser.inline.ruler.after("emphasis", "superscript", _script("^", SUPERSCRIPT, "sup"))
    everywhere: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("table", "wording_mark", _wording_mark, everywhere)
    parser.block.ruler.before("table", "note_text", _note_text, everywhere)
    parser.block.ruler.before("table", "caption_after_rows", _caption_after_rows, {"alt": ["blockquote"]})
    return parser


def tokens(text: str, first_line: int) -> list[Token]:
    """Return the tokens of the text. Their `map` counts the lines of the file from 0."""
    return _parser().parse("\n" * (first_line - 1) + text)


def lines_of(token: Token) -> tuple[int, int]:
    """Return the first line of a token and the line after its last, from 0. Closing and inner tokens have none."""
    if token.map is None:
        raise ValueError(f"A token {token.type} has no lines.")
    return token.map[0], token.map[1]


def line_of(token: Token) -> int:
    """Return the line of the file on which a token begins, from 1."""
    return lines_of(token)[0] + 1


def start_of(token: Token) -> int:
    """Return the first number of an ordered list."""
    return int(token.attrs.get("start", 1))


def breaks(token: Token) -> int:
    """Return the number of line ends in an inline token."""
    return 1 if token.type in ("softbreak", "hardbreak") else token.meta.get("breaks", 0)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """
    Treat * and _ as marks only at the edges of words, and never between two numbers.

    Inside a word, or in `2 *3* 4`, they are signs: else `2*3*4 mg` would become 234 mg, and HLA-B*57:01 lose its star.
    """
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    scanned = state.scanDelims(state.pos, False)
    number = scanned.length == 1 and _between_numbers(state.src, state.pos)
    for _sign in range(scanned.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open and not number,
                close=scanned.can_close and not number,
            )
        )
    state.pos += scanned.length
    return True


def _between_numbers(text: str, at: int) -> bool:
    before, after = text[max(0, at - 2) : at].rstrip(" "), text[at + 1 : at + 3].lstrip(" ")
    return before[-1:].isdigit() and after[:1].isdigit()


def _citation(state: StateInline, silent: bool) -> bool:
    """Parse `[^1]`, `[@key]` or `[@one; @two]`, and anything that begins like these, which is refused later."""
    note = NOTE.match(state.src, state.pos, state.posMax)
    if not note and not state.src.startswith("[@", state.pos, state.posMax):
        return False
    found = note or IN_BRACKETS.match(state.src, state.pos, state.posMax)
    written = found.group() if found else "[@"
    if not silent:
        token = state.push("note" if note else "citation", "", 0)
        token.content = written
        token.meta["breaks"] = written.count("\n")
    state.pos += len(written)
    return True


def keys_of(citation: str, line: int) -> list[str]:
    """Return the keys of a typed citation, or raise BadFile."""
    keys = [part.strip() for part in citation[1:-1].split(";")] if citation.endswith("]") else []
    if not keys or not all(key.startswith("@") and CITATION_KEY.fullmatch(key[1:]) for key in keys):
        raise BadFile(
            line,
            _("The citation {citation} must be written as [@key] or [@one; @two].").format(citation=quoted(citation)),
        )
    return [key[1:] for key in keys]


def _script(sign: str, pattern: re.Pattern[str], tag: str) -> RuleFuncInlineType:
    def rule(state: StateInline, silent: bool) -> bool:
        if state.src[state.pos] != sign or (state.pos and state.src[state.pos - 1] == sign):
            return False
        found = pattern.match(state.src, state.pos, state.posMax)
        if not found:
            return False
        if not silent:
            state.push(f"{tag}_open", tag, 1)
            state.push("text", "", 0).content = found[found.lastindex or 0]
            state.push(f"{tag}_close", tag, -1)
        state.pos = found.end()
        return True

    return rule


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _wording_mark(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse a line that begins with `:::`. `info` is the rest of the line."""
    if state.is_code_block(line) or not (found := MARK.fullmatch(_line(state, line))):
        return False
    if not silent:
        token = state.push("wording_mark", "", 0)
        token.info = found[1]
        token.map = [line, line + 1]
        state.line = line + 1
    return True


def _note_text(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse `[^1]: The note.` and the lines that run on from it as a paragraph with the number in `meta`."""
    inside = state.sCount[line] >= state.blkIndent > 0 if silent else state.level > 0  # of a list
    if inside or state.is_code_block(line) or not (found := NOTE_TEXT.fullmatch(_line(state, line))):
        return False
    if silent:
        return True
    ending = state.md.block.ruler.getRules("paragraph")
    outer, state.parentType = state.parentType, "paragraph"
    last = line + 1
    while last < end and not state.isEmpty(last):
        if not state.is_code_block(last) and any(rule(state, last, end, True) for rule in ending):
            break
        last += 1
    state.parentType = outer
    opening = state.push("paragraph_open", "p", 1)
    opening.meta["note"], opening.map = found[1], [line, last]
    text = state.push("inline", "", 0)
    text.content = "\n".join([found[2], *(_line(state, number) for number in range(line + 1, last))]).rstrip()
    text.map, text.children = [line, last], []
    state.push("paragraph_close", "p", -1)
    state.line = last
    return True


def _caption_after_rows(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """End a table before a line with its caption, which is parsed as an ordinary paragraph."""
    return silent and not state.is_code_block(line) and _line(state, line).startswith("Table:")
