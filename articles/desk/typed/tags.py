"""Every element of HTML: kept, written as one that reads the same, or refused with the reason."""

from articles.text.plain.plaintext import quoted
from articles.text.richtext.allowed import HEADINGS, TABLE_TAGS

MARKS = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em", "sub": "sub",
    "sup": "sup",
}  # fmt: skip
LISTS = {"ul", "ol"}
CELLS = {"td", "th"}
ROWS = {"thead", "tbody", "tfoot"}
# What these hold reads the same without them.
INLINE_WRAPPERS = {
    "span", "font", "big", "small", "tt", "code", "kbd", "samp", "abbr", "acronym", "nobr", "time", "data", "label",
    "o:p", "st1:place", "st1:city", "st1:country-region", "st1:state", "google-sheets-html-origin",
    "html", "body",
}  # fmt: skip
BLOCK_WRAPPERS = {
    "address", "article", "aside", "center", "div", "figure", "footer", "header", "hgroup", "main",
    "nav", "search", "section",
}  # fmt: skip
EMPTY = {"br", "col", "wbr", "meta"}
COLUMNS = {"colgroup", "col"}
UNSEEN = {"head", "title", "style"}

INLINE = {*MARKS, *INLINE_WRAPPERS, "a", "br", "wbr"}
BLOCKS = {*BLOCK_WRAPPERS, *HEADINGS, *LISTS, *TABLE_TAGS, "p", "li"}
TAKEN = {*INLINE, *BLOCKS, *EMPTY, *COLUMNS, *UNSEEN}

NO_PLACE = "has no place in a text and would be left out; remove it."
_FORM = "is part of a form, which would be left out; write what it says as text."
_TERMS = "makes a list of terms, which would lose its form; write a table, or a list with each term in <strong>."
_FOLDED = "folds its text away, which readers would always see; write it as text."
_BULLETS = "makes a list, which would lose its form; write <ul>."
_RULED = "draws a rule across the page, which would be left out; write a heading, or remove it."
_LINES = "keeps lines and spaces, which would be lost; end lines with <br>, or write a table."
_MARKED = "marks its text as an article does not; write <strong> or <em>."
_TURNS = "turns the order of its text round, which would be left out; set the language."
_SMALL = "sets small text over its text, which would stand behind it; write it in brackets."
REFUSED = {
    "blockquote": "sets a quotation apart, which would stand as any paragraph; type quotation marks around it.",
    "q": "sets quotation marks, which would be left out; type them.",
    "hr": _RULED,
    "figcaption": "names a figure, and would stand as any paragraph; write <caption> in the table.",
    "math": "is a formula, which would be left out; write it as text with <sub> and <sup>.",
    "u": "underlines its text, as an article does to links alone; write <strong> or <em>.",
    **dict.fromkeys(("dl", "dt", "dd"), _TERMS),
    **dict.fromkeys(("details", "summary", "dialog"), _FOLDED),
    **dict.fromkeys(("menu", "dir"), _BULLETS),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), _LINES),
    **dict.fromkeys(("mark", "blink", "marquee"), _MARKED),
    **dict.fromkeys(("bdo", "bdi"), _TURNS),
    **dict.fromkeys(("ruby", "rt", "rp", "rb", "rtc"), _SMALL),
    **dict.fromkeys(
        (
            "button", "datalist", "fieldset", "form", "input", "isindex", "keygen", "legend", "meter", "optgroup",
            "option", "output", "progress", "select", "selectedcontent", "textarea",
        ),
        _FORM,
    ),
    **dict.fromkeys(
        (
            "applet", "area", "audio", "base", "basefont", "bgsound", "canvas", "command", "embed", "fencedframe",
            "frame", "frameset", "iframe", "image", "img", "link", "map", "menuitem", "nextid", "noembed", "noframes",
            "noscript", "object", "param", "picture", "portal", "script", "slot", "source", "svg", "template", "track",
            "video",
        ),
        NO_PLACE,
    ),
}  # fmt: skip
CHANGES = {"del", "ins", "s", "strike"}


def changed_sentence(tag: str, words: str) -> str:
    """Return why struck or inserted words are refused."""
    return f"{quoted(tag)} cannot be kept: {quoted(words)} would stand as plain text. Leave only the text that holds."


def taken_for_a_tag(tag: str) -> str:
    """Return why a < with letters after it is refused."""
    return f"{quoted(tag)} would be taken for a tag and left out; write &lt; for a < that means “less than”."


def comment_sentence(comment: str) -> str:
    """Return why a comment is refused."""
    return f"{quoted(comment)} is a comment that would be left out; remove it."
