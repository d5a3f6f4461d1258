"""The effects of a style on a text: no effect for readers, a mark that can be kept, or a reason to refuse it."""

import colorsys
import html
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from articles.desk.typed.tags import BLOCKS, CELLS
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _

_DECLARATION = re.compile(r"(?:[^;\"'(]|\"[^\"]*\"|'[^']*'|\([^()]*\))+")
_HARMLESS = re.compile(  # properties of colour, size and place, and those that only programs read
    r"mso-(?!hide|text-raise)[a-z0-9-]+|(?:margin|padding|border|outline)(?:-[a-z]+)*"
    r"|-webkit-(?:text-stroke|text-decoration-skip|font-smoothing)[a-z-]*"
    r"|line-(?:height|break)|letter-spacing|word-(?:spacing|break|wrap)|overflow-wrap|hyphens|(?:min-|max-)?width"
    r"|orphans|widows|page(?:-break-[a-z]+)?|break-(?:before|after|inside)|tab-(?:stops|interval|size)"
    r"|text-(?:indent|underline|autospace|justify|underline-[a-z]+|rendering|size-adjust|wrap[a-z-]*)"
    r"|text-decoration-(?:style|color|thickness|skip-ink)|punctuation-[a-z]+|font-(?:size-adjust|stretch|kerning)"
    r"|font-(?:optical-sizing|variation-settings|variant-ligatures)|table-layout|empty-cells|layout-grid[a-z-]*"
    r"|cursor|box-sizing|so-language|background-(?:clip|origin|size|position|attachment|repeat)|height|min-height"
)
_NORMAL = (
    "font-variant", "font-variant-caps", "font-variant-position", "font-variant-numeric", "font-variant-east-asian",
    "font-variant-alternates", "font-variant-emoji", "font-feature-settings", "unicode-bidi",
)  # fmt: skip
_NONE = (
    "text-decoration", "text-decoration-line", "text-transform", "float", "clear", "background-image", "text-shadow",
    "text-emphasis",
)  # fmt: skip
_PLAIN_VALUES = {
    **dict.fromkeys(_NORMAL, "normal"), **dict.fromkeys(_NONE, "none"), "visibility": "visible", "opacity": "1",
    "position": "static", "caption-side": "top", "quotes": "auto", "mso-hide": "none",
    "mso-text-raise": "0pt",
}  # fmt: skip
LIST_STYLES = ("list-style", "list-style-type")
_INHERITS = {"inherit", "initial", "unset"}
_ALIGNED = {"left", "right", "center", "justify", "start", "end", "general", "-webkit-auto", "-webkit-center"}
_OFF_THE_PAGE = re.compile(r"-\d{3,}|-\d+(?:\.\d+)?(?:em|rem|%|in|vw)|-\d{2,}(?:\.\d+)?cm")
_SIZE = re.compile(r"(\d*\.?\d+)(px|pt|em|rem|%|pc|cm|mm|in)")
_SMALLEST = {"px": 5, "pt": 4, "em": 0.4, "rem": 0.4, "%": 40, "pc": 0.4, "cm": 0.15, "mm": 1.5, "in": 0.06}
_BOLD = {"bold": True, "bolder": True, "normal": False, "lighter": False}
_NAMED_COLORS = {"white": "#ffffff", "window": "#ffffff", "black": "#000000", "windowtext": "#000000"}
_HEX = re.compile("#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_ALPHA = re.compile(r"\((?:[^/]*/|(?:[^,]*,){3})\s*(\d*\.?\d+%?)\s*\)")
FAINT = 0.1
_RGB, _HSL = re.compile(r"rgba?\((.+)\)"), re.compile(r"hsla?\((.+)\)")
_TRANSPARENT = re.compile(r"transparent|rgba\(.*, ?0?\.?0+ ?\)|#(?:[0-9a-f]{6}00|[0-9a-f]{3}0)(?![0-9a-f])")
_SYMBOL_FONT = re.compile(r"\b(?:symbol|wingdings|webdings|zapf ?dingbats|mt extra)\b", re.IGNORECASE)
_FONT = re.compile(r"(?:(?:normal|400) )*(?P<size>\S+?)(?:/\S+)? (?P<family>.+)")


class Effects(NamedTuple):
    """The values that a style sets; None for each that it does not set."""

    strong: bool | None = None
    em: bool | None = None
    script: str | None = None
    color: str | None = None
    background: str | None = None
    symbol_font: str | None = None  # its name; empty for any other font
    lines: bool | None = None  # whether each line of the source is shown as a line


class Refused(ValueError):
    """Raised with the declaration that changes the text for readers and would be left out."""


def effects(style: str, tag: str, *, link: bool = False, direction: str = "ltr", within: str = "") -> Effects:
    """
    Return the effects of an element's style attribute; raise Refused with the first that cannot be kept.

    An item's number or bullet is held against the list `within` which it stands.
    """
    found: dict[str, Any] = {}
    for name, value in declarations(style):
        if (name, value) != ("direction", direction):
            numbered = name in LIST_STYLES and tag == "li"
            found |= effect(name, value, within or tag if numbered else tag, link=link)
    return Effects(**found)


def declarations(style: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each declaration, in lower case."""
    for found in _DECLARATION.findall(style):
        name, _, value = found.partition(":")
        if found.strip():
            value = re.sub(r"\s*!\s*important\s*$", "", value, flags=re.IGNORECASE)
            yield name.strip().lower(), " ".join(value.split()).lower()


def effect(name: str, value: str, tag: str, *, link: bool = False) -> dict[str, Any]:
    """Return the fields of `Effects` that one declaration sets; raise Refused if that cannot be kept."""
    declared = f"{name}: {value}"
    if "url(" in value or ("\\" in name + value.replace("\\000a", "") and not name.startswith("mso-")):
        raise Refused(declared)
    if rule := _RULES.get(name):
        if (found := rule(value, tag)) is None:
            raise Refused(declared)
        return found
    if link and name in ("text-decoration", "text-decoration-line") and "underline" in value:
        value = "none" if not re.search("line-through|overline|blink", value) else value
    if name in _PLAIN_VALUES:
        if value.split(" ")[0] not in {_PLAIN_VALUES[name], *_INHERITS}:
            raise Refused(declared)
        return {}
    if not _HARMLESS.fullmatch(name) or (not name.startswith("mso-") and _OFF_THE_PAGE.search(value)):
        raise Refused(declared)
    return {}


def _font_weight(value: str, tag: str) -> dict[str, Any] | None:
    if value in _INHERITS:
        return {}
    if value.isdigit():
        return {"strong": int(value) >= 600}
    return {"strong": _BOLD[value]} if value in _BOLD else None


def _font_style(value: str, tag: str) -> dict[str, Any] | None:
    if value in _INHERITS:
        return {}
    return {"em": value != "normal"} if value.split(" ")[0] in ("normal", "italic", "oblique") else None


def _vertical_align(value: str, tag: str) -> dict[str, Any] | None:
    if tag in BLOCKS:
        return {} if tag in CELLS or value not in ("super", "sub") else None
    scripts = {"super": "sup", "sub": "sub"}
    if value in scripts:
        return {"script": scripts[value]}
    return {} if (value == "baseline" and tag not in ("sup", "sub")) or value in _INHERITS else None


def _color(value: str, tag: str) -> dict[str, Any] | None:
    if _TRANSPARENT.fullmatch(value) or _is_faint(value):
        return None
    return {} if value in _INHERITS else {"color": color_name(value)}


def _is_faint(value: str) -> bool:
    """Tell whether a colour lets nearly all of its background through."""
    found = _ALPHA.search(value)
    return found is not None and _numbers(found[1], 1)[0] < FAINT


def _background(value: str, tag: str) -> dict[str, Any] | None:
    if value in _INHERITS or _TRANSPARENT.match(value) or value.startswith("none"):
        return {}
    first = re.match(r"\w+\([^()]*\)|\S+", value)
    return {"background": color_name(first[0])} if first else {}


def color_name(value: str) -> str:
    """Return a colour in one notation, as far as is needed to detect white on white, or black on black."""
    value = " ".join(value.lower().split())
    if _HEX.fullmatch(value):
        digits = value[1:] if len(value) > 5 else "".join(2 * digit for digit in value[1:])
        value = f"#{digits[:6]}"
    elif found := _RGB.fullmatch(value):
        parts = _numbers(found[1], 255)
        value = _hex(*parts) if len(parts) == 3 else value
    elif found := _HSL.fullmatch(value):
        hue, *rest = _numbers(found[1], 1)
        value = _hex(*(255 * part for part in colorsys.hls_to_rgb(hue / 360, *rest[::-1]))) if len(rest) == 2 else value
    value = _NAMED_COLORS.get(value, value)
    return "white" if value == "#ffffff" else value.replace(" ", "")


def _numbers(text: str, whole: int) -> list[float]:
    """Return the first three numbers. A number with a percent sign is that part of the whole."""
    found = re.findall(r"([0-9]*\.?[0-9]+)(%?)", text)[:3]
    return [float(number) * whole / 100 if percent else float(number) for number, percent in found]


def _hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(f"{min(max(round(part), 0), 255):02x}" for part in (red, green, blue))


def _font_size(value: str, tag: str) -> dict[str, Any] | None:
    found = _SIZE.fullmatch(value)
    if found:
        return {} if float(found[1]) >= _SMALLEST[found[2]] else None
    return (
        {} if re.fullmatch(r"(?:x{1,3}-|)(?:small|large)|medium|smaller|larger|inherit|initial|unset", value) else None
    )


def _font_family(value: str, tag: str) -> dict[str, Any]:
    return {} if value in _INHERITS else {"symbol_font": symbol_font_of(value)}


def symbol_font_of(family: str) -> str:
    """Return the family's first font if it shows other characters than the typed ones (μ for m); else empty."""
    found = _SYMBOL_FONT.search(family.split(",")[0])
    return found[0] if found else ""


def _font(value: str, tag: str) -> dict[str, Any] | None:
    found = _FONT.fullmatch(value)
    return None if found is None or _font_size(found["size"], tag) is None else _font_family(found["family"], tag)


def _list_style(value: str, tag: str) -> dict[str, Any] | None:
    if tag in ("ul", "ol", "li"):
        kinds = {"ol": {"decimal"}, "ul": {"disc", "circle", "square"}}.get(
            tag, {"decimal", "disc", "circle", "square"}
        )
        return {} if {*value.split(" ")} <= kinds | {"outside", "inside"} | _INHERITS else None
    return {}


def _white_space(value: str, tag: str) -> dict[str, Any] | None:
    known = {"normal": False, "nowrap": False, "collapse": False, "pre": True, "pre-wrap": True, "pre-line": True}
    known |= {"break-spaces": True, "preserve": True, "pre nowrap": True}
    return {} if value in _INHERITS else {"lines": known[value]} if value in known else None


def _display(value: str, tag: str) -> dict[str, Any] | None:
    usual = {"block", "flow-root", "list-item" if tag == "li" else "block", *_TABLES.get(tag, ())}
    return {} if value in (usual if tag in BLOCKS else {"inline", "inline-block"}) else None


_TABLES = {"table": ("table",), "td": ("table-cell",), "th": ("table-cell",), "tr": ("table-row",)}


def _overflow(value: str, tag: str) -> dict[str, Any] | None:
    return {} if value == "visible" or tag in CELLS else None  # a cell grows with its text


def _text_align(value: str, tag: str) -> dict[str, Any] | None:
    return {} if value in _ALIGNED | _INHERITS else None


_RULES = {
    "font-weight": _font_weight, "font-style": _font_style, "vertical-align": _vertical_align, "color": _color,
    "background": _background, "background-color": _background, "font-size": _font_size, "font-family": _font_family,
    "font": _font, "list-style": _list_style, "list-style-type": _list_style, "white-space": _white_space,
    "white-space-collapse": _white_space, "display": _display, "overflow": _overflow, "text-align": _text_align,
    "text-align-last": _text_align,
}  # fmt: skip


def sentence_about(typed: str, declared: str) -> str:
    """Return why a style of this tag is refused."""
    tag = quoted(typed)
    if re.match(
        r"text-decoration\S*: .*line-through|display: none|visibility|opacity|mso-hide|color|font-size", declared
    ):
        return _(
            "{tag} hides or strikes out its text ({declared}), but readers would see it. Delete the "
            "text or, to keep it, remove this style."
        ).format(tag=tag, declared=declared)
    return _("{tag} has the style {declared}, which changes the text and would be left out; remove it.").format(
        tag=tag, declared=declared
    )


_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_TAG_NAME = re.compile(r"<([A-Za-z][A-Za-z0-9]*)")
_HARMLESS_RULE = re.compile(r"@(?:font-face|list|page)\b[^;]*")
_MARKED_BY_DEFAULT = re.compile(r"h[1-6]|th|b|strong|i|em|cite|dfn|var|address|sub|sup")
_WHOLE_TAG = re.compile(r"<[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_IMPLIED = {"html", "body", "head", "colgroup", "tbody", "tr"}  # a page has them, whether they are typed or not
_SHEET_PART = re.compile(  # what may hold braces and signs of its own
    r"/\*.*?(?:\*/|\Z)|<!--|-->|\"(?:[^\"\\\n]|\\.)*(?:\"|(?=\n)|\Z)|'(?:[^'\\\n]|\\.)*(?:'|(?=\n)|\Z)"
    r"|\burl\(\s*(?![\s\"'])(?:[^)\\]|\\.)*\)?",
    re.DOTALL | re.IGNORECASE,
)
_PLAIN_STRING = re.compile(r"[\w .,-]*")


def without_strings(sheet: str) -> str:
    """Return a style sheet without its comments, and with nothing in strings and addresses that reads as a rule."""
    return _SHEET_PART.sub(_emptied, sheet)


def _emptied(found: re.Match[str]) -> str:
    part = found[0]
    if part[0] not in "\"'uU":
        return ""
    inside = "\\" if "\\" in part else "x"  # what is escaped stays in doubt
    if part[0] in "uU":
        return f"url({inside})"
    return f'"{part[1:-1]}"' if _PLAIN_STRING.fullmatch(part[1:-1]) else f'"{inside}"'


def first_change_in(sheet: str, typed: str) -> str:
    """Return the first declaration of a style sheet that changes the typed text for readers; empty if none does."""
    tags = {name.lower() for name in _TAG_NAME.findall(typed)} | _IMPLIED
    classes = {name for found in _WHOLE_TAG.findall(typed) for name in _words(html.unescape(found))}
    sheet = without_strings(sheet)
    for found in _RULE.finditer(sheet):
        if _HARMLESS_RULE.fullmatch(found[1].strip()):
            continue
        for selector in _of_all(found[1]).split(","):
            last = _Last(selector)
            for name, value in declarations(found[2]):
                if last.may_be_in(tags, classes) and _changes(last, name, value, tags):
                    return f"{selector.strip()} {{{name}: {value}}}"
    rest = _RULE.sub("", sheet).strip()
    return rest[:80] if rest else ""


def _words(tag: str) -> list[str]:
    """Return all that may be a class of a tag, in lower case, as old pages do not tell letters apart."""
    return re.split(r"[\s\"'=<>/]+", tag.lower())[2:]


def _of_all(selectors: str) -> str:
    """Return selectors without their conditions in brackets, so that they choose the same elements or more."""
    selectors, before = re.sub(r"\[[^\]]*\]", "", selectors), ""
    while selectors != before:
        selectors, before = re.sub(r"\([^()]*\)", "", selectors), selectors
    return selectors


class _Last:
    """The last part of a selector, which names the element that has the style."""

    def __init__(self, selector: str) -> None:
        self.text = re.split(r"[\s>+~]+", selector.strip())[-1]
        self.in_doubt = "\\" in selector or "|" in selector or not selector.isascii()
        self.tag = "" if self.in_doubt else _at_start(r"[a-zA-Z0-9]*", self.text).lower()
        self.is_link = self.text.startswith("a:") or "MsoHyperlink" in self.text

    def may_be_in(self, tags: set[str], classes: set[str]) -> bool:
        """Tell whether it may choose something in a text with these tags and classes."""
        named = {name.lower() for name in re.findall(r"\.([\w-]+)", self.text)}
        return self.in_doubt or ((not self.tag or self.tag in tags) and named <= classes)


def _changes(last: _Last, name: str, value: str, tags: set[str]) -> bool:
    if name in LIST_STYLES and last.tag in ("", "li"):  # an item's number or bullet is that of its list
        return any(_changes(_Last(one), name, value, tags) for one in {"ol", "ul"} & tags)
    try:
        found = effect(name, value, last.tag or "span", link=last.is_link)
    except Refused:
        return True
    natural = {"strong", "em"} if _MARKED_BY_DEFAULT.fullmatch(last.tag) else set()
    script = found.get("script") not in (None, last.tag)
    return (
        script
        or any(found.get(name) for name in {"strong", "em", "symbol_font", "lines"} - natural)
        or found.get("color") == "white"
    )


def _at_start(pattern: str, text: str) -> str:
    found = re.match(pattern, text)
    return found[0] if found else ""
