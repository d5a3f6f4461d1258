"""Lists: where one may begin, and the numbers of its items, which readers see as they were typed."""

import re

from markdown_it.token import Token

from articles.files.imported import BadFile, Faults

MARKER = re.compile(r"[-+*]|\d+[.)]")
NEEDS_SPACE = (
    "This line would begin a list in the middle of a paragraph. For a list leave a line empty before it; "
    "if the text goes on here, put this line at the end of the line above."
)
ALONE = (
    "A list of this one item goes on from an unfinished sentence. If {0} is a sign of the text, put this line at the "
    "end of the line above; if it is a list, end the sentence above with a colon."
)
FIRST_OF_TEXT = "This line would begin a list in a list. Write \\{0} if {0} is a sign of the text."


def check(tokens: list[Token], lines: list[str], faults: Faults) -> None:
    """Note each list that nobody may have meant, and each item whose number would be shown as another."""
    numbers: list[int | None] = []
    for index, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            faults.tried(None, _check_beginning, token, tokens[index - 1] if index else None, lines)
            faults.tried(None, _check_alone, tokens, index, lines)
            numbers.append(token.attrs.get("start", 1) if token.type == "ordered_list_open" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
        elif token.type == "list_item_open" and numbers[-1] is not None:
            faults.tried(None, _check_number, token, numbers[-1])
            numbers[-1] += 1


def _check_beginning(token: Token, before: Token | None, lines: list[str]) -> None:
    at = token.map[0]
    line = lines[at].strip()
    above = lines[at - 1].strip() if at else ""
    if before is None:
        return
    if before.type == "list_item_open" and before.map[0] == at:
        raise BadFile(at + 1, FIRST_OF_TEXT.format(token.markup if token.type == "bullet_list_open" else "1."))
    if not above:
        return
    if before.type in ("bullet_list_close", "ordered_list_close"):
        raise BadFile(
            at + 1, f"The items of a list begin alike; leave a line empty if {_mark(line)} begins another list."
        )
    if before.type == "paragraph_close" and not _announced(above, line, nested=token.level > 0):
        raise BadFile(at + 1, NEEDS_SPACE)


def _check_alone(tokens: list[Token], index: int, lines: list[str]) -> None:
    """Refuse a list of one item below a paragraph that does not end: its mark may have been a minus, or a number."""
    token = tokens[index]
    if not index or tokens[index - 1].type != "paragraph_close" or lines[token.map[0] - 1].strip():
        return
    items = sum(each.type == "list_item_open" for each in _within(tokens, index) if each.level == token.level + 1)
    above = next(line for line in reversed(lines[: token.map[0]]) if line.strip())
    if items == 1 and above.rstrip(' *_)”"')[-1:] not in (".", ":", "?", "!", "]"):
        raise BadFile(token.map[0] + 1, ALONE.format(_mark(lines[token.map[0]].strip())))


def _within(tokens: list[Token], index: int) -> list[Token]:
    """Return the tokens of the list that begins at this index."""
    level = tokens[index].level
    end = next(at for at in range(index + 1, len(tokens)) if tokens[at].level == level and tokens[at].nesting < 0)
    return tokens[index:end]


def _announced(above: str, line: str, *, nested: bool) -> bool:
    """Tell whether a list without an empty line before it is surely one: after a colon, or words nested in an item."""
    mark = MARKER.match(line)[0]
    text = line[len(mark) :].lstrip(" \t*_([~≈<>≤≥±½")
    if text[:1].isnumeric():
        return False
    return above.rstrip("*_").endswith(":") or (nested and mark in "-+*")


def _mark(line: str) -> str:
    return MARKER.match(line)[0]


def _check_number(token: Token, expected: int) -> None:
    line = token.map[0] + 1
    if token.markup == ")":
        raise BadFile(line, f"Steps are shown as {token.info}. and not as {token.info}); write {token.info}.")
    if token.info != str(expected):
        raise BadFile(
            line,
            f"This item is numbered {token.info} but would be shown as {expected}; number the items one after "
            f"the other, or write {token.info}\\. and leave a line empty before it.",
        )
