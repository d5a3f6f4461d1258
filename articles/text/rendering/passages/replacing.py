"""Put other words in the place of a passage in the stored text of a section: of that passage, and of nothing else."""

from collections.abc import Sequence

from lxml import html

from articles.text.rendering.passages.blocks import Block, lines
from articles.text.rendering.passages.finding import Passage, same_line
from articles.text.richtext import storable

KEPT_WITH_THE_REST = frozenset({"strong", "em", "b", "i"})  # emphasis ends or begins where the new words stand
WHAT_WOULD_BE_LOST = {"cite": "citation", "a": "link", "sup": "raised", "sub": "raised"}


class NotReplaced(Exception):
    """
    The passage cannot be replaced.

    `reason`: a "citation", a "link", something "raised" or lowered, or "other" marks would be lost; or the passage was
    not "found" in the stored text, such as words that only the printed page has.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def replaced(body: str, shown: Sequence[Block], place: Passage, words: str) -> str:
    """
    Return the stored text with these words in the place of a passage.

    `shown` are the lines of the section as rendered, and `place` is the passage in them. All other lines stay as they
    are. Raise NotReplaced if that cannot be.
    """
    section = shown[place.block].section
    text, stored = _read(body, section)
    number = same_line(place.block, shown, stored)
    if number is None:
        raise NotReplaced("found")
    line = stored[number].line
    expected = [each.line for each in stored]
    expected[number] = f"{line[: place.start]}{' '.join(words.split())}{line[place.end :]}"
    _replace(stored[number], place, words)
    result = storable("".join(html.tostring(part, encoding="unicode") for part in _without_marks(text)))
    if [each.line for each in _read(result, section)[1]] != expected:
        raise NotReplaced("other")
    return result


def _read(body: str, section: str) -> tuple[html.HtmlElement, list[Block]]:
    """Return the stored text as an element, and its lines as the rendered page has them: without citations."""
    text = html.fragment_fromstring(body, create_parent="div")
    for cite in text.iter("cite"):
        cite.set("class", "citation")
    return text, lines(text, section)


def _without_marks(text: html.HtmlElement) -> html.HtmlElement:
    for cite in text.iter("cite"):
        cite.attrib.pop("class", None)
    return text


def _replace(block: Block, place: Passage, words: str) -> None:
    letters = block.letters()[place.start : place.end]
    first, last = letters[0].piece, letters[-1].piece
    for number in range(first + 1, last + 1):
        tag = block.pieces[number].element.tag
        if tag not in KEPT_WITH_THE_REST:
            raise NotReplaced(WHAT_WOULD_BE_LOST.get(str(tag), "other"))
    for number in range(first, last + 1):
        within = [letter.at for letter in letters if letter.piece == number]
        if not within:
            continue
        piece = block.pieces[number]
        new = piece.text[: min(within)] + (words if number == first else "") + piece.text[max(within) + 1 :]
        if piece.is_tail:
            piece.element.tail = new
        else:
            piece.element.text = new
