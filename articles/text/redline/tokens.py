"""Tokens: the units of comparison. A number with its unit is one token, as is a word, a sign or a citation."""

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import takewhile
from typing import TypeAlias

from articles.text.plain.characters import normalised
from articles.text.plain.doses import AREA, NUMBER, SPACE, UNIT
from articles.text.richtext.runs import Run

Token: TypeAlias = tuple[Run, ...]

_UNIT = rf"(?:{UNIT}|times|mal|Mal|fold)"
_PER = (
    rf"(?:{SPACE}?/{SPACE}?(?:{NUMBER}{SPACE}?)?[A-Za-zµμ]+{AREA}"
    rf"|{SPACE}per{SPACE}(?:\d+{SPACE})?[A-Za-z]+)"
)
_TOKEN = re.compile(
    rf"(?:(?<![^\s(])[<>≤≥±~≈+−-]{SPACE}?)?(?<![\w]){NUMBER}"  # a number, perhaps compared
    rf"(?:{SPACE}?(?:[–−-]|to|×|±){SPACE}?{NUMBER})*"  # a range
    rf"(?:[{SPACE[1:-1]}-]?{_UNIT}(?!\w){_PER}*)?(?!\w)"
    rf"|{_UNIT}{_PER}+(?!\w)"
    r"|\w+(?:['’.‑-]\w+)*"
    r"|\s+|.",
    re.DOTALL,
)


def tokens(runs: list[Run]) -> list[Token]:
    """Return the tokens of the paragraph, each a tuple of runs: a dose half in bold is still one token."""
    signs = {"cite": "\0", "figure": "\0", "br": "\n"}
    ends: list[int] = []
    for match in _TOKEN.finditer("".join(signs.get(run.kind, run.text) for run in runs)):
        if ends and unicodedata.category(match[0][0]).startswith("M"):
            ends.pop()  # a combining character stays with its letter
        ends.append(match.end())
    return _cut(runs, ends)


def words(found: list[Token]) -> frozenset[str]:
    """Return the numbers, words and citations among the tokens, normalised, for comparing blocks."""
    texts = ("".join(run.text for run in token) for token in found)
    return frozenset(_alike(text) for text in texts if any(map(str.isalnum, text)))


def _alike(text: str) -> str:
    return text if text.isascii() else re.sub(r"\s", " ", normalised(text))


def differences(old: list[Token], new: list[Token]) -> Iterator[tuple[str, list[Run]]]:
    """Yield ("del", "ins" or "", runs). Both texts can be read from it; adjacent changes are joined."""
    pending: dict[str, list[Token]] = {"del": [], "ins": []}
    for sign, run in _stretches(old, new):
        if sign or (any(pending.values()) and all(map(_is_space, run))):
            for side in [sign] if sign else ["del", "ins"]:
                pending[side] += run
            continue
        yield from _released(pending)
        yield "", _flat(run)
    yield from _released(pending)


def _released(pending: dict[str, list[Token]]) -> Iterator[tuple[str, list[Run]]]:
    """Yield the pending changes, with equal tokens at both ends outside of the marks."""
    old, new = pending["del"], pending["ins"]
    begin = _shared_length(old, new)
    end = _shared_length(old[begin:][::-1], new[begin:][::-1])
    parts = [("", old[:begin]), ("del", old[begin : len(old) - end]), ("ins", new[begin : len(new) - end])]
    parts.append(("", old[len(old) - end :]))
    yield from ((sign, _flat(part)) for sign, part in parts if part)
    pending["del"], pending["ins"] = [], []


def _stretches(old: list[Token], new: list[Token]) -> Iterator[tuple[str, list[Token]]]:
    """Align the tokens without spaces, so that spaces never count as common text, then add the spaces."""
    old_solid = [index for index, token in enumerate(old) if not _is_space(token)]
    new_solid = [index for index, token in enumerate(new) if not _is_space(token)]
    matcher = SequenceMatcher(None, [old[i] for i in old_solid], [new[i] for i in new_solid], len(new_solid) > 1000)
    old_at = new_at = 0
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            old_next, new_next = old_solid[block.a + step], new_solid[block.b + step]
            yield from _gap(old[old_at:old_next], new[new_at:new_next])
            yield "", [old[old_next]]
            old_at, new_at = old_next + 1, new_next + 1
    yield from _gap(old[old_at:], new[new_at:])


def _gap(old: list[Token], new: list[Token]) -> Iterator[tuple[str, list[Token]]]:
    if old == new:
        yield from [("", old)] if old else []
        return
    yield from [("del", old)] if old else []
    yield from [("ins", new)] if new else []


def _shared_length(one: list[Token], other: list[Token]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _is_space(token: Token) -> bool:
    return len(token) == 1 and token[0].kind == "text" and token[0].text.isspace()


def _flat(found: list[Token]) -> list[Run]:
    return [run for token in found for run in token]


def _cut(runs: list[Run], ends: list[int]) -> list[Token]:
    found: list[Token] = []
    index = used = position = 0
    for end in ends:
        token: list[Run] = []
        while position < end:
            run = runs[index]
            size = len(run.text) if run.kind in {"text", "space"} else 1
            take = min(size - used, end - position)
            token.append(
                run if size == 1 and run.kind != "space" else Run("text", run.text[used : used + take], run.marks)
            )
            position, used = position + take, used + take
            if used == size:
                index, used = index + 1, 0
        found.append(tuple(token))
    return found
