"""The people of a field of BibTeX or biblatex."""

import re

from articles.files.references.bibtex.tex import decoded, parted
from articles.files.references.people import (
    ET_AL,
    ORGANISATION,
    SUFFIX,
    Person,
    in_nlm_style,
    is_surely_a_suffix,
    named,
)
from articles.files.references.record import tidied

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_COMMA = re.compile(r",")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_PART = re.compile(r"\s*(family|given|prefix|suffix|useprefix|(?:family|given|prefix|suffix)-i)\s*=\s*(.*)", re.DOTALL)


def people(text: str) -> list[Person]:
    """Return the people of a field, parted by `and` outside braces before any TeX is decoded."""
    return [one for part in parted(text, _AND) if (one := _person(part.strip()))]


def _person(text: str) -> Person | None:
    if not decoded(text):
        return None
    if text.lower() in ("others", "{others}"):
        return dict(ET_AL)
    if text.startswith("{") and text.endswith("}") and len(parted(text[1:-1], re.compile(r"\}\{"))) == 1:
        inner = text[1:-1]
        if inner.count("{") == inner.count("}") and _is_one_group(inner):
            return {"literal": tidied(decoded(inner))}
    pieces = parted(text, _COMMA)
    if all(_PART.fullmatch(piece) for piece in pieces):
        return _of_named_parts(pieces)
    parts = [tidied(decoded(part)) for part in pieces]
    if len(parts) == 1:
        return _without_comma(text, parts[0])
    given, suffix = parts[-1], parts[1] if len(parts) > 2 else ""
    if len(parts) > 2 and not SUFFIX.fullmatch(suffix) and SUFFIX.fullmatch(given):
        given, suffix = suffix, given
    if len(parts) == 2 and is_surely_a_suffix(given):
        given, suffix = "", given
    return named(parts[0], given, suffix) if parts[0] else {"literal": given}


def _of_named_parts(pieces: list[str]) -> Person | None:
    """Return the person of `family=Berg, given=Jane, prefix=van der`, as biblatex has it."""
    found = {match[1]: tidied(decoded(match[2].strip('" \n'))) for piece in pieces if (match := _PART.fullmatch(piece))}
    if not found.get("family"):
        return {"literal": found["given"]} if found.get("given") else None
    person = {
        "family": found["family"],
        "given": found.get("given", ""),
        "non-dropping-particle": found.get("prefix", ""),
        "suffix": found.get("suffix", ""),
    }
    return {name: text for name, text in person.items() if text}


def _is_one_group(inner: str) -> bool:
    depth = 0
    for found in _BRACE.finditer(inner):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth < 0:
            return False
    return depth == 0


def _without_comma(text: str, whole: str) -> Person:
    """Return the person of `Jane A. van der Berg`; one word in braces or alone is an organisation."""
    words = [tidied(decoded(word)) for word in parted(text, re.compile(r"[\s~]+")) if word]
    if len(words) < 2:
        return {"literal": whole}
    if found := in_nlm_style(whole):
        return found
    if len(words) > 2 and ORGANISATION.search(whole) and not any(len(word.strip(".")) < 2 for word in words):
        return {"literal": whole}
    first = next((at for at, word in enumerate(words[:-1]) if at and word[:1].islower()), len(words) - 1)
    return named(" ".join(words[first:]), " ".join(words[:first]))
