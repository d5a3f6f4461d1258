"""Plain text as people type it: titles, names, headings, reasons."""

import re
import unicodedata

BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def tidy(text: str) -> str:
    """
    Return the text in NFC on one line, without control, bidirectional override and surrogate characters.

    What a reader cannot see cannot make two titles differ, and no NUL reaches PostgreSQL, which refuses it.
    A no-break space stays: doses are written with it.
    """
    return re.sub(r" +", " ", "".join(map(_printable, unicodedata.normalize("NFC", text)))).strip(" ")


def tidy_lines(text: str) -> str:
    """Return the text as `tidy` does, line by line; blank lines at the ends go."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(map(tidy, lines)).strip("\n")


def _printable(character: str) -> str:
    if character.isspace() and character != "\u00a0":
        return " "
    if unicodedata.category(character) in ("Cc", "Cs") or character in BIDI_OVERRIDES:
        return ""
    return character
