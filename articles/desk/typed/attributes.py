"""The attributes of HTML: kept, without effect on the text, or refused with the reason."""

import html
import re
from collections.abc import Iterator

from articles.desk.typed.tags import CELLS, TURNS
from articles.text.plain.marks import CITATION_KEY, FIGURE_KEY
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop
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
FIGURE = "data-figure"
AT_ONCE = re.compile(r"\s*</figure\s*>", re.IGNORECASE)
_ALIGN = {"left", "right", "center", "justify", "middle"}
_OTHER_NUMBERS = gettext_noop("{tag} would be shown with other numbers: write <ol start=…> and the items in order.")


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


def places_figure(tag: Tag) -> bool:
    """Tell whether the tag places a figure of the article; any other <figure> is a wrapper, as of a web page."""
    return tag.name == "figure" and FIGURE in tag.attributes


def faults_of_figure(tag: Tag, *, is_closed: bool) -> Iterator[str]:
    """Yield a sentence for each part of a tag that places a figure that would not stay, and for its content."""
    typed = quoted(tag.typed)
    if not FIGURE_KEY.fullmatch(tag[FIGURE]):
        yield _(
            "{typed} names no figure. Copy the line that the draft’s page “Figures” shows for the one you want."
        ).format(typed=typed)
    for name in sorted(tag.attributes.keys() - {FIGURE}):
        yield _("{typed} has the attribute {name}, which would be left out; remove it.").format(typed=typed, name=name)
    if not is_closed:
        yield _(
            "{typed} must be closed at once, with nothing in it: </figure>. The words of a figure are written on the "
            "draft’s page “Figures”."
        ).format(typed=typed)


def faults(tag: Tag, direction: str) -> Iterator[str]:
    """Yield a sentence for each attribute of the tag that must not be left out."""
    for name, value in tag.attributes.items():
        value = value.strip()
        if sentence := _sentence(tag, name, value, direction):
            yield sentence


def _sentence(tag: Tag, name: str, value: str, direction: str) -> str:
    if name in ("style", "http-equiv", "content") or (name == "data-ref" and tag.name == "cite"):
        known = name != "data-ref" or CITATION_KEY.fullmatch(value)
        return "" if known else _("{typed} names no reference; cite with [@key].").format(typed=quoted(tag.typed))
    if rule := _RULES.get(name):
        return rule(tag, value)
    if name == "dir":
        return "" if value.lower() == direction else _(TURNS).format(tag=quoted(tag.typed))
    if _NO_EFFECT.fullmatch(name):
        return ""
    return _("{typed} has the attribute {name}, which would be left out; remove it.").format(
        typed=quoted(tag.typed), name=name
    )


def _href(tag: Tag, value: str) -> str:
    if tag.name != "a":
        return _("{typed} has an address, which would be left out; remove it.").format(typed=quoted(tag.typed))
    return why_no_href(value)


def _tooltip(tag: Tag, value: str) -> str:
    return (
        _("{typed} shows a tooltip, which would be left out; write its words in the text.").format(
            typed=quoted(tag.typed)
        )
        if value
        else ""
    )


def _spoken(tag: Tag, value: str) -> str:
    return (
        _("{typed} has words for screen readers, which would be left out; write them in the text.").format(
            typed=quoted(tag.typed)
        )
        if value
        else ""
    )


def _hidden(tag: Tag, value: str) -> str:
    return _(
        "{typed} hides its text, but readers would see it. Delete the text or, to keep it, remove this attribute."
    ).format(typed=quoted(tag.typed))


def _other_numbers(tag: Tag) -> str:
    return _(_OTHER_NUMBERS).format(tag=quoted(tag.typed))


def _type(tag: Tag, value: str) -> str:
    usual = {"ol": {"1"}, "ul": {"disc", "circle", "square"}, "li": {"disc", "circle", "square", "1"}}
    known = (tag.name in usual and value.lower() in usual[tag.name] | {""}) or tag.name in ("style", "a")
    return "" if known else _other_numbers(tag)


def _start(tag: Tag, value: str) -> str:
    if tag.name == "ol" and re.fullmatch("[0-9]{1,3}", value) and 1 <= int(value) <= 100:
        return ""
    return _("{typed} would be shown with other numbers: the first number of a list can be 1 to 100.").format(
        typed=quoted(tag.typed)
    )


def _value(tag: Tag, value: str) -> str:
    return "" if tag.name == "data" else _other_numbers(tag)


def _span(tag: Tag, value: str) -> str:
    if tag.name in CELLS and re.fullmatch("[0-9]{1,3}", value) and 1 <= int(value) <= 100:
        return ""
    return _("{typed} spans more cells than can be kept, or none: a cell can span 1 to 100.").format(
        typed=quoted(tag.typed)
    )


def _scope(tag: Tag, value: str) -> str:
    known = tag.name == "th" and value.lower() in {"row", "col", "rowgroup", "colgroup", ""}
    return (
        ""
        if known
        else _("{typed} has a scope that would be left out; write <th scope=…> with row or col.").format(
            typed=quoted(tag.typed)
        )
    )


def _headers(tag: Tag, value: str) -> str:
    return (
        _("{typed} names its headings, which would be left out; write a table with its headings in <th>.").format(
            typed=quoted(tag.typed)
        )
        if value
        else ""
    )


def _align(tag: Tag, value: str) -> str:
    return (
        ""
        if value.lower() in _ALIGN
        else _("{typed} is aligned by {value}, which would be left out; remove it.").format(
            typed=quoted(tag.typed), value=quoted(value)
        )
    )


_RULES = {
    "href": _href, "title": _tooltip, "type": _type, "start": _start, "value": _value, "colspan": _span,
    "rowspan": _span, "scope": _scope, "headers": _headers, "align": _align, "hidden": _hidden, "popover": _hidden,
    "reversed": lambda tag, value: _other_numbers(tag),
    **dict.fromkeys(
        (
            "aria-label", "aria-description", "aria-roledescription", "aria-braillelabel", "aria-valuetext",
            "aria-brailleroledescription", "aria-placeholder", "aria-colindextext", "aria-rowindextext", "summary",
            "abbr", "alt", "label", "longdesc",
        ),
        _spoken,
    ),
}  # fmt: skip
