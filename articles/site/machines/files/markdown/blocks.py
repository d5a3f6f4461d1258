"""
The `<article>` of a page as Markdown.

The renderer writes few elements, and each is written here. A superscript is marked by ^ and a subscript by _, as in the
visible text that is signed: 10⁶ never becomes 106. A cell that spans columns or rows is repeated in each of them.
"""

import re
from collections.abc import Callable, Iterable
from itertools import count
from urllib.parse import urljoin

from lxml import html

from articles.site.machines.files.markdown.escaping import at_the_start, emphasised, escaped, link, one_line
from articles.text.rendering.visible import BLOCKS, RAISED

CITED = "\1{}\2"  # the numbers of a citation, until what follows them is known
BREAK = "\0"  # a line break, until its place decides how it is written
HEADINGS = {f"h{level}": level for level in range(1, 7)}
EMPHASIS = {"strong": "**", "em": "*"}
MARKERS = {"ul": ("-", "+"), "ol": (".", ")")}  # two each, so that two lists in a row stay two


class Writer:
    """Writes elements as Markdown. `page` is the address of the page, and `label` stands before each heading."""

    def __init__(self, page: str, label: str = "") -> None:
        self.page = page
        self.label = f"{escaped(label)}: " if label else ""

    def article(self, text: str) -> str:
        """Return the article as Markdown, without its list of contents."""
        element = html.fragment_fromstring(text)
        for unwanted in element.xpath(".//nav | .//a[@class='back']"):
            unwanted.drop_tree()
        return with_brackets("\n\n".join(self.blocks(element)))

    def blocks(self, element: html.HtmlElement) -> list[str]:
        """Return the blocks of an element, none of them empty."""
        return [block for block in self._each_block(element, paragraph, self._block) if block]

    def _each_block(
        self,
        element: html.HtmlElement,
        of_run: Callable[[str], str],
        of_block: Callable[[html.HtmlElement, bool], Iterable[str]],
    ) -> Iterable[str]:
        """Yield what becomes of each run of inline text and each block in an element, in their order."""
        run, last = escaped(element.text or ""), ""
        for child in element:
            if child.tag not in BLOCKS:
                run += self._span(child) + escaped(child.tail or "")
                continue
            if one_line(run).strip(" "):
                yield of_run(run)
                last = ""
            second = child.tag == last
            yield from of_block(child, second)
            last = child.tag if child.tag in MARKERS and not second else ""
            run = escaped(child.tail or "")
        yield of_run(run)

    def _block(self, element: html.HtmlElement, second: bool) -> Iterable[str]:
        if element.tag in HEADINGS:
            return [self._heading(element)]
        if element.tag in MARKERS:
            return [self._list(element, MARKERS[element.tag][second])]
        if element.tag == "table":
            return self._table(element)
        return self.blocks(element)

    def _heading(self, element: html.HtmlElement) -> str:
        text = on_one_line(self._inline(element), " ")
        text = re.sub("#+$", r"\\\g<0>", text)  # it would be taken for a closing mark
        return f"{'#' * HEADINGS[element.tag]} {self.label}{text}" if text else ""

    def _list(self, element: html.HtmlElement, sign: str) -> str:
        first = count(int(element.get("start", "1")))
        items = []
        for item in element.iterchildren("li"):
            marker = f"{next(first)}{sign} " if element.tag == "ol" else f"{sign} "
            items.append((marker, self.blocks(item)))
        gap = "\n" if all(len(blocks) < 2 for _, blocks in items) else "\n\n"
        return gap.join(_indented(marker, "\n\n".join(blocks)) for marker, blocks in items)

    def _table(self, element: html.HtmlElement) -> list[str]:
        """Return the caption and the rows. Without a row of headings the first row is empty, as Markdown needs one."""
        named = element.find("caption")
        caption = "" if named is None else on_one_line(self._inline(named), " ")
        heads, rows = [grid(element.iterfind(path), self._cell) for path in ("thead/tr", "tbody/tr")]
        rows += grid(element.iterfind("tfoot/tr"), self._cell)
        width = max(map(len, [*heads, *rows]), default=0)
        if not width:
            return [emphasised(caption, "**")]
        first, *others = heads or [[]]
        written = [_row(first, width), "|" + " --- |" * width, *(_row(row, width) for row in [*others, *rows])]
        return [emphasised(caption, "**"), "\n".join(written)]

    def _cell(self, element: html.HtmlElement) -> str:
        """Return a cell on one line."""

        def of_run(run: str) -> str:
            return on_one_line(run, "<br>")

        def of_block(block: html.HtmlElement, second: bool) -> Iterable[str]:
            if block.tag not in MARKERS:
                return [self._cell(block)]
            first = count(int(block.get("start", "1")))
            cells = [self._cell(item) for item in block.iterchildren("li")]
            return [f"{next(first)}. {cell}" for cell in cells] if block.tag == "ol" else cells

        return "<br>".join(filter(None, self._each_block(element, of_run, of_block)))

    def _inline(self, element: html.HtmlElement) -> str:
        pieces = [escaped(element.text or "")]
        for child in element:
            pieces += [self._span(child), escaped(child.tail or "")]
        return "".join(pieces)

    def _span(self, element: html.HtmlElement) -> str:
        if not isinstance(element.tag, str):
            return ""
        if element.tag == "br":
            return BREAK
        if element.tag == "img":
            return f"!{link(escaped(element.get('alt', '')), urljoin(self.page, element.get('src', '')))}"
        inner = self._inline(element)
        if "citation" in element.get("class", ""):
            return CITED.format(inner.removeprefix("\\[").removesuffix("\\]"))
        if element.tag in RAISED:
            return _raised(inner, RAISED[element.tag], (element.tail or "")[:1])
        if element.tag in EMPHASIS:
            return emphasised(inner, EMPHASIS[element.tag])
        if element.tag == "a" and inner and "citation" not in (element.getparent().get("class") or ""):
            return link(inner, urljoin(self.page, element.get("href", "")))
        return inner


