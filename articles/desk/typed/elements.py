"""The elements: their allowed places, the look of the text in them, and their tags in the plain HTML."""

from dataclasses import dataclass, field
from typing import NamedTuple

from articles.desk.typed import styles, tags
from articles.desk.typed.attributes import Tag, places_figure
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _
from articles.text.richtext.allowed import HEADINGS, cell_attributes, safe_href, small
from articles.text.richtext.blocks import List, list_attributes
from articles.text.richtext.building import MAX_LIST_DEPTH
from articles.text.richtext.runs import write_tag

HOLD_NO_TEXT = {*tags.LISTS, *tags.ROWS, "table", "tr"}
ENDS_BY_ITSELF = {"p", "li", "td", "th", "tr", *tags.ROWS, "html", "body", "google-sheets-html-origin"}
_WHERE = {
    "li": tags.LISTS, "tr": {"table", *tags.ROWS}, "td": {"tr"}, "th": {"tr"}, "caption": {"table"},
    **{part: {"table"} for part in (*tags.ROWS, "colgroup")}, "col": {"table", "colgroup"},
}  # fmt: skip
_ORDER = {"caption": 0, "colgroup": 1, "col": 1, "thead": 2, "tbody": 3, "tr": 3, "tfoot": 4}
_ONCE = {"caption", "thead", "tfoot"}


class Look(NamedTuple):
    """The look of the text at one place."""

    href: str = ""
    strong: bool = False
    em: bool = False
    scripts: tuple[str, ...] = ()
    color: str = ""
    background: str = "white"
    symbol_font: str = ""
    lines: bool = False

    @property
    def marks(self) -> tuple[str, ...]:
        marks = (f"a {self.href}",) * bool(self.href) + ("strong",) * self.strong + ("em",) * self.em
        return marks + self.scripts


@dataclass
class Element:
    """An open element."""

    tag: Tag
    look: Look
    begins: int = 0  # the number of tokens before its content
    children: set[str] = field(default_factory=set)
    number: int = 0  # of the list's next item; 0 for bullets

    @property
    def name(self) -> str:
        return self.tag.name


def misplaced(tag: Tag, opened: list[Element]) -> str:
    """Return a sentence that says why the innermost of these elements cannot contain this block; empty if it can."""
    name, typed = tag.name, quoted(tag.typed)
    around = [element.name for element in opened]
    inside = around[-1] if around else ""
    if name in _WHERE:
        return _misplaced_part(tag, opened[-1] if opened else None)
    if inside in HOLD_NO_TEXT and not (inside in tags.LISTS and name in tags.LISTS and opened[-1].children):
        if inside in tags.LISTS:
            return _("{typed} is in <{inside}> but not in one of its items.").format(typed=typed, inside=inside)
        return _("{typed} is in <{inside}> but not in one of its cells.").format(typed=typed, inside=inside)
    within = {*around} & {*tags.LISTS, *HEADINGS, "table"}
    if name in HEADINGS and within:
        return _(
            "{typed} is a heading in a list, table or heading, where it would be plain text; write <strong>."
        ).format(typed=typed)
    if name == "table" and within:
        return _("{typed} is a table in a list, table or heading, which would lose its form.").format(typed=typed)
    if places_figure(tag) and within:
        return _(
            "{typed} is a figure in a list, table or heading. Write it on a line of its own, between two paragraphs."
        ).format(typed=typed)
    if name in tags.LISTS and {*around} & {"caption", *HEADINGS}:
        return _("{typed} is a list in a caption or heading, which would lose its form.").format(typed=typed)
    if name in tags.LISTS and sum(one in tags.LISTS for one in around) >= MAX_LIST_DEPTH:
        return _("{typed} is nested more than {most} deep.").format(typed=typed, most=MAX_LIST_DEPTH)
    return ""


def _misplaced_part(tag: Tag, parent: Element | None) -> str:
    name, typed = tag.name, quoted(tag.typed)
    where = _WHERE[name]
    if parent is None or parent.name not in where:
        sign = _("or")
        places = f" {sign} ".join(f"<{one}>" for one in sorted(where))
        return _("{typed} must be directly in {places}.").format(typed=typed, places=places)
    before = parent.children if parent.name == "table" else set()
    if (name in _ONCE and name in before) or any(_ORDER.get(one, 0) > _ORDER[name] for one in before):
        return _(
            "{typed} would not stay in its place; a table has one caption, one thead, its rows and "
            "one tfoot, in this order."
        ).format(typed=typed)
    return ""


def look(tag: Tag, around: Look, direction: str, within: str = "") -> Look:
    """Return the look of the text in this element `within` another. Raise styles.Refused if it cannot be kept."""
    mark = tags.MARKS.get(tag.name)
    if not (tag.attributes or mark or tag.name == "address"):
        return around
    if tag.name == "cite" and tag["data-ref"]:
        mark = None
    here = around._replace(
        strong=around.strong or mark == "strong",
        em=around.em or mark == "em" or tag.name == "address",
        scripts=(*around.scripts, mark) if mark in ("sub", "sup") else around.scripts,
        href=safe_href(tag["href"]) if tag.name == "a" and tag["href"] else around.href,
    )
    if tag["color"]:
        here = here._replace(color=styles.color_name(tag["color"]))
    if tag["bgcolor"]:
        here = here._replace(background=styles.color_name(tag["bgcolor"]))
    if tag["face"]:
        here = here._replace(symbol_font=styles.symbol_font_of(tag["face"]))
    by = styles.effects(tag["style"], tag.name, link=bool(here.href), direction=direction, within=within)
    set_by = by._asdict()
    if tag.name in HEADINGS or tag.name == "th":
        set_by["strong"] = None  # they are bold in any case
    if script := set_by.pop("script"):
        here = here._replace(scripts=(*around.scripts, script))  # of its own tag or its style, not of both
    return here._replace(**{name: value for name, value in set_by.items() if value is not None})


def tags_of(tag: Tag) -> tuple[str, str]:
    """Return the opening and the closing tag of this block in the plain HTML."""
    name = "div" if tag.name in tags.BLOCK_WRAPPERS else tag.name
    attributes: tuple[tuple[str, str], ...] = ()
    if name == "ol":
        attributes = list_attributes(List("ol", small(tag["start"])))
    elif name in tags.CELLS:
        attributes = cell_attributes(name, tag.attributes)
    return write_tag(name, attributes), f"</{name}>"
