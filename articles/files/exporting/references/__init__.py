"""Works as files for programs that manage references: RIS, BibTeX and CSL-JSON."""

from collections.abc import Callable
from typing import NamedTuple

from articles.files.exporting.references.bibtex import bibtex
from articles.files.exporting.references.csl_json import csl_json
from articles.files.exporting.references.ris import ris
from articles.text.citations.fields import Work

__all__ = ["FORMATS", "Format"]


class Format(NamedTuple):
    """A format of reference managers. `write` takes works by their keys, in the order of the file."""

    called: str
    media_type: str
    write: Callable[[dict[str, Work]], str]


FORMATS = {  # by the ending of the file
    "ris": Format("RIS", "application/x-research-info-systems", ris),
    "bib": Format("BibTeX", "application/x-bibtex", bibtex),
    "json": Format("CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
}
