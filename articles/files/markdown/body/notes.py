"""Notes: `[^1]` in the text, and `[^1]: The note.` on a line of its own. They are shown at the end of their section."""

import re
from collections.abc import Iterable

from markdown_it.token import Token

from articles.files.imported import BadFile, Faults
from articles.files.markdown.body import grammar
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

NUMBER = re.compile(r"[1-9][0-9]{0,2}")
# After these a raised number would be read as a power: 10[^9], 5 m[^2].
POWER = re.compile(r"(?:[0-9]|(?<![^\W_])(?:[a-zµμ]?m|s|min|h|in|ft|yd))\Z")


class Notes:
    """The notes of a file by their numbers. Each is written once at the end of each text that refers to it."""

    def __init__(self, tokens: list[Token], faults: Faults) -> None:
        """Take the notes out of the tokens; `text` is the rest. Note two of one number, and any without text."""
        self.faults = faults
        self.text: list[Token] = []
        self.found: dict[str, Token] = {}
        self.section_of: dict[str, int] = {}
        taken = 0
        for index, token in enumerate(tokens):
            if "note" in token.meta:
                taken = 3
                self._take(token.meta["note"], tokens[index + 1])
            if not taken:
                self.text.append(token)
            taken = max(0, taken - 1)

    def _take(self, number: str, inline: Token) -> None:
        line = grammar.line_of(inline)
        if not NUMBER.fullmatch(number):
            self.faults.note(BadFile(line, not_a_number(f"[^{number}]")))
        elif number in self.found:
            first = grammar.line_of(self.found[number])
            self._refuse(line, _("Line {line} has a note of this number already.").format(line=first))
        elif not inline.content.strip():
            self._refuse(line, _("This note is empty. Its text begins on the same line."))
        elif any(child.type == "note" for child in inline.children or []):
            self._refuse(line, _("A note cannot refer to a note."))
        self.found.setdefault(number, inline)

    def _refuse(self, line: int, sentence: str) -> None:
        self.faults.note(BadFile(line, sentence))

    def place(self, tokens: list[Token], section: int) -> None:
        """Add the notes to which these tokens refer at their end, in the order of the numbers."""
        called = {
            child.content[2:-1]: grammar.line_of(token)
            for token in tokens
            for child in token.children or []
            if child.type == "note"
        }
        for number, line in sorted(called.items(), key=lambda pair: (len(pair[0]), pair[0])):
            if self.section_of.setdefault(number, section) != section:
                self._refuse(
                    line,
                    _("The note [^{number}] belongs to another section. Write a note of its own for this one.").format(
                        number=number
                    ),
                )
            elif number in self.found:
                tokens += _paragraph(number, self.found[number])
            elif NUMBER.fullmatch(number):
                self._refuse(line, _("There is no note [^{number}]: in the file.").format(number=number))

    def check_called(self) -> None:
        """Note each note to which nothing refers."""
        for number, inline in self.found.items():
            if NUMBER.fullmatch(number) and number not in self.section_of:
                sentence = _("Nothing in the text refers to this note. Write [^{number}] where it belongs.")
                self._refuse(grammar.line_of(inline), sentence.format(number=number))


def sign_of(token: Token, before: Iterable[Token], line: int) -> str:
    """Return the raised number of `[^1]`. Raise BadFile if it is no number, or would be read as a power."""
    number = token.content[2:-1]
    if not NUMBER.fullmatch(number):
        raise BadFile(line, not_a_number(token.content))
    text = "".join(piece.content for piece in before if piece.type in ("text", "text_special"))
    if POWER.search(text):
        raise BadFile(
            line,
            _("The note {note} would be read as a power of the number or unit before it. Put it after a word.").format(
                note=quoted(token.content)
            ),
        )
    return f"<sup>{number}</sup>"


def not_a_number(typed: str) -> str:
    return _("The note {note} must have a number from 1 to 999: [^1]. Cite a reference with [@key].").format(
        note=quoted(typed)
    )


def _paragraph(number: str, inline: Token) -> list[Token]:
    """Return the tokens of a paragraph that begins with the raised number."""
    sign = [Token("sup_open", "sup", 1), Token("text", "", 0, content=number), Token("sup_close", "sup", -1)]
    children = [*sign, Token("text", "", 0, content=" "), *(inline.children or [])]
    text = inline.copy(children=children, content=f"^{inline.content}")  # so it does not begin like another element
    opening = Token("paragraph_open", "p", 1, map=inline.map, block=True)
    return [opening, text, Token("paragraph_close", "p", -1, block=True)]
