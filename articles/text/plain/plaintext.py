"""Plain text: titles, names, headings, reasons."""

import re

from articles.text.plain import characters

_KEPT = "\u00a0\u202f"  # doses are written with these no-break spaces
_SPACES = re.compile(rf"[^\S{_KEPT}]+")


def tidy(text: str) -> str:
    """
    Return the text on one line, in its stored form: normalised, without spaces at the ends.

    So titles cannot differ by an invisible character. Raise ValidationError for a character that is not allowed, such
    as NUL, which PostgreSQL refuses. A no-break space stays.
    """
    return characters.check(_SPACES.sub(" ", characters.normalised(text)).strip(" "))


def tidy_lines(text: str) -> str:
    """Return the text tidied line by line, without blank lines at the ends."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(map(tidy, lines)).strip("\n")


def quoted(text: str, limit: int = 60) -> str:
    """Return the text in quotation marks, on one line and cut to `limit` characters."""
    text = " ".join(text.split())
    return f"“{text[: limit - 1]}…”" if len(text) > limit else f"“{text}”"
