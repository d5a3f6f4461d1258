"""Where the rules on citations come from."""

from articles.checks.rule import Source

ICMJE = Source(
    "Recommendations for the Conduct, Reporting, Editing, and Publication of Scholarly Work in Medical Journals",
    "International Committee of Medical Journal Editors, icmje.org",
)
CITING_MEDICINE = Source("Citing Medicine, 2nd edition", "United States National Library of Medicine, NBK7256")
CROSSREF = Source("DOIs and matching regular expressions", "Crossref, crossref.org")
PUBMED = Source(
    "PubMed user guide: PMID and PMCID", "United States National Library of Medicine, pubmed.ncbi.nlm.nih.gov"
)
JAMA = Source(
    "Assessing, controlling, and assuring the quality of medical information on the Internet",
    "Silberg and others, JAMA 1997;277:1244-5",
)
