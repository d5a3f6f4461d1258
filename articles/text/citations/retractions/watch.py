"""
Reading the list of Retraction Watch: a CSV file with one row for each notice about a published work.

The columns and values are those of the file that Crossref publishes. Of a row only what finds the work and says what
happened to it is kept.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.text.citations.identifiers import DOI, PMID, normal_doi, normal_pmid
from articles.text.citations.retractions.standing import Record, Standing, identifiers_of
from articles.text.plain.plaintext import quoted

MOST_BYTES = 500_000_000  # the list had some 65 MB in 2026
MOST_FAULTS = 0.01  # of the rows; with more, the file is not the one that it seems to be

NATURES = {
    "retraction": Standing.RETRACTED,
    "expression of concern": Standing.CONCERN,
    "correction": Standing.CORRECTED,
    "reinstatement": Standing.REINSTATED,
}
NUMBER, ON, NATURE, REASON = "Record ID", "RetractionDate", "RetractionNature", "Reason"
OF_WORK = ("OriginalPaperDOI", "OriginalPaperPubMedID")
OF_NOTICE = ("RetractionDOI", "RetractionPubMedID")
COLUMNS = (NUMBER, ON, NATURE, REASON, *OF_WORK, *OF_NOTICE)
DAY = re.compile(r"(?P<month>[0-9]{1,2})/(?P<day>[0-9]{1,2})/(?P<year>[0-9]{4})(?: [0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?")
ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:[T ].*)?")
UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class NotAList(ValueError):
    """Raised with a full sentence if a file is not a list of retractions that can be used."""


@dataclass
class WatchList:
    """The records of a file. `rows` counts its rows, `unnamed` those without a DOI or PMID; `faults` are sentences."""

    records: list[Record] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    rows: int = 0
    unnamed: int = 0


def read(data: bytes) -> WatchList:
    """
    Return the list. A row that cannot be read is named in `faults`, and the others are used.

    Raise NotAList if the file is no such list, is cut off within a row, or if more than one row of a hundred cannot be
    read.
    """
    found, row = WatchList(), {"": ""}
    try:
        for line, row in _rows(_decoded(data)):
            found.rows += 1
            try:
                record = _record(row)
            except ValueError as error:
                found.faults.append(f"Line {line}: {error}")
                continue
            if record.identifiers:
                found.records.append(record)
            else:
                found.unnamed += 1
    except csv.Error as error:
        raise NotAList(f"The file is not a CSV file that can be read: {error}.") from None
    if not found.rows:
        raise NotAList("The file has no rows.")
    if not row and not data.endswith((b"\n", b"\r")):
        raise NotAList("The file ends within a row, so a part of it is missing.")
    if len(found.faults) > found.rows * MOST_FAULTS and len(found.faults) > 1:
        shown = " ".join(found.faults[:3])
        raise NotAList(f"{len(found.faults):,} of {found.rows:,} rows cannot be read, so nothing is used. {shown}")
    return found


def _decoded(data: bytes) -> str:
    """Return the text. Letters that are not UTF-8 are replaced: identifiers, days and numbers are ASCII."""
    if len(data) > MOST_BYTES:
        raise NotAList(f"The file has more than {MOST_BYTES // 1_000_000} MB.")
    return data.decode("utf-8-sig", errors="replace")


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line at which each row ends, and the row by column; spaces around a cell do not count."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names = [name.strip() for name in next(reader, [])]
    if missing := [name for name in COLUMNS if name not in names]:
        raise NotAList(f"The file is not Retraction Watch’s list: it has no column {quoted(missing[0])}.")
    width = len([name for name in names if name])
    for cells in reader:
        if cells:
            whole = cells if width <= len(cells) <= len(names) else []
            yield reader.line_num, {name: cell.strip() for name, cell in zip(names, whole, strict=False)}


def _record(row: dict[str, str]) -> Record:
    """Return the record of a row; raise ValueError with a sentence if the row cannot be read."""
    if not row:
        raise ValueError("the row has another number of cells than the first line.")
    nature = NATURES.get(" ".join(row[NATURE].split()).lower())
    if nature is None:
        raise ValueError(f"{quoted(row[NATURE])} is no known nature of a notice.")
    if not re.fullmatch("[0-9]{1,9}", row[NUMBER]):
        raise ValueError(f"{quoted(row[NUMBER])} is no number of a record.")
    return Record(
        number=int(row[NUMBER]),
        nature=nature,
        day=_day(row[ON]),
        identifiers=_identifiers(*(row[name] for name in OF_WORK)),
        notice=next(iter(_identifiers(*(row[name] for name in OF_NOTICE))), ""),
        reasons=_reasons(row[REASON]),
    )


def _day(text: str) -> datetime.date | None:
    """Return the day, written as month/day/year; None if there is none. Raise ValueError for anything else."""
    if not text or text == "0":
        return None
    found = DAY.fullmatch(text) or ISO_DAY.fullmatch(text)
    try:
        return datetime.date(*(int(found[part]) for part in ("year", "month", "day"))) if found else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> datetime.date:
    raise ValueError(f"{quoted(text)} is no day.")


def _identifiers(doi: str, pmid: str) -> tuple[str, ...]:
    """Return the identifiers; “unavailable”, “0” and what has not their form are none."""
    doi, pmid = normal_doi(doi), normal_pmid(pmid)
    is_doi = len(doi) <= 250 and DOI.fullmatch(doi) and not UNPRINTED.search(doi)
    return identifiers_of(doi if is_doi else "", pmid if PMID.fullmatch(pmid) else "")


def _reasons(text: str) -> str:
    """Return the reasons in a line, cut between two of them if they are long."""
    named = [reason.strip(" +") for reason in UNPRINTED.sub(" ", text).split(";")]
    line = ""
    for reason in filter(None, named):
        longer = f"{line}; {reason}" if line else reason
        if len(longer) > 500:
            break
        line = longer
    return line
