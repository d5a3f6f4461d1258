"""
The changes between two frozen contents: in the text for one audience, and in everything else that is signed.

Every change under the digest is shown: in a section, a reference, a line of `facts`, or the text of other readers.
Only `same` says that nothing changed.
"""

import itertools
import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, NamedTuple, TypeAlias, TypeVar

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import html

from articles.text import richtext
from articles.text.citations import number_keys
from articles.text.redline import changed, plain_redline, redline
from articles.text.redline.figures import with_figures
from articles.text.redline.invisible_changes import with_names
from articles.text.redline.signed import Fact, changed_facts, marked, reference_details, unknown_parts
from articles.text.rendering.citing import listed
from articles.text.rendering.our_words import words_of
from articles.text.rendering.sections import Shown, choose, wording_note

Key = TypeVar("Key", bound=Hashable)
Sides: TypeAlias = "dict[str, tuple[_Side, _Side]]"  # old and new text, by audience
Place: TypeAlias = tuple[str, str, str]  # of a text: key of the section, audience or "", heading or body

HIDDEN = '<span class="visually-hidden">{}</span>'
UNSEEN = {  # by the part of a section, and whether it is a wording for an audience
    ("heading", False): gettext_lazy("Signed, with a change that readers do not see: the heading of “{section}”"),
    ("body", False): gettext_lazy("Signed, with a change that readers do not see: the body of “{section}”"),
    ("heading", True): gettext_lazy(
        "Signed, with a change that readers do not see: the heading of “{section}”, wording for {audience}"
    ),
    ("body", True): gettext_lazy(
        "Signed, with a change that readers do not see: the body of “{section}”, wording for {audience}"
    ),
}
_TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.DOTALL)


@dataclass(frozen=True)
class Section:
    """
    A section of both texts, with its changes marked. `moved` says from which place to which, if it moved.

    `state` is changed, new, removed, same or renumbered. Renumbered: the words are the same, but citations or tables
    have other numbers.
    """

    heading: str
    html: str
    state: str
    moved: str = ""
    key: str = ""


@dataclass(frozen=True)
class Other:
    """Changes in the text of another audience that differ from those of the compared audience."""

    label: str
    sections: list[Section]


@dataclass(frozen=True)
class Comparison:
    """
    Both texts in one: the marked title, the sections in the new order, and the marked references.

    `works` tells for each reference, by its key, whether its entry changed. `facts` are changes of signed facts beside
    the text, `others` changes for other audiences. `same`: the two contents are equal in everything. `whole` are the
    audiences whose new text has all its words here, each with the keys of its sections that are among `sections`.
    """

    title: str
    sections: list[Section]
    references: list[str]
    facts: list[Fact] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    same: bool = False
    works: dict[str, bool] = field(default_factory=dict)
    whole: dict[str, list[str]] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Tell whether the text for this audience changed."""
        marked = [self.title, *self.references]
        return any(one.state != "same" or one.moved for one in self.sections) or any(map(changed, marked))


def compare(old: dict[str, Any], new: dict[str, Any], audience: str) -> Comparison:
    """
    Return the changes, with the text as this audience reads it. Hidden words name each change too.

    Citations have the numbers of their references. Removed ones keep their old number; a changed number is marked.
    """
    before, after = _Side(old, audience), _Side(new, audience)
    keys = dict.fromkeys(row["key"] for content in (new, old) for row in content["audiences"])
    sides = {key: (_Side(old, key), _Side(new, key)) for key in keys if key != audience}
    sides |= {audience: (before, after)}
    works = _in_order(list(before.works), list(after.works))
    found = Comparison(
        title=_worded(plain_redline(old["title"], new["title"])),
        sections=list(_sections(before, after, _moved(old, new))),
        references=[_worded(_reference(before, after, key)) for key in works],
        facts=[fact._replace(html=_worded(fact.html)) for fact in _facts(old, new, sides)],
        others=list(_others(old, new, sides, audience)),
        same=old == new,
        works={key: before.works.get(key) != after.works.get(key) for key in works},
        whole={key: names for key in keys if (names := _shown_for(sides, key, audience)) is not None},
    )
    if not (found.same or found.any or found.facts or found.others):
        differing = [key for key in old.keys() | new.keys() if old.get(key) != new.get(key)]
        found.facts.append(
            Fact(_("Signed parts with changes that this comparison cannot show"), escape(", ".join(sorted(differing))))
        )
    return found


def _facts(old: dict[str, Any], new: dict[str, Any], sides: Sides) -> Iterator[Fact]:
    yield from changed_facts(old, new)
    yield from _about_the_sections(old, new)
    yield from reference_details(old, new)
    yield from _not_shown(old, new, sides)
    yield from unknown_parts(old, new)
    for key in sorted(old["visible"].keys() | new["visible"].keys()):
        digests = [content["visible"].get(key, "none") for content in (old, new)]
        one, other = sides.get(key) or (_Side(old, key), _Side(new, key))
        if digests[0] != digests[1] and one.seen == other.seen:
            words = _("The text is the same, but a change of the site’s software changed what readers see. SHA-256:")
            name = _("What is visible (for {audience})").format(audience=key)
            yield Fact(name, f"{words} {plain_redline(*digests)}")


OF_SECTIONS = {"topic": gettext_lazy("Topic of “{section}”"), "role": gettext_lazy("Role of “{section}”")}


def _about_the_sections(old: dict[str, Any], new: dict[str, Any]) -> Iterator[Fact]:
    """Yield each section's changed topic or role, and the changed order of the sections."""
    before, after = ({row["key"]: row for row in content["sections"]} for content in (old, new))
    for part, named in OF_SECTIONS.items():
        for key in _in_order(list(before), list(after)):
            one, other = (side.get(key, {}).get(part) for side in (before, after))
            if one != other:
                name = str(named).format(section=_name(after.get(key) or before[key]))
                yield Fact(name, marked(str, one, other), f"{part} {key}")
    if _moved(old, new):
        yield Fact(_("Order of the sections"), _order(old, new), "order")


