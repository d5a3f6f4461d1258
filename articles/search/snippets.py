"""A piece of a text that shows why it was found."""

from django.utils.html import escape

from articles.search.passages import TEXT, Line
from articles.search.words import fold_character, occurrences

LONG = 240  # characters


def line_with_most(lines: list[Line], wanted: list[str]) -> Line:
    """Return the line that has most of the words, the first of several; where none has any, the text's first."""
    text = next((line for line in lines if line.part == TEXT), Line("", frozenset()))
    return max([text, *lines], key=lambda line: _has(line.text, wanted))


def marked(best: str, wanted: list[str]) -> str:
    """Return the piece of the line that shows most of the words, escaped, each word in <mark>."""
    spans = sorted(_spans(best, wanted))
    begin = max(0, spans[0][0] - LONG // 3) if spans else 0
    begin = best.rfind(" ", 0, begin) + 1 if begin else 0
    end = len(best) if len(best) - begin <= LONG else best.rfind(" ", begin, begin + LONG) + 1 or begin + LONG
    piece = _with_marks(best, begin, end, spans).rstrip()
    return f"{'… ' if begin else ''}{piece}{' …' if end < len(best) else ''}"


def _has(line: str, wanted: list[str]) -> int:
    folded, _ = _folded(line)
    return sum(1 for word in wanted if next(occurrences(word, folded), None) is not None)


def _spans(line: str, wanted: list[str]) -> list[tuple[int, int]]:
    """Return where in the line the words stand, as it is written."""
    folded, places = _folded(line)
    return [(places[at], places[at + len(word) - 1] + 1) for word in wanted for at in occurrences(word, folded)]


def _folded(line: str) -> tuple[str, list[int]]:
    """Return the line as it is compared, and for each of its characters the place it comes from."""
    parts = [fold_character(character) for character in line]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def _with_marks(line: str, begin: int, end: int, spans: list[tuple[int, int]]) -> str:
    pieces, at = [], begin
    for first, last in spans:
        if first < at or last > end:
            continue  # overlaps one that is marked, or is cut off
        pieces += [escape(line[at:first]), f"<mark>{escape(line[first:last])}</mark>"]
        at = last
    return "".join([*pieces, escape(line[at:end])])
