"""Write the tokens of Markdown as the HTML of articles, and refuse everything that articles do not support."""

import html
import re
from collections.abc import Iterable

from markdown_it.token import Token

from articles.files.imported import BadFile, Faults, at_line
from articles.files.markdown.body import grammar, lines, notes
from articles.files.markdown.body import pipe_tables as tables
from articles.files.markdown.source import wrong_in
from articles.text.plain import characters
from articles.text.plain.marks import LIKE_A_CITATION, NARRATIVE
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop
from articles.text.richtext.allowed import safe_href, why_no_href

MOST_LISTS = 8
RAW_HTML = gettext_noop("Raw HTML cannot be imported; write it as Markdown, and a < that means “less than” as \\<.")
UNKNOWN = gettext_noop("This cannot be imported.")
REFUSED = {
    "image": gettext_noop(
        "A picture cannot be imported with a file. Leave it out here, and add it on the draft’s page “Figures”."
    ),
    "html_block": RAW_HTML,
    "html_inline": RAW_HTML,
    "code_block": gettext_noop(
        "A code block has no place in an article; remove the four spaces or the tab before the text."
    ),
    "code_inline": gettext_noop("Code between ` marks has no place in an article; remove the marks."),
    "fence": gettext_noop("A code block has no place in an article; remove the lines of ``` or ~~~."),
    "blockquote_open": (
        gettext_noop(
            "The > begins a quotation block, which has no place in an article. If it means “more "
            "than”, write \\>, or put it at the end of the line above."
        )
    ),
    "hr": gettext_noop("A rule across the page has no place in an article; use a heading."),
}
MARKS = {"strong_open", "strong_close", "em_open", "em_close", "sub_open", "sub_close", "sup_open", "sup_close"}
LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# Marks left in the text, which would be shown as typed.
LEFT = (
    (
        re.compile(r"\*\*+"),
        gettext_noop(
            "These ** do not make text bold. Bold text must begin and end at the edges of words. If "
            "the ** belong to the text, write \\*\\*."
        ),
    ),
    (
        re.compile(r"(?<!_)__(?!_)"),
        gettext_noop(
            "These __ do not make text bold. Bold text must begin and end at the edges of words. If "
            "the __ belong to the text, write \\_\\_."
        ),
    ),
    (
        re.compile(r"~~"),
        gettext_noop(
            "Struck-out text has no place in an article; remove it. If the ~~ belong to the text, write \\~\\~."
        ),
    ),
    (re.compile(r"\^\["), gettext_noop("Notes in the text are not possible. Cite a reference with [@key].")),
    (
        re.compile(LIKE_A_CITATION.format("")),
        gettext_noop("A citation is [@key] or [@one; @two], with nothing else between the brackets."),
    ),
)
UNPAIRED = re.compile(r"\^[^\s^]+\^|~[^\s~]+~")
BLOCKS = {
    f"{name}_{end}" for name in ("bullet_list", "thead", "tbody", "tr", "td", "heading") for end in ("open", "close")
} | {"ordered_list_close", "table_close", "th_close", "list_item_close"}


