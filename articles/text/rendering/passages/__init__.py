"""
Passages: words of a text that somebody remarked on, found again in later versions of it, or found to be gone.

`blocks` reads an `<article>` as lines, each with what it depends on; `finding` finds a passage again; `marking` marks
passages in the page; `replacing` puts other words in the place of one.
"""

from articles.text.rendering.passages.blocks import Block, blocks, lines
from articles.text.rendering.passages.finding import (
    Passage,
    at_position,
    find,
    find_through,
    passage,
    places,
    position,
    same_line,
)
from articles.text.rendering.passages.marking import mark
from articles.text.rendering.passages.replacing import NotReplaced, replaced

__all__ = [
    "Block",
    "NotReplaced",
    "Passage",
    "at_position",
    "blocks",
    "find",
    "find_through",
    "lines",
    "mark",
    "passage",
    "places",
    "position",
    "replaced",
    "same_line",
]
