"""
The geometry of the plots, which a template draws as SVG.

Lengths along the width are shares of it, so that a plot fits every screen and its words keep their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

STRIP = 72  # pixels: the height of the tallest column
ABOVE = 24  # for the words above the columns of a strip, or above a bar
BAR = 12
BETWEEN = 14
LABELS = 6  # at most, below the columns
LAST_LABEL = 84  # per cent of the width: where a label still fits on a telephone
LONGEST_LABEL = 34


@dataclass(frozen=True)
class Shape:
    """A rectangle, with what it says when it is pointed at."""

    x: str
    y: int
    width: str
    height: int
    kind: str
    tip: str = ""


@dataclass(frozen=True)
class Words:
    """A piece of text at a point; at the end of the line if `is_value`."""

    x: str
    y: int
    text: str
    is_value: bool = False


@dataclass(frozen=True)
class Plot:
    """A plot: its name, what it shows in words, and its parts."""

    name: str
    title: str
    said: str
    height: int
    shapes: list[Shape] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


@dataclass(frozen=True)
class Strip:
    """The columns of one kind: their heading, and for each the value and what it says."""

    heading: str
    kind: str
    columns: list[tuple[int, str]]


@dataclass(frozen=True)
class Bar:
    """A line of a plot: its parts from the left, each a value and its kind, and the value in words."""

    label: str
    value: str
    parts: list[tuple[float, str]]


def columns(name: str, title: str, said: str, strips: Sequence[Strip], labels: Sequence[str]) -> Plot:
    """Return columns side by side, one strip for each kind below the other, with some of the labels at the bottom."""
    shapes, words, top = [], [], 0
    tallest = max((value for strip in strips for value, _ in strip.columns), default=0) or 1
    step = 100 / max(len(labels), 1)
    for strip in strips:
        words.append(Words("0%", top + 15, strip.heading))
        base = top + ABOVE + STRIP
        for place, (value, tip) in enumerate(strip.columns):
            height = round(STRIP * value / tallest)
            if value:
                height = max(height, 2)
                shapes.append(Shape(_share(place * step), base - height, _share(step * 0.75), height, strip.kind, tip))
        shapes.append(Shape("0%", base, "100%", 1, "axis"))
        top = base + BETWEEN
    every = -(-len(labels) // LABELS) or 1
    at = [(place * step, labels[place]) for place in range(0, len(labels), every)]
    words += [Words(_share(share), top + 2, label) for share, label in at if share <= LAST_LABEL]
    return Plot(name, title, said, top + 8, shapes, words)


def bars(name: str, title: str, rows: Sequence[Bar]) -> Plot:
    """Return one bar below the other, each with its label above it and its value at the end of that line."""
    longest = max((sum(value for value, _ in row.parts) for row in rows), default=0) or 1
    shapes, words, top = [], [], 0
    for row in rows:
        words += [Words("0%", top + 15, _short(row.label)), Words("100%", top + 15, row.value, is_value=True)]
        begin = 0.0
        for value, kind in row.parts:
            if value:
                share = 100 * value / longest
                shapes.append(Shape(_share(begin), top + ABOVE, _share(share), BAR, kind))
                begin += share
        shapes.append(Shape("0%", top + ABOVE + BAR, "100%", 1, "axis"))
        top += ABOVE + BAR + BETWEEN
    said = "; ".join(f"{row.label}: {row.value}" for row in rows)
    return Plot(name, title, said, top, shapes, words)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"


def _share(percent: float) -> str:
    return f"{percent:.3f}%"
