"""Lists of retractions as Retraction Watch writes them, about works that do not exist."""

import csv
import datetime
import hashlib
import io

from articles.text.citations.retractions.watch import read
from reviews import workflow
from reviews.workflow.steps.beside.retractions import ReadList

HEADER = [
    "Record ID", "Title", "Subject", "Institution", "Journal", "Publisher", "Country", "Author", "URLS", "ArticleType",
    "RetractionDate", "RetractionDOI", "RetractionPubMedID", "OriginalPaperDate", "OriginalPaperDOI",
    "OriginalPaperPubMedID", "RetractionNature", "Reason", "Paywalled", "Notes", "",
]  # fmt: skip
DAY = datetime.date(2026, 11, 2)


def row(number=1, *, doi="", pmid="0", nature="Retraction", day="8/14/2022 0:00", notice="10.5555/notice", **more):
    """Return a row by column. The newest columns of the real file are empty, as the last header is."""
    cells = dict.fromkeys(HEADER, "") | {
        "Record ID": str(number), "Title": "An invented trial", "RetractionDate": day, "RetractionDOI": notice,
        "RetractionPubMedID": "0", "OriginalPaperDOI": doi, "OriginalPaperPubMedID": pmid, "RetractionNature": nature,
        "Reason": "+Error in Data;+Notice - Limited or No Information;", "Paywalled": "No",
    }  # fmt: skip
    return cells | more


def as_csv(*rows) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(HEADER)
    writer.writerows([cells[name] for name in HEADER] for cells in rows)
    return written.getvalue().encode()


def load(*rows, as_of=DAY, actor=None, **options):
    """Load a list with these rows, and return the texts that it touches."""
    data = as_csv(*rows)
    found = read(data)
    listed = ReadList("Retraction Watch", as_of, hashlib.sha256(data).hexdigest(), found.rows, found.records)
    return workflow.load_retractions(listed, actor=actor, **options)
