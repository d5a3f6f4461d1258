"""The attributes of HTML: kept, without effect on the text, or refused with the reason."""

import html
import re
from collections.abc import Iterator

from articles.desk.typed.tags import CELLS, TURNS
from articles.text.plain.marks import CITATION_KEY
from articles.text.plain.plaintext import quoted
from articles.text.richtext.allowed import why_no_href

_ATTRIBUTE = re.compile(r"[\s/]+([^\s\"'<>/=]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?")
_NO_EFFECT = re.compile(
    r"class|id|name|lang|xml:lang|xmlns(?::\w+)?|role|tabindex|translate|spellcheck|contenteditable|draggable|accesskey"
    r"|autocapitalize|autocorrect|enterkeyhint|inputmode|writingsuggestions|autofocus|nonce|item(?:id|prop|ref|scope|type)"
    r"|data-[\w.-]+|aria-(?!label$|description$|roledescription$|braille|valuetext$|placeholder$|colindextext$|rowindextext$)[a-z]+"
    r"|width|height|bgcolor|bordercolor|border|cellpadding|cellspacing|frame|rules|nowrap|valign|compact|clear"
    r"|color|face|size|link|vlink|alink|text|target|rel|rev|hreflang|referrerpolicy|ping|datetime|charset|for|span"
    r"|x:[a-z]+|sdval|sdnum|w:st|leftmargin|topmargin|marginwidth|marginheight"
)
_ALIGN = {"left", "right", "center", "justify", "middle"}
_OTHER_NUMBERS = "would be shown with other numbers: write <ol start=…> and the items in order."


class Tag:
    """A tag as it was typed, with its name, its attributes and its offset in the text."""

    def __init__(self, found: re.Match[str]) -> None:
        self.name = found["name"].lower()
        self.place = found.start()
        self.typed = found.group()
        self.attributes: dict[str, str] = {}
        rest = _ATTRIBUTE.sub(self._add, found["attributes"])
        self.well_written = not rest.strip(" \t\n\r\f/")

    def _add(self, found: re.Match[str]) -> str:
        value = found[2] or ""
        value = value[1:-1] if value[:1] in "\"'" and value else value
        self.attributes.setdefault(found[1].lower(), html.unescape(value))
        return ""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "").strip()


def faults(tag: Tag, direction: str) -> Iterator[str]:
    """Yield a sentence for each attribute of the tag that must not be left out."""
    for name, value in tag.attributes.items():
        value = value.strip()
        if reason := _reason(tag.name, name, value, direction):
            yield f"{quoted(tag.typed)} {reason}" if reason != _address(value) else reason


def _reason(tag: str, name: str, value: str, direction: str) -> str:
    if name in ("style", "http-equiv", "content") or (name == "data-ref" and tag == "cite"):
        return "" if name != "data-ref" or CITATION_KEY.fullmatch(value) else "names no reference; cite with [@key]."
    if rule := _RULES.get(name):
        return rule(tag, value)
    if name == "dir":
        return "" if value.lower() == direction else TURNS
    if _NO_EFFECT.fullmatch(name):
        return ""
    return f"has the attribute {name}, which would be left out; remove it."


def _address(value: str) -> str:
    return f"The address {quoted(value)} {why_no_href(value)}"


def _href(tag: str, value: str) -> str:
    if tag != "a":
        return "has an address, which would be left out; remove it."
    return _address(value) if why_no_href(value) else ""


def _tooltip(tag: str, value: str) -> str:
    return "shows a tooltip, which would be left out; write its words in the text." if value else ""


def _spoken(tag: str, value: str) -> str:
    return "has words for screen readers, which would be left out; write them in the text." if value else ""


def _hidden(tag: str, value: str) -> str:
    return "hides its text, but readers would see it. Delete the text or, to keep it, remove this attribute."


def _type(tag: str, value: str) -> str:
    usual = {"ol": {"1"}, "ul": {"disc", "circle", "square"}, "li": {"disc", "circle", "square", "1"}}
    known = (tag in usual and value.lower() in usual[tag] | {""}) or tag in ("style", "a")
    return "" if known else _OTHER_NUMBERS


def _start(tag: str, value: str) -> str:
    if tag == "ol" and re.fullmatch("[0-9]{1,3}", value) and 1 <= int(value) <= 100:
        return ""
    return "would be shown with other numbers: the first number of a list can be 1 to 100."


def _value(tag: str, value: str) -> str:
    return "" if tag == "data" else _OTHER_NUMBERS


def _span(tag: str, value: str) -> str:
    if tag in CELLS and re.fullmatch("[0-9]{1,3}", value) and 1 <= int(value) <= 100:
        return ""
    return "spans more cells than can be kept, or none: a cell can span 1 to 100."


def _scope(tag: str, value: str) -> str:
    known = tag == "th" and value.lower() in {"row", "col", "rowgroup", "colgroup", ""}
    return "" if known else "has a scope that would be left out; write <th scope=…> with row or col."


def _headers(tag: str, value: str) -> str:
    return "names its headings, which would be left out; write a table with its headings in <th>." if value else ""


def _align(tag: str, value: str) -> str:
    return "" if value.lower() in _ALIGN else f"is aligned by {quoted(value)}, which would be left out; remove it."


_RULES = {
    "href": _href, "title": _tooltip, "type": _type, "start": _start, "value": _value, "colspan": _span,
    "rowspan": _span, "scope": _scope, "headers": _headers, "align": _align, "hidden": _hidden, "popover": _hidden,
    "reversed": lambda tag, value: _OTHER_NUMBERS,
    **dict.fromkeys(
        (
            "aria-label", "aria-description", "aria-roledescription", "aria-braillelabel", "aria-valuetext",
            "aria-brailleroledescription", "aria-placeholder", "aria-colindextext", "aria-rowindextext", "summary",
            "abbr", "alt", "label", "longdesc",
        ),
        _spoken,
    ),
}  # fmt: skip
