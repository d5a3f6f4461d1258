"""
The text of an article as sanitised HTML: one sanitiser, one canonical form.

nh3 parses as a browser does and throws away what may not be there. Its output is then built anew, as blocks of
inline runs, and written by `write`, which knows no tag beyond those it writes itself. Equal meaning gives equal bytes.
"""

import html as entities
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby, pairwise

from articles.text.plain import characters
from articles.text.richtext.blocks import List, Paragraph, Table, paragraphs, write
from articles.text.richtext.building import TooLong, parse, within_length
from articles.text.richtext.runs import Run

__all__ = ["TooLong", "cited_keys", "clean", "kept", "parse", "plain", "text", "write"]

SCRIPTS = {"sup": "^", "sub": "_"}
_GAP = "[ \u00a0\u2009\u202f]?"
_CITED = re.compile(rf"(?P<before>{_GAP})(?:\(\0(?:[ ,;]*\0)*\)|\[\0(?:[ ,;]*\0)*\]|\0(?:[ ,;]*\0)*)(?P<after>{_GAP})")

_INLINE = re.compile(r"</?(?:a|b|cite|em|i|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def clean(html: str) -> str:
    """
    Return the text with only what an article may hold, in canonical form.

    Cleaning again changes nothing, and texts of equal meaning become equal. Raise TooLong when the text has, or would
    get, over 2,000,000 characters, or over 10,000 tags that are not closed in order.
    """
    cleaned = write(parse(html))
    within_length(len(cleaned))
    return cleaned


def kept(html: str) -> str:
    """
    Return the text as it is stored: as `clean` does, each sign written in one way.

    Every door uses it; `clean` is for what was signed already. Raise ValidationError with the character and its place
    where one may not stand in a text, and TooLong as `clean` does.
    """
    within_length(len(html))
    for seen in (_TAG.sub("\n", _INLINE.sub("", html)), html):  # as it is read, for the place; then tags and all
        characters.check(characters.settled(entities.unescape(seen)))
    cleaned = write(parse(html, settle=characters.settled))
    within_length(len(cleaned))
    return cleaned


@lru_cache(maxsize=1024)
def text(html: str) -> str:
    """
    Return the visible text in reading order: a line per block, cells parted by tabs, citations left out.

    It is read by checks alone. What people are shown is `plain`: here 10⁹/L is 109/L.
    """
    return "\n".join(_lines(parse(html)))


@lru_cache(maxsize=1024)
def plain(html: str) -> str:
    """
    Return what `text` does, with ^ before what is raised and _ before what is lowered: 10^9/L is not 109/L.

    Where a digit follows raised or lowered digits, these stand in brackets: 10^(9)2.
    """
    blocks = parse(html)
    for runs in paragraphs(blocks):
        runs[:] = _with_scripts(runs)
    return "\n".join(_lines(blocks))


def _with_scripts(runs: list[Run]) -> Iterator[Run]:
    """Yield the runs with each raised or lowered part marked in its text."""
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


def _lines(blocks: list) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield from _visible(block.runs).split("\n")
            case List():
                for item in block.items:
                    yield from _lines(item)
            case Table():
                yield from _lines(block.captions)
                for row in (row for group in block.groups for row in group.rows):
                    yield "\t".join(" ".join(_lines(cell.blocks)) for cell in row)


def _visible(runs: list[Run]) -> str:
    """Return the text without citations, their brackets and commas, and the space that was there only for them."""
    signs = {"cite": "\0", "br": "\n"}
    return _CITED.sub(_gap, "".join(signs.get(run.kind, run.text) for run in runs)).strip(" ")


def _gap(cited: re.Match) -> str:
    before, after = cited["before"], cited["after"]
    closing = cited.string[cited.end() : cited.end() + 1] in set(".,;:!?)]\n") | {""}
    return after or ("" if closing else before)
