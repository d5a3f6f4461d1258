"""The rest of a paste in the tags and attributes that articles have: headings, tables, quotations, links."""

import re

from lxml import html

from articles.desk.typed.pasted.said import Said, words_of
from articles.desk.typed.tags import KEPT
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop
from articles.text.richtext.allowed import safe_href, why_no_href

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_KEPT_ATTRIBUTES = {
    "a": {"href"}, "ol": {"start", "type", "reversed"}, "li": {"value"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"}, "cite": {"data-ref"}, "figure": {"data-figure"},
}  # fmt: skip
_KEPT_STYLES = re.compile(
    r"font-weight|font-style|vertical-align|text-transform|color|background(?:-color)?|list-style-type|white-space"
)
_RAISED = re.compile(r"mso-text-raise\s*:\s*(-?)[\d.]+pt", re.IGNORECASE)
_SYMBOLS = re.compile(r"font-family\s*:[^;]*(?:symbol|wingdings|webdings|dingbats)[^;]*", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|bolder|[6-9]00)", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")

QUOTED = gettext_noop("A quotation is an ordinary paragraph now. Type quotation marks where they are needed.")
UNDERLINED = gettext_noop("Underlining was left out: {words}.")
TERMS = gettext_noop("A list of terms is now paragraphs with the terms in bold.")
DEEPER = gettext_noop("Articles have two levels of headings. Deeper ones became subheadings: {words}.")
IN_CELL = gettext_noop("Headings in a list or table became bold text: {words}.")
NESTED = gettext_noop("A table inside a table became paragraphs: {words}.")
WITHIN = gettext_noop("Links to places in the pasted text were left out ({words}).")
HEADER = gettext_noop("The bold first row of a table became its header row: {words}.")


def simplify(body: html.HtmlElement, said: Said) -> None:
    """Leave only the tags, attributes and styles that the reader of typed texts keeps."""
    for element in list(body.iterdescendants()):
        _rename(element, said)
    _headings(body, said)
    for table in list(body.iter("table")):
        _table(table, said)
    for element in list(body.iterdescendants()):
        _link(element, said)
        _styled(element)
    for element in list(body.iterdescendants()):
        if element.tag not in KEPT:
            element.drop_tag()
    _spaces(body)


def _rename(element: html.HtmlElement, said: Said) -> None:
    match element.tag:
        case "blockquote":
            said.add(_(QUOTED))
            element.tag = "div"
        case "q":
            element.text, element.tag = f"“{element.text or ''}", "span"
            _append(element, "”")
        case "u":
            if words_of(element).strip() and not any(each.tag == "a" for each in element.iterancestors()):
                said.add(_(UNDERLINED), words_of(element))
            element.tag = "span"
        case "dl":
            said.add(_(TERMS))
            element.tag = "div"
        case "dt" | "summary":
            element.tag = "p"
            _bold(element)
        case "dd" | "details" | "figcaption" | "fieldset" | "legend" | "form":
            element.tag = "div"
        case "pre":
            _lines(element)
        case "mark" | "bdo" | "bdi" | "ruby" | "rb" | "o:p":
            element.tag = "span"
        case "menu" | "dir":
            element.tag = "ul"


