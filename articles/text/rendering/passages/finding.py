"""
Find a passage of one text in another version of it.

A passage is found only where it says what it said: with the same words before it in its sentence, the same words after
it, under the same headings, after the same lead, in the same row and column. It is found in one place, or not at all:
words are never taken for others that read alike, such as the dose of adults for that of children.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from articles.text.rendering.passages.blocks import Block
from articles.text.sentences import sentences

AROUND = 4  # words after a passage that have to be the same; with fewer in its sentence, so many before it too
ENOUGH = 6  # words of a line around a passage that make it known; with fewer, the line before has to be the same


class Passage(NamedTuple):
    """Words of a line: the number of its block, and where in the line they begin and end."""

    block: int
    start: int
    end: int


class _Around(NamedTuple):
    """A passage with everything that decides what it says."""

    words: str
    after: tuple[str, ...]
    before: str
    behind: tuple[str, ...]
    above: str  # the line before, if the line itself has too few words


def passage(text: Sequence[Block], words: str, section: str = "") -> Passage | None:
    """Return the only place of these words, in the section if one is named; None if there is none, or several."""
    found = places(text, words, section)
    return found[0] if len(found) == 1 else None


def places(text: Sequence[Block], words: str, section: str = "") -> list[Passage]:
    """Return all places where these words stand as whole words and whole numbers, in the section if one is named."""
    found = []
    for number, block in enumerate(text):
        if not words or (section and block.section != section):
            continue
        at = block.line.find(words)
        while at >= 0:
            if _is_whole(block.line, at, at + len(words)):
                found.append(Passage(number, at, at + len(words)))
            at = block.line.find(words, at + 1)
    return found


def find(wanted: Passage, old: Sequence[Block], new: Sequence[Block]) -> Passage | None:
    """
    Return the place of a passage of the old text in the new one; None if it is gone, changed, or not the only such one.

    It is looked for in its own section first, then in all others.
    """
    block = old[wanted.block]
    words = block.line[wanted.start : wanted.end]
    said = _around(wanted, old)
    for section in (block.section, ""):
        before = [place for place in places(old, words, section) if _around(place, old) == said]
        after = [place for place in places(new, words, section) if _around(place, new) == said]
        if len(before) == len(after) == 1:
            return after[0]
        if after:
            return _between_the_same(wanted, before, after, old, new)
    return None


def find_through(
    wanted: Passage, old: Sequence[Block], new: Sequence[Block], replaced: Iterable[tuple[Passage, str]]
) -> Passage | None:
    """
    Return the place of a passage as `find` does, also if words beside it were replaced on purpose.

    `replaced` are passages of the old text, in the order in which they were replaced, each with the words that were put
    there. The passage is looked for from the old text, then from that text with these words in it: with all of them,
    else with those that came first. So nothing is found that does not say, word for word, what one of these texts says.
    """
    if place := find(wanted, old, new):
        return place
    texts: list[tuple[Passage, list[Block]]] = []
    left, text = list(replaced), list(old)
    while left:
        (place, words), *others = left
        text = with_words(text, place, words)
        moved = [(_beside(other, place, words), instead) for other, instead in others]
        left = [(other, instead) for other, instead in moved if other is not None]
        if (here := _beside(wanted, place, words)) is None:
            break
        wanted = here
        texts.append((wanted, text))
    return next(filter(None, (find(here, text, new) for here, text in reversed(texts))), None)


def with_words(text: Sequence[Block], place: Passage, words: str) -> list[Block]:
    """Return the lines with these words in the place of a passage, also where later lines depend on its line."""
    block = text[place.block]
    line = f"{block.line[: place.start]}{words}{block.line[place.end :]}"
    changed = [*text]
    changed[place.block] = replace(block, line=line)
    for number in range(place.block + 1, len(text)):
        if (below := text[number]).section == block.section and block.line in below.after:
            after = tuple(line if each == block.line else each for each in below.after)
            changed[number] = replace(below, after=after)
    return changed


def _beside(wanted: Passage, place: Passage, words: str) -> Passage | None:
    """Return where a passage is when other words are in this place; None if the two overlap."""
    if wanted.block != place.block or wanted.end <= place.start:
        return wanted
    if wanted.start < place.end:
        return None
    more = len(words) - (place.end - place.start)
    return Passage(wanted.block, wanted.start + more, wanted.end + more)


def same_line(wanted: int, text: Sequence[Block], other: Sequence[Block]) -> int | None:
    """
    Return which line of another form of the same section is this line of the text.

    Equal lines are told apart by their order; None if the other form has not as many of them.
    """
    line, section = text[wanted].line, text[wanted].section
    here = [number for number, each in enumerate(text) if (each.line, each.section) == (line, section)]
    there = [number for number, each in enumerate(other) if (each.line, each.section) == (line, section)]
    return there[here.index(wanted)] if len(here) == len(there) else None


def position(place: Passage, text: Sequence[Block]) -> tuple[int, int]:
    """Return where a passage begins and ends among the characters of its section, its lines put together."""
    key = text[place.block].section
    before = sum(len(block.line) + 1 for block in text[: place.block] if block.section == key)
    return before + place.start, before + place.end


def at_position(text: Sequence[Block], section: str, start: int, end: int) -> Passage | None:
    """Return the passage at a position, as `position` returns it; None if no line of the section has all of it."""
    for number, block in enumerate(text):
        if block.section != section:
            continue
        if 0 <= start < end <= len(block.line):
            return Passage(number, start, end)
        start, end = start - len(block.line) - 1, end - len(block.line) - 1
    return None


def _between_the_same(
    wanted: Passage, before: list[Passage], after: list[Passage], old: Sequence[Block], new: Sequence[Block]
) -> Passage | None:
    """Return the only one of equal passages whose neighbours are the wanted one's; None unless all are still there."""
    if len(before) != len(after):
        return None
    around = _neighbours(wanted, old)
    if sum(_neighbours(place, old) == around for place in before) != 1:
        return None
    same = [place for place in after if _neighbours(place, new) == around]
    return same[0] if len(same) == 1 else None


