"""Where the rules on medicines come from."""

from articles.checks.rule import Source

JOINT_COMMISSION = Source("Official “Do Not Use” List", "The Joint Commission, jointcommission.org")
ISMP = Source(
    "List of Error-Prone Abbreviations, Symbols, and Dose Designations",
    "Institute for Safe Medication Practices, ismp.org",
)
NHS = Source("NHS digital service manual: numbers, measurements, dates and time", "NHS England, service-manual.nhs.uk")
WHO = Source("WHO Model List of Essential Medicines, 23rd list", "World Health Organization, 2023")
SI = Source("The International System of Units", "Bureau International des Poids et Mesures, bipm.org")
