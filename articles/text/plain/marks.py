"""The patterns of the marks in a text: citations, superscripts and subscripts."""

import re

_KEY = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
CITATION_KEY = re.compile(_KEY)  # of a reference, within its article
FIGURE_KEY = re.compile(_KEY)  # of a figure, within its article
CITATION = re.compile(rf"\[(@{_KEY}(?:\s*;\s*@{_KEY})*)\]")  # [@key] or [@one; @two]
LIKE_A_CITATION = r"\[[^\[\]{0}]*(?<![\w.])@[A-Za-z0-9][^\[\]{0}]*\]"  # {0}: other characters that end it
NARRATIVE = re.compile(r"(?<![\w.@])@([A-Za-z0-9][A-Za-z0-9_-]*)")  # @key without brackets

# Only a short number, word or sign can be raised or lowered. `10^6-10^9` and `grade 1~2/3~4` hold none of these, so
# their marks stay as typed. Nothing before a digit is raised or lowered.
_RAISED = r"[+\-−]?\d+[+\-−]?|[+\-−]{1,3}|[^\W\d_]+\d*[+\-−]?|\d+[^\W\d_]{1,3}[+\-−]?|\([^\W_]\)|[†‡§¶®™ºª°′″]+"
_FRACTION = r"\d+[./]\d+"
_LOWERED = r"[^\W_]+[+\-−]?|\d+[./–−-][\d∞]+"
SUPERSCRIPT = re.compile(rf"\^({_RAISED})\^(?![\d^])|\^({_FRACTION})\^(?![\w^])")
SUBSCRIPT = re.compile(rf"(?:(?<=[^\W\d_])|(?<=[)\]^]))~({_LOWERED})~(?![\d~])")
