"""The identifiers of a work, DOI and PMID, each in one normal form; and title with year, where both are missing."""

import re
import unicodedata
from collections.abc import Collection
from typing import Any

DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
PMID = re.compile(r"[1-9][0-9]{0,7}")

_BEFORE_A_DOI = re.compile(r"\A(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_BEFORE_A_PMID = re.compile(r"\A(?:https?://pubmed\.ncbi\.nlm\.nih\.gov/|pmid:?\s*)", re.IGNORECASE)
# The prefix that is not printed. Do not change it: signed references would be printed differently.
PRINTED_WITHOUT = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def normal_doi(text: str) -> str:
    """Return the DOI in lower case without resolver or prefix: `https://doi.org/10.1/X` gives `10.1/x`."""
    return _BEFORE_A_DOI.sub("", text.strip()).lower()


def normal_pmid(text: str) -> str:
    """Return the digits of a PMID, without its prefix or the address of PubMed."""
    return _BEFORE_A_PMID.sub("", text.strip()).rstrip("/")


MOST_IN_A_KEY = 200
_LEAST_LETTERS = 12  # “Editorial” and “Reply” are titles of many works
_TAG = re.compile(r"</?(?:i|sub|sup)>")
_NO_LETTER = re.compile(r"[\W_]+")


def title_key(csl: dict[str, Any]) -> str:
    """
    Return year and title as letters and digits alone, the same for two records of one work.

    Return an empty text if there is no year, or the title is so short that many works have it.
    """
    title, issued = csl.get("title"), csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    year = str(parts[0][0]) if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0] else ""
    if not isinstance(title, str) or not re.fullmatch(r"[0-9]{4}", year):
        return ""
    folded = unicodedata.normalize("NFKD", _TAG.sub("", title)).casefold()
    letters = _NO_LETTER.sub("", "".join(sign for sign in folded if not unicodedata.combining(sign)))
    return f"{year} {letters}"[:MOST_IN_A_KEY] if len(letters) >= _LEAST_LETTERS else ""


def free_key(csl: dict[str, Any], taken: Collection[str]) -> str:
    """Return a key made of author and year that is not taken: smith2020, smith2020b. Raise ValueError after 5,000."""
    people = csl.get("author") or csl.get("editor") or [{}]
    name = people[0].get("family") or people[0].get("literal") or csl.get("container-title") or ""
    letters = re.sub(r"[^a-z0-9]", "", str(name).lower())[:30] or "reference"
    parts = (csl.get("issued") or {}).get("date-parts") or [[""]]
    first = f"{letters}{parts[0][0] if parts[0] else ''}"
    endings = ["", *(chr(code) for code in range(ord("b"), ord("z") + 1)), *(f"-{number}" for number in range(2, 5000))]
    for ending in endings:
        if (key := f"{first}{ending}") not in taken:
            return key
    raise ValueError("No key is left for works of this author and year.")