def _order(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Return the sections in order, with each that moved or went marked in its old place, and in its new one."""
    rows = [content["sections"] for content in (old, new)]
    before, after = ([row["key"] for row in side] for side in rows)
    pieces: list[str] = []
    for sign, *bounds in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        sides = rows[0][slice(*bounds[:2])], rows[1][slice(*bounds[2:])]
        if sign == "equal":
            pieces += [escape(_name(row)) for row in sides[1]]
            continue
        for tag, side in zip(("del", "ins"), sides, strict=True):
            pieces += [f"<{tag}>{escape(_name(row))}</{tag}>" for row in side]
    return "; ".join(pieces)


def _name(section: dict[str, Any]) -> str:
    return section["heading"] or _("Lead")


def _moved(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Return for each common section whose order changed from which place to which it moved, in words."""
    before, after = ([row["key"] for row in content["sections"]] for content in (old, new))
    one, other = [key for key in before if key in after], [key for key in after if key in before]
    stayed = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    kept = {key for block in stayed for key in one[block.a : block.a + block.size]}
    return {key: _move(new, before.index(key) + 1, after.index(key) + 1) for key in one if key not in kept}


def _move(new: dict[str, Any], old_place: int, place: int) -> str:
    if place == 1:
        return _("Moved from place {before} to place 1, now the first").format(before=old_place)
    said = _("Moved from place {before} to place {after}, now after “{section}”")
    return said.format(before=old_place, after=place, section=_name(new["sections"][place - 2]))


def _not_shown(old: dict[str, Any], new: dict[str, Any], sides: Sides) -> Iterator[Fact]:
    """
    Yield each changed heading or body whose change no reader sees.

    An empty heading that was added or removed with its text is left out: the text shows it.
    """
    before, after = (dict(_texts(content)) for content in (old, new))
    names = {section["key"]: _name(section) for content in (old, new) for section in content["sections"]}
    for place in _in_order(list(before), list(after)):
        one, other = before.get(place), after.get(place)
        key, audience, part = place
        shown_by_text = part == "heading" and not one and not other
        if one != other and not shown_by_text and not any(_shows(pair, *place, one, other) for pair in sides.values()):
            said = UNSEEN[part, bool(audience)]
            yield Fact(str(said).format(section=names[key], audience=audience), marked(str, one, other))


def _texts(content: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    for section in content["sections"]:
        texts = {"": section, **section["wordings"]}
        for audience, text in texts.items():
            for part in ("heading", "body"):
                yield (section["key"], audience, part), text[part]


def _shows(
    sides: "tuple[_Side, _Side]", key: str, audience: str, part: str, one: str | None, other: str | None
) -> bool:
    """Tell whether these readers see this change, by its old or its new text."""
    shown = [getattr(side.shown.get(key), part, None) for side in sides]
    kept = [None if text is None else richtext.clean(text) if part == "body" else text for text in (one, other)]
    return shown[0] != shown[1] and ((bool(kept[0]) and shown[0] == kept[0]) or (bool(kept[1]) and shown[1] == kept[1]))


def _others(old: dict[str, Any], new: dict[str, Any], sides: Sides, audience: str) -> Iterator[Other]:
    """Yield the changes for other audiences that differ from those for this audience."""
    labels = {row["key"]: row["label"] for content in (old, new) for row in content["audiences"]}
    mine = sides[audience]
    for key, (before, after) in sides.items():
        if key == audience:
            continue
        found: list[Section] = []
        for name in _in_order(list(before.shown), list(after.shown)):
            pair = before.text(name), after.text(name)
            if pair[0] != pair[1] and pair != (mine[0].text(name), mine[1].text(name)):
                found.append(_section(before, after, name))
        if found:
            yield Other(labels[key], found)


def _shown_for(sides: Sides, key: str, audience: str) -> list[str] | None:
    """
    Return the sections of the compared audience in which this one's new text stands; the others are in `others`.

    None if not all its words stand here: a section that did not change for them is not shown where the compared
    audience has another text, and a citation must have the number of the same work.
    """
    (before, after), mine = sides[key], sides[audience][1]
    if not after.numbers.items() <= mine.numbers.items():
        return None
    shared = [name for name in after.shown if after.text(name) == mine.text(name)]
    own = [name for name in after.shown if name not in shared]
    return shared if all(before.text(name) != after.text(name) for name in own) else None


class _Side:
    """One of the two texts as an audience sees it: its sections and references; empty for an unknown audience."""

    def __init__(self, content: dict[str, Any], audience: str) -> None:
        is_for_them = audience in {row["key"] for row in content["audiences"]}
        self.shown = {one.key: one for one in choose(content, audience)} if is_for_them else {}
        cited = (key for one in self.shown.values() for key in richtext.cited_keys(one.body))
        works = {row["key"]: row for row in content["references"]}
        self.numbers = number_keys(key for key in cited if key in works)
        self.tables = _tables(self.shown.values())
        self.figures = {row["key"]: row for row in content.get("figures", [])}
        self.figure_numbers = self._figure_numbers()
        own = words_of(content)
        self.works = {
            key: listed(works[key]["csl"], works[key].get("although_retracted", ""), own) for key in self.numbers
        }
        note = wording_note(content, audience, list(self.shown.values()))
        figures = [self.figures_in(key) for key in self.shown]
        texts = [one[:4] for one in self.shown.values()]
        self.seen = (texts, self.numbers, self.works, figures, note, content["language"])

    def text(self, key: str) -> tuple[Any, ...] | None:
        """Return heading, body and numbers of a section for these readers; None if they do not see it."""
        one = self.shown.get(key)
        return (one.heading, one.body, *self.numbers_in(key), self.figures_in(key)) if one else None

    def numbers_in(self, key: str) -> tuple[list[int | None], list[int], list[int]]:
        """Return the numbers of the section's citations, those of its tables, and those of its figures, in order."""
        cited = richtext.cited_keys(self.shown[key].body)
        tables = [table.number for table in self.tables[key]]
        return [self.numbers.get(work) for work in cited], tables, self.figure_numbers[key]

    def figures_in(self, key: str) -> list[dict[str, Any] | None]:
        """Return the figures that the section shows, in order; None for one that is missing."""
        return [self.figures.get(name) for name in richtext.figure_keys(self.shown[key].body)]

    def _figure_numbers(self) -> dict[str, list[int]]:
        """Return the numbers of each section's figures, as in `rendering.numbered.figures`."""
        numbers = itertools.count(1)
        return {
            key: [next(numbers) for figure in self.figures_in(key) if figure and figure["alt"]] for key in self.shown
        }


class Numbered(NamedTuple):
    """A table with its number, as shown to readers."""

    number: int
    caption: str
    html: str

    @property
    def name(self) -> str:
        name = _("Table {number}").format(number=self.number)
        return f"{name}. {self.caption}" if self.caption else name


def _tables(sections: Iterable[Shown]) -> dict[str, list[Numbered]]:
    """Return the tables of each section, numbered as in `rendering.numbered.tables`."""
    numbers = itertools.count(1)
    return {one.key: [_numbered_table(next(numbers), text) for text in _TABLE.findall(one.body)] for one in sections}


def _numbered_table(number: int, text: str) -> Numbered:
    caption = _CAPTION.search(text)
    return Numbered(number, richtext.plain(caption[1]).strip() if caption else "", text)


def _sections(old: _Side, new: _Side, moved: dict[str, str]) -> Iterator[Section]:
    for key in _in_order(list(old.shown), list(new.shown)):
        yield _section(old, new, key, moved.get(key, ""))


def _section(old: _Side, new: _Side, key: str, moved: str = "") -> Section:
    one, other = old.shown.get(key), new.shown.get(key)
    heading = plain_redline(one.heading if one else "", other.heading if other else "")
    body = redline(one.body if one else "", other.body if other else "")
    body = with_figures(body, old.figures, new.figures)
    state = "new" if one is None else "removed" if other is None else "changed"
    if one and other and not changed(heading) and not changed(body):
        if (one.heading, one.body) == (other.heading, other.body):
            state = "same" if old.numbers_in(key) == new.numbers_in(key) else "renumbered"
        else:
            body += f"<p>{plain_redline(one.body, other.body)}</p>"  # a difference without a mark
    tables = _renumbered_tables(old.tables[key], new.tables[key]) if one and other else ""
    tables += _renumbered_figures(old.figure_numbers[key], new.figure_numbers[key]) if one and other else ""
    return Section(
        _worded(heading),
        _worded(tables + _numbered(body, old.numbers, new.numbers)),
        state,
        moved,
        key,
    )


def _renumbered_tables(before: list[Numbered], after: list[Numbered]) -> str:
    """Return the old and new numbers of a section's tables; empty if none has another number."""
    if all(one.number == other.number for one, other in _pairs(before, after)):
        return ""
    old, new = ("; ".join(escape(table.name) for table in tables) for tables in (before, after))
    return f"<p>{escape(_('In this section:'))} <del>{old}</del> <ins>{new}</ins></p>"


def _renumbered_figures(before: list[int], after: list[int]) -> str:
    """Return the old and new numbers of a section's figures; empty if they are the same ones, or of other figures."""
    if before == after or len(before) != len(after):
        return ""
    old, new = ("; ".join(_("Figure {number}").format(number=number) for number in side) for side in (before, after))
    return f"<p>{escape(_('In this section:'))} <del>{escape(old)}</del> <ins>{escape(new)}</ins></p>"


def _pairs(before: list[Numbered], after: list[Numbered]) -> Iterator[tuple[Numbered, Numbered]]:
    """Pair old and new tables: first equal ones, then those with the same caption, then the most similar."""
    old, new = list(before), list(after)
    for same in (lambda table: table.html, lambda table: table.caption):
        for one in list(old):
            if other := next((each for each in new if same(one) and same(each) == same(one)), None):
                old.remove(one)
                new.remove(other)
                yield one, other
    while old and new:
        one, other = max(((one, other) for one in old for other in new), key=lambda pair: _likeness(*pair))
        old.remove(one)
        new.remove(other)
        yield one, other


def _likeness(one: Numbered, other: Numbered) -> tuple[float, int]:
    """Return the share of common words of two tables, then how near their numbers are."""
    before, after = (richtext.plain(table.html).split() for table in (one, other))
    return SequenceMatcher(None, before, after, autojunk=False).ratio(), -abs(one.number - other.number)


def _reference(old: _Side, new: _Side, key: str) -> str:
    """Return a work with its number. If the entry changed, return both, or the one that was added or removed."""
    before, after = (side.works.get(key, "") for side in (old, new))
    number = _number(old.numbers.get(key), new.numbers.get(key))
    if before == after:
        return f"{number}. {after}"
    marks = (f"<del>{before}</del>" if before else "", f"<ins>{after}</ins>" if after else "")
    return f"{number}. {' '.join(filter(None, marks))}"


def _number(before: int | str | None, after: int | str | None) -> str:
    """Return the number of a reference; both numbers, marked, if it changed."""
    both = before and after and before != after
    return f"<del>{before}</del><ins>{after}</ins>" if both else str(after or before)


def _in_order(old: list[Key], new: list[Key]) -> list[Key]:
    """Return the keys of both in the new order. A removed key follows its old predecessor."""
    keys = list(new)
    for place, key in enumerate(old):
        if key not in keys:
            keys.insert(keys.index(old[place - 1]) + 1 if place else 0, key)
    return keys


def _numbered(marked: str, old: dict[str, int], new: dict[str, int]) -> str:
    """Replace each citation by the number of its reference. Removed citations keep their old number."""
    text = html.fragment_fromstring(marked, create_parent="div")
    for cite in list(text.iter("cite")):
        key, within = cite.get("data-ref"), {ancestor.tag for ancestor in cite.iterancestors()}
        before, after = old.get(key, "?"), new.get(key, "?")
        number = before if "del" in within else after if "ins" in within else _number(before, after)
        mark = html.fragment_fromstring(f'<sup class="citation">[{number}]</sup>')
        mark.tail = cite.tail
        cite.getparent().replace(cite, mark)
    return (escape(text.text or "")) + "".join(html.tostring(child, encoding="unicode") for child in text)


def _worded(marked: str) -> str:
    """Name each change in words too, for screen readers, for pages without styles, and for invisible changes."""
    marked = with_names(marked)
    for tag, words in (("ins", _("[added: {change}]")), ("del", _("[removed: {change}]"))):
        before, after = (HIDDEN.format(escape(part)) for part in words.split("{change}"))
        marked = marked.replace(f"<{tag}>", f"<{tag}>{before}").replace(f"</{tag}>", f"{after}</{tag}>")
    return marked
