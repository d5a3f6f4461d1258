"""Pipe tables: check their rows, and find their captions in adjacent paragraphs."""

import re

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from articles.files.imported import BadFile, Faults
from articles.files.markdown.body import grammar
from articles.files.markdown.body.lines import DELIMITERS
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import ngettext

CAPTION = re.compile(r"Table:\s*")
NUMBERED = re.compile(r"\s*Tab(?:le|\.)?\s*([0-9]+)\s*[.:–—-]")


def check(tokens: list[Token], lines: list[str], faults: Faults) -> None:
    """Note tables inside lists, rows that do not match the header, and alignments and rows that would be lost."""
    header = 0
    for index, token in enumerate(tokens):
        if token.type == "table_open":
            header = grammar.lines_of(token)[0]
            faults.tried(None, _check_table, token, lines)
            faults.tried(None, _check_alignment, header + 1, lines)
            faults.tried(None, _check_end, token, lines)
        elif token.type == "tr_open" and grammar.lines_of(token)[0] != header:
            faults.tried(None, _check_row, grammar.lines_of(token)[0], header, lines)
        elif token.type == "paragraph_open" and not token.level:
            beside = [other.type for other in (tokens[index - 1 : index] + tokens[index + 3 : index + 4])]
            if "table_open" in beside[-1:] or "table_close" in beside[:1]:
                faults.tried(None, _check_number, tokens[index + 1])


def _check_table(token: Token, lines: list[str]) -> None:
    if token.level:
        raise BadFile(grammar.line_of(token), _("A table cannot be inside a list or a quotation."))


def _check_alignment(at: int, lines: list[str]) -> None:
    if any(cell.strip().endswith(":") for cell in lines[at].split("|")):
        raise BadFile(
            at + 1, _("Columns are shown with their text on the left; write |---| without the colon on its right.")
        )


def _check_row(at: int, header: int, lines: list[str]) -> None:
    width, cells = _cells(lines[header]), _cells(lines[at])
    if cells != width:
        sentence = ngettext(
            "This table row has {cells} cell, but the header in line {line} has {width}.",
            "This table row has {cells} cells, but the header in line {line} has {width}.",
            cells,
        )
        raise BadFile(at + 1, sentence.format(cells=cells, line=header + 1, width=width))
    if "|" not in lines[at]:
        raise BadFile(at + 1, _("This line would become a row of the table above; leave a line empty before it."))
    if DELIMITERS.fullmatch(lines[at].strip()):
        raise BadFile(
            at + 1, _("A table has one row of |---|, below its header; remove this one, or begin another table.")
        )


def _check_number(inline: Token) -> None:
    text = "".join(child.content for child in inline.children or [])
    if found := NUMBERED.match(text):
        raise BadFile(
            grammar.line_of(inline),
            _("Tables are numbered when the page is shown; write “Table:” instead of “{typed}”.").format(
                typed=found.group().strip()
            ),
        )


def _check_end(table: Token, lines: list[str]) -> None:
    """Refuse a row that begins like a list or a heading. It would end the table before its last row."""
    end = grammar.lines_of(table)[1]
    following = lines[end] if end < len(lines) else ""
    if "|" in following and not CAPTION.match(following.lstrip()):
        raise BadFile(
            grammar.lines_of(table)[1] + 1,
            _(
                "The table ends at this line. If the line is a row, begin and end it with |. If not, "
                "leave a line empty above it."
            ),
        )


def _cells(line: str) -> int:
    cells = escapedSplit(mdTrim(line))
    return len(cells) - (cells[:1] == [""]) - (len(cells) > 1 and cells[-1] == "")


def captions(tokens: list[Token]) -> tuple[dict[int, Token], set[int]]:
    """
    Return the caption of each table, by the index of its first token, and the indices of the captions' own tokens.

    A caption is a paragraph that begins with `Table:` directly before or after a table. Between two tables it belongs
    to the one without an empty line in between. Raise BadFile if that is not clear.
    """
    found: dict[int, Token] = {}
    used: set[int] = set()
    before: int | None = None  # the table that ends just before this token
    start = 0
    for index, token in enumerate(tokens):
        if token.level or token.type not in ("table_open", "table_close", "paragraph_open"):
            before = None if not token.level and token.type != "paragraph_close" else before
            continue
        if token.type == "table_open":
            start = index
        elif token.type == "table_close":
            before = start
        elif _is_caption(tokens[index + 1]) and (table := _table_of(index, before, tokens, found)) is not None:
            found[table] = _without_sign(tokens[index + 1])
            used |= {index, index + 1, index + 2}
        else:
            before = None
    return found, used


def empty_headers(tokens: list[Token]) -> set[int]:
    """Return the indices of the tokens of each header row without any text. Such a table has no column headers."""
    found: set[int] = set()
    start = 0
    for index, token in enumerate(tokens):
        if token.type == "thead_open":
            start = index
        elif token.type == "thead_close" and not any(inner.content.strip() for inner in tokens[start:index]):
            found |= {*range(start, index + 1)}
    return found


def _is_caption(inline: Token) -> bool:
    first = inline.children[0] if inline.children else None
    return first is not None and first.type == "text" and CAPTION.match(first.content) is not None


def _table_of(index: int, before: int | None, tokens: list[Token], found: dict[int, Token]) -> int | None:
    after = index + 3 if index + 3 < len(tokens) and tokens[index + 3].type == "table_open" else None
    paragraph = tokens[index]
    if before is not None and before in found:
        before = None
    if before is None or after is None:
        return after if before is None else before
    touches_before = grammar.lines_of(tokens[before])[1] == grammar.lines_of(paragraph)[0]
    touches_after = grammar.lines_of(tokens[after])[0] == grammar.lines_of(paragraph)[1]
    if touches_before == touches_after:
        raise BadFile(
            grammar.line_of(paragraph),
            _(
                "This caption is between two tables. Put it directly beside its own table, and leave a "
                "line empty between it and the other table."
            ),
        )
    return before if touches_before else after


def _without_sign(inline: Token) -> Token:
    children = inline.children or []
    first = children[0]
    first.content = CAPTION.sub("", first.content, count=1)
    if not any(child.type in ("text", "citation") and child.content.strip() for child in children):
        raise BadFile(grammar.line_of(inline), _("The caption of this table is empty."))
    return inline
