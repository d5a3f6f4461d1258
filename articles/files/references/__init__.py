"""Works in the files of reference managers: RIS, PubMed (.nbib), BibTeX and CSL-JSON."""

from articles.files.references.reading import MOST_BYTES, Reading, read_text, read_works

__all__ = ["MOST_BYTES", "Reading", "read_text", "read_works"]
