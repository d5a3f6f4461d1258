"""Where the rules on people and declarations come from."""

from articles.checks.families.citations.sources import ICMJE, JAMA

__all__ = ["ICMJE", "JAMA"]
