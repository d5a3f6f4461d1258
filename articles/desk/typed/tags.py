"""The elements of HTML: kept, replaced by one with the same meaning, or refused with the reason."""

from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import gettext_noop
from articles.text.richtext.allowed import HEADINGS, TABLE_TAGS

MARKS = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em", "sub": "sub",
    "sup": "sup",
}  # fmt: skip
LISTS = {"ul", "ol"}
CELLS = {"td", "th"}
ROWS = {"thead", "tbody", "tfoot"}
# Their content reads the same without them.
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
INVISIBLE = {"head", "title", "style"}

INLINE = {*MARKS, *INLINE_WRAPPERS, "a", "br", "wbr"}
BLOCKS = {*BLOCK_WRAPPERS, *HEADINGS, *LISTS, *TABLE_TAGS, "p", "li"}
NO_BLOCKS = {*BLOCK_WRAPPERS, *INLINE, "u"}
KEPT = {*INLINE, *BLOCKS, *EMPTY, *COLUMNS, *INVISIBLE}

NO_PLACE = gettext_noop("{tag} has no place in a text and would be left out; remove it.")
PICTURE = gettext_noop(
    "{tag} is a picture. Add it on the draft’s page “Figures”, which then shows the line that places it in a text."
)
_FORM = gettext_noop("{tag} is part of a form, which would be left out; write its words as text.")
_TERMS = gettext_noop(
    "{tag} is a list of terms, which would lose its form; write a table, or a list with each term in <strong>."
)
_FOLDED = gettext_noop("{tag} hides its text until it is opened, but readers would always see it; write it as text.")
_BULLETS = gettext_noop("{tag} is a list, which would lose its form; write <ul>.")
_RULED = gettext_noop("{tag} draws a line across the page, which would be left out; write a heading, or remove it.")
LINES = gettext_noop("{tag} keeps lines and spaces, which would be lost; end lines with <br>, or write a table.")
_MARKED = gettext_noop("{tag} marks its text in a way that articles do not have; write <strong> or <em>.")
TURNS = gettext_noop(
    "{tag} reverses the direction of its text, but the site would ignore this; set the article’s language instead."
)
_SMALL = gettext_noop(
    "{tag} puts small text above other text, which articles cannot show. Write the small text in brackets."
)
REFUSED = {
    "blockquote": gettext_noop(
"{tag} marks a quotation, which would become an ordinary paragraph; type quotation marks "
"around it."
),
    "q": gettext_noop(
"{tag} adds quotation marks, which would be left out; type them."
),
    "hr": _RULED,
    "figcaption": gettext_noop(
"{tag} is the caption of a figure, and would become an ordinary paragraph. The caption of a table is written "
"in the table as <caption>, that of a picture on the draft’s page “Figures”."
),
    "math": gettext_noop(
"{tag} is a formula, which would be left out; write it as text with <sub> and <sup>."
),
    "u": gettext_noop(
"{tag} underlines its text, which articles do only for links; write <strong> or <em>."
),
    **dict.fromkeys(("img", "image", "picture", "svg"), PICTURE),
    **dict.fromkeys(("dl", "dt", "dd"), _TERMS),
    **dict.fromkeys(("details", "summary", "dialog"), _FOLDED),
    **dict.fromkeys(("menu", "dir"), _BULLETS),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), LINES),
    **dict.fromkeys(("mark", "blink", "marquee"), _MARKED),
    **dict.fromkeys(("bdo", "bdi"), TURNS),
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
            "frame", "frameset", "iframe", "link", "map", "menuitem", "nextid", "noembed", "noframes", "noscript",
            "object", "param", "portal", "script", "slot", "source", "template", "track", "video",
        ),
        NO_PLACE,
    ),
}  # fmt: skip
TRACKED_CHANGES = {"del", "ins", "s", "strike"}


def tracked_change_sentence(tag: str, words: str) -> str:
    """Return why struck or inserted words are refused."""
    return _(
        "{tag} marks inserted or deleted text and cannot be kept: {words} would become plain "
        "text. Keep only the text that is to be published."
    ).format(tag=quoted(tag), words=quoted(words))


def not_a_tag_sentence(tag: str) -> str:
    """Return why a < with letters after it is refused."""
    return _("{tag} would be read as a tag and left out; write &lt; for a < that means “less than”.").format(
        tag=quoted(tag)
    )


def comment_sentence(comment: str) -> str:
    """Return why a comment is refused."""
    return _("{comment} is a comment that would be left out; remove it.").format(comment=quoted(comment))
