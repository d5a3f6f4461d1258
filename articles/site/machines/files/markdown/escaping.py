"""Plain text as Markdown (CommonMark, with the tables of GitHub), so that it reads the same."""

import re
import unicodedata

_ALWAYS = re.compile(r"[\\`*_~\[\]]")
_IF_MARKUP = re.compile(r"<(?=[A-Za-z/!?])|&(?=[A-Za-z#])|!(?=$)")
_AT_THE_START = re.compile(r"[#>+=:|-]|[0-9]{1,9}(?=[.)](?:\s|$))")
_BLANKS = re.compile(r"[ \t\n\r\f]+")  # as browsers collapse them; a fixed space stays


def one_line(text: str) -> str:
    """Return the text with each run of blanks as one space."""
    return _BLANKS.sub(" ", text)


def escaped(text: str) -> str:
    """Return plain text, so that no sign of it is taken for Markdown within a line."""
    text = _ALWAYS.sub(r"\\\g<0>", text)
    return _IF_MARKUP.sub(r"\\\g<0>", text)


def at_the_start(line: str) -> str:
    """Return the line, so that its first signs make it no heading, list, quotation, rule or table."""
    found = _AT_THE_START.match(line)
    if not found:
        return line
    if found[0].isdigit():
        return f"{found[0]}\\{line[found.end() :]}"
    return f"\\{line}"


def emphasised(inner: str, mark: str) -> str:
    """
    Return the text between marks of emphasis; without marks if they would not be read as such.

    They always are if the first and last signs are letters or digits. Blanks stay outside the marks.
    """
    text = inner.strip(" ")
    if not text or mark in inner or not (_is_word(text[0]) and _is_word(text[-1])):
        return inner
    before, after = inner[: len(inner) - len(inner.lstrip(" "))], inner[len(inner.rstrip(" ")) :]
    return f"{before}{mark}{text}{mark}{after}"


def _is_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNM"


def link(text: str, address: str) -> str:
    """Return a link. Signs that would end the address are escaped as in a URL."""
    for sign, code in (("\\", "%5C"), ("<", "%3C"), (">", "%3E"), (" ", "%20"), ("|", "%7C"), ("&", "&amp;")):
        address = address.replace(sign, code)
    return f"[{text}](<{address}>)"
