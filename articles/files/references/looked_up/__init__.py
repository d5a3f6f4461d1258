"""
Look works up by DOI at Crossref and by PMID at PubMed.

Only the numbers are sent, and a contact address if one is configured. What goes wrong becomes a sentence beside the
number; what was found is still returned.
"""

import time
from collections.abc import Callable, Sequence

from articles.files.references.looked_up import crossref, pubmed
from articles.files.references.looked_up.fetching import NotFetched, fetch
from articles.files.references.looked_up.numbers import MOST_NUMBERS, Numbers, numbers_in
from articles.files.references.reading import Found, Reading
from articles.files.references.record import NotRead, Record
from articles.text.plain.translated import gettext as _

__all__ = ["MOST_NUMBERS", "look_up", "numbers_in"]

MOST_SECONDS = 25.0  # for all numbers together: somebody waits for the page

Fetch = Callable[[str, float], bytes]


def look_up(numbers: Numbers, get: Fetch = fetch) -> Reading:
    """Return the works with these numbers, and a sentence for each number whose work was not found or not read."""
    reading = Reading("Crossref, PubMed")
    until = time.monotonic() + MOST_SECONDS
    for doi in numbers.dois:
        try:
            record = crossref.read(_before(until, get, crossref.address_of(doi)), doi)
            reading.found.append(Found(record.finished(), record.remarks))
        except (NotFetched, NotRead) as error:
            reading.unread.append((0, f"DOI {doi}: {error}"))
    if numbers.pmids:
        _from_pubmed(reading, numbers.pmids, until, get)
    return reading


def _before(until: float, get: Fetch, address: str) -> bytes:
    left = until - time.monotonic()
    if left <= 0:
        raise NotFetched(_("There was no time left. Look it up again."))
    return get(address, left)


def _from_pubmed(reading: Reading, pmids: Sequence[str], until: float, get: Fetch) -> None:
    """Add the works with these PMIDs, which take one request."""
    try:
        records = {
            record.csl.get("PMID"): record for record in pubmed.read(_before(until, get, pubmed.address_of(pmids)))
        }
    except (NotFetched, NotRead) as error:
        reading.unread += [(0, f"PMID {pmid}: {error}") for pmid in pmids]
        return
    for pmid in pmids:
        try:
            reading.found.append(_finished(records.get(pmid)))
        except NotRead as error:
            reading.unread.append((0, f"PMID {pmid}: {error}"))


def _finished(record: Record | None) -> Found:
    if record is None:
        raise NotRead(_("PubMed has no work with this number."))
    return Found(record.finished(), record.remarks)
