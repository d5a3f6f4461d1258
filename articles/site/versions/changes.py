"""The changes between two published versions, as readers see them; computed once and cached."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from articles.frozen.signed_text import frozen_content, intact_contents
from articles.models import Version
from articles.site.keeping.sealed_cache import cached, known, write
from articles.text.languages import interface_language
from articles.text.redline.contents import Comparison, Other, Section, compare
from articles.text.redline.counting import in_words, numbered
from articles.text.redline.signed import Fact

FIGURE = 'data-sort="figure"'
WHOLE = {"new": "section", "removed": "section", "renumbered": "number"}  # a section in this state is one change
FACTS = {"contributors": "people", "ai_use": "ai", "topics": "topics", "disclaimers": "disclaimer"}


@dataclass(frozen=True)
class Changes:
    """
    Both versions in one text, as HTML, in which each place with changes has an id and links to its neighbours.

    `any` tells whether anything changed for these readers, `same` whether nothing that was signed changed at all.
    `counts` are the changes by sort, in so many `places`. `others` are the audiences for which the text changed in
    another way, and `labels` all audiences of the later version, by their keys.
    """

    html: str
    any: bool
    same: bool
    counts: dict[str, int]
    places: int
    others: list[str]
    labels: dict[str, str]

    @property
    def in_words(self) -> str:
        return in_words(self.counts, self.places)


def changes_between(earlier: Version, later: Version, audience: str) -> Changes:
    """
    Return the changes for this audience, marked in one text.

    Raise DamagedText if one of the stored texts is not the signed one.
    """

    def make() -> dict[str, Any]:
        return asdict(changes_of(frozen_content(earlier), frozen_content(later), audience))

    return Changes(**cached(f"changes:{interface_language()}:{earlier.digest}:{later.digest}:{audience}", make))


@dataclass(frozen=True)
class Counted:
    """The changes of one version against another, by sort, and whether nothing that was signed changed."""

    counts: dict[str, int]
    same: bool
    others: list[str]

    @property
    def in_words(self) -> str:
        return in_words(self.counts)


def counts_between(pairs: list[tuple[Version, Version]]) -> list[Counted | None]:
    """
    Return for each pair what changed for the audience that the later version was written for.

    Pairs that were never counted are compared, with one query for all their texts; the others cost none. None for a
    pair of which a text was erased, or is not the signed one.
    """
    found = {pair: known(_counts_name(*pair)) for pair in pairs}
    missing = {version for pair, counted in found.items() if counted is None for version in pair}
    texts = intact_contents(sorted(missing, key=lambda version: version.number)) if missing else {}
    for (earlier, later), counted in found.items():
        if counted is None and earlier.pk in texts and later.pk in texts:
            whole = changes_of(texts[earlier.pk], texts[later.pk], later.written_for)
            made = {"counts": whole.counts, "same": whole.same, "others": whole.others}
            write(_counts_name(earlier, later), made)
            found[earlier, later] = made
    return [Counted(**counted) if counted else None for counted in map(found.get, pairs)]


def _counts_name(earlier: Version, later: Version) -> str:
    return f"counts:{earlier.digest}:{later.digest}:{later.written_for}"


def changes_of(old: dict[str, Any], new: dict[str, Any], audience: str) -> Changes:
    """Return the changes between two frozen contents."""
    found = compare(old, new, audience)
    html, counts, places = numbered(marked_text(found))
    labels = {row["key"]: row["label"] for row in new["audiences"]}
    return Changes(html, found.any, found.same, counts, places, [other.label for other in found.others], labels)


def marked_text(found: Comparison) -> str:
    """Return the compared texts in one: title, sections, references, texts for other readers, and what is beside."""
    parts = [
        f'<p class="redline-title" data-place="title">{found.title}</p>',
        *map(section_of, found.sections),
        *references_of(found),
        *map(other_of, found.others),
        *facts_of(found),
    ]
    return "\n".join(parts)


def section_of(section: Section) -> str:
    sort = "section" if section.moved else WHOLE.get(section.state, "")
    moved = f'<p class="hint" data-moved="" lang="{interface_language()}">{escape(section.moved)}.</p>'
    moved = moved if section.moved else ""
    if sort and section.state == "changed":  # the move is one change, and what changed in it are others
        moved, sort = moved.replace("<p ", '<p data-sort="section" '), ""
    heading = f"<h2>{section.heading}</h2>" if section.heading else ""
    return f"<section{sorted_as(sort)}>{heading}{moved}{section.html}</section>"


def sorted_as(sort: str) -> str:
    return f' data-sort="{sort}"' if sort else ""


def other_of(other: Other) -> str:
    """Return the changes for other readers only."""
    heading = f"<h2>{escape(_('For other readers: {readers}').format(readers=other.label))}</h2>"
    parts = (
        f'<div{sorted_as("others" if one.state in WHOLE else "")} data-place="others">'
        f"{f'<h3>{one.heading}</h3>' if one.heading else ''}{one.html}</div>"
        for one in other.sections
    )
    return f'<section data-for-others="">{heading}{"".join(parts)}</section>'


def facts_of(found: Comparison) -> list[str]:
    """Return the changes beside the text as one section."""
    rows = "".join(
        f"<div{_counted(fact, found)}><dt>{escape(fact.name)}</dt><dd>{fact.html}</dd></div>" for fact in found.facts
    )
    heading = escape(_("Beside the text"))
    return [f'<section class="about"><h2>{heading}</h2><dl>{rows}</dl></section>'] if rows else []


def _counted(fact: Fact, found: Comparison) -> str:
    """Return how a fact is counted; one that the sections or the list of references show too is counted there."""
    kind, _, key = fact.part.partition(" ")
    every = [*found.sections, *(row for other in found.others for row in other.sections)]
    comes_or_goes = any(row.key == key and row.state in ("new", "removed") for row in found.sections)
    shown = {
        "reference": found.works.get(key, False),
        "order": any(row.moved for row in found.sections),
        "role": comes_or_goes,
        "topic": comes_or_goes,
        "figures": any(FIGURE in row.html for row in every),
    }
    if shown.get(kind):
        return ' data-counted=""'
    return sorted_as("reference" if kind == "reference" else FACTS.get(kind, "fact"))


def references_of(found: Comparison) -> list[str]:
    rows = zip(found.works.values(), found.references, strict=True)
    items = "".join(
        f'<li{sorted_as("reference" if changed else "")} data-place="number">{row}</li>' for changed, row in rows
    )
    if not items:
        return []
    heading = escape(_("References"))
    return [f'<section class="references"><h2>{heading}</h2><ul class="numbered">{items}</ul></section>']
