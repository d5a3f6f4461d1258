"""
Single fields of CSL-JSON.

Every function accepts any value and never raises. It returns safe HTML, but `plain` and `web_address` return text.
A value that cannot be read gives an empty text.
"""

import re
from html import escape, unescape
from typing import Any, TypeAlias
from unicodedata import category, is_normalized, normalize
from urllib.parse import quote, urlsplit

from articles.text.citations.identifiers import DOI, PMID, PRINTED_WITHOUT
from articles.text.plain.characters import NEVER_PRINTED

Work: TypeAlias = dict[str, Any]  # an item of CSL-JSON

_KEPT_TAG = re.compile(r"(</?(?:i|sub|sup)>)")
_DASH = "[-\u2010-\u2015\u2212]+"
_PAGE_RANGE = re.compile(rf"([A-Za-z]*)([0-9]+)\s*{_DASH}\s*([A-Za-z]*)([0-9]+)")
_EDITION_NUMBER = re.compile(r"([0-9]{1,3})(?:st|nd|rd|th)?\.?(?:\s*(?:ed|edn|edition)\.?)?", re.IGNORECASE)
_EDITION_WORD = re.compile(r"\s*\b(?:ed|edn|edition)\.?\Z", re.IGNORECASE)


def plain(value: Any) -> str:
    """Return the value, or the first item of a list, as text on one line. Whole numbers become digits."""
    if not value and value != 0:
        return ""
    if type(value) is str and value.isascii() and value.isprintable() and "  " not in value:
        return value.strip(" ")  # the same as below, but faster: a long list is read in one go
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    if not isinstance(value, str):
        return ""
    if value.isprintable() and "  " not in value and is_normalized("NFC", value):
        return value.strip(" ")  # the same, but faster
    return re.sub(" +", " ", "".join(map(_shown, normalize("NFC", value)))).strip(" ")


def _shown(character: str) -> str:
    """Return the character as signed references show it. Old ones may hold characters that are refused today."""
    if character.isspace() and character != "\u00a0":
        return " "
    return "" if category(character) in ("Cc", "Cs") or NEVER_PRINTED.match(character) else character


def escaped(value: Any) -> str:
    """Return the value as escaped text."""
    text = plain(value)
    return escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text


def markup(value: Any) -> str:
    """Return the escaped text of a title, in which balanced <i>, <sub> and <sup> stay markup."""
    pieces = _KEPT_TAG.split(plain(value))
    kept: set[int] = set()
    opened: list[int] = []
    for index in range(1, len(pieces), 2):
        if not pieces[index].startswith("</"):
            opened.append(index)
        elif opened and pieces[opened[-1]] == pieces[index].replace("/", ""):
            kept |= {opened.pop(), index}
    return "".join(piece if index in kept else escape(piece, quote=False) for index, piece in enumerate(pieces))


def without_kept_tags(value: Any) -> str:
    """Return the text of a title as readers see it: without the tags that `markup` keeps, but with all others."""
    return unescape(_KEPT_TAG.sub("", markup(value)))


def sentence(html: str) -> str:
    """Return the text with a full stop at the end, unless it has an end mark."""
    seen = _KEPT_TAG.sub("", html).rstrip("\"'”’» ")
    return html if not seen or seen.endswith((".", "?", "!")) else f"{html}."


def pages(value: Any) -> str:
    """Return page ranges without repeated digits: 1023-1031 gives 1023-31, S93-S99 gives S93-9."""
    parts = (_short_range(part.strip()) for part in plain(value).split(","))
    return escape(", ".join(part for part in parts if part), quote=False)


def _short_range(text: str) -> str:
    match = _PAGE_RANGE.fullmatch(text)
    if not match:
        return re.sub(rf"(?<=\w)\s*{_DASH}\s*(?=\w)", "-", text)
    prefix, first, second_prefix, last = match.groups()
    if second_prefix not in ("", prefix):
        return f"{prefix}{first}-{second_prefix}{last}"
    if first == last:
        return f"{prefix}{first}"
    if len(first) == len(last):
        same = next(index for index, (a, b) in enumerate(zip(first, last, strict=True)) if a != b)
        last = last[same:]
    return f"{prefix}{first}-{last}"


def edition(value: Any) -> str:
    """Return `3rd ed.` for 3, "3", "3rd" or "3rd edition", and `Revised ed.` for "Revised"."""
    text = plain(value)
    if number := _EDITION_NUMBER.fullmatch(text):
        return f"{_ordinal(int(number[1]))} ed."
    text = _EDITION_WORD.sub("", text)
    return f"{escape(text, quote=False)} ed." if text else ""


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def web_address(value: Any) -> str:
    """Return the address if it is http or https with a host and no user name, else an empty text."""
    address = plain(value).replace(" ", "%20")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    safe = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc and "\\" not in address
    return address if safe else ""


def link(address: str, label: str) -> str:
    """Return a link to another site."""
    return f'<a href="{escape(address)}" rel="noopener noreferrer">{escape(label, quote=False)}</a>'


def doi(value: Any) -> str:
    """Return the DOI as a link to its resolver, or as text if it is not well-formed."""
    text = doi_text(value)
    if not DOI.fullmatch(text):
        return escape(text, quote=False)
    return link(doi_url(text), text)


def doi_url(text: str) -> str:
    """Return the address of a DOI at its resolver."""
    return "https://doi.org/" + quote(text, safe="/:;()._-")


def doi_text(value: Any) -> str:
    """Return the DOI without what some people write before it, such as the resolver's address."""
    return PRINTED_WITHOUT.sub("", plain(value), count=1).rstrip(".,;")


def pmid(value: Any) -> str:
    """Return the PubMed number as a link; empty if it is not well-formed."""
    text = plain(value)
    return link(pubmed_url(text), text) if PMID.fullmatch(text) else ""


def pubmed_url(pmid: str) -> str:
    """Return the address of a work at PubMed."""
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"


def pmcid(value: Any) -> str:
    """Return the PubMed Central number as PMC1234567; empty if it is not well-formed."""
    match = re.fullmatch("(?:PMC)?([1-9][0-9]{0,8})", plain(value), re.IGNORECASE)
    return f"PMC{match[1]}" if match else ""