def _neighbours(place: Passage, text: Sequence[Block]) -> tuple[str, str, str, str]:
    """Return what stands around a passage: the rest of its line, and the lines before and after it."""
    line = text[place.block].line
    return (*_lines_beside(place.block, text), line[: place.start], line[place.end :])


def _lines_beside(number: int, text: Sequence[Block]) -> tuple[str, str]:
    before = text[number - 1].line if number and text[number - 1].section == text[number].section else ""
    is_last = number + 1 == len(text) or text[number + 1].section != text[number].section
    return before, "" if is_last else text[number + 1].line


def _is_whole(line: str, start: int, end: int) -> bool:
    """Tell whether no word or number is cut: “5 mg” is not found in “0.5 mg”, nor “10” in “10^9”."""
    return not (_goes_on(line[:start][::-1], line[start]) or _goes_on(line[end:], line[end - 1]))


def _goes_on(beyond: str, edge: str) -> bool:
    if not beyond or not edge.isalnum():
        return False
    if beyond[0].isalnum() or beyond[0] in "^_":
        return True
    return edge.isdigit() and beyond[0] in ".,·٫" and beyond[1:2].isdigit()


def _around(place: Passage, text: Sequence[Block]) -> _Around:
    block = text[place.block]
    line = block.line
    within = [(start, end) for start, end in sentences(line) if start < place.end and end > place.start]
    start, end = (within[0][0], within[-1][1]) if within else (0, len(line))
    before = line[: place.start].split()
    sentence, behind = len(line[start : place.start].split()), line[place.end : end].split()
    said = sentence if sentence + len(behind) >= AROUND else max(sentence, AROUND)
    others = len(line[: place.start].split()) + len(line[place.end :].split())
    return _Around(
        words=line[place.start : place.end],
        after=block.after,
        before=" ".join(before[max(0, len(before) - said) :]),
        behind=tuple(behind[:AROUND]),
        above=_lines_beside(place.block, text)[0] if others < ENOUGH and not block.after else "",
    )
