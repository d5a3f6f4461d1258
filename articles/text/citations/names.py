"""Names of CSL-JSON in the style of Citing Medicine: van der Berg P, Gilstrap LC 3rd."""

import re
from itertools import pairwise
from typing import Any, NamedTuple

from articles.text.citations.fields import Work, escaped, plain

NAMES_SHOWN = 6
INITIALS_SHOWN = 2

_SUFFIXES = {"ii": "2nd", "iii": "3rd", "iv": "4th", "v": "5th"}
OTHERS = {"et al", "et al.", "and others", "others"}


class Name(NamedTuple):
    """A name as safe HTML."""

    html: str
    organisation: bool


ET_AL = Name("et al.", False)


def names(value: Any) -> list[Name]:
    """Return the readable names, with a final `et al.` if the list has one."""
    values = value if isinstance(value, list) else [value]
    return [name for name in map(_name, values) if name.html]


def joined(people: list[Name]) -> str:
    """Return the first six names, and `et al.` for the rest. Semicolons separate organisations."""
    shown = people[:NAMES_SHOWN] + [ET_AL] * (len(people) > NAMES_SHOWN)
    if not shown:
        return ""
    return shown[0].html + "".join(_glue(one, two) + two.html for one, two in pairwise(shown))


def _glue(one: Name, two: Name) -> str:
    return "; " if (one.organisation or two.organisation) and two != ET_AL else ", "


def _name(value: Any) -> Name:
    if not isinstance(value, dict):
        value = {"literal": value}
    whole = escaped(value.get("literal"))
    if whole.lower() in OTHERS:
        return ET_AL
    if whole:
        return Name(whole, True)
    return Name(_person(value), False)


def _person(value: Work) -> str:
    given, particle = _given(plain(value.get("given")))
    surname = " ".join(
        part
        for part in (
            plain(value.get("dropping-particle")) or particle,
            plain(value.get("non-dropping-particle")),
            plain(value.get("family")).replace(".", ""),
        )
        if part
    )
    if not surname:
        return escaped(value.get("given"))
    return escaped(" ".join(part for part in (surname, _initials(given), _suffix(value.get("suffix"))) if part))


def _given(text: str) -> tuple[str, str]:
    """Separate particles that some databases append to a given name: `Peter van der` gives ("Peter", "van der")."""
    words = text.split()
    end = len(words)
    while end > 1 and words[end - 1].islower() and words[end - 1].isalpha():
        end -= 1
    return " ".join(words[:end]), " ".join(words[end:])


def _initials(given: str) -> str:
    """Return at most two initials (Citing Medicine, chapter 1): John A. B. gives JA, Jean-Paul JP, and JA itself."""
    words = [word for word in re.split(r"[\s.\-\u2010\u2011]+", given) if word and word[0].isalpha()]
    if len(words) == 1 and words[0].isupper() and len(words[0]) <= 3:
        return words[0][:INITIALS_SHOWN]
    return "".join(word[0].upper() for word in words)[:INITIALS_SHOWN]


def _suffix(value: Any) -> str:
    text = plain(value).strip(".,")
    return _SUFFIXES.get(text.lower(), text)
