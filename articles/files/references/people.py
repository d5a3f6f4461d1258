"""Names of people and organisations, as files write them, as names of CSL."""

import re

from articles.files.references.record import tidied
from articles.text.citations.names import OTHERS

SUFFIX = re.compile(r"(?:Jr|Sr|Jnr|Snr)\.?|I{2,3}|IV|VI{0,3}|2nd|3rd|[4-9]th", re.IGNORECASE)
ORGANISATION = re.compile(
    r"\b(?:of|for|and|the|und|für|de la|Cent(?:er|re)s?|Institutes?|Society|Association|Collaborati(?:on|ve)"
    r"|College|Committee|Consortium|Department|Ministry|Group|Agency|Organi[sz]ation|University|Hospital|Network"
    r"|Council|Foundation|Division|Office|Investigators|Trialists|Inc|Ltd|LLC|GmbH|AG)\b"
)
_SURELY_A_SUFFIX = re.compile(
    r"(?:Jr|Sr|Jnr|Snr)\.?|III|2nd|3rd|[4-9]th", re.IGNORECASE
)  # V, IV and II may be initials
_PARTICLES = re.compile(r"((?:[^\W\d_A-ZÀ-ÖØ-Þ][^\W\d_]*['’]?\s+)+)(?=\S)")
_INITIALS = re.compile(r"[^\W\d_a-zß-öø-ÿ](?:[.\- ]{0,2}[^\W\d_a-zß-öø-ÿ]){0,3}\.?")
_ENDING = re.compile(r"\s+((?:Jr|Sr)\.?|II|III|IV|2nd|3rd|[4-9]th)\Z")
ET_AL = {"literal": "et al."}

Person = dict[str, str]


def person(text: str) -> Person | None:
    """
    Return the person of `Family, Given, Suffix` in either order of the last two, or an organisation.

    A name without a comma is an organisation, unless it ends with initials. As in EndNote, a comma at its end marks an
    organisation, and two commas stand for one in its name. None for a text without a name.
    """
    whole = tidied(text)
    if not whole.strip(",;. "):
        return None
    if whole.lower() in OTHERS:
        return dict(ET_AL)
    if whole.endswith(",") or ",," in whole:
        return {"literal": whole.removesuffix(",").replace(",,", ",").strip()}
    family, *rest = [part.strip() for part in whole.split(",")]
    rest = [part for part in rest if part]
    if not rest:
        return in_nlm_style(whole) or {"literal": family}
    if not family:
        return {"literal": " ".join(rest)}
    if len(family.split()) > 1 and ORGANISATION.search(whole):
        return {"literal": whole}
    return _of_parts(family, rest)


def _of_parts(family: str, rest: list[str]) -> Person:
    pattern = SUFFIX if len(rest) > 1 else _SURELY_A_SUFFIX
    suffixes = [part for part in rest if pattern.fullmatch(part)]
    given = [part for part in rest if part not in suffixes[:1]]
    return named(family, " ".join(given), suffixes[0] if suffixes else "")


def named(family: str, given: str, suffix: str = "") -> Person:
    """Return a person of these parts. Words in lower case before the family name are its particle."""
    if not suffix and (found := _ENDING.search(given)):
        given, suffix = given[: found.start()].strip(), found[1]
    particle = found[1].strip() if (found := _PARTICLES.match(family)) else ""
    parts = {
        "family": family[found.end() :] if found else family,
        "given": given,
        "non-dropping-particle": particle,
        "suffix": suffix,
    }
    return {name: text for name, text in parts.items() if text}


def is_surely_a_suffix(text: str) -> bool:
    return bool(_SURELY_A_SUFFIX.fullmatch(text))


def in_nlm_style(text: str) -> Person | None:
    """Return the person of `van der Berg PJ 3rd`, or None if the text does not end with initials."""
    found = _ENDING.search(text)
    family, _space, given = text[: found.start() if found else None].strip().rpartition(" ")
    if not family or ORGANISATION.search(family) or not _INITIALS.fullmatch(given) or not given.isupper():
        return None
    return named(family, given, found[1] if found else "")


def of_author(text: str) -> Person | None:
    """Return the person of a line `AU` of PubMed: a single name is a person there, never an organisation."""
    whole = tidied(text)
    if not whole or whole.lower() in OTHERS:
        return dict(ET_AL) if whole else None
    return person(whole) if "," in whole else in_nlm_style(whole) or named(whole, "")
