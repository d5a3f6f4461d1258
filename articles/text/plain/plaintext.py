"""Plain text as people type it: titles, names, headings, reasons."""

import re

from articles.text.plain import characters

_KEPT = "\u00a0\u202f"  # doses are written with a no-break space, narrow or not
_SPACES = re.compile(rf"[^\S{_KEPT}]+")


def tidy(text: str) -> str:
    """
    Return the text on one line, in the one form in which such texts are kept.

    What a reader cannot see cannot make two titles differ: it is left out, or refused with a ValidationError that
    names the character and its place. No NUL reaches PostgreSQL, which refuses it. A no-break space stays.
    """
    return characters.check(_SPACES.sub(" ", characters.settled(text)).strip(" "))


def tidy_lines(text: str) -> str:
    """Return the text as `tidy` does, line by line; blank lines at the ends go."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(map(tidy, lines)).strip("\n")


def quoted(text: str, limit: int = 60) -> str:
    """Return the text in quotation marks, cut so that a sentence stays one."""
    text = " ".join(text.split())
    return f"“{text[: limit - 1]}…”" if len(text) > limit else f"“{text}”"
