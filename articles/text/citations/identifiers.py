"""The identifiers of a work, DOI and PMID, each in one normal form."""

import re

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
