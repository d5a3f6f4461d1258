"""Mark passages in a page: each stretch of text in a `<mark>` of its own, since a passage may cross other marks."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from lxml import html

from articles.text.rendering.passages.blocks import Block
from articles.text.rendering.passages.finding import Passage

Stretch = tuple[int, int, str]  # from, to, and the name of its passage


def mark(text: Sequence[Block], passages: Iterable[tuple[Passage, str]]) -> dict[str, html.HtmlElement]:
    """
    Put the words of each passage into `<mark>` elements, in the document of the blocks; return the last one of each.

    Each passage has a name; `data-of` has the names of all passages that a stretch of text is of.
    """
    by_node: dict[tuple[html.HtmlElement, bool], list[Stretch]] = {}
    for place, name in passages:
        block = text[place.block]
        stretches: dict[int, tuple[int, int]] = {}
        for letter in block.letters()[place.start : place.end]:
            first, last = stretches.get(letter.piece, (letter.at, letter.at))
            stretches[letter.piece] = (min(first, letter.at), max(last, letter.at))
        for number, (first, last) in stretches.items():
            piece = block.pieces[number]
            by_node.setdefault((piece.element, piece.is_tail), []).append((first, last + 1, name))
    made = [node for place, stretches in by_node.items() for node in _mark_node(*place, stretches)]
    order = {node: number for number, node in enumerate(text[0].element.getroottree().iter("mark"))} if made else {}
    last_of: dict[str, html.HtmlElement] = {}
    for node in sorted(made, key=order.__getitem__):
        last_of |= dict.fromkeys(node.get("data-of", "").split(), node)
    return last_of


def _mark_node(element: html.HtmlElement, is_tail: bool, stretches: list[Stretch]) -> list[html.HtmlElement]:
    """Split a text node at the ends of its stretches, and return the marks."""
    text = (element.tail if is_tail else element.text) or ""
    edges = sorted({0, len(text), *(edge for start, end, _ in stretches for edge in (start, end))})
    rest, made = "", []
    for start, end in pairwise(edges):
        names = [name for first, last, name in stretches if first <= start and end <= last]
        if names:
            node = html.Element("mark", {"class": "remark", "data-of": " ".join(names)})
            node.text = text[start:end]
            made.append(node)
        elif made:
            made[-1].tail = text[start:end]
        else:
            rest = text[start:end]
    if is_tail:
        element.tail = rest
        parent, place = element.getparent(), element.getparent().index(element) + 1
    else:
        element.text = rest
        parent, place = element, 0
    for offset, node in enumerate(made):
        parent.insert(place + offset, node)
    return made
