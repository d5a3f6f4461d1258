"""Where the words that comments quote are in other lines: those of a later version, or of the draft."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from lxml import html

from articles.frozen.content import freeze
from articles.frozen.signed_text import intact_contents
from articles.models import Article
from articles.text.rendering import markup
from articles.text.rendering.passages import Block, Passage, at_position, blocks, find, passage, places
from reviews.models import Comment, CommentAnchor

Quoting = list[tuple[Comment, CommentAnchor]]


def quoting(threads: Iterable[Comment]) -> Quoting:
    """Return the threads that quote words, each with its anchor."""
    return [(thread, anchor) for thread in threads for anchor in thread.anchors.all() if anchor.exact]


def places_of(quotations: Quoting, lines: Callable[[CommentAnchor], list[Block]]) -> dict[int, Passage]:
    """
    Return the place of the quoted words by the key of the comment, in the `lines` for its anchor; one query.

    A comment is left out if its words are gone, or if it is not known which words are meant.
    """
    versions = {thread.version for thread, _ in quotations}
    contents = intact_contents(sorted(versions, key=lambda version: version.pk)) if versions else {}
    found = {}
    for thread, anchor in quotations:
        if place := _place(anchor, contents.get(thread.version_id), lines(anchor)):
            found[thread.pk] = place
    return found


def stands_in(content: dict[str, Any], anchor: CommentAnchor, words: str) -> bool:
    """Tell whether the words are in the section of an anchor, in this content as printed for the anchor's readers."""
    audience = anchor.audience if anchor.audience in content["visible"] else content["written_for"]
    return bool(places(_read(markup(content, audience)), words, anchor.section_key))


def _place(anchor: CommentAnchor, content: dict[str, Any] | None, lines: list[Block]) -> Passage | None:
    """Return the place of a comment's words in these lines; None if it is not known which words are meant."""
    if content is None:
        return None
    old = _read(markup(content, anchor.audience or content["written_for"]))
    if anchor.start is not None and anchor.end is not None:
        wanted = at_position(old, anchor.section_key, anchor.start, anchor.end)
    else:
        wanted = passage(old, anchor.exact, anchor.section_key)
    if wanted is None or old[wanted.block].line[wanted.start : wanted.end] != anchor.exact:
        return None
    return find(wanted, old, lines)


@lru_cache(maxsize=16)
def _read(article: str) -> list[Block]:
    return blocks(html.fragment_fromstring(article))


class DraftLines:
    """The lines of an article's draft, as it would be rendered now for each audience."""

    def __init__(self, article: Article) -> None:
        self._content = freeze(article).content
        self._lines: dict[str, list[Block]] = {}

    def __call__(self, anchor: CommentAnchor) -> list[Block]:
        """Return the lines for the audience whose text was commented on."""
        audience = self.audience(anchor)
        if audience not in self._lines:
            self._lines[audience] = _read(markup(self._content, audience))
        return self._lines[audience]

    def audience(self, anchor: CommentAnchor) -> str:
        written_for: str = self._content["written_for"]
        return anchor.audience if anchor.audience in self._content["visible"] else written_for
