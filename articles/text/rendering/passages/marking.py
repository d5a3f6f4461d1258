"""Mark passages in a page: each stretch of text in a `<mark>` of its own, since a passage may cross other marks."""

from collections.abc import Iterable, Sequence

from lxml import html

from articles.text.rendering.passages.blocks import Block
from articles.text.rendering.passages.finding import Passage


def mark(text: Sequence[Block], passages: Iterable[tuple[Passage, dict[str, str]]]) -> None:
    """Put the words of each passage into `<mark>` elements with these attributes, in the document of the blocks."""
    by_node: dict[tuple[html.HtmlElement, bool], list[tuple[int, int, dict[str, str]]]] = {}
    for place, attributes in passages:
        block = text[place.block]
        stretches: dict[int, tuple[int, int]] = {}
        for letter in block.letters()[place.start : place.end]:
            first, last = stretches.get(letter.piece, (letter.at, letter.at))
            stretches[letter.piece] = (min(first, letter.at), max(last, letter.at))
        for number, (first, last) in stretches.items():
            piece = block.pieces[number]
            by_node.setdefault((piece.element, piece.is_tail), []).append((first, last + 1, attributes))
    for (element, is_tail), stretches_of in by_node.items():
        _mark_node(element, is_tail, stretches_of)


def _mark_node(element: html.HtmlElement, is_tail: bool, stretches: list[tuple[int, int, dict[str, str]]]) -> None:
    """Split a text node; where passages overlap, the first one has the words."""
    text = (element.tail if is_tail else element.text) or ""
    made: list[html.HtmlElement] = []
    at, rest = 0, ""
    for start, end, attributes in sorted(stretches, key=lambda each: each[:2]):
        start = max(start, at)
        if start >= end:
            continue
        between = text[at:start]
        if made:
            made[-1].tail = between
        else:
            rest = between
        node = html.Element("mark", attributes)
        node.text = text[start:end]
        made.append(node)
        at = end
    if not made:
        return
    made[-1].tail = text[at:]
    if is_tail:
        element.tail = rest
        parent, place = element.getparent(), element.getparent().index(element) + 1
    else:
        element.text = rest
        parent, place = element, 0
    for offset, node in enumerate(made):
        parent.insert(place + offset, node)
