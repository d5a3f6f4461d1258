"""
The source of a page cut into its title and its sections, each of which can be read alone.

A heading cuts if it stands in nothing but wrappers such as <div>. Each slice begins with the tags of the wrappers that
are open where it begins, so that what hides or changes a whole part of the page is seen in every slice of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from articles.desk.typed.attributes import Tag
from articles.desk.typed.elements import ENDS_BY_ITSELF
from articles.desk.typed.tags import BLOCK_WRAPPERS
from articles.files.html.source import Piece, tag_of

HEADING = re.compile("h[1-6]")
HOLDS_NOTHING = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
WRAPPERS = {*BLOCK_WRAPPERS, "html", "body"}
STRUCTURES = {"ul", "ol", "table", "dl", "blockquote", "details", "form", "figure", "caption"}
_BLANK_LINES = re.compile(r"(\n[ \t\f]*\n\s*)")
_ANYWHERE = re.compile(r"https?://|mailto:|tel:", re.IGNORECASE)
_OF_LINKS = {"href", "download", "type"}
_OF_A_PAGE = {"style", "dir", "hidden", "popover", "color", "bgcolor"}  # what hides, turns or colours its words
_SHAPES = {"circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "stop", "use"}
_DRAWN = {"svg", "math"}


@dataclass
class Slice:
    """A part of the source that begins on this line, put together from texts that each begin on a line of the file."""

    line: int = 1
    texts: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def add(self, text: str, line: int) -> None:
        """Add a text. A blank line between words is one line: it parts paragraphs only in texts that are typed."""
        for number, part in enumerate(_BLANK_LINES.split(text)):
            if part:
                self.texts.append("\n" if number % 2 else part)
                self.lines.append(line)
            line += part.count("\n")

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def line_at(self, offset: int) -> int:
        """Return the line of the file on which this offset of the text stands."""
        for text, line in zip(self.texts, self.lines, strict=True):
            if offset < len(text):
                return line + text.count("\n", 0, offset)
            offset -= len(text)
        return self.lines[-1] if self.lines else self.line

    def has_words(self) -> bool:
        return bool(re.sub(r"<[^<>]*>", "", self.text).strip())


@dataclass
class Section:
    """A heading, None before the first one, and the text below it."""

    heading: Slice | None
    body: Slice


@dataclass
class Sliced:
    """
    The heading that is the title, if the page has one, and its sections.

    So many links became words: `within` the page, and `elsewhere`, to addresses that only the page's own site knows.
    """

    title: Slice | None
    sections: list[Section]
    within: int
    elsewhere: int


def chosen(found: list[Piece]) -> tuple[list[Piece], list[Piece], list[Piece], str]:
    """
    Return the tags that are open before the part that is the article, its pieces, those outside it, and what it is.

    It is the <main> of the page if it has one, else the <article> if it has one, else all of it. Where the tags before
    it are not closed in order, or tags of the whole page come behind it, browsers may hide it: all of it is read then.
    """
    for name in ("main", "article"):
        places = [number for number, piece in enumerate(found) if piece.kind == "tag" and piece.name == name]
        if len(places) != 2 or found[places[0]].closes or not found[places[1]].closes:
            continue
        first, last = places
        opened = _opened(found[:first])
        of_all = [piece for piece in found[first:] if piece.kind == "tag" and piece.name in ("html", "body")]
        if opened is None or not all(piece.closes for piece in of_all):
            continue
        if all(piece.name in WRAPPERS for piece in opened):  # else something else around it may hide it
            return [*opened, found[first]], found[first + 1 : last], [*found[:first], *found[last + 1 :]], name
    return [], found, [], "body"


def _opened(found: list[Piece]) -> list[Piece] | None:
    """Return the tags that are open at the end of these pieces; None if they are not closed in order."""
    stack: list[Piece] = []
    for piece in found:
        is_drawn = not _DRAWN.isdisjoint(one.name for one in stack)
        if is_drawn and piece.kind == "raw" and "<" in piece.inside:
            return None  # in a drawing, browsers read tags there
        if is_drawn and piece.name in _SHAPES and piece.text.endswith("/>"):
            continue
        if piece.kind == "tag" and piece.name not in HOLDS_NOTHING and piece.name != "head":
            before = list(stack)
            _follow(stack, piece)
            if any(one.name not in ENDS_BY_ITSELF for one in before[len(stack) + 1 :]):
                return None
    return stack


def _follow(stack: list[Piece], piece: Piece) -> None:
    if not piece.closes:
        stack.append(piece)
        return
    place = next((at for at in range(len(stack) - 1, -1, -1) if stack[at].name == piece.name), -1)
    if place >= 0:
        del stack[place:]


def sliced(opened: list[Piece], found: list[Piece]) -> Sliced:
    """Return the slices of the part of a page, within the tags that are open before it."""
    levels = [int(piece.name[1]) for piece in _cutting(found)]
    has_title = levels.count(1) == 1
    below = [level for level in levels if not (has_title and level == 1)]
    return _Slicing(opened, title=1 if has_title else 0, level=min(below, default=9)).slice(found)


def _cutting(found: list[Piece]) -> Iterator[Piece]:
    """Yield the headings that stand in nothing but wrappers."""
    depth = 0
    for piece in found:
        if piece.kind != "tag":
            continue
        if piece.name in STRUCTURES:
            depth = max(0, depth - 1) if piece.closes else depth + 1
        elif not depth and not piece.closes and HEADING.fullmatch(piece.name):
            yield piece


class _Slicing:
    def __init__(self, opened: list[Piece], *, title: int, level: int) -> None:
        self.stack = list(opened)
        self.title_level, self.level = title, level
        self.title: Slice | None = None
        self.sections: list[Section] = []
        self.links: list[bool] = []  # of each open link, whether it became words
        self.within = self.elsewhere = 0
        self.into = self._begin()
        self.sections.append(Section(None, self.into))

    def slice(self, found: list[Piece]) -> Sliced:
        cuts = {id(piece) for piece in _cutting(found)}
        heading = ""
        for piece in found:
            cuts_here = id(piece) in cuts and int(piece.name[1]) in (self.title_level, self.level)
            if cuts_here:
                heading = piece.name
                self._end()
                self.into = self._begin(piece.line)
            self._add(piece)
            if heading and piece.kind == "tag" and piece.closes and piece.name == heading:
                self._after_heading(heading, piece.line)
                heading = ""
        self._end()
        return Sliced(self.title, self.sections, self.within, self.elsewhere)

    def _after_heading(self, name: str, line: int) -> None:
        made = self.into
        self._end()
        self.into = self._begin(line)
        if int(name[1]) == self.title_level:
            self.title = made
        self.sections.append(Section(None if made is self.title else made, self.into))

    def _begin(self, line: int = 1) -> Slice:
        made = Slice(line)
        for piece in self.stack:
            text = _of_page(piece) if piece.name in ("html", "body") else piece.text
            made.add(" ".join(text.split("\n")), piece.line)
        return made

    def _end(self) -> None:
        for piece in reversed(self.stack):
            self.into.add(f"</{piece.name}>", piece.line)

    def _add(self, piece: Piece) -> None:
        if piece.kind == "text":
            self.into.add(piece.text, piece.line)
        elif piece.kind == "tag":
            self.into.add(self._tag(piece), piece.line)
            if piece.name in WRAPPERS:
                _follow(self.stack, piece)

    def _tag(self, piece: Piece) -> str:
        """Return a tag as a section has it: of a heading, of a link, of the page without what changes no words."""
        if piece.name in ("html", "body") and not piece.closes:
            return _of_page(piece)
        if piece.name == "a":
            return self._link(piece)
        if HEADING.fullmatch(piece.name):
            level = int(piece.name[1])
            name = "h3" if level in (self.title_level, self.level) or level == self.level + 1 else "h4"
            return re.sub(r"^<(/?)h[1-6]", rf"<\1{name}", piece.text, flags=re.IGNORECASE)
        return piece.text

    def _link(self, piece: Piece) -> str:
        if piece.closes:
            return "</span>" if self.links and self.links.pop() else piece.text
        tag = tag_of(piece.text)
        is_kept = _ANYWHERE.match(tag["href"]) is not None or not tag.well_written
        self.links.append(not is_kept)
        if "href" in tag.attributes and not is_kept:
            self.within += (is_within := tag["href"].startswith("#"))
            self.elsewhere += not is_within
        return piece.text if is_kept else _written("span", tag, tag.attributes.keys() - _OF_LINKS)


def _of_page(piece: Piece) -> str:
    """Return the tag of the whole page with the attributes alone that hide, turn or colour its words."""
    tag = tag_of(piece.text)
    if not tag.well_written:
        return piece.text
    if "text" in tag.attributes:  # the colour of its words, as `color` of another tag
        tag.attributes["color"] = tag["text"]
    return _written(piece.name, tag, tag.attributes.keys() & _OF_A_PAGE)


def _written(name: str, tag: Tag, kept: set[str]) -> str:
    """Return a tag of this name with these attributes of the tag, in their order and on one line."""
    written = [f'{one}="{escape(value)}"' for one, value in tag.attributes.items() if one in kept]
    return " ".join(f"<{' '.join([name, *written])}>".split("\n"))
