"""Texts in every shape that the canonical form allows, the same for the same number."""

import random

from articles.text import richtext
from articles.text.richtext.blocks import Block, Cell, Group, List, Paragraph, Table, write
from articles.text.richtext.runs import Run

WORDS = [
    "Give", "5\u00a0mg", "10\u202fmg", "\u2009≥\u2009", "µg/L", "½", "CO", "2", "37.5\u00a0°C", "±0.5", "> 60 kg",
    "- 2",
    "a < b", "R&D", "1. x", "# 3", "5 mg.It", "é", "e\u0301", "100–200 mg", "“not”", "x*y", "Ωmega", "日本", "\u0301",
    "https://x.org/", "'", '"', "[1]", "@", "a@b",
]  # fmt: skip
MARKS = [
    (), (), (), ("strong",), ("em",), ("strong", "em"), ("sub",), ("sup",), ("sup", "sub"), ("sub", "sup"),
    ("sup", "sup"), ("sub", "sub"), ("a /articles/x/",), ("a https://who.int/?a=1&b='2'", "strong", "sup"),
    ("em", "sub"),
]  # fmt: skip
SCOPES = ["row", "col", "rowgroup", "colgroup", ""]


class Writer:
    """Make the blocks of a text at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def text(self) -> str:
        return richtext.clean(write([self.block() for _ in range(self.random.randint(1, 5))]))

    def is_so(self, share: float) -> bool:
        return self.random.random() < share

    def block(self) -> Block:
        kind = self.random.random()
        if kind < 0.3:
            return self.table()
        if kind < 0.55:
            return self.a_list(3)
        if kind < 0.65:
            return Paragraph("figure", [Run("figure", self.random.choice(["ecg", "x-1", "Map_2"]), ())])
        return Paragraph(self.random.choice(["p", "p", "p", "h3", "h4"]), self.runs())

    def runs(self) -> list[Run]:
        runs: list[Run] = []
        for _ in range(self.random.randint(1, 6)):
            kind = self.random.random()
            marks = self.random.choice(MARKS)
            if kind < 0.12:
                runs += [Run("cite", key, ()) for key in self.random.sample(["smith2020", "WHO_1", "b"], 2)]
            elif kind < 0.2:
                runs.append(Run("br", "", marks))
            else:
                spaces = self.random.choice(["", " ", " "])
                runs.append(Run("text", self.random.choice(WORDS) + spaces + self.random.choice(WORDS) + spaces, marks))
        return runs

    def flow(self, depth: int) -> list[Block]:
        blocks: list[Block] = [Paragraph("p", self.runs()) for _ in range(self.random.choice([1, 1, 1, 2, 0]))]
        if depth and self.is_so(0.3):
            blocks.insert(self.random.randint(0, len(blocks)), self.a_list(depth - 1))
        return blocks or [Paragraph("p", self.runs())]

    def a_list(self, depth: int) -> List:
        tag = self.random.choice(["ul", "ol"])
        start = self.random.choice([1, 1, 3, 100]) if tag == "ol" else 1
        return List(tag, start, [self.flow(depth) for _ in range(self.random.randint(1, 3))])

    def table(self) -> Table:
        captions: list[Block] = [Paragraph("p", self.runs())] if self.is_so(0.5) else []
        width = self.random.randint(1, 4)
        head = [Group("thead", self.rows(width, ["th"]))] if self.is_so(0.6) else []
        bodies = [Group("tbody", self.rows(width, ["td", "td", "th"])) for _ in range(self.random.choice([1, 1, 2]))]
        foot = [Group("tfoot", self.rows(width, ["td"]))] if self.is_so(0.2) else []
        return Table(captions, [*head, *bodies, *foot])

    def rows(self, width: int, tags: list[str]) -> list[list[Cell]]:
        return [[self.cell(tags) for _ in range(self.width(width))] for _ in range(self.random.randint(1, 3))]

    def width(self, width: int) -> int:
        """Return the number of cells of a row: sometimes less than of its neighbours."""
        return max(1, width - 1) if self.is_so(0.2) else width

    def cell(self, tags: list[str]) -> Cell:
        tag = self.random.choice(tags)
        attributes = [("scope", scope)] if tag == "th" and (scope := self.random.choice(SCOPES)) else []
        attributes += [(name, "2") for name in ("colspan", "rowspan") if self.is_so(0.12)]
        return Cell(tag, tuple(attributes), [] if self.is_so(0.15) else self.flow(1))
