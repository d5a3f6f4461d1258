"""
What was typed, read as a browser would: the signs that readers would see, and the plain HTML that says the same.

Each tag has to be closed in order, but for the ends that HTML implies. So there is one way to read it, and what is
stored can be compared with it sign by sign.
"""

import html
import re
from itertools import pairwise

from articles.desk.typed import attributes, elements, styles, tags
from articles.desk.typed.attributes import Tag
from articles.desk.typed.elements import Element, Look
from articles.desk.typed.passages import Passage
from articles.desk.typed.signs import BULLET, Signs
from articles.text.plain import characters
from articles.text.plain.characters import BREAKS_HERE
from articles.text.plain.damaged import damage_sentence, damages
from articles.text.plain.marks import CITATION
from articles.text.plain.plaintext import quoted
from articles.text.richtext.allowed import HEADINGS, cell_attributes, small
from articles.text.richtext.building import MAX_DEPTH
from articles.text.richtext.runs import Run, write_run, write_runs

_TAG = r"<(/?)([A-Za-z][A-Za-z0-9:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>"
_PIECE = re.compile(
    rf"(?P<comment><!--)|<(?P<declared>[!?][^<>]*)>|(?P<tag>{_TAG})|(?P<like><(?=[A-Za-z/!?])[^<>]*>?)"
    r"|(?P<text>(?:[^<]+|<(?![A-Za-z/!?]))+)",
    re.DOTALL,
)
_READ_TAG = re.compile(_TAG)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_OF_PROGRAMS = re.compile(  # what Word, Excel and browsers leave around a text
    r"(?:\[if\b[^\]]*\](?:>(?!.*--!>).*<!\[endif\])?|\[endif\]|StartFragment|EndFragment)?\s*", re.DOTALL
)
_DECLARED_BY_PROGRAMS = re.compile(r"!\[(?:if\b.*|endif)\]|!doctype\b.*|\?xml\b.*", re.IGNORECASE | re.DOTALL)
_SAID_IN_A_FONT = re.compile(r"[^\s·•]")


