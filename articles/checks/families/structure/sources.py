"""Where the rules on the parts of a text come from."""

from articles.checks.rule import Source

NHS_CARE = Source("NHS digital service manual: care cards and warning callouts", "NHS England, service-manual.nhs.uk")
CDC = Source("Clear Communication Index", "Centers for Disease Control and Prevention, cdc.gov/ccindex")
WCAG_TABLES = Source("Web Content Accessibility Guidelines 2.2, 1.3.1 Info and Relationships", "W3C, w3.org/TR/WCAG22")
WCAG_LINKS = Source("Web Content Accessibility Guidelines 2.2, 2.4.4 Link Purpose", "W3C, w3.org/TR/WCAG22")
WCAG_HEADINGS = Source("Web Content Accessibility Guidelines 2.2, 2.4.6 Headings and Labels", "W3C, w3.org/TR/WCAG22")
DISCERN = Source("DISCERN: an instrument for judging written consumer health information", "Charnock 1998, Oxford")
HEALTH_LITERACY = Source(
    "Health Literacy Online, 2nd edition", "Office of Disease Prevention and Health Promotion, USA"
)
