"""
References in the style of the United States National Library of Medicine, and their citation numbers.

Source: Patrias K, Wendling D. Citing Medicine, 2nd ed., citation-sequence system; samples as ICMJE prints them.
"""

from articles.text.citations.numbering import number_keys, ranges
from articles.text.citations.reference import (
    BESIDE_CSL,
    PRINTED_PLAIN,
    TELLING,
    as_first_printed,
    as_second_printed,
    format_reference,
    is_named,
    is_retracted,
    not_printed,
)

__all__ = [
    "BESIDE_CSL",
    "PRINTED_PLAIN",
    "TELLING",
    "as_first_printed",
    "as_second_printed",
    "format_reference",
    "is_named",
    "is_retracted",
    "not_printed",
    "number_keys",
    "ranges",
]