def _append(element: html.HtmlElement, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _bold(element: html.HtmlElement) -> None:
    """Put the content of an element into <strong>."""
    strong = html.Element("strong")
    strong.text, element.text = element.text, None
    strong.extend(list(element))
    element.append(strong)


def _lines(element: html.HtmlElement) -> None:
    """Write each line of preformatted text as one, with <br>; what is raised or bold in it stays so."""
    element.tag = "div"
    element.text = (element.text or "").removeprefix("\n")
    for node in list(element.iter()):
        first, *lines = (node.text or "").split("\n")
        node.text = first
        for place, line in enumerate(lines):
            node.insert(place, _broken(line))
        if node is not element:
            first, *lines = (node.tail or "").split("\n")
            node.tail = first
            for line in reversed(lines):
                node.getparent().insert(node.getparent().index(node) + 1, _broken(line))
    while len(element) and element[-1].tag == "br" and not (element[-1].tail or "").strip():
        element.remove(element[-1])


def _broken(line: str) -> html.HtmlElement:
    broken: html.HtmlElement = html.Element("br")
    broken.tail = line
    return broken


def _headings(body: html.HtmlElement, said: Said) -> None:
    """Make the highest level of headings h3, and the others h4."""
    found = [element for element in body.iter(*HEADINGS) if words_of(element).strip()]
    outside = [each for each in found if not any(above.tag in ("li", "td", "th") for above in each.iterancestors())]
    levels = sorted({heading.tag for heading in outside})
    for heading in found:
        if heading not in outside:
            said.add(_(IN_CELL), words_of(heading))
            heading.tag = "p"
            _bold(heading)
            continue
        if levels.index(heading.tag) > 1:
            said.add(_(DEEPER), words_of(heading))
        heading.tag = "h3" if heading.tag == levels[0] else "h4"


def _table(table: html.HtmlElement, said: Said) -> None:
    if any(each.tag in ("td", "th", "caption", "li") for each in table.iterancestors()):
        said.add(_(NESTED), words_of(table)[:80])
        for part in list(table.iter("table", "tr", "td", "th", "caption", "thead", "tbody", "tfoot")):
            part.tag = "div"
        return
    rows = list(table.iter("tr"))
    for row in rows:
        if not len(row) or not any(cell.tag in ("td", "th") for cell in row):
            row.drop_tree()
    rows = list(table.iter("tr"))
    for cell in table.iterfind("thead/tr/td"):
        cell.tag = "th"
    if len(rows) > 1 and next(table.iter("th"), None) is None and _is_bold(rows[0]) and not all(map(_is_bold, rows)):
        said.add(_(HEADER), words_of(rows[0]))
        for bold in list(rows[0].iter("b", "strong")):
            bold.drop_tag()  # a header is bold without it
        for cell in rows[0]:
            cell.tag = "th"
        head = html.Element("thead")
        first = rows[0].getparent() if rows[0].getparent() is not table else rows[0]
        first.addprevious(head)
        head.append(rows[0])


def _is_bold(row: html.HtmlElement) -> bool:
    """Tell whether all words of a row are bold, and there are some."""
    texts = [text for text in row.xpath(".//text()") if text.strip()]
    return bool(texts) and all(_is_in_bold(text, row) for text in texts)


def _is_in_bold(text: html.HtmlElement, row: html.HtmlElement) -> bool:
    element = text.getparent().getparent() if text.is_tail else text.getparent()
    for each in (element, *element.iterancestors()):
        if each.tag in ("b", "strong") or _BOLD.search(each.get("style") or ""):
            return True
        if each is row:
            return False
    return False


def _link(element: html.HtmlElement, said: Said) -> None:
    if element.tag != "a":
        return
    href = element.get("href") or ""
    if href.startswith("#"):
        said.add(_(WITHIN), words_of(element))
    elif href and not safe_href(href):
        said.add(why_no_href(href))
    if href.startswith("#") or not safe_href(href):
        element.tag = "span"
        element.attrib.clear()


def _styled(element: html.HtmlElement) -> None:
    """Keep the attributes and styles that say something: bold, raised, hidden by its colour, in a font of symbols."""
    style, kept = element.get("style") or "", _KEPT_ATTRIBUTES.get(element.tag, set())
    declared = [each.strip() for each in style.split(";") if _KEPT_STYLES.fullmatch(each.split(":")[0].strip().lower())]
    declared = [each for each in declared if "url(" not in each]
    if raised := _RAISED.search(style):
        declared.append(f"vertical-align:{'sub' if raised[1] else 'super'}")
    if symbols := _SYMBOLS.search(style):
        declared.append(symbols[0])
    for name in list(element.attrib):
        if name not in kept:
            del element.attrib[name]
    if declared and element.tag in KEPT:
        element.set("style", ";".join(declared))


def _spaces(body: html.HtmlElement) -> None:
    """Make line ends in a text spaces, as a browser shows them: two of them would part paragraphs here."""
    for element in body.iter():
        element.text = element.text and _SPACES.sub(" ", element.text)
        if element is not body:
            element.tail = element.tail and _SPACES.sub(" ", element.tail)
