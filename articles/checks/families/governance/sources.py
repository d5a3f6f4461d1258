"""Where the rules on people and declarations come from."""

from articles.checks.families.citations.sources import ICMJE
from articles.checks.rule import Source

__all__ = ["ICMJE", "JAMA"]

JAMA = Source(
    "Assessing, controlling, and assuring the quality of medical information on the Internet",
    "Silberg and others, JAMA 1997;277:1244-5",
)