class Reading:
    """A text as it is read: `faults` by place, `signs` as readers would see them, `html` in plain tags."""

    def __init__(self, typed: str, *, keys: frozenset[str] | None = None, known: str = "", direction: str = "ltr"):
        self.typed, self.keys, self.known, self.direction = typed, keys, known, direction
        self.faults = [(place, damage_sentence(shown, was)) for place, shown, was in damages(typed)]
        self.signs = Signs()
        self.written: list[str] = []
        self.open: list[Element] = []
        self.passage = Passage()
        self.edge = ""  # the spaces and places for a break that the text ends with so far
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
            found = _PIECE.match(self.typed, at)
            at = self._piece(found) or found.end()
        while self.open:
            self._close(by_itself=True)
        self._end_passage()
        self._check_whole()

    def _piece(self, found: re.Match) -> int | None:
        """Take one piece; return where to read on where that is not its end."""
        if len(self.open) > MAX_DEPTH:
            self._fault(found.start(), f"This is nested more than {MAX_DEPTH} deep; write it in plainer tags.")
            self.open.clear()
            return len(self.typed)
        if found["text"] is not None:
            self._text(found["text"], found.start())
        elif found["tag"] is not None:
            return self._tag(found["tag"], found.start())
        elif found["like"] is not None:
            self._fault(found.start(), tags.taken_for_a_tag(found["like"]))
        elif found["comment"] is not None:
            return self._comment(found.start())
        elif not _DECLARED_BY_PROGRAMS.fullmatch(found["declared"]):
            self._fault(found.start(), tags.comment_sentence(found.group()))
        return None

    def _comment(self, place: int) -> int:
        end = self.typed.find("-->", place + 4)
        inside = self.typed[place + 4 : end] if end > 0 else ""
        if end < 0 or not _OF_PROGRAMS.fullmatch(inside):
            self._fault(place, tags.comment_sentence(self.typed[place : place + 80].split("-->")[0] + "-->"))
        return end + 3 if end > 0 else len(self.typed)

    def _tag(self, written: str, place: int) -> int | None:
        found = _READ_TAG.match(written)
        tag, closes, after = Tag(found, place), bool(found[1]), place + len(written)
        if not self._is_taken(tag, closes):
            self._refuse(tag, closes, after)
        elif not tag.well_written:
            self._fault(place, f'{quoted(written)} is not a tag as HTML has it; write each attribute as name="value".')
        elif tag.name in tags.UNSEEN:
            return None if closes else self._pass_over(tag, after)
        elif closes:
            self._end(tag)
        else:
            for sentence in attributes.faults(tag, self.direction):
                self._fault(place, sentence)
            self._start(tag)
        return None

    def _is_taken(self, tag: Tag, closes: bool) -> bool:
        """Tell whether the element is one that can be kept; an underlined link is shown as any other."""
        if tag.name != "u":
            return tag.name in tags.TAKEN
        return any(element.name == "u" for element in self.open) if closes else bool(self._look.href)

    def _refuse(self, tag: Tag, closes: bool, after: int) -> None:
        known = tag.name in tags.CHANGES or tag.name in tags.REFUSED
        if tag.name in tags.CHANGES and not closes:
            words = re.split(rf"</{tag.name}", self.typed[after : after + 200], maxsplit=1, flags=re.IGNORECASE)[0]
            self._fault(tag.place, tags.changed_sentence(tag.typed, words))
        elif not closes or not known:
            reason = tags.REFUSED.get(tag.name)
            sentence = f"{quoted(tag.typed)} {reason}" if reason else tags.taken_for_a_tag(tag.typed)
            self._fault(tag.place, sentence)

    def _pass_over(self, tag: Tag, after: int) -> int | None:
        """Pass over the head of a page, which is no part of its text; refuse a title or style that says something."""
        if tag.name == "head":
            return None
        end = re.compile(rf"</{tag.name}\s*>", re.IGNORECASE).search(self.typed, after)
        inside = self.typed[after : end.start() if end else None]
        if tag.name == "title" and inside.strip():
            sentence = f"{quoted(tag.typed + inside)} would be left out; write it as the article’s title."
            self._fault(tag.place, sentence)
        if tag.name == "style" and (declared := styles.told_by_sheet(inside, self.typed)):
            self._fault(
                tag.place, f"The style sheet changes how the text reads ({quoted(declared)}), and would be lost."
            )
        return end.end() if end else len(self.typed)

    @property
    def _look(self) -> Look:
        return self.open[-1].look if self.open else Look()

    @property
    def _kind(self) -> str:
        return next((HEADINGS[element.name] for element in self.open if element.name in HEADINGS), "p")

    def _blocks(self) -> list[Element]:
        """Return the open elements that have a form of their own."""
        skipped = {*tags.BLOCK_WRAPPERS, *tags.INLINE, "u"}
        return [element for element in self.open if element.name not in skipped]

    def _start(self, tag: Tag) -> None:
        self.anchors |= {tag[name] for name in ("id", "name") if tag[name]}
        self.started.append(tag)
        if tag.name == "br":
            self.signs.line(self._kind)
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
        if problem := elements.misplaced(tag.name, self._blocks()):
            self._fault(tag.place, f"{quoted(tag.typed)} {problem}")
        if self.open:
            self.open[-1].children.add(tag.name)

    def _styled(self, tag: Tag) -> Look:
        """Return how text looks in this element; where its style is refused, as around it."""
        try:
            return elements.look(tag, self._look, self.direction)
        except styles.Refused as refused:
            self._fault(tag.place, f"{quoted(tag.typed)} {styles.reason(str(refused))}")
            return self._look

    def _open(self, tag: Tag) -> None:
        look = self._styled(tag)
        if tag.name == "a" and tag["href"] and self._look.href:
            self._fault(tag.place, f"{quoted(tag.typed)} is a link in a link; close the first.")
        if tag.name == "nobr" and any(element.name == "nobr" for element in self.open):
            self._fault(tag.place, f"{quoted(tag.typed)} would end the one that it stands in; close that first.")
        if len(look.scripts) > 2:
            self._fault(tag.place, f"{quoted(tag.typed)} raises or lowers what is so twice already.")
        element = Element(tag, look)
        if tag.name in tags.BLOCKS:
            self._begin_block(element)
        self.open.append(element)

    def _begin_block(self, element: Element) -> None:
        tag = element.tag
        self._end_passage()
        self.written.append(elements.written(tag)[0])
        if tag.name in tags.LISTS:
            element.number = small(tag["start"]) if tag.name == "ol" else 0
        elif tag.name == "li" and self.open and self.open[-1].name in tags.LISTS:
            around = self.open[-1]
            self.signs.structure("item", f"{around.number}." if around.number else BULLET, place=tag.place)
            around.number += bool(around.number)
        elif tag.name in ("tr", "caption"):
            self.signs.structure("row" if tag.name == "tr" else "caption", place=tag.place)
        elif tag.name in tags.CELLS:
            self.signs.structure("cell", tag.name, *cell_attributes(tag.name, tag.attributes), place=tag.place)
        element.begins = len(self.signs.found)
        self.signs.line(HEADINGS.get(tag.name, self._kind))

    def _end_implied(self, name: str) -> None:
        """Close what ends where this block begins: a paragraph, an item before an item, a cell before a cell."""
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
            self._fault(tag.place, f"{quoted(tag.typed)} closes nothing; remove it.")
            return
        while self.open[-1].name != tag.name:
            self._close(by_itself=True)
        self._close()

    def _close(self, *, by_itself: bool = False) -> None:
        element = self.open.pop()
        if by_itself and element.name not in elements.ENDS_BY_ITSELF:
            sentence = f"{quoted(element.tag.typed)} is not closed before what it stands in ends; close it."
            self._fault(element.tag.place, sentence)
        if element.name in tags.BLOCKS:
            self._end_passage()
            self.signs.line(self._kind)
            self.written.append(elements.written(element.tag)[1])
        if element.name == "li" and len(self.signs.found) == element.begins:
            self._fault(element.tag.place, "This item of a list is empty; remove it.")

    def _end_passage(self) -> None:
        self.faults += self.passage.faults(self.keys or frozenset(), self.known)
        self.passage = Passage()
        self.edge = ""

    def _check_edge(self, text: str, place: int) -> None:
        """Refuse the end of a line beside a place for a break, where browsers show no space between the words."""
        text = self.edge + text
        sides = text.split(BREAKS_HERE)
        if any(_ends_line(one, -1) or _ends_line(other, 1) for one, other in pairwise(sides)):
            self._fault(place, "A place for a break (<wbr>) beside the end of a line joins two words; remove it.")
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
                    place, f"{quoted(cite.typed)} shows the number of its reference; write [@{cite['data-ref']}]."
                )
            self._cite([cite["data-ref"]], place)
            return
        self.passage.add(text, place)
        parts = _BLANK_LINE.split(text)
        for number, part in enumerate(parts):
            if number:
                self.signs.line(self._kind)
                self.written.append("" if self._holds_no_text() else "<hr>")
            self._check_edge(html.unescape(part), place)
            seen = characters.settled(html.unescape(part))
            self.signs.text(seen, self._look.marks, place)
            self.written.append(write_runs([Run("text", seen, self._look.marks)]) if seen.strip(" \t\n\f") else seen)

    def _cite(self, keys: list[str], place: int) -> None:
        for key in keys:
            self.signs.cite(key, place)
            self.written.append(write_run(Run("cite", key, ())))
            if self.keys is not None and key not in self.keys:
                sentence = f"[@{key}] cites nothing: add the reference with this key to the article first."
                self._fault(place, sentence)

    def _holds_no_text(self) -> bool:
        blocks = self._blocks()
        return bool(blocks) and blocks[-1].name in elements.HOLD_NO_TEXT

    def _check_look(self, text: str, place: int) -> None:
        look = self._look
        if self._holds_no_text():
            inside = self._blocks()[-1].name
            parts = "items" if inside in tags.LISTS else "cells"
            self._fault(place, f"{quoted(text)} stands in <{inside}> but in none of its {parts}, and would be moved.")
        if look.color and look.color == look.background:
            self._fault(place, f"{quoted(text)} has the colour of its background and is hidden, and would be seen.")
        if look.signs and _SAID_IN_A_FONT.search(html.unescape(text)):
            sentence = f"{quoted(text)} is in the font {look.signs}, which shows other signs: type those signs."
            self._fault(place, sentence)
        if look.lines and "\n" in text.strip():
            self._fault(place, f"{quoted(text)} {tags.REFUSED['pre']}")

    def _check_whole(self) -> None:
        levels: dict[str, str] = {}
        for tag in self.started:
            if tag.name == "a" and tag["href"].startswith("#") and tag["href"][1:] in self.anchors:
                self._fault(tag.place, f"{quoted(tag.typed)} leads to a place in this text that would not be kept.")
            level = HEADINGS.get(tag.name)
            if level and levels.setdefault(level, tag.name) != tag.name:
                one, other = sorted((levels[level], tag.name))
                self._fault(tag.place, f"<{one}> and <{other}> would be headings of one level: write <h3> and <h4>.")


_ENDED_BY = {
    "li": ({"p", "li"}, {*tags.LISTS, "table", *tags.CELLS}),
    **dict.fromkeys(tags.CELLS, ({"p", "td", "th"}, {"tr", "table"})),
    "tr": ({"p", "td", "th", "tr"}, {*tags.ROWS, "table"}),
    **dict.fromkeys(tags.ROWS, ({"p", "td", "th", "tr", *tags.ROWS}, {"table"})),
}


def _ends_line(text: str, way: int) -> bool:
    """Tell whether the spaces at the end of the text (-1), or at its beginning (1), hold the end of a line."""
    spaces = len(text) - len(text.lstrip() if way > 0 else text.rstrip())
    return "\n" in (text[:spaces] if way > 0 else text[len(text) - spaces :])
