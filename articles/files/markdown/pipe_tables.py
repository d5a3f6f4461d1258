"""Pipe tables: every row has the cells of its header, and a paragraph beside one may be its caption."""

import re

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from articles.files.imported import BadFile, Faults
from articles.files.markdown.lines import DELIMITERS

CAPTION = re.compile(r"Table:\s*")
NUMBERED = re.compile(r"\s*Tab(?:le|\.)?\s*([0-9]+)\s*[.:–—-]")


def check(tokens: list[Token], lines: list[str], faults: Faults) -> None:
    """Note each table inside a list, each row that does not fit the header, and what a table would not keep."""
    header = 0
    for index, token in enumerate(tokens):
        if token.type == "table_open":
            header = token.map[0]
            faults.tried(None, _check_table, token, lines)
            faults.tried(None, _check_alignment, header + 1, lines)
            faults.tried(None, _check_end, token, lines)
        elif token.type == "tr_open" and token.map[0] != header:
            faults.tried(None, _check_row, token.map[0], header, lines)
        elif token.type == "paragraph_open" and not token.level:
            beside = [other.type for other in (tokens[index - 1 : index] + tokens[index + 3 : index + 4])]
            if "table_open" in beside[-1:] or "table_close" in beside[:1]:
                faults.tried(None, _check_number, tokens[index + 1])


def _check_table(token: Token, lines: list[str]) -> None:
    if token.level:
        raise BadFile(token.map[0] + 1, "A table cannot stand inside a list or a quotation.")


def _check_alignment(at: int, lines: list[str]) -> None:
    if any(cell.strip().endswith(":") for cell in lines[at].split("|")):
        raise BadFile(
            at + 1, "Columns are shown with their text on the left; write |---| without the colon on its right."
        )


def _check_row(at: int, header: int, lines: list[str]) -> None:
    width, cells = _cells(lines[header]), _cells(lines[at])
    if cells != width:
        raise BadFile(
            at + 1,
            f"This table row has {cells} {'cell' if cells == 1 else 'cells'}, "
            f"but the header in line {header + 1} has {width}.",
        )
    if "|" not in lines[at]:
        raise BadFile(at + 1, "This line would become a row of the table above; leave a line empty before it.")
    if DELIMITERS.fullmatch(lines[at].strip()):
        raise BadFile(
            at + 1, "A table has one row of |---|, below its header; remove this one, or begin another table."
        )


def _check_number(inline: Token) -> None:
    text = "".join(child.content for child in inline.children or [])
    if found := NUMBERED.match(text):
        raise BadFile(
            inline.map[0] + 1,
            f"Tables are numbered when the page is shown; write “Table:” instead of “{found.group().strip()}”.",
        )


def _check_end(table: Token, lines: list[str]) -> None:
    """A row that begins like a list or a heading ends the table: the rows below would be lost from it."""
    following = lines[table.map[1]] if table.map[1] < len(lines) else ""
    if "|" in following and not CAPTION.match(following.lstrip()):
        raise BadFile(
            table.map[1] + 1, "This line breaks the table off; begin and end each row with |, or leave a line empty."
        )


def _cells(line: str) -> int:
    cells = escapedSplit(mdTrim(line))
    return len(cells) - (cells[:1] == [""]) - (len(cells) > 1 and cells[-1] == "")


def captions(tokens: list[Token]) -> tuple[dict[int, Token], set[int]]:
    """
    Return the caption of each table by the index of its first token, and the indexes of the captions' own tokens.

    A caption is a paragraph that begins with `Table:` directly before or after a table. Between two tables the one
    without an empty line in between has it. Raise BadFile where that leaves a doubt.
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
    touches_before = tokens[before].map[1] == paragraph.map[0]
    touches_after = tokens[after].map[0] == paragraph.map[1]
    if touches_before == touches_after:
        raise BadFile(
            paragraph.map[0] + 1, "This caption stands between two tables; leave no empty line between it and its own."
        )
    return before if touches_before else after


def _without_sign(inline: Token) -> Token:
    first = inline.children[0]
    first.content = CAPTION.sub("", first.content, count=1)
    if not any(child.type in ("text", "citation") and child.content.strip() for child in inline.children):
        raise BadFile(inline.map[0] + 1, "The caption of this table is empty.")
    return inline
