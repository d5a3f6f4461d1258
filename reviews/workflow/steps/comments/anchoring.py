"""Where the words that comments quote are in other lines: those of a later version, or of the draft."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from lxml import html

from articles.frozen.content import freeze
from articles.frozen.signed_text import intact_contents
from articles.models import Article
from articles.text.rendering import markup
from articles.text.rendering.passages import Block, Passage, at_position, blocks, find, find_through, passage, places
from reviews.models import Comment, CommentAnchor

Quoting = Sequence[tuple[Comment, CommentAnchor]]


def taken_over(threads: Iterable[Comment]) -> Quoting:
    """Return the threads whose suggested wording was taken over into the draft, each with its anchor."""
    return quoting(thread for thread in threads if thread.taken_at)


def quoting(threads: Iterable[Comment]) -> Quoting:
    """Return the threads that quote words, each with its anchor."""
    return [(thread, anchor) for thread in threads for anchor in thread.anchors.all() if anchor.exact]


def places_of(
    quotations: Quoting, lines: Callable[[CommentAnchor], list[Block]], taken: Quoting = ()
) -> dict[int, Passage]:
    """
    Return the place of the quoted words by the key of the comment, in the `lines` for its anchor; one query.

    A comment is left out if its words are gone, or if it is not known which words are meant. `taken` are comments whose
    suggested wordings were taken over into the draft: words beside these are found although their neighbours changed.
    """
    versions = {thread.version for thread, _ in (*quotations, *taken)}
    contents = intact_contents(sorted(versions, key=lambda version: version.pk)) if versions else {}
    found = {}
    for thread, anchor in quotations:
        meant = _meant(anchor, contents.get(thread.version_id))
        if meant is None:
            continue
        wanted, old = meant
        others = [row for row in taken if row[0].pk != thread.pk]
        if place := find_through(wanted, old, lines(anchor), _replaced(thread, old, others, contents)):
            found[thread.pk] = place
    return found


def _replaced(
    thread: Comment, old: list[Block], taken: Quoting, contents: dict[int, dict[str, Any]]
) -> Iterator[tuple[Passage, str]]:
    """Yield where in a thread's text words were replaced since it was submitted, and by which; the first ones first."""
    since = [(row.taken_at, row, anchor) for row, anchor in taken if row.taken_at]
    for taken_at, row, anchor in sorted(since, key=lambda each: (each[0], each[1].pk)):
        meant = _meant(anchor, contents.get(row.version_id))
        if meant is None or taken_at < thread.version.submitted_at:
            continue
        place, text = meant
        if here := place if text == old else find(place, text, old):
            yield here, row.suggestion


def own_audience(content: dict[str, Any], anchor: CommentAnchor) -> str:
    """Return the label of the audience whose own wording is commented on; "" if it is the text for all."""
    labels = {row["key"]: row["label"] for row in content["audiences"]}
    sections = (row for row in content["sections"] if row["key"] == anchor.section_key)
    own = any(row["wordings"].get(anchor.audience, {}).get("body") for row in sections)
    return labels.get(anchor.audience, "") if own and anchor.audience != content["written_for"] else ""


def stands_in(content: dict[str, Any], anchor: CommentAnchor, words: str) -> bool:
    """Tell whether the words are in the section of an anchor, in this content as printed for the anchor's readers."""
    audience = anchor.audience if anchor.audience in content["visible"] else content["written_for"]
    return bool(places(_read(markup(content, audience)), words, anchor.section_key))


def _meant(anchor: CommentAnchor, content: dict[str, Any] | None) -> tuple[Passage, list[Block]] | None:
    """Return the words that a comment quotes, with the text that they are in; None if it is not known which."""
    if content is None:
        return None
    old = _read(markup(content, anchor.audience or content["written_for"]))
    if anchor.start is not None and anchor.end is not None:
        wanted = at_position(old, anchor.section_key, anchor.start, anchor.end)
    else:
        wanted = passage(old, anchor.exact, anchor.section_key)
    if wanted is None or old[wanted.block].line[wanted.start : wanted.end] != anchor.exact:
        return None
    return wanted, old


@lru_cache(maxsize=16)
def _read(article: str) -> list[Block]:
    return blocks(html.fragment_fromstring(article))


class Standing(NamedTuple):
    """
    Where in a draft a comment stands: the section, and the audience whose own wording it is, "" for the main text.

    If it means words of that text's body, they are the `nth` of `times` such places, from 0; else `nth` is None.
    """

    section: str
    audience: str
    nth: int | None = None
    times: int = 0


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

    def standing(self, anchor: CommentAnchor, place: Passage) -> Standing:
        """Return in which text of the draft the words at this place of its lines stand, and which of them they are."""
        every = self(anchor)
        block, words = every[place.block], every[place.block].line[place.start : place.end]
        row = next((each for each in self._content["sections"] if each["key"] == block.section), None)
        if row is None:
            return Standing(block.section, "")
        own = self._own(row, self.audience(anchor))
        heading = row["wordings"].get(own, {}).get("heading") or row["heading"]
        lines = [number for number, each in enumerate(every) if each.section == block.section]
        body = [number for number in lines[bool(heading) :] if not _is_of_figure(every[number])]
        starts = [(number, at) for number in body for at in _starts(every[number].line, words)]
        here = (place.block, place.start)
        return Standing(block.section, own, starts.index(here) if here in starts else None, len(starts))

    def meant(self, anchor: CommentAnchor | None) -> Standing:
        """Return the text on which a comment was raised."""
        if anchor is None:
            return Standing("", "")
        row = next((each for each in self._content["sections"] if each["key"] == anchor.section_key), None)
        return Standing(anchor.section_key, self._own(row, self.audience(anchor)) if row else "")

    def _own(self, section: dict[str, Any], audience: str) -> str:
        """Return the audience if it has a wording of this section, or else "": it reads the main text."""
        has_own = audience != self._content["written_for"] and section["wordings"].get(audience, {}).get("body")
        return audience if has_own else ""

    def audience(self, anchor: CommentAnchor) -> str:
        written_for: str = self._content["written_for"]
        return anchor.audience if anchor.audience in self._content["visible"] else written_for


def _is_of_figure(block: Block) -> bool:
    return next(block.element.iterancestors("figure"), None) is not None


def _starts(line: str, words: str) -> Iterator[int]:
    """Yield where these words begin in the line, also within other words: as the editor counts them."""
    at = line.find(words)
    while at >= 0:
        yield at
        at = line.find(words, at + 1)
