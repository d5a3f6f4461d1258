"""
Name invisible changes in words beside the marks.

Examples are an invisible character, a sign that looks like another, and a link to another address. The marks alone
would show a reviewer the same words twice, or none.
"""

import html
import re

from django.utils.translation import gettext as _

from articles.text.plain.characters import faults, named, normalised

_PAIR = re.compile(r"(<del>)((?:(?!</?(?:del|ins)>).)*)(</del>)(<ins>)((?:(?!</?(?:del|ins)>).)*)(</ins>)", re.DOTALL)
_BLANK = re.compile(r"<(del|ins)>([\s\u00a0]*)</\1>")
_TAG = re.compile(r"(<[^<>]*>)")
_HREF = re.compile(r'href="([^"]*)"')
_WHITE = re.compile(r"\s")


def with_names(marked: str) -> str:
    """Return the marked text in which a <span class="unseen"> names each invisible change."""
    return _PAIR.sub(_pair, _BLANK.sub(_blank, "".join(_shown(piece) for piece in _TAG.split(marked))))


def _shown(piece: str) -> str:
    if piece.startswith("<") or piece.isascii():
        return piece
    for fault in reversed(list(faults(piece))):
        piece = piece[: fault.start] + _note(named(piece[fault.start])) + piece[fault.start + 1 :]
    return piece


def _note(words: str) -> str:
    return f'<span class="unseen">[{html.escape(words, quote=False)}]</span>'


def _blank(found: re.Match[str]) -> str:
    """Name white space that was added or removed alone."""
    names = ", ".join(map(named, found[2]))
    return f"<{found[1]}>{_note(names)}</{found[1]}>" if names else found.group()


def _pair(found: re.Match[str]) -> str:
    old, new = found[2], found[5]
    one, other = (html.unescape(_TAG.sub("", side)) for side in (old, new))
    if one == other:
        return found.group() + _note(_markup(old, new))
    if _WHITE.sub(" ", normalised(one)) == _WHITE.sub(" ", normalised(other)):
        gone, come = (", ".join(map(named, dict.fromkeys(a for a in x if a not in y))) for x, y in
                      ((one, other), (other, one)))  # fmt: skip
        words = _("the same to the eye: {before} became {after}")
        return found.group() + _note(words.format(before=gone or _("nothing"), after=come or _("nothing")))
    return found.group()


def _markup(old: str, new: str) -> str:
    """Return the difference of two texts with the same words: an address, or the formatting."""
    before, after = (html.unescape(" ".join(_HREF.findall(side))) for side in (old, new))
    if before != after:
        words = _("the link’s address changed from {before} to {after}")
        return words.format(before=before or _("none"), after=after or _("none"))
    if 'class="citation"' in old + new:
        return _("another work is cited under the same number")
    return _("the same words, formatted differently: {before} became {after}").format(
        before=_tags(old), after=_tags(new)
    )


def _tags(side: str) -> str:
    kinds = {
        "strong": _("bold"),
        "em": _("italic"),
        "sub": _("lowered"),
        "sup": _("raised"),
        "a": _("a link"),
        "cite": _("a citation"),
    }
    found = dict.fromkeys(re.findall(r"<([a-z]+)", side))
    return ", ".join(kinds.get(tag, tag) for tag in found) or _("plain")
