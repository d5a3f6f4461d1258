"""Where the rules on words and sentences come from."""

from articles.checks.rule import Source

NHS_CONTENT = Source("NHS digital service manual: how to write", "NHS England, service-manual.nhs.uk/content")
NHS_NUMBERS = Source("NHS digital service manual: numbers, measurements, dates and time", "NHS England")
NHS_AZ = Source("NHS digital service manual: A to Z of NHS health writing", "NHS England")
CDC = Source("Clear Communication Index", "Centers for Disease Control and Prevention, cdc.gov/ccindex")
AMA = Source(
    "AMA Manual of Style, 11th edition: inclusive language, abbreviations",
    "American Medical Association, amamanualofstyle.com",
)
PEMAT = Source("Patient Education Materials Assessment Tool", "Agency for Healthcare Research and Quality, ahrq.gov")
KINCAID = Source(
    "Kincaid and others 1975, Derivation of new readability formulas; McLaughlin 1969, SMOG grading",
    "CNTECHTRA Research Branch Report 8-75; Journal of Reading 12:639-46",
)
DISCERN = Source("DISCERN: an instrument for judging written consumer health information", "Charnock 1998, Oxford")
SCOWL = Source("SCOWL word lists, and words of MedQuAD and of medicines", "articles/checks/vocabulary/SOURCES.md")
