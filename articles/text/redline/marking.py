"""Marking: write two texts as one valid HTML text. <ins> and <del> hold words, never rows or items."""

from collections.abc import Iterator
from functools import lru_cache

from articles.text.redline.align import Weight, align, either, likeness
from articles.text.redline.tables.columns import Pairs, paired_columns
from articles.text.redline.tables.rows import columns, row_weight
from articles.text.redline.tokens import differences, tokens, words
from articles.text.richtext.blocks import Block, Cell, Group, List, Paragraph, Table, list_attributes, paragraphs, write
from articles.text.richtext.runs import Run, write_runs, write_tag

ALIKE = 0.4
SIGNS = {"added": "ins", "removed": "del"}


def marked_flow(old: list[Block], new: list[Block], *, inside: bool = False) -> list[str]:
    """Return the blocks of both, aligned. `inside` an item or cell, a single paragraph gets no tag."""
    if old == new and not inside:
        return [write(old)] if old else []
    pairs = list(align(old, new, _single_paragraphs(old, new) if inside else _block_weight(old, new)))
    bare = inside and sum(isinstance(one or other, Paragraph) for one, other in pairs) == 1
    return [_marked_block(one, other, bare) for one, other in pairs]


def _marked_block(old: Block | None, new: Block | None, bare: bool) -> str:
    match old, new:
        case Paragraph(tag="figure"), Paragraph(tag="figure"):
            return write([new])  # the same one: only figures of one key are a pair
        case Paragraph() as one, Paragraph() as other:
            written = _marked_runs(one.runs, other.runs)
            return written if bare else f"<{other.tag}>{written}</{other.tag}>"
        case List() as one, List() as other:
            return _marked_list(one, other)
        case Table() as one, Table() as other:
            return _marked_table(one, other)
    if old is not None and new is None:
        return _whole(old, "removed", bare)
    if new is not None and old is None:
        return _whole(new, "added", bare)
    raise TypeError("Blocks of two kinds are never a pair.")


def _change(old: object | None) -> str:
    return "added" if old is None else "removed"


def _marked_list(old: List, new: List) -> str:
    lines = [write_tag(new.tag, list_attributes(new))]
    for one, other in align(old.items, new.items, _flow_weight(old.items, new.items)):
        if one is None or other is None:
            change = _change(one)
            lines.append(f"{_tag('li', change)}{_whole_inside(either(one, other), change)}</li>")
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
        tag = (one or either(one, other)).tag
        before, after = one or Group(tag), other or Group(tag)
        rows = _wider_rows(before, after, paired) if paired else _marked_rows(before, after, same_columns)
        lines += [f"<{tag}>", *rows, f"</{tag}>"]
    return "\n".join([*lines, "</table>"])


def _marked_rows(old: Group, new: Group, same_columns: bool) -> Iterator[str]:
    weight = row_weight(old, new) if same_columns and old.rows and new.rows else lambda *_: 0.0
    for one, other in align(old.rows, new.rows, weight):
        if one is None or other is None:
            yield _whole_row(either(one, other), _change(one))
        else:
            yield f"<tr>{''.join(map(_marked_cell, one, other))}</tr>"


def _wider_rows(old: Group, new: Group, paired: Pairs) -> Iterator[str]:
    """Yield the rows of two tables with different columns: cells under their columns, whole columns marked."""
    kept = [(one, other) for one, other in paired if one is not None and other is not None]
    one, other = (Group(group.tag, [[row[pair[side]] for pair in kept] for row in group.rows]) for side, group in
                  enumerate((old, new)))  # fmt: skip
    weight = row_weight(one, other) if kept and kept[0] == (0, 0) and one.rows and other.rows else lambda *_: 0.0
    for before, after in align(range(len(old.rows)), range(len(new.rows)), weight):
        if before is None or after is None:
            row = new.rows[either(before, after)] if before is None else old.rows[before]
            yield _whole_row(row, _change(before))
        else:
            yield f"<tr>{''.join(_paired_cell(old.rows[before], new.rows[after], pair) for pair in paired)}</tr>"


def _paired_cell(old: list[Cell], new: list[Cell], pair: tuple[int | None, int | None]) -> str:
    one, other = pair
    if one is None or other is None:
        return _whole_cell(new[either(one, other)] if one is None else old[one], _change(one))
    return _marked_cell(old[one], new[other])


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


def _whole(block: Block, change: str, bare: bool = False) -> str:
    """Return an added or removed block, with its words marked and `data-change` on its element."""
    match block:
        case Paragraph(tag="figure"):
            return f"{_tag('figure', change, (('data-figure', block.figure),))}</figure>"
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


def _whole_inside(blocks: list[Block], change: str, glue: str = "\n") -> str:
    alone = sum(isinstance(block, Paragraph) for block in blocks) == 1
    return glue.join(_whole(block, change, alone) for block in blocks)


def _tag(tag: str, change: str, attributes: tuple[tuple[str, str], ...] = ()) -> str:
    return write_tag(tag, (*attributes, ("data-change", change)))


def _block_weight(old: list[Block], new: list[Block]) -> Weight:
    """Pair blocks of one kind by likeness. Headings are no paragraphs; lists with different starts are different."""
    words_of = _flow_weight([[block] for block in old], [[block] for block in new])

    def weight(old_index: int, new_index: int) -> float:
        return words_of(old_index, new_index) if _kind(old[old_index]) == _kind(new[new_index]) else 0.0

    return weight


def _single_paragraphs(old: list[Block], new: list[Block]) -> Weight:
    """Pair the single paragraphs of a cell or item, whatever their words."""
    by_words = _block_weight(old, new)
    lone = [sum(isinstance(block, Paragraph) for block in side) == 1 for side in (old, new)]

    def weight(old_index: int, new_index: int) -> float:
        both = isinstance(old[old_index], Paragraph) and isinstance(new[new_index], Paragraph)
        return 2.0 if both and all(lone) else by_words(old_index, new_index)

    return weight


def _flow_weight(old: list[list[Block]], new: list[list[Block]]) -> Weight:
    old_words, new_words = ([_words(blocks) for blocks in side] for side in (old, new))

    def weight(old_index: int, new_index: int) -> float:
        if old[old_index] == new[new_index]:
            return 2.0
        alike = likeness(old_words[old_index], new_words[new_index])
        return alike if alike >= ALIKE else 0.0

    return weight


def _group_weight(old: list[Group], new: list[Group]) -> Weight:
    """Pair thead with thead, a single tbody with a single tbody, others by likeness."""
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


def _words(blocks: list[Block]) -> frozenset[str]:
    each = (_words_of(tuple((run.kind, run.text) for run in runs)) for runs in paragraphs(blocks))
    return frozenset[str]().union(*each)


@lru_cache(maxsize=512)  # of an article with many versions, each paragraph is compared again and again
def _words_of(texts: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return words(tokens([Run(kind, text, ()) for kind, text in texts]))


def _kind(block: Block) -> tuple[str | int, ...]:
    match block:
        case Paragraph():
            return ("p", block.tag, block.figure)
        case List():
            return (block.tag, block.start)
    return ("table",)
