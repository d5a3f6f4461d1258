"""Where the words are, in the text on the page, that comments quote."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext
from lxml import html

from articles.frozen.signed_text import intact_contents
from articles.models import Version
from articles.text.rendering import markup
from articles.text.rendering.passages import Block, Passage, at_position, blocks, find, mark, passage
from reviews.models import Comment, CommentAnchor


@dataclass(frozen=True)
class Placed:
    """
    The text with the quoted words of comments marked, and where they are.

    `here` are the keys of the comments whose words are marked. `gone` are those whose words are not in this version any
    more, or not in one place alone: they are never marked on other words.
    """

    html: str
    here: frozenset[int]
    gone: frozenset[int]


def placed(text: str, threads: Iterable[Comment]) -> Placed:
    """Return the rendered text with the quoted words of these comments marked, each once, with a link to it."""
    article = html.fragment_fromstring(text)
    lines = blocks(article)
    quoting = [(thread, anchor) for thread in threads for anchor in thread.anchors.all() if anchor.exact]
    contents = _contents({thread.version for thread, _ in quoting})
    found: dict[int, Passage] = {}
    for thread, anchor in quoting:
        if place := _place(anchor, contents.get(thread.version_id), lines):
            found[thread.pk] = place
    last = mark(lines, ((place, str(pk)) for pk, place in found.items()))
    for thread, _ in quoting:
        if (node := last.get(str(thread.pk))) is not None:
            _link(node, thread)
    gone = frozenset(thread.pk for thread, _ in quoting) - found.keys()
    return Placed(html.tostring(article, encoding="unicode"), frozenset(found), gone)


def _contents(versions: set[Version]) -> dict[int, dict[str, Any]]:
    return intact_contents(sorted(versions, key=lambda version: version.pk)) if versions else {}


def _place(anchor: CommentAnchor, content: dict[str, Any] | None, lines: list[Block]) -> Passage | None:
    """Return the place of a comment's words in these lines; None if it is not known which words are meant."""
    if content is None:
        return None
    old = _lines(content, anchor.audience or content["written_for"])
    if anchor.start is not None and anchor.end is not None:
        wanted = at_position(old, anchor.section_key, anchor.start, anchor.end)
    else:
        wanted = passage(old, anchor.exact, anchor.section_key)
    if wanted is None or old[wanted.block].line[wanted.start : wanted.end] != anchor.exact:
        return None
    return find(wanted, old, lines)


def _lines(content: dict[str, Any], audience: str) -> list[Block]:
    return _read(markup(content, audience))


@lru_cache(maxsize=16)
def _read(article: str) -> list[Block]:
    return blocks(html.fragment_fromstring(article))


def _link(node: html.HtmlElement, thread: Comment) -> None:
    """Put a link to the comment behind the last of its words."""
    name = gettext("Comment by {name}").format(name=thread.author_name)
    link = html.Element("a", {"id": f"remark-{thread.pk}", "href": f"#comment-{thread.pk}", "class": "remark-link"})
    link.set("aria-label", name)
    link.text, link.tail = "✎", node.tail
    node.tail = None
    node.addnext(link)
