"""
The figures that a draft places in its texts, when a file updates these: no file can name them, and none may be lost.

They are taken out before the texts are merged, and put back in their places afterwards.
"""

from articles.text import richtext
from articles.text.richtext.blocks import Block, Paragraph, write


def without_figures(html: str) -> str:
    """Return the stored text without its figures."""
    return write([block for block in richtext.parse(html) if not _key(block)]) if "<figure" in html else html


def with_figures(html: str, draft: str) -> tuple[str, list[str]]:
    """
    Return a text with the figures of the draft's text, and the keys of those whose place is no longer there.

    A figure comes after the block that it follows in the draft, or else before the block that follows it. If neither is
    in the text any more, the figure comes at its end.
    """
    old, new, moved = richtext.parse(draft), richtext.parse(html), []
    for at, figure in enumerate(old):
        if key := _key(figure):
            place = _after(old, at, new)
            moved += [key] if place is None else []
            new.insert(len(new) if place is None else place, figure)
    return write(new), moved


def _after(old: list[Block], at: int, new: list[Block]) -> int | None:
    """Return the place in the new text of the figure in this place of the old one; None if it is not there."""
    if at == 0:
        return 0
    before = [place for place, block in enumerate(new) if block == old[at - 1]]
    if before:
        same = sum(block == old[at - 1] for block in old[: at - 1])
        return before[min(same, len(before) - 1)] + 1
    following = next((block for block in old[at + 1 :] if not _key(block)), None)
    return next((place for place, block in enumerate(new) if block == following), None)


def _key(block: Block) -> str:
    """Return the key of the figure that is placed here; empty for any other block."""
    return block.figure if isinstance(block, Paragraph) else ""
