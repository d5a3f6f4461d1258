"""
The text of an article as sanitised HTML in canonical form.

nh3 parses HTML as a browser does and removes what is not allowed. Its output is rebuilt as blocks of inline runs, and
`write` serialises these. It can write no other tags than its own. Texts of equal meaning become equal bytes.
"""

import html as entities
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, pairwise

from articles.text.plain import characters
from articles.text.richtext.blocks import Block, List, Paragraph, Table, paragraphs, write
from articles.text.richtext.building import TooLong, parse, within_length
from articles.text.richtext.runs import Run

__all__ = [
    "TooLong",
    "cited_keys",
    "clean",
    "figure_keys",
    "lines",
    "parse",
    "plain",
    "plain_blocks",
    "storable",
    "text",
    "write",
]

SCRIPTS = {"sup": "^", "sub": "_"}
_GAP = "[ \u00a0\u2009\u202f]?"
CITED = re.compile(rf"(?P<before>{_GAP})(?:\(\0(?:[ ,;]*\0)*\)|\[\0(?:[ ,;]*\0)*\]|\0(?:[ ,;]*\0)*)(?P<after>{_GAP})")

_INLINE = re.compile(r"</?(?:a|b|cite|em|i|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def clean(html: str) -> str:
    """
    Return the text in canonical form, with allowed content only.

    Cleaning again changes nothing, and texts of equal meaning become equal. Raise TooLong if the text has, or would
    have, over 2,000,000 characters, or over 10,000 tags that are not closed in order.
    """
    cleaned = write(parse(html))
    within_length(len(cleaned))
    return cleaned


def storable(html: str) -> str:
    """
    Return the text in its stored form: cleaned, and with its characters normalised.

    All new texts go through it; `clean` is for texts that are already signed. Raise ValidationError for a character
    that is not allowed, and TooLong as `clean` does.
    """
    within_length(len(html))
    for seen in (
        _TAG.sub("\n", _INLINE.sub("", html)),
        html,
    ):  # first without tags, for the place
        characters.check(characters.normalised(entities.unescape(seen)))
    cleaned = write(parse(html, normalise=characters.normalised))
    within_length(len(cleaned))
    return cleaned


@lru_cache(maxsize=1024)
def text(html: str) -> str:
    """
    Return the visible text in reading order: a line per block, tabs between cells, no citations.

    Only for checks: here 10⁹/L is 109/L. `plain` is for people.
    """
    return "\n".join(lines(parse(html)))


@lru_cache(maxsize=1024)
def plain(html: str) -> str:
    """
    Return the text as `text` does, with ^ before a superscript and _ before a subscript: 10^9/L is not 109/L.

    Raised or lowered digits before another digit are put in brackets: 10^(9)2.
    """
    return "\n".join(lines(plain_blocks(html)))


def plain_blocks(html: str) -> list[Block]:
    """Return the blocks of a text with ^ and _ written into them, as in `plain`."""
    blocks = parse(html)
    for runs in paragraphs(blocks):
        runs[:] = _with_scripts(runs)
    return blocks


def _with_scripts(runs: list[Run]) -> Iterator[Run]:
    """Yield the runs with ^ or _ written into the text of each superscript or subscript."""
    parts = [(level, list(group)) for level, group in groupby(runs, key=_level)]
    for (level, part), (after, following) in pairwise([*parts, ("", [])]):
        texts = [place for place, run in enumerate(part) if run.kind == "text"]
        if level and texts:
            first, last = texts[0], texts[-1]
            beside = not after and following and part[last].text[-1:].isdigit() and following[0].text[:1].isdigit()
            part[last] = part[last]._replace(text=part[last].text + ")" * bool(beside))
            part[first] = part[first]._replace(text=level + "(" * bool(beside) + part[first].text)
        yield from part


def _level(run: Run) -> str:
    return next((SCRIPTS[mark] for mark in reversed(run.marks) if mark in SCRIPTS), "")


def cited_keys(html: str) -> list[str]:
    """Return the citation keys in order of first use."""
    return list(_cited(html))


@lru_cache(maxsize=1024)
def _cited(html: str) -> tuple[str, ...]:
    runs = (run for paragraph in paragraphs(parse(html)) for run in paragraph)
    return tuple(dict.fromkeys(run.text for run in runs if run.kind == "cite"))


def figure_keys(html: str) -> list[str]:
    """Return the keys of the figures that the text places, in order of first use."""
    return list(_figures(html))


@lru_cache(maxsize=1024)
def _figures(html: str) -> tuple[str, ...]:
    if "<figure" not in html:
        return ()
    placed = (block.figure for block in parse(html) if isinstance(block, Paragraph))
    return tuple(dict.fromkeys(filter(None, placed)))


def lines(blocks: list[Block]) -> Iterator[str]:
    """Yield the visible text of the blocks: a line per block, tabs between cells, no citations."""
    for block in blocks:
        match block:
            case Paragraph(tag="figure"):
                pass  # its words are the figure's own, not the text's
            case Paragraph():
                yield from _visible(block.runs).split("\n")
            case List():
                for item in block.items:
                    yield from lines(item)
            case Table():
                yield from lines(block.captions)
                for row in (row for group in block.groups for row in group.rows):
                    yield "\t".join(" ".join(lines(cell.blocks)) for cell in row)


def _visible(runs: list[Run]) -> str:
    """Return the text without citations, and without the brackets, commas and spaces that belong to them."""
    signs = {"cite": "\0", "br": "\n"}
    return CITED.sub(gap, "".join(signs.get(run.kind, run.text) for run in runs)).strip(" ")


def gap(cited: re.Match[str]) -> str:
    before, after = cited["before"], cited["after"]
    closing = cited.string[cited.end() : cited.end() + 1] in set(".,;:!?)]\n") | {""}
    return after or ("" if closing else before)