def with_brackets(text: str) -> str:
    """Return the text with citations in brackets, escaped only if Markdown would make a link of them."""
    text = re.sub("\1([^\2]*)\2(?=[(:\\[])", r"\\[\1\\]", text)
    return text.replace("\1", "[").replace("\2", "]")


def _raised(inner: str, sign: str, after: str) -> str:
    """Return a superscript or subscript; in brackets if its end could not be told from the digits after it."""
    inner = f"({inner})" if inner[-1:].isdigit() and after.isdigit() else inner
    return f"{escaped(sign)}{inner}"


def paragraph(text: str) -> str:
    """Return the inline Markdown as a paragraph; empty for blanks."""
    lines = [one_line(line).strip(" ") for line in text.split(BREAK)]
    return "\\\n".join(at_the_start(line) for line in lines if line)


def on_one_line(text: str, breaks: str) -> str:
    return breaks.join(filter(None, (one_line(line).strip(" ") for line in text.split(BREAK))))


def _indented(marker: str, text: str) -> str:
    """Return an item of a list: its marker, and further lines under the beginning of its text."""
    first, *others = text.split("\n")
    return "\n".join(
        [f"{marker}{first}".rstrip(" "), *(f"{' ' * len(marker)}{line}" if line else "" for line in others)]
    )


def grid(rows: Iterable[html.HtmlElement], cell: Callable[[html.HtmlElement], str]) -> list[list[str]]:
    """Return the cells of the rows by column. A cell that spans several places is repeated in each."""
    found: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # column: the rows that a cell above still spans, and its text
    for row in rows:
        cells: list[str] = []
        for element in row:
            _fill(cells, below)
            text, wide, deep = cell(element), int(element.get("colspan", "1")), int(element.get("rowspan", "1"))
            for _ in range(wide):
                if deep > 1:
                    below[len(cells)] = (deep - 1, text)
                cells.append(text)
        _fill(cells, below)
        found.append(cells)
    return found


def _fill(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    """Add the cells that reach down into this place of the row."""
    while len(cells) in below:
        place = len(cells)
        rest, text = below.pop(place)
        cells.append(text)
        if rest > 1:
            below[place] = (rest - 1, text)


def _row(cells: list[str], width: int) -> str:
    padded = [*cells, *[""] * (width - len(cells))]
    return "|" + "".join(f" {cell.replace('|', chr(92) + '|')} |" for cell in padded)
