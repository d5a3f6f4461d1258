"""The numbers of numbered paragraphs, counted as Word counts them."""

from typing import NamedTuple

from articles.files.word.package import Element, W

BULLET = "•"


class Numbered(NamedTuple):
    """What stands before an item: its number or •, how deep it is, and whether Word shows just that."""

    number: str
    depth: int
    is_plain: bool


class Level(NamedTuple):
    start: int
    form: str
    text: str


class Numbers:
    """Counts the items of all lists of a text, in its order."""

    def __init__(self, root: Element | None) -> None:
        self.lists: dict[str, tuple[str, dict[int, Level], dict[int, int]]] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.begun: set[str] = set()
        if root is None:
            return
        levels = {
            row.get(f"{W}abstractNumId", ""): {_depth(one): _level(one) for one in row.iterfind(f"{W}lvl")}
            for row in root.iterfind(f"{W}abstractNum")
        }
        for row in root.iterfind(f"{W}num"):
            of = row.find(f"{W}abstractNumId")
            key = of.get(f"{W}val", "") if of is not None else ""
            again = {
                _depth(one): _whole(found)
                for one in row.iterfind(f"{W}lvlOverride")
                if (found := one.find(f"{W}startOverride")) is not None
            }
            self.lists[row.get(f"{W}numId", "")] = (key, levels.get(key, {}), again)

    def next(self, numbering: tuple[str, int] | None) -> Numbered | None:
        """Return what stands before the next paragraph of this list and level; None if nothing does."""
        if numbering is None or numbering[0] not in self.lists:
            return None
        key, depth = numbering
        abstract, levels, again = self.lists[key]
        level = levels.get(depth)
        if level is None or level.form == "none":
            return None
        counts = self.counts.setdefault(abstract, {})
        if key not in self.begun:
            self.begun.add(key)
            for deep, start in again.items():
                counts[deep] = start - 1
        for deep in [deep for deep in counts if deep > depth]:
            del counts[deep]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        if level.form == "bullet":
            return Numbered(BULLET, depth, is_plain=True)
        is_plain = level.form == "decimal" and level.text.count("%") == 1
        return Numbered(f"{counts[depth]}.", depth, is_plain)


def _level(row: Element) -> Level:
    start, form, text = (row.find(W + name) for name in ("start", "numFmt", "lvlText"))
    return Level(
        _whole(start) if start is not None else 1,
        form.get(f"{W}val", "decimal") if form is not None else "decimal",
        text.get(f"{W}val", "") if text is not None else "",
    )


def _depth(row: Element) -> int:
    value = row.get(f"{W}ilvl", "0")
    return int(value) if value.isdigit() and len(value) < 3 else 0


def _whole(row: Element) -> int:
    value = row.get(f"{W}val", "1")
    return int(value) if value.isdigit() and len(value) < 6 else 1
