"""The interface of PubMed: E-utilities, efetch in the format of MEDLINE (NCBI Bookshelf, NBK25499)."""

from collections.abc import Sequence
from urllib.parse import urlencode

from articles.files.references.record import NotRead, Record
from articles.files.references.tagged import medline
from articles.text.plain.translated import gettext as _

HOST = "https://eutils.ncbi.nlm.nih.gov"


def address_of(pmids: Sequence[str]) -> str:
    asked = {"db": "pubmed", "id": ",".join(pmids), "rettype": "medline", "retmode": "text"}
    return f"{HOST}/entrez/eutils/efetch.fcgi?{urlencode(asked)}"


def read(answer: bytes) -> list[Record]:
    """Return the records of an answer; raise NotRead if it is none in this format."""
    try:
        text = answer.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise NotRead(_("The answer cannot be read.")) from None
    records = []
    for tagged in medline.records(text):
        if any(tag == "PMID" for tag, _text in tagged.texts()):
            records.append(medline.read(tagged))
    if not records and "PMID" not in text and text.strip():
        raise NotRead(_("The answer cannot be read."))
    return records