class Writer:
    """Writes blocks as HTML. `cited` collects the keys of the cited references."""

    def __init__(self, keys: Iterable[str] | None, faults: Faults) -> None:
        self.all_known = keys is None  # the front matter could not be read
        self.keys = frozenset(keys or ())
        self.faults = faults
        self.cited: set[str] = set()
        self.warnings: list[str] = []

    def write(self, tokens: list[Token]) -> str:
        """Return the HTML of these blocks, and note everything that cannot be stored."""
        captions, used = self.faults.tried(({}, set()), tables.captions, tokens)
        used |= tables.empty_headers(tokens)
        written: list[str] = []
        for index, token in enumerate(tokens):
            if index in used:
                continue
            try:
                written.append(self._block(token, tokens[index + 1 : index + 2]))
            except BadFile as error:
                self.faults.note(error)
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
        if token.nesting < 0:
            return ""  # its opening token was refused
        raise BadFile(grammar.line_of(token), _(REFUSED.get(token.type, UNKNOWN)))

    def _check_paragraph(self, token: Token, following: list[Token]) -> None:
        if token.nesting > 0:
            for fault in lines.faults(following[0].content, grammar.line_of(following[0]), in_item=token.level > 0):
                self.faults.note(fault)
            if following[0].content.startswith("Table:"):
                self.warnings.append(
                    at_line(grammar.line_of(token), _("This line begins with Table: but no table is beside it."))
                )

    def _list(self, token: Token) -> str:
        start = grammar.start_of(token)
        if not 1 <= start <= 100:
            raise BadFile(
                grammar.line_of(token),
                _(
                    "The first number of a list can be 1 to 100, not {start}. If this is not a list, write {start}\\."
                ).format(start=start),
            )
        return f'<ol start="{start}">' if start != 1 else "<ol>"

    def _check_item(self, token: Token, following: list[Token]) -> None:
        if token.level >= 2 * MOST_LISTS:
            raise BadFile(grammar.line_of(token), _("Lists are nested more than {most} deep.").format(most=MOST_LISTS))
        if following and following[0].type == "list_item_close":
            raise BadFile(grammar.line_of(token), _("This item of a list is empty."))

    def _inline(self, token: Token) -> str:
        line = grammar.line_of(token)
        written: list[str] = []
        children = token.children or []
        for index, child in enumerate(children):
            try:
                if child.type == "note":
                    written.append(notes.sign_of(child, children[max(0, index - 1) : index], line))
                else:
                    written.append(self._piece(child, line, children[index + 1 : index + 2]))
            except BadFile as error:
                self.faults.note(error)
            line += grammar.breaks(child)
        if _is_doubtful(children):
            sentence = _("Some * format text here and others are plain text. Write \\* for each * that is plain text.")
            self.faults.note(BadFile(grammar.line_of(token), sentence))
        return "".join(written)

    def _piece(self, token: Token, line: int, following: list[Token]) -> str:
        if token.type in ("text", "text_special"):
            return self._text(token, line)
        if token.type in MARKS:
            return f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}>"
        if token.type == "softbreak":
            return " "
        if token.type == "hardbreak" or (token.type == "html_inline" and LINE_BREAK.fullmatch(token.content)):
            return "<br>"
        if token.type == "citation":
            return self._citation(token, line)
        if token.type == "link_open":
            return _link(token, line, following)
        if token.type == "link_close":
            return "</a>"
        raise BadFile(line, _(REFUSED.get(token.type, UNKNOWN)))

    def _text(self, token: Token, line: int) -> str:
        content = token.content
        for sentence in wrong_in(characters.normalised(content)):
            self.faults.note(BadFile(line, sentence))
        if token.type == "text":
            self._check_marks(content, line)
        return html.escape(content, quote=False)

    def _check_marks(self, content: str, line: int) -> None:
        """Note marks that would be shown as typed, and warn of possible ones."""
        for pattern, sentence in LEFT:
            if pattern.search(content):
                self.faults.note(BadFile(line, _(sentence)))
        for found in NARRATIVE.finditer(content):
            if found[1] in self.keys:
                self.faults.note(
                    BadFile(
                        line,
                        _("“{typed}” cites nothing; write [@{key}].").format(typed=found.group(), key=found[1]),
                    )
                )
        if "](" in content:
            self.warnings.append(
                at_line(line, _("“](” is in the text; a link is [text](address), with no citation and no space in it."))
            )
        for found in UNPAIRED.finditer(content):
            self.warnings.append(
                at_line(
                    line,
                    _("{typed} is shown as it is typed, not raised or lowered.").format(typed=quoted(found.group())),
                )
            )

    def _citation(self, token: Token, line: int) -> str:
        keys = grammar.keys_of(token.content, line)
        for key in keys:
            if key not in self.keys and not self.all_known:
                raise BadFile(
                    line,
                    _("The citation [@{key}] has no reference with the id {quoted_key}.").format(
                        key=key, quoted_key=quoted(key)
                    ),
                )
        self.cited.update(keys)
        return "".join(f'<cite data-ref="{key}">[{key}]</cite>' for key in keys)


def _line(token: Token) -> int:
    return grammar.line_of(token)


def _is_doubtful(children: list[Token]) -> bool:
    """Tell whether some stars are signs while others put a number in italics: `*2, *3 and *17*`."""
    if not any(child.type == "text" and "*" in child.content for child in children):
        return False
    edges = [
        children[index + 1].content[:1] if child.type == "em_open" else children[index - 1].content[-1:]
        for index, child in enumerate(children)
        if child.type in ("em_open", "em_close") and child.markup == "*"
    ]
    return any(edge.isdigit() for edge in edges)


def _link(token: Token, line: int, following: list[Token]) -> str:
    address = str(token.attrs.get("href", ""))
    if reason := why_no_href(address):
        raise BadFile(line, reason)
    if "title" in token.attrs:
        raise BadFile(line, _("A link cannot have a title; write only [text](address)."))
    if following and following[0].type == "link_close":
        raise BadFile(line, _("The link to {address} has no text.").format(address=quoted(address)))
    return f'<a href="{html.escape(safe_href(address))}">'
