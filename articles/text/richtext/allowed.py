"""The tags, attributes, addresses and characters allowed in an article, and the sanitising by nh3."""

import re
import unicodedata

import nh3

from articles.text.plain import characters
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.plain.translated import number as digits

MAX_HREF = 2_000

MARK_TAGS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "sub": "sub", "sup": "sup"}
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
TABLE_TAGS = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
# Blocks whose tags are removed, but which still separate paragraphs.
PLAIN_BLOCKS = {
    "address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "main", "menu", "nav",
    "p", "pre", "search", "section", "summary",
}  # fmt: skip
BLOCKS = {"ul", "ol", "li", *HEADINGS, *TABLE_TAGS, *PLAIN_BLOCKS}
DROPPED_WITH_CONTENT = {
    "script", "style", "svg", "math", "iframe", "template", "noscript", "object", "applet", "embed", "audio",
    "video", "canvas", "map", "frameset", "noframes", "noembed", "xmp", "textarea", "select", "option", "optgroup",
    "datalist", "button", "title", "head", "portal", "fencedframe",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "cite": {"data-ref"},
    "figure": {"data-figure"},
    "ol": {"start"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}

_HREF = re.compile(
    r"""https?://[^/?#@:\s<>"`%]+(?::[0-9]{1,5})?(?:[/?#].*)?   # a host, no user name before it
      | mailto:(?!.*%0[aAdD])[^/?#@]+@[^/?#@]+(?:\?.*)?
      | tel:\+?[().-]*[0-9][0-9().-]{0,40}(?:;ext=[0-9().-]{1,20})?   # a crisis line; RFC 3966 allows no blanks
      | /(?!/).*                                           # a path on this site, never another host
      | \#.*""",
    re.VERBOSE,
)
_HREF_ESCAPES = str.maketrans({" ": "%20", '"': "%22", "<": "%3C", ">": "%3E", "`": "%60"})


def sanitised(html: str) -> str:
    """Return the HTML sanitised by nh3: allowed tags, closed and nested as a browser would nest them."""
    return nh3.clean(
        characters.SURROGATE.sub("", html),  # addresses are checked with all other characters
        tags={*MARK_TAGS, *BLOCKS, "a", "br", "cite"},
        attributes=ATTRIBUTES,
        clean_content_tags=DROPPED_WITH_CONTENT,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def plain(text: str) -> str:
    """Return the text without characters that are never in rich text; line breaks become spaces."""
    return characters.NEVER_IN_RICH_TEXT.sub("", characters.BREAKS_A_LINE.sub(" ", text))


def safe_href(value: str | None) -> str:
    """Return the address in its stored form; empty if it is not allowed."""
    value = unicodedata.normalize("NFC", (value or "").strip(" \t\n\f\r"))
    scheme, colon, rest = value.partition(":")
    if colon and scheme.isascii() and scheme.isalpha():
        value = f"{scheme.lower()}:{rest}"
    if "\\" in value or plain(value) != value or not _HREF.fullmatch(value):
        return ""
    value = value.translate(_HREF_ESCAPES)
    return value if len(value) <= MAX_HREF else ""


def why_no_href(value: str) -> str:
    """Return a sentence that says why the address is not allowed; empty if it is allowed."""
    if safe_href(value):
        return ""
    address = quoted(value)
    scheme, colon, rest = value.strip().partition(":")
    scheme = scheme.lower() if colon else ""
    if "\\" in value or plain(value) != value:
        return _("The address {address} holds a backslash, or a character that is not shown; write it without.").format(
            address=address
        )
    if len(value) > MAX_HREF:
        return _("The address {address} is longer than {most} characters.").format(
            address=address, most=digits(MAX_HREF)
        )
    if scheme in ("https", "http") and rest.startswith("//"):
        return _(
            "The address {address} needs the name of a site directly after //, without a user name, "
            "password or space before it."
        ).format(address=address)
    if scheme == "mailto":
        return _("The address {address} must hold one email address: mailto:name@site.").format(address=address)
    if scheme == "tel":
        without = "-".join(rest.replace("%20", " ").split())
        if without != rest and safe_href(f"tel:{without}"):
            return _(
                "The address {address} contains a space, which a telephone link cannot have; write tel:{without}."
            ).format(address=address, without=without)
        return _(
            "The address {address} must be a telephone number: digits, which may have - . ( ) between "
            "them and + in front, such as tel:+44-116-123."
        ).format(address=address)
    if value.strip().startswith("//"):
        return _(
            "The address {address} begins with // and does not say http or https; write https:// instead of //."
        ).format(address=address)
    return _("The address {address} must begin with https://, http://, mailto:, tel:, / or #.").format(address=address)


def small(value: str | None) -> int:
    """Return a span or list start from 1 to 100; 1, which needs no attribute, for anything else."""
    value = (value or "").strip()
    return int(value) if re.fullmatch("[0-9]{1,3}", value) and 1 <= int(value) <= 100 else 1


def cell_attributes(tag: str, attributes: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the allowed attributes of a cell, in the order in which they are written."""
    if not attributes:
        return ()
    scope = attributes.get("scope", "").strip().lower()
    found = [("scope", scope)] if tag == "th" and scope in {"row", "col", "rowgroup", "colgroup"} else []
    spans = [(name, small(attributes.get(name))) for name in ("colspan", "rowspan")]
    return (*found, *((name, str(span)) for name, span in spans if span > 1))
