"""Marking: two texts written as one, valid at every place: <ins> and <del> hold words, never rows or items."""

from collections.abc import Callable, Iterator

from articles.text.redline.align import align, likeness
from articles.text.redline.columns import Pairs, paired_columns
from articles.text.redline.rows import columns, row_weight
from articles.text.redline.tokens import Token, differences, tokens, words
from articles.text.richtext.blocks import Cell, Group, List, Paragraph, Table, list_attributes, paragraphs, write
from articles.text.richtext.runs import Run, write_runs, write_tag

ALIKE = 0.4
SIGNS = {"added": "ins", "removed": "del"}


def marked_flow(old: list, new: list, *, inside: bool = False) -> list[str]:
    """Return the blocks of both, aligned. `inside` an item or cell one paragraph alone is written without a tag."""
    if old == new and not inside:
        return [write(old)] if old else []
    pairs = list(align(old, new, _alone(old, new) if inside else _block_weight(old, new)))
    bare = inside and sum(isinstance(one or other, Paragraph) for one, other in pairs) == 1
    return [_marked_block(one, other, bare) for one, other in pairs]


def _marked_block(old, new, bare: bool) -> str:
    if old is None or new is None:
        return _whole(old or new, "removed" if old else "added", bare)
    match new:
        case Paragraph():
            written = _marked_runs(old.runs, new.runs)
            return written if bare else f"<{new.tag}>{written}</{new.tag}>"
        case List():
            return _marked_list(old, new)
        case Table():
            return _marked_table(old, new)


def _marked_list(old: List, new: List) -> str:
    lines = [write_tag(new.tag, list_attributes(new))]
    for one, other in align(old.items, new.items, _flow_weight(old.items, new.items)):
        if one is None or other is None:
            change = "removed" if one else "added"
            lines.append(f"{_tag('li', change)}{_whole_inside(one or other, change)}</li>")
        else:
            lines.append("<li>" + "\n".join(marked_flow(one, other, inside=True)) + "</li>")
    return "\n".join([*lines, f"</{new.tag}>"])


def _marked_table(old: Table, new: Table) -> str:
    lines = ["<table>"]
    if old.caption and new.caption:
        lines.append(f"<caption>{_marked_runs(old.caption, new.caption)}</caption>")
    elif old.caption or new.caption:
        lines.append(_whole_caption(old.caption or new.caption, "removed" if old.caption else "added"))
    paired = paired_columns(old, new) if columns(old) != columns(new) else None
    same_columns = columns(old) == columns(new)
    for one, other in align(old.groups, new.groups, _group_weight(old.groups, new.groups)):
        tag = (one or other).tag
        one, other = one or Group(tag), other or Group(tag)
        rows = _wider_rows(one, other, paired) if paired else _marked_rows(one, other, same_columns)
        lines += [f"<{tag}>", *rows, f"</{tag}>"]
    return "\n".join([*lines, "</table>"])


def _marked_rows(old: Group, new: Group, same_columns: bool) -> Iterator[str]:
    weight = row_weight(old, new) if same_columns and old.rows and new.rows else lambda *_: 0.0
    for one, other in align(old.rows, new.rows, weight):
        if one is None or other is None:
            yield _whole_row(one or other, "removed" if one else "added")
        else:
            yield f"<tr>{''.join(map(_marked_cell, one, other))}</tr>"


def _wider_rows(old: Group, new: Group, paired: Pairs) -> Iterator[str]:
    """Yield the rows of two tables with other columns: each cell under its column, whole columns marked as such."""
    kept = [pair for pair in paired if None not in pair]
    one, other = (Group(group.tag, [[row[pair[side]] for pair in kept] for row in group.rows]) for side, group in
                  enumerate((old, new)))  # fmt: skip
    weight = row_weight(one, other) if kept and kept[0] == (0, 0) and one.rows and other.rows else lambda *_: 0.0
    for before, after in align(range(len(old.rows)), range(len(new.rows)), weight):
        if before is None or after is None:
            yield _whole_row(*(old.rows[before], "removed") if after is None else (new.rows[after], "added"))
        else:
            yield f"<tr>{''.join(_paired_cell(old.rows[before], new.rows[after], pair) for pair in paired)}</tr>"


def _paired_cell(old: list[Cell], new: list[Cell], pair: tuple[int | None, int | None]) -> str:
    one, other = pair
    if one is not None and other is not None:
        return _marked_cell(old[one], new[other])
    return _whole_cell(old[one], "removed") if other is None else _whole_cell(new[other], "added")


def _whole_cell(cell: Cell, change: str) -> str:
    return f"{_tag(cell.tag, change, cell.attributes)}{_whole_inside(cell.blocks, change, '')}</{cell.tag}>"


