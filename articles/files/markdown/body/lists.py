"""Check lists: where they begin, and the numbers of their items, which must be shown as typed."""

import re

from markdown_it.token import Token

from articles.files.imported import BadFile, Faults
from articles.files.markdown.body import grammar
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop

MARKER = re.compile(r"[-+*]|\d+[.)]")
NEEDS_SPACE = gettext_noop(
    "This line would begin a list in the middle of a paragraph. If it is a list, leave a line "
    "empty before it. If the text goes on here, put this line at the end of the line above."
)
ALONE = gettext_noop(
    "This line would become a list with one item, but the sentence above is not finished. If "
    "the {sign} belongs to the text, put this line at the end of the line above. If it is a "
    "list, end the sentence above with a colon."
)
FIRST_OF_TEXT = gettext_noop(
    "This line would begin a list in a list. If the {sign} belongs to the text, write {escaped} instead."
)


def check(tokens: list[Token], lines: list[str], faults: Faults) -> None:
    """Note each list that may not be intended, and each item that would be shown with another number."""
    expected: list[int | None] = []  # the next number of each open list, None for bullets
    for index, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            faults.tried(None, _check_beginning, token, tokens[index - 1] if index else None, lines)
            faults.tried(None, _check_alone, tokens, index, lines)
            expected.append(grammar.start_of(token) if token.type == "ordered_list_open" else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            expected.pop()
        elif token.type == "list_item_open" and (number := expected[-1]) is not None:
            faults.tried(None, _check_number, token, number)
            expected[-1] = number + 1


def _check_beginning(token: Token, before: Token | None, lines: list[str]) -> None:
    at = grammar.lines_of(token)[0]
    line = lines[at].strip()
    above = lines[at - 1].strip() if at else ""
    marker = MARKER.match(line)
    if before is None or not marker:  # without a marker, the list is inside a quotation, which is refused
        return
    if before.type == "list_item_open" and grammar.lines_of(before)[0] == at:
        sign = token.markup if token.type == "bullet_list_open" else f"{grammar.start_of(token)}{token.markup}"
        raise BadFile(at + 1, _(FIRST_OF_TEXT).format(sign=sign, escaped=f"{sign[:-1]}\\{sign[-1]}"))
    if not above:
        return
    if before.type in ("bullet_list_close", "ordered_list_close"):
        raise BadFile(
            at + 1,
            _(
                "All items of a list must begin with the same kind of sign. If {sign} begins another "
                "list, leave a line empty above it."
            ).format(sign=marker[0]),
        )
    if before.type == "paragraph_close" and not _is_announced(above, line, marker[0], nested=token.level > 0):
        raise BadFile(at + 1, _(NEEDS_SPACE))


def _check_alone(tokens: list[Token], index: int, lines: list[str]) -> None:
    """Refuse a list of one item after an unfinished paragraph: its marker may be meant as a minus or a number."""
    token = tokens[index]
    if not index or tokens[index - 1].type != "paragraph_close" or lines[grammar.lines_of(token)[0] - 1].strip():
        return
    marker = MARKER.match(lines[grammar.lines_of(token)[0]].strip())
    items = sum(each.type == "list_item_open" for each in _within(tokens, index) if each.level == token.level + 1)
    above = next(line for line in reversed(lines[: grammar.lines_of(token)[0]]) if line.strip())
    if marker and items == 1 and above.rstrip(' *_)”"')[-1:] not in (".", ":", "?", "!", "]"):
        raise BadFile(grammar.line_of(token), _(ALONE).format(sign=marker[0]))


def _within(tokens: list[Token], index: int) -> list[Token]:
    """Return the tokens of the list that begins at this index."""
    level = tokens[index].level
    end = next(at for at in range(index + 1, len(tokens)) if tokens[at].level == level and tokens[at].nesting < 0)
    return tokens[index:end]


def _is_announced(above: str, line: str, marker: str, *, nested: bool) -> bool:
    """Tell whether a list without an empty line before it is certain: after a colon, or words nested in an item."""
    text = line[len(marker) :].lstrip(" \t*_([~≈<>≤≥±½")
    if text[:1].isnumeric():
        return False
    return above.rstrip("*_").endswith(":") or (nested and marker in "-+*")


def _check_number(token: Token, expected: int) -> None:
    line = grammar.line_of(token)
    if token.markup == ")":
        raise BadFile(line, _("Steps are shown as {info}. and not as {info}); write {info}.").format(info=token.info))
    if token.info != str(expected):
        raise BadFile(
            line,
            _(
                "This item is numbered {info} but would be shown as {expected}. Number the items one "
                "after the other. If this line is not an item, write {info}\\. and leave a line empty "
                "before it."
            ).format(info=token.info, expected=expected),
        )
