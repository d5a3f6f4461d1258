"""
The changes between two cleaned texts, word by word, as HTML with <ins> and <del>.

Blocks, list items and rows are aligned first, then the words inside them. A whole block, item or row that was added or
removed has `data-change`. `accept` returns the new text from the marked one, and `reject` the old text.
"""

import html as entities

from articles.text.redline.marking import marked_flow
from articles.text.redline.plain_strings import plain_redline
from articles.text.richtext import clean, parse
from articles.text.richtext.building import events
from articles.text.richtext.runs import write_tag

__all__ = ["accept", "changed", "plain_redline", "redline", "reject"]

VOID = {"br"}


def redline(old: str, new: str) -> str:
    """Return both texts in one, with removed words in <del> and added ones in <ins>. Raise TooLong as `clean` does."""
    return "\n".join(marked_flow(parse(old), parse(new)))


def accept(marked: str) -> str:
    """Return the new text of a redline."""
    return _without(marked, "del", "removed")


def reject(marked: str) -> str:
    """Return the old text of a redline."""
    return _without(marked, "ins", "added")


def changed(marked: str) -> bool:
    """Tell whether a redline shows any change."""
    return any(tag in {"ins", "del"} or "data-change" in attributes for _, tag, attributes, _ in events(marked))


def _without(marked: str, unwanted: str, change: str) -> str:
    kept: list[str] = []
    depth = 0  # open tags inside a part that is left out
    for closing, tag, attributes, text in events(marked):
        if depth:
            depth += (0 if tag in VOID or not tag else 1) if not closing else -1
        elif not closing and (tag == unwanted or attributes.get("data-change") == change):
            depth = 1
        elif tag and tag not in {"ins", "del"}:
            kept.append(f"</{tag}>" if closing else write_tag(tag, tuple(attributes.items())))
        else:
            kept.append(entities.escape(text, quote=False))
    return clean("".join(kept))