def _marked_cell(old: Cell, new: Cell) -> str:
    inside = "".join(marked_flow(old.blocks, new.blocks, inside=True))
    return f"{write_tag(new.tag, new.attributes)}{inside}</{new.tag}>"


def _marked_runs(old: list[Run], new: list[Run]) -> str:
    if old == new:
        return write_runs(new)
    parts = differences(tokens(old), tokens(new))
    return "".join(_signed(sign, runs) for sign, runs in parts)


def _signed(sign: str, runs: list[Run]) -> str:
    return f"<{sign}>{write_runs(runs)}</{sign}>" if sign else write_runs(runs)


def _whole(block, change: str, bare: bool = False, tag: Callable | None = None) -> str:
    """Return a block that came or went, its words marked and the change named on its element."""
    match block:
        case Paragraph():
            written = _signed(SIGNS[change], block.runs)
            return written if bare else f"{_tag(block.tag, change)}{written}</{block.tag}>"
        case List():
            items = [f"<li>{_whole_inside(item, change)}</li>" for item in block.items]
            return "\n".join([_tag(block.tag, change, list_attributes(block)), *items, f"</{block.tag}>"])
        case Table():
            lines = [_whole_caption(block.caption, change)] if block.caption else []
            for group in block.groups:
                rows = (_whole_row(row, change) for row in group.rows)
                lines += [f"<{group.tag}>", *rows, f"</{group.tag}>"]
            return "\n".join([_tag("table", change), *lines, "</table>"])


def _whole_caption(runs: list[Run], change: str) -> str:
    return f"{_tag('caption', change)}{_signed(SIGNS[change], runs)}</caption>"


def _whole_row(row: list[Cell], change: str) -> str:
    cells = (
        f"{write_tag(cell.tag, cell.attributes)}{_whole_inside(cell.blocks, change, '')}</{cell.tag}>" for cell in row
    )
    return f"{_tag('tr', change)}{''.join(cells)}</tr>"


def _whole_inside(blocks: list, change: str, glue: str = "\n") -> str:
    alone = sum(isinstance(block, Paragraph) for block in blocks) == 1
    return glue.join(_whole(block, change, alone) for block in blocks)


def _tag(tag: str, change: str, attributes: tuple[tuple[str, str], ...] = ()) -> str:
    return write_tag(tag, (*attributes, ("data-change", change)))


def _block_weight(old: list, new: list) -> Callable[[int, int], float]:
    """Blocks of one kind pair by likeness; a heading is no paragraph, and a list that starts elsewhere another list."""
    words_of = _flow_weight([[block] for block in old], [[block] for block in new])

    def weight(old_index: int, new_index: int) -> float:
        return words_of(old_index, new_index) if _kind(old[old_index]) == _kind(new[new_index]) else 0.0

    return weight


def _alone(old: list, new: list) -> Callable[[int, int], float]:
    """In a cell or item the only paragraph stays the same one, whatever it says."""
    by_words = _block_weight(old, new)
    lone = [sum(isinstance(block, Paragraph) for block in side) == 1 for side in (old, new)]

    def weight(old_index: int, new_index: int) -> float:
        both = isinstance(old[old_index], Paragraph) and isinstance(new[new_index], Paragraph)
        return 2.0 if both and all(lone) else by_words(old_index, new_index)

    return weight


def _flow_weight(old: list[list], new: list[list]) -> Callable[[int, int], float]:
    old_words, new_words = ([_words(blocks) for blocks in side] for side in (old, new))

    def weight(old_index: int, new_index: int) -> float:
        if old[old_index] == new[new_index]:
            return 2.0
        alike = likeness(old_words[old_index], new_words[new_index])
        return alike if alike >= ALIKE else 0.0

    return weight


def _group_weight(old: list[Group], new: list[Group]) -> Callable[[int, int], float]:
    """A thead pairs with the thead, the only tbody with the only tbody, others by likeness."""
    bodies = [sum(group.tag == "tbody" for group in side) for side in (old, new)]
    flows = [
        [[block for row in group.rows for cell in row for block in cell.blocks] for group in side]
        for side in (old, new)
    ]
    by_words = _flow_weight(*flows)

    def weight(old_index: int, new_index: int) -> float:
        one, other = old[old_index], new[new_index]
        if one.tag != other.tag:
            return 0.0
        return 2.0 if one.tag == "thead" or bodies == [1, 1] else by_words(old_index, new_index)

    return weight


def _words(blocks: list) -> frozenset[str]:
    found: list[Token] = [token for runs in paragraphs(blocks) for token in tokens(runs)]
    return words(found)


def _kind(block) -> tuple:
    match block:
        case Paragraph():
            return ("p", block.tag)
        case List():
            return (block.tag, block.start)
    return ("table",)
