"""Tokens of Markdown written as the HTML that articles hold; what an article cannot hold is refused."""

import html
from collections.abc import Iterable

from markdown_it.token import Token

from articles.importing import grammar, tables
from articles.importing.imported import BadFile, quoted
from articles.importing.source import UNSEEN, unseen_sentence
from articles.richtext.rules import safe_href

MOST_LISTS = 8
REFUSED = {
    "image": "An image cannot be imported; add it as a figure at the desk.",
    "html_block": "Raw HTML cannot be imported; write it as Markdown.",
    "html_inline": "Raw HTML cannot be imported; write it as Markdown.",
    "code_block": "A code block has no place in an article; remove the four spaces or the tab before the text.",
    "code_inline": "Code between ` marks has no place in an article; remove the marks.",
    "fence": "A code block has no place in an article; remove the lines of ``` or ~~~.",
    "blockquote_open": "A quotation block has no place in an article; remove the > before it.",
    "hr": "A rule across the page has no place in an article; use a heading.",
}
MARKS = {"strong_open", "strong_close", "em_open", "em_close", "sub_open", "sub_close", "sup_open", "sup_close"}
BLOCKS = {
    f"{name}_{end}" for name in ("bullet_list", "thead", "tbody", "tr", "td", "heading") for end in ("open", "close")
} | {"ordered_list_close", "table_close", "th_close", "list_item_close"}


class Writer:
    """Write blocks as HTML, noting in `cited` which references they cite."""

    def __init__(self, keys: Iterable[str]):
        self.keys = frozenset(keys)
        self.cited: set[str] = set()
        self.warnings: list[str] = []

    def write(self, tokens: list[Token]) -> str:
        """Return the HTML of these blocks, or raise BadFile at the first that cannot be stored."""
        captions, used = tables.captions(tokens)
        written: list[str] = []
        for index, token in enumerate(tokens):
            if index in used:
                continue
            written.append(self._block(token, tokens[index + 1 : index + 2]))
            if index in captions:
                written.append(f"<caption>{self._inline(captions[index])}</caption>")
        return "".join(written)

    def _block(self, token: Token, following: list[Token]) -> str:
        if token.type == "inline":
            return self._inline(token)
        if token.type in ("paragraph_open", "paragraph_close"):
            self._check_paragraph(token, following)
            return "" if token.hidden else "</p>" if token.nesting < 0 else "<p>"
        if token.type == "ordered_list_open":
            return self._list(token)
        if token.type == "list_item_open":
            self._check_item(token, following)
            return "<li>"
        if token.type == "table_open":
            return "<table>"
        if token.type == "th_open":
            return '<th scope="col">'
        if token.type in BLOCKS:
            return f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>"
        raise BadFile(_line(token), REFUSED.get(token.type, "This cannot be imported."))

    def _check_paragraph(self, token: Token, following: list[Token]) -> None:
        if token.nesting > 0:
            grammar.check_lines(following[0])
            if following[0].content.startswith("Table:"):
                self.warnings.append(f"Line {_line(token)}: This line begins with Table: but no table is beside it.")

    def _list(self, token: Token) -> str:
        start = token.attrs.get("start", 1)
        if not 1 <= start <= 100:
            raise BadFile(
                _line(token), f"A list can begin with 1 to 100, not {start}; write {start}\\. if it is no list."
            )
        return f'<ol start="{start}">' if start != 1 else "<ol>"

    def _check_item(self, token: Token, following: list[Token]) -> None:
        if token.level >= 2 * MOST_LISTS:
            raise BadFile(_line(token), f"Lists are nested more than {MOST_LISTS} deep.")
        if following and following[0].type == "list_item_close":
            raise BadFile(_line(token), "This item of a list is empty.")

    def _inline(self, token: Token) -> str:
        line, written = _line(token), []
        children = token.children or []
        for index, child in enumerate(children):
            written.append(self._piece(child, line, children[index + 1 : index + 2]))
            line += grammar.breaks(child)
        return "".join(written)

    def _piece(self, token: Token, line: int, following: list[Token]) -> str:
        if token.type == "text":
            return self._text(token.content, line)
        if token.type in MARKS:
            return f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>"
        if token.type == "softbreak":
            return " "
        if token.type == "hardbreak":
            return "<br>"
        if token.type == "citation":
            return self._citation(token, line)
        if token.type == "link_open":
            return _link(token, line, following)
        if token.type == "link_close":
            return "</a>"
        raise BadFile(line, REFUSED.get(token.type, "This cannot be imported."))

    def _text(self, content: str, line: int) -> str:
        if found := UNSEEN.search(content):
            raise BadFile(line, unseen_sentence(found.group()))
        if "](" in content:
            self.warnings.append(
                f"Line {line}: “](” stands in the text; a link is [text](address), with no citation and no space in it."
            )
        return html.escape(content, quote=False)

    def _citation(self, token: Token, line: int) -> str:
        keys = grammar.keys_of(token.content, line)
        for key in keys:
            if key not in self.keys:
                raise BadFile(line, f"The citation [@{key}] has no reference with the id {quoted(key)}.")
        self.cited.update(keys)
        return "".join(f'<cite data-ref="{key}">[{key}]</cite>' for key in keys)


def _line(token: Token) -> int:
    return token.map[0] + 1


def _link(token: Token, line: int, following: list[Token]) -> str:
    address = str(token.attrs.get("href", ""))
    if not safe_href(address):
        raise BadFile(line, f"The address {quoted(address)} has to begin with https://, http://, mailto:, / or #.")
    if "title" in token.attrs:
        raise BadFile(line, "A link has no title; write [text](address).")
    if following and following[0].type == "link_close":
        raise BadFile(line, f"The link to {quoted(address)} has no text.")
    return f'<a href="{html.escape(safe_href(address))}">'
