"""Pipe tables: every row has the cells of its header, and a paragraph beside one may be its caption."""

import re

from markdown_it.common.utils import mdTrim
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from articles.importing.imported import BadFile

CAPTION = re.compile(r"Table:\s*")


def check(tokens: list[Token], lines: list[str]) -> None:
    """Raise BadFile at a table inside a list, or at a row with more or fewer cells than the header."""
    width, header = 0, 0
    for token in tokens:
        if token.type == "table_open":
            if token.level:
                raise BadFile(token.map[0] + 1, "A table cannot stand inside a list or a quotation.")
            header = token.map[0]
            width = _cells(lines[header])
            _check_end(token, lines)
        elif token.type == "tr_open" and (cells := _cells(lines[token.map[0]])) != width:
            raise BadFile(
                token.map[0] + 1,
                f"This table row has {cells} {'cell' if cells == 1 else 'cells'}, "
                f"but the header in line {header + 1} has {width}.",
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
