"""The DOIs and PMIDs in a pasted text."""

import re
from dataclasses import dataclass, field

from articles.text.citations.identifiers import DOI, PMID, normal_doi, normal_pmid

MOST_NUMBERS = 50
_BETWEEN = re.compile(r"[\s,;]+")
_LABEL = re.compile(r"\b(doi|pmid)\s*:\s*", re.IGNORECASE)


@dataclass
class Numbers:
    """DOIs and PMIDs in their normal form, each once, and what is neither."""

    dois: list[str] = field(default_factory=list)
    pmids: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.dois) + len(self.pmids)


def numbers_in(text: str) -> Numbers:
    """Return the numbers of a text, parted by spaces, lines, commas or semicolons. A SICI DOI may hold a semicolon."""
    found = Numbers()
    for word in _LABEL.sub(r"\1:", text).split():
        for part in [word.rstrip(",;.")] if "10." in word else filter(None, _BETWEEN.split(word)):
            doi, pmid = normal_doi(part), normal_pmid(part)
            kind, number = (
                (found.dois, doi)
                if _is_doi(doi)
                else (found.pmids, pmid)
                if PMID.fullmatch(pmid)
                else (found.others, part)
            )
            if number not in kind:
                kind.append(number)
    return found


def _is_doi(text: str) -> bool:
    return bool(DOI.fullmatch(text)) and text.isprintable() and len(text) <= 250
