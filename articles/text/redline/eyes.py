"""
Changes that the eye does not see, said in words beside the marks.

A character that is not painted, a sign that is painted as another, a link to another address: two bars with the same
words between them, or none, would tell a reviewer nothing.
"""

import html
import re

from articles.text.plain.characters import faults, settled
from articles.text.plain.characters import named as name_of

_PAIR = re.compile(r"(<del>)((?:(?!</?(?:del|ins)>).)*)(</del>)(<ins>)((?:(?!</?(?:del|ins)>).)*)(</ins>)", re.DOTALL)
_BLANK = re.compile(r"<(del|ins)>([\s\u00a0]*)</\1>")
_TAG = re.compile(r"(<[^<>]*>)")
_HREF = re.compile(r'href="([^"]*)"')
_WHITE = re.compile(r"\s")


def named(marked: str) -> str:
    """Return the marked text with each change that would not be seen said in words: <span class="unseen">."""
    return _PAIR.sub(_pair, _BLANK.sub(_blank, "".join(_shown(piece) for piece in _TAG.split(marked))))


def _shown(piece: str) -> str:
    if piece.startswith("<") or piece.isascii():
        return piece
    for fault in reversed(list(faults(piece))):
        piece = piece[: fault.start] + _note(name_of(piece[fault.start])) + piece[fault.start + 1 :]
    return piece


def _note(words: str) -> str:
    return f'<span class="unseen">[{html.escape(words, quote=False)}]</span>'


def _blank(found: re.Match) -> str:
    """Name white space that came or went alone."""
    names = ", ".join(map(name_of, found[2]))
    return f"<{found[1]}>{_note(names)}</{found[1]}>" if names else found.group()


def _pair(found: re.Match) -> str:
    old, new = found[2], found[5]
    one, other = (html.unescape(_TAG.sub("", side)) for side in (old, new))
    if one == other:
        return found.group() + _note(_markup(old, new))
    if _WHITE.sub(" ", settled(one)) == _WHITE.sub(" ", settled(other)):
        gone, come = (", ".join(map(name_of, dict.fromkeys(a for a in x if a not in y))) for x, y in
                      ((one, other), (other, one)))  # fmt: skip
        return found.group() + _note(f"the same to the eye: {gone or 'nothing'} became {come or 'nothing'}")
    return found.group()


def _markup(old: str, new: str) -> str:
    """Say what differs where the words are the same: an address, or how the words are set."""
    before, after = (html.unescape(" ".join(_HREF.findall(side))) for side in (old, new))
    if before != after:
        return f"the link’s address changed from {before or 'none'} to {after or 'none'}"
    if 'class="citation"' in old + new:
        return "another work is cited under the same number"
    return f"the same words, set otherwise: {_tags(old)} became {_tags(new)}"


def _tags(side: str) -> str:
    kinds = {"strong": "bold", "em": "italic", "sub": "lowered", "sup": "raised", "a": "a link", "cite": "a citation"}
    found = dict.fromkeys(re.findall(r"<([a-z]+)", side))
    return ", ".join(kinds.get(tag, tag) for tag in found) or "plain"
