"""The runs of a paragraph with their marks, in canonical order and spacing."""

import html as entities
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

_SPACES = re.compile("  +")


class Run(NamedTuple):
    """A piece of a paragraph. `kind` is text, space, br, cite or figure; `marks` go inwards; a link is `a <href>`."""

    kind: str
    text: str
    marks: tuple[str, ...]


def canonical(pieces: list[Run]) -> list[Run]:
    """Return the runs of one paragraph in canonical form; none if nothing is visible."""
    runs = spaced(_on_letters(_parted(pieces)))
    return runs if any(run.kind == "cite" or run.text.strip() for run in runs) else []


def _parted(pieces: list[Run]) -> Iterator[Run]:
    """Yield the pieces with the spaces at their ends as runs of their own, and single spaces inside."""
    for run in pieces:
        if run.kind != "text":
            yield run
            continue
        words = run.text.strip(" ")
        if run.text[:1] == " ":
            yield Run("space", " ", run.marks)
        if words:
            yield Run("text", _SPACES.sub(" ", words), run.marks)
            if run.text[-1] == " ":
                yield Run("space", " ", run.marks)


def _on_letters(runs: Iterable[Run]) -> list[Run]:
    """
    Join neighbours with equal marks. Put each into NFC, with no combining character at its start.

    After a tag such a character would combine with its ">". It moves to the letter before, or is dropped without one.
    """
    joined: list[Run] = []
    for run in runs:
        if run.kind != "text":
            joined.append(run)
            continue
        head = "" if run.text.isascii() else "".join(takewhile(_combines, run.text))
        letters = run.text[len(head) :]
        combining, space, _ = head.partition(" ")
        follows = bool(joined) and joined[-1].kind == "text"
        if follows and combining:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + combining)
        if space:
            joined.append(Run("space", " ", run.marks))
        elif follows and joined[-1].marks == run.marks:
            joined[-1] = joined[-1]._replace(text=joined[-1].text + letters)
            continue
        if letters:
            joined.append(run._replace(text=letters))
    return [
        run if run.text.isascii() else Run(run.kind, unicodedata.normalize("NFC", run.text), run.marks)
        for run in joined
    ]


def _combines(character: str) -> bool:
    return character == " " or unicodedata.category(character).startswith("M")


def spaced(runs: list[Run]) -> list[Run]:
    """Leave one space between words, none beside a line break or at the ends; a gap has its sides' common marks."""
    kept: list[Run] = []
    for run in runs:
        if run.kind == "br" and kept and kept[-1].kind == "space":
            kept.pop()
        if run.kind in {"text", "cite"} or (kept and (run.kind == "br" or kept[-1].kind in {"text", "cite"})):
            kept.append(run)
    while kept and kept[-1].kind in {"space", "br"}:
        kept.pop()
    gaps = [index for index, run in enumerate(kept) if run.kind in {"space", "br"}]
    after: tuple[str, ...] = ()
    for index in reversed(gaps):  # in a row of line breaks each takes the marks of the last
        following = kept[index + 1]
        after = following.marks if following.kind in {"text", "cite"} else after
        kept[index] = Run(kept[index].kind, kept[index].text, after)
    before: tuple[str, ...] = ()
    for index in gaps:
        before = kept[index - 1].marks if kept[index - 1].kind in {"text", "cite"} else before
        kept[index] = Run(kept[index].kind, kept[index].text, shared(before, kept[index].marks))
    return kept


def shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return the common first marks of both."""
    if one == other:
        return one
    pairs = zip(one, other, strict=False)
    return tuple(mark for mark, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def write_runs(runs: list[Run]) -> str:
    """Return the runs of a paragraph as HTML, with the fewest opening and closing tags."""
    written: list[str] = []
    opened: tuple[str, ...] = ()
    for run in [*runs, Run("text", "", ())]:
        if run.marks == opened:
            written.append(write_run(run))
            continue
        common = len(shared(opened, run.marks))
        written.extend(f"</{mark.split(' ')[0]}>" for mark in reversed(opened[common:]))
        written.extend(_opening(mark) for mark in run.marks[common:])
        written.append(write_run(run))
        opened = run.marks
    return "".join(written)


def write_run(run: Run) -> str:
    """Return one run as HTML, without its marks."""
    match run.kind:
        case "cite":
            return f'<cite data-ref="{run.text}">[{run.text}]</cite>'
        case "figure":
            return f'<figure data-figure="{run.text}"></figure>'
        case "br":
            return "<br>"
        case _:
            return entities.escape(run.text, quote=False)


def write_tag(tag: str, attributes: tuple[tuple[str, str], ...] = ()) -> str:
    """Return an opening tag."""
    written = "".join(f' {name}="{entities.escape(value)}"' for name, value in attributes)
    return f"<{tag}{written}>"


def _opening(mark: str) -> str:
    tag, _, href = mark.partition(" ")
    return write_tag(tag, (("href", href),) if href else ())
