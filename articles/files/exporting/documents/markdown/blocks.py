"""The stored HTML of a text as blocks of Markdown."""

import re
from itertools import count

from lxml import html

from articles.text.plain.translated import gettext as _

SIGNS = re.compile(r"[\\`*_~^\[\]<>&!|@{}]")
AT_THE_START = re.compile(r"[#+=:-]|[0-9]{1,9}(?=[.)])|Table(?=:)")
MARKS = {"strong": ("**", "**"), "em": ("*", "*"), "sub": ("~", "~"), "sup": ("^", "^")}
MARKERS = {"ul": ("-", "+"), "ol": (".", "")}  # two for bullets, so that two lists in a row stay two
BLOCKS = {"p", "ul", "ol", "table", "h3", "h4", "figure"}


class CannotBeWritten(ValueError):
    """Raised with a sentence for content that has no place in the format."""


def escaped(text: str) -> str:
    """Return plain text, so that no sign within a line is taken for Markdown."""
    return SIGNS.sub(r"\\\g<0>", text)


def blocks(stored: str) -> list[str]:
    """Return the blocks of a stored text. Raise CannotBeWritten for figures, and tables that are no plain grid."""
    if not stored:
        return []
    return _blocks(html.fragment_fromstring(stored, create_parent="div"))


def _blocks(element: html.HtmlElement) -> list[str]:
    found: list[str] = []
    run, last = escaped(element.text or ""), ""
    for child in element:
        if child.tag not in BLOCKS:
            run += _span(child) + escaped(child.tail or "")
            continue
        if run.strip():
            found.append(_at_the_start(run.strip()))
            last = ""
        second = child.tag == last
        found.append(_block(child, second))
        last = child.tag if child.tag in MARKERS and not second else ""
        run = escaped(child.tail or "")
    if run.strip():
        found.append(_at_the_start(run.strip()))
    return found


def _block(element: html.HtmlElement, second: bool) -> str:
    if element.tag == "figure":
        raise CannotBeWritten(_("a file holds no figures."))
    if element.tag == "ol" and second:
        raise CannotBeWritten(_("two numbered lists that follow each other are one list in Markdown."))
    if element.tag in MARKERS:
        return _list(element, MARKERS[element.tag][second])
    if element.tag == "table":
        return _table(element)
    level = {"h3": "### ", "h4": "#### "}.get(element.tag, "")
    return level + _inline(element) if level else _at_the_start(_inline(element))


def _at_the_start(line: str) -> str:
    """Return the line, so that its first signs begin no heading, list, table or caption."""
    found = AT_THE_START.match(line)
    if not found:
        return line
    at = found.end() if found[0][-1].isalnum() else 0
    return f"{line[:at]}\\{line[at:]}"


def _list(element: html.HtmlElement, sign: str) -> str:
    numbers = count(int(element.get("start", "1")))
    items = []
    for item in element.iterchildren("li"):
        if not (item.text or "").strip() and len(item) and item[0].tag in MARKERS:
            raise CannotBeWritten(_("an item of a list of Markdown begins with words of its own."))
        marker = f"{next(numbers)}{sign} " if element.tag == "ol" else f"{sign} "
        first, *others = "\n\n".join(_blocks(item)).split("\n")
        indented = (f"{' ' * len(marker)}{line}" if line else "" for line in others)
        items.append("\n".join([f"{marker}{first}", *indented]))
    return "\n".join(items)


def _table(element: html.HtmlElement) -> str:
    if element.xpath(".//@colspan | .//@rowspan"):
        raise CannotBeWritten(_("a table of Markdown has no merged cells."))
    heads, rows = element.xpath("./thead/tr"), element.xpath("./tbody/tr")
    if len(heads) > 1 or not rows or element.xpath(".//tbody//th | ./tfoot | .//td/*[self::ul or self::ol or self::p]"):
        raise CannotBeWritten(_("a table of Markdown has at most one row of headers, and plain cells."))
    wide = len(rows[0])
    head = _row(heads[0]) if heads else "|" + " |" * wide  # an empty row of headers stands for none
    lines = [head, "|" + "---|" * wide, *map(_row, rows)]
    caption = element.find("caption")
    return "\n".join([*([] if caption is None else [f"Table: {_inline(caption)}"]), *lines])


def _row(row: html.HtmlElement) -> str:
    return f"| {' | '.join(_inline(cell) for cell in row)} |"


def _inline(element: html.HtmlElement) -> str:
    pieces = [escaped(element.text or "")]
    for child in element:
        pieces += [_span(child), escaped(child.tail or "")]
    return "".join(pieces)


def _span(element: html.HtmlElement) -> str:
    if element.tag == "br":
        return "<br>"
    if element.tag == "cite":
        return f"[@{element.get('data-ref')}]"
    inner = _inline(element)
    if element.tag in ("sub", "sup"):
        inner = element.text_content()
    if element.tag in MARKS:
        before, after = MARKS[element.tag]
        return f"{before}{inner}{after}"
    if element.tag == "a":
        return f"[{inner}](<{element.get('href').replace('&', '&amp;')}>)"
    return inner
