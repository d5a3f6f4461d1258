"""What a reviewer has to read of a version: everything signed that is another than in an earlier version."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from django.utils.html import escape, format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from articles.site.keeping.sealed_cache import cached
from articles.site.versions.changes import WHOLE, facts_of, references_of, section_of, sorted_as
from articles.site.versions.listing import Place, listed, places_of
from articles.templatetags.languages import in_language
from articles.text.languages import interface_language
from articles.text.redline.contents import Comparison, Other, Section, compare
from articles.text.redline.counting import in_words, numbered

STATES = {
    "new": _("New section"),
    "removed": _("Section removed"),
    "renumbered": _("Same words, different numbers"),
}
FOLDED = '<details class="unchanged">'


@dataclass(frozen=True)
class Changes:
    """
    Both versions in one text, with a list of all places with changes. `any`: something changed for the chosen readers.

    `same`: nothing that is signed changed. `others` are the labels of the audiences whose text changed in another way.
    `whole` are the audiences whose text stands here with all its words, and `whole_unfolded` those whose text does when
    the sections without a change are unfolded.
    """

    html: str
    counts: dict[str, int]
    rows: list[Place]
    any: bool
    same: bool
    others: list[str]
    whole: list[str]
    whole_unfolded: list[str]

    @property
    def in_words(self) -> str:
        return in_words(self.counts, len(self.rows))

    @property
    def has_folded(self) -> bool:
        return FOLDED in self.html

    @property
    def unfolded(self) -> str:
        return self.html.replace(FOLDED, FOLDED.replace(">", ' open="">'))


def changes_since(earlier: dict[str, Any], digest: str, content: dict[str, Any], later: str, audience: str) -> Changes:
    """Return the changes from one frozen content to another, whose digests these are; computed once and cached."""
    name = f"review:{digest}:{later}:{audience}:{interface_language()}"
    kept = cached(name, lambda: asdict(compared(earlier, content, audience)))
    return Changes(**{**kept, "rows": [Place(**row) for row in kept["rows"]]})


def compared(earlier: dict[str, Any], content: dict[str, Any], audience: str) -> Changes:
    """Return the changes between two frozen contents, without the cache."""
    found = compare(earlier, content, audience)
    html, counts, rows = listed("\n".join(_parts(found, content["language"])))
    folded = {one.key for one in found.sections if _is_folded(one, found.others)}
    return Changes(
        html=html,
        counts=counts,
        rows=[*places_of(rows)],
        any=found.any,
        same=found.same,
        others=[other.label for other in found.others],
        whole=[key for key, sections in found.whole.items() if not folded.intersection(sections)],
        whole_unfolded=[*found.whole],
    )


def marked_since(
    earlier: dict[str, Any], digest: str, content: dict[str, Any], later: str, audience: str
) -> tuple[str, str]:
    """Return both contents in one text, as `changes_since`, and the number of changes by sort in words; cached."""
    name = f"marked:{digest}:{later}:{audience}:{interface_language()}"

    def make() -> dict[str, Any]:
        found = compare(earlier, content, audience)
        html, counts, places = numbered("\n".join(_parts(found, content["language"])))
        return {"html": html, "words": in_words(counts, places)}

    kept = cached(name, make)
    return kept["html"], kept["words"]


def _parts(found: Comparison, language: str) -> Iterable[str]:
    """Yield the title, the sections with the texts for other readers beside them, the references, and the rest."""
    yield f'<p class="redline-title" {in_language(language)} data-place="title">{found.title}</p>'
    beside: dict[str, list[tuple[str, Section]]] = {}
    for other in found.others:
        for section in other.sections:
            beside.setdefault(section.key, []).append((other.label, section))
    for is_folded, sections in groupby(found.sections, key=lambda one: _is_folded(one, found.others)):
        if is_folded:
            yield _folded(list(sections), language)
            continue
        for section in sections:
            yield _side_by_side(section, beside.pop(section.key, []), language)
    for rest in beside.values():
        yield _side_by_side(None, rest, language)
    yield from references_of(found)
    yield from facts_of(found)


def _is_folded(section: Section, others: list[Other]) -> bool:
    """Tell whether a section is the same for all readers, and in its old place."""
    beside = any(one.key == section.key for other in others for one in other.sections)
    return section.state == "same" and not section.moved and not beside


def _folded(sections: list[Section], language: str) -> str:
    """Return sections without a change as one line that opens."""
    names = ", ".join(section.heading or escape(gettext("Lead")) for section in sections)
    said = ngettext("{number} section unchanged", "{number} sections unchanged", len(sections)).format(
        number=len(sections)
    )
    texts = "".join(
        f'<section data-section="{one.key}">{f"<h2>{one.heading}</h2>" if one.heading else ""}{one.html}</section>'
        for one in sections
    )
    return (
        f"{FOLDED}<summary><strong>{escape(said)}</strong>: <span {in_language(language)}>{names}"
        f"</span></summary><div {in_language(language)}>{texts}</div></details>"
    )


def _state(section: Section) -> str:
    """Return in words what happened to a section as a whole; empty if only its text changed."""
    said = STATES.get(section.state)
    tag = format_html('<p class="state" lang="{}"><strong class="tag">{}</strong></p>', interface_language(), said)
    return tag if said else ""


def _side_by_side(section: Section | None, others: list[tuple[str, Section]], language: str) -> str:
    texts = []
    if section:
        whole = f"{_state(section)}{section_of(section)}"
        texts.append(f'<div data-section="{section.key}" {in_language(language)}>{whole}</div>')
    for label, other in others:
        head = format_html('<p class="for">{}</p>', gettext("For other readers: {label}").format(label=label))
        sort = sorted_as("others" if other.state in WHOLE else "")
        heading = f"<h2>{other.heading}</h2>" if other.heading else ""
        texts.append(
            f'<section class="other" data-for-others="" {in_language(language)}><div{sort} data-place="others">{head}'
            f"{_state(other)}{heading}{other.html}</div></section>"
        )
    return f'<div class="side">{"".join(texts)}</div>' if len(texts) > 1 else "".join(texts)
