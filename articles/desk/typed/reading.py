"""
Read the typed text as a browser would: into the tokens that readers would see, and into plain HTML for the same text.

Tags must be closed in order, except where HTML implies the end. So the text can be read in only one way, and the stored
text can be compared with it token by token.
"""

import html
import re
from itertools import pairwise

from articles.desk.typed import attributes, elements, styles, tags
from articles.desk.typed.attributes import Tag
from articles.desk.typed.elements import Element, Look
from articles.desk.typed.passages import Passage
from articles.desk.typed.tokens import BULLET, Token, Tokens
from articles.text.plain import characters
from articles.text.plain.characters import BREAKS_HERE
from articles.text.plain.damaged import damage_sentence, damages
from articles.text.plain.marks import CITATION
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.richtext.allowed import HEADINGS, cell_attributes, small
from articles.text.richtext.building import MAX_DEPTH
from articles.text.richtext.runs import Run, write_run, write_runs

_TAG = r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>"
_PIECE = re.compile(
    rf"(?P<comment><!--)|<(?P<declared>[!?][^<>]*)>|(?P<tag>{_TAG})|(?P<like><(?=[A-Za-z/!?])[^<>]*>?)"
    r"|(?P<text>(?:[^<]+|<(?![A-Za-z/!?]))+)",
    re.DOTALL,
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_COMMENT_OF_PROGRAM = re.compile(  # comments that Word, Excel and browsers put around a text
    r"(?:\[if\b[^\]]*\](?:>(?!.*--!>).*<!\[endif\])?|\[endif\]|StartFragment|EndFragment)?\s*", re.DOTALL
)
_DECLARATION_OF_PROGRAM = re.compile(r"!\[(?:if\b.*|endif)\]|!doctype\b.*|\?xml\b.*", re.IGNORECASE | re.DOTALL)
_NOT_A_BULLET = re.compile(r"[^\s·•]")


class Reading:
    """The typed text as it was read: its `faults` by offset, its `tokens`, and its `html` in plain tags."""

    def __init__(self, typed: str, *, keys: frozenset[str] | None = None, known: str = "", direction: str = "ltr"):
        self.typed, self.keys, self.known, self.direction = typed, keys, known, direction
        self.faults = [(place, damage_sentence(shown, was)) for place, shown, was in damages(typed)]
        self.tokens = Tokens()
        self.written: list[str] = []
        self.open: list[Element] = []
        self.passage = Passage()
        self.edge = ""  # the spaces and <wbr> at the end of the text so far
        self.anchors: set[str] = set()
        self.started: list[Tag] = []
        self._read()

    @property
    def html(self) -> str:
        return "".join(self.written)

    def _fault(self, place: int, sentence: str) -> None:
        self.faults.append((place, sentence))

    def _read(self) -> None:
        at = 0
        while at < len(self.typed):
            if (found := _PIECE.match(self.typed, at)) is None:  # never: some piece matches at any offset
                raise AssertionError(self.typed[at : at + 80])
            at = self._piece(found) or found.end()
        while self.open:
            self._close(by_itself=True)
        self._end_passage()
        self._check_whole()

    def _piece(self, found: re.Match[str]) -> int | None:
        """Read one piece; return the offset of the next piece if that is not the end of this one."""
        if len(self.open) > MAX_DEPTH:
            self._fault(
                found.start(),
                _("This is nested more than {most} deep; use fewer tags inside each other.").format(most=MAX_DEPTH),
            )
            self.open.clear()
            return len(self.typed)
        if found["text"] is not None:
            self._text(found["text"], found.start())
        elif found["tag"] is not None:
            return self._tag(Tag(found), closes=bool(found["slash"]))
        elif found["like"] is not None:
            self._fault(found.start(), tags.not_a_tag_sentence(found["like"]))
        elif found["comment"] is not None:
            return self._comment(found.start())
        elif not _DECLARATION_OF_PROGRAM.fullmatch(found["declared"]):
            self._fault(found.start(), tags.comment_sentence(found.group()))
        return None

    def _comment(self, place: int) -> int:
        end = self.typed.find("-->", place + 4)
        inside = self.typed[place + 4 : end] if end > 0 else ""
        if end < 0 or not _COMMENT_OF_PROGRAM.fullmatch(inside):
            self._fault(place, tags.comment_sentence(self.typed[place : place + 80].split("-->")[0] + "-->"))
        return end + 3 if end > 0 else len(self.typed)

    def _tag(self, tag: Tag, *, closes: bool) -> int | None:
        place, after = tag.place, tag.place + len(tag.typed)
        if not self._is_kept(tag, closes):
            self._refuse(tag, closes, after)
        elif not tag.well_written:
            self._fault(
                place,
                _('{typed} is not a valid HTML tag; write each attribute as name="value".').format(
                    typed=quoted(tag.typed)
                ),
            )
        elif tag.name in tags.INVISIBLE:
            return None if closes else self._skip_head(tag, after)
        elif attributes.places_figure(tag) and not closes:
            return self._place_figure(tag, after)
        elif closes:
            self._end(tag)
        else:
            for sentence in attributes.faults(tag, self.direction):
                self._fault(place, sentence)
            self._start(tag)
        return None

    def _place_figure(self, tag: Tag, after: int) -> int | None:
        """Place a figure between the blocks of the text. Return the offset after its closing tag, if it has one."""
        key, end = tag[attributes.FIGURE], attributes.AT_ONCE.match(self.typed, after)
        for sentence in attributes.faults_of_figure(tag, is_closed=end is not None):
            self._fault(tag.place, sentence)
        self._end_implied(tag.name)
        self._place(tag)
        self._end_passage()
        self.tokens.structure(Token("figure", key), tag.place)
        self.tokens.line(self._kind)
        self.written.append(write_run(Run("figure", key, ())))
        if end:
            return end.end()
        self.open.append(Element(tag, self._look, begins=len(self.tokens.found)))
        return None

    def _is_kept(self, tag: Tag, closes: bool) -> bool:
        """Tell whether the element can be kept. <u> is kept only in a link, since links are underlined."""
        if tag.name != "u":
            return tag.name in tags.KEPT
        return any(element.name == "u" for element in self.open) if closes else bool(self._look.href)

    def _refuse(self, tag: Tag, closes: bool, after: int) -> None:
        known = tag.name in tags.TRACKED_CHANGES or tag.name in tags.REFUSED
        if tag.name in tags.TRACKED_CHANGES and not closes:
            words = re.split(rf"</{tag.name}", self.typed[after : after + 200], maxsplit=1, flags=re.IGNORECASE)[0]
            self._fault(tag.place, tags.tracked_change_sentence(tag.typed, words))
        elif not closes or not known:
            reason = tags.REFUSED.get(tag.name)
            sentence = _(reason).format(tag=quoted(tag.typed)) if reason else tags.not_a_tag_sentence(tag.typed)
            self._fault(tag.place, sentence)

    def _skip_head(self, tag: Tag, after: int) -> int | None:
        """Skip an element of the page's head; refuse a title with words, or a style sheet with effects."""
        if tag.name == "head":
            return None
        end = re.compile(rf"</{tag.name}\s*>", re.IGNORECASE).search(self.typed, after)
        inside = self.typed[after : end.start() if end else None]
        if tag.name == "title" and inside.strip():
            sentence = _("{typed} would be left out; write it as the article’s title.").format(
                typed=quoted(tag.typed + inside)
            )
            self._fault(tag.place, sentence)
        if tag.name == "style" and (declared := styles.first_change_in(inside, self.typed)):
            self._fault(
                tag.place,
                _("The style sheet changes how the text reads ({declared}), and would be lost.").format(
                    declared=quoted(declared)
                ),
            )
        return end.end() if end else len(self.typed)

    @property
    def _look(self) -> Look:
        return self.open[-1].look if self.open else Look()

    @property
    def _kind(self) -> str:
        return next((HEADINGS[element.name] for element in self.open if element.name in HEADINGS), "p")

    def _blocks(self) -> list[Element]:
        """Return the open elements that are kept as blocks."""
        return [element for element in self.open if element.name not in tags.NO_BLOCKS]

    def _start(self, tag: Tag) -> None:
        self.anchors |= {tag[name] for name in ("id", "name") if tag[name]}
        self.started.append(tag)
        if tag.name == "br":
            self.tokens.line(self._kind)
            self.written.append("<br>")
            self._end_passage()
        if tag.name == "wbr":
            self._check_edge(BREAKS_HERE, tag.place)
        if tag.name in tags.BLOCKS or tag.name in tags.COLUMNS:
            self._end_implied(tag.name)
        if tag.name not in ("html", "body", "meta"):
            self._place(tag)
        if tag.name in tags.EMPTY or tag.name in tags.COLUMNS:
            self._styled(tag)
        else:
            self._open(tag)

    def _place(self, tag: Tag) -> None:
        if sentence := elements.misplaced(tag, self._blocks()):
            self._fault(tag.place, sentence)
        if self.open:
            self.open[-1].children.add(tag.name)

    def _styled(self, tag: Tag) -> Look:
        """Return the look of the text in this element; if its style is refused, the look of the text around it."""
        try:
            return elements.look(tag, self._look, self.direction, self.open[-1].name if self.open else "")
        except styles.Refused as refused:
            self._fault(tag.place, styles.sentence_about(tag.typed, str(refused)))
            return self._look

    def _open(self, tag: Tag) -> None:
        look = self._styled(tag)
        if tag.name == "a" and tag["href"] and self._look.href:
            self._fault(tag.place, _("{typed} is a link in a link; close the first.").format(typed=quoted(tag.typed)))
        if tag.name == "nobr" and any(element.name == "nobr" for element in self.open):
            self._fault(
                tag.place,
                _("{typed} would end the <nobr> around it; close that first.").format(typed=quoted(tag.typed)),
            )
        if len(look.scripts) > 2:
            sentence = _("{typed} would be a third level of raised or lowered text; write at most two.").format(
                typed=quoted(tag.typed)
            )
            self._fault(tag.place, sentence)
        element = Element(tag, look)
        if tag.name in tags.BLOCKS:
            self._begin_block(element)
        self.open.append(element)

    def _begin_block(self, element: Element) -> None:
        tag = element.tag
        self._end_passage()
        self.written.append(elements.tags_of(tag)[0])
        if tag.name in tags.LISTS:
            element.number = small(tag["start"]) if tag.name == "ol" else 0
        elif tag.name == "li" and self.open and self.open[-1].name in tags.LISTS:
            around = self.open[-1]
            self.tokens.structure(Token("item", f"{around.number}." if around.number else BULLET), tag.place)
            around.number += bool(around.number)
        elif tag.name in ("tr", "caption"):
            self.tokens.structure(Token("row" if tag.name == "tr" else "caption"), tag.place)
        elif tag.name in tags.CELLS:
            cell = Token("cell", tag.name, attributes=cell_attributes(tag.name, tag.attributes))
            self.tokens.structure(cell, tag.place)
        element.begins = len(self.tokens.found)
        self.tokens.line(HEADINGS.get(tag.name, self._kind))

    def _end_implied(self, name: str) -> None:
        """Close the elements that end when this block begins: a paragraph, the item or cell before this one."""
        ends, stop = _ENDED_BY.get(name, ({"p"}, {*tags.LISTS, "table", *tags.CELLS, "caption", "li"}))
        outermost = len(self.open)
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index].name in stop:
                break
            outermost = index if self.open[index].name in ends else outermost
        while len(self.open) > outermost:
            self._close(by_itself=True)

    def _end(self, tag: Tag) -> None:
        if tag.name in tags.COLUMNS or tag.name == "meta":
            return
        if tag.name not in [element.name for element in self.open]:
            self._fault(tag.place, _("{typed} closes nothing; remove it.").format(typed=quoted(tag.typed)))
            return
        while self.open[-1].name != tag.name:
            self._close(by_itself=True)
        self._close()

    def _close(self, *, by_itself: bool = False) -> None:
        element = self.open.pop()
        if by_itself and element.name not in elements.ENDS_BY_ITSELF:
            sentence = _("{typed} is not closed inside the element around it; close it.").format(
                typed=quoted(element.tag.typed)
            )
            self._fault(element.tag.place, sentence)
        if element.name in tags.BLOCKS:
            self._end_passage()
            self.tokens.line(self._kind)
            self.written.append(elements.tags_of(element.tag)[1])
        if element.name == "li" and len(self.tokens.found) == element.begins:
            self._fault(element.tag.place, _("This item of a list is empty; remove it."))

    def _end_passage(self) -> None:
        self.faults += self.passage.faults(self.keys or frozenset(), self.known)
        self.passage = Passage()
        self.edge = ""

    def _check_edge(self, text: str, place: int) -> None:
        """Refuse <wbr> beside the end of a line: browsers show no space there between the words."""
        text = self.edge + text
        sides = text.split(BREAKS_HERE)
        if any(_ends_line(one, -1) or _ends_line(other, 1) for one, other in pairwise(sides)):
            self._fault(place, _("A possible line break (<wbr>) beside the end of a line joins two words; remove it."))
        self.edge = text[len(text.rstrip(f" \t\n{BREAKS_HERE}")) :]

    def _text(self, text: str, place: int) -> None:
        if text.strip():
            self._check_look(text, place)
        at = 0
        for found in CITATION.finditer(text):
            self._words(text[at : found.start()], place + at)
            self._cite([key.strip().removeprefix("@") for key in found[1].split(";")], place + found.start())
            self.passage.add(" " * len(found.group()), place + found.start())
            at = found.end()
        self._words(text[at:], place + at)

    def _words(self, text: str, place: int) -> None:
        cite = next((element.tag for element in self.open if element.name == "cite" and element.tag["data-ref"]), None)
        if cite is not None:
            if text.strip() != f"[{cite['data-ref']}]":
                self._fault(
                    place,
                    _(
                        "{typed} is a citation with a fixed number or text. Write [@{key}] instead; the site "
                        "adds the number."
                    ).format(typed=quoted(cite.typed), key=cite["data-ref"]),
                )
            self._cite([cite["data-ref"]], place)
            return
        self.passage.add(text, place)
        parts = _BLANK_LINE.split(text)
        for number, part in enumerate(parts):
            if number:
                self.tokens.line(self._kind)
                self.written.append("" if self._holds_no_text() else "<hr>")
            self._check_edge(html.unescape(part), place)
            seen = characters.normalised(html.unescape(part))
            self.tokens.text(seen, self._look.marks, place)
            self.written.append(write_runs([Run("text", seen, self._look.marks)]) if seen.strip(" \t\n\f") else seen)

    def _cite(self, keys: list[str], place: int) -> None:
        for key in keys:
            self.tokens.cite(key, place)
            self.written.append(write_run(Run("cite", key, ())))
            if self.keys is not None and key not in self.keys:
                sentence = _("[@{key}] cites nothing: add the reference with this key to the article first.").format(
                    key=key
                )
                self._fault(place, sentence)

    def _holds_no_text(self) -> bool:
        blocks = self._blocks()
        return bool(blocks) and blocks[-1].name in elements.HOLD_NO_TEXT

    def _check_look(self, text: str, place: int) -> None:
        look = self._look
        if self._holds_no_text():
            inside = self._blocks()[-1].name
            if inside in tags.LISTS:
                self._fault(
                    place,
                    _("{text} is in <{inside}> but not in one of its items, and would be moved.").format(
                        text=quoted(text), inside=inside
                    ),
                )
            else:
                self._fault(
                    place,
                    _("{text} is in <{inside}> but not in one of its cells, and would be moved.").format(
                        text=quoted(text), inside=inside
                    ),
                )
        if look.color and look.color == look.background:
            self._fault(
                place,
                _("{text} is hidden by the colour of its background, but readers would see it.").format(
                    text=quoted(text)
                ),
            )
        if look.symbol_font and _NOT_A_BULLET.search(html.unescape(text)):
            self._fault(
                place,
                _(
                    "{text} is in the font {symbol_font}, which shows these characters as other signs. Type "
                    "the signs themselves."
                ).format(text=quoted(text), symbol_font=look.symbol_font),
            )
        if look.lines and "\n" in text.strip():
            self._fault(place, _(tags.LINES).format(tag=quoted(text)))

    def _check_whole(self) -> None:
        levels: dict[str, str] = {}
        for tag in self.started:
            if tag.name == "a" and tag["href"].startswith("#") and tag["href"][1:] in self.anchors:
                self._fault(
                    tag.place,
                    _("{typed} links to a place in this text, which would be lost; remove the link.").format(
                        typed=quoted(tag.typed)
                    ),
                )
            level = HEADINGS.get(tag.name)
            if level and levels.setdefault(level, tag.name) != tag.name:
                one, other = sorted((levels[level], tag.name))
                self._fault(
                    tag.place,
                    _("<{one}> and <{other}> would be headings of one level: write <h3> and <h4>.").format(
                        one=one, other=other
                    ),
                )


_ENDED_BY = {
    "li": ({"p", "li"}, {*tags.LISTS, "table", *tags.CELLS}),
    **dict.fromkeys(tags.CELLS, ({"p", "td", "th"}, {"tr", "table"})),
    "tr": ({"p", "td", "th", "tr"}, {*tags.ROWS, "table"}),
    **dict.fromkeys(tags.ROWS, ({"p", "td", "th", "tr", *tags.ROWS}, {"table"})),
}


def _ends_line(text: str, way: int) -> bool:
    """Tell whether the spaces at the end of the text (-1), or at its beginning (1), contain a line end."""
    spaces = len(text) - len(text.lstrip() if way > 0 else text.rstrip())
    return "\n" in (text[:spaces] if way > 0 else text[len(text) - spaces :])
