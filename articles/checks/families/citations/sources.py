"""Where the rules on citations come from."""

from articles.checks.rule import Source

ICMJE = Source(
    "Recommendations for the Conduct, Reporting, Editing, and Publication of Scholarly Work in Medical Journals",
    "International Committee of Medical Journal Editors, icmje.org",
)
CITING_MEDICINE = Source("Citing Medicine, 2nd edition", "United States National Library of Medicine, NBK7256")
