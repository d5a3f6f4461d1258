"""The changes of a version against the one published before it, as readers see them; computed once and cached."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.html import escape

from articles.frozen.signed_text import frozen_content
from articles.models import Version
from articles.site.keeping.sealed_cache import cached
from articles.text.redline.contents import Other, Section, compare
from articles.text.redline.signed import Fact


@dataclass(frozen=True)
class Changes:
    """
    The marked title and all changes as HTML.

    `any` tells whether anything changed for these readers, `same` whether nothing changed at all.
    """

    title: str
    html: str
    any: bool
    same: bool


def changes_between(earlier: Version, later: Version) -> Changes:
    """
    Return the changes for the audience that the later version was written for, marked in one text.

    Raise DamagedText if one of the stored texts is not the signed one.
    """

    def make() -> dict[str, Any]:
        return asdict(_changes(frozen_content(earlier), frozen_content(later), later.written_for))

    return Changes(**cached(f"changes:{earlier.digest}:{later.digest}:{later.written_for}", make))


def _changes(old: dict[str, Any], new: dict[str, Any], audience: str) -> Changes:
    found = compare(old, new, audience)
    sections = [_section(section) for section in found.sections]
    return Changes(
        title=found.title,
        html="\n".join([*sections, *_references(found.references), *map(_other, found.others), *_facts(found.facts)]),
        any=found.any,
        same=found.same,
    )


def _section(section: Section) -> str:
    moved = '<p class="hint">This section was moved.</p>' if section.moved else ""
    return f"<section>{f'<h2>{section.heading}</h2>' if section.heading else ''}{moved}{section.html}</section>"


def _other(other: Other) -> str:
    """Return the changes for other readers only."""
    heading = f"<h2>For other readers: {escape(other.label)}</h2>"
    parts = (f"{f'<h3>{one.heading}</h3>' if one.heading else ''}{one.html}" for one in other.sections)
    return f'<section data-for-others="">{heading}{"".join(parts)}</section>'


def _facts(facts: list[Fact]) -> list[str]:
    """Return the changes beside the text as one section."""
    rows = "".join(f"<div><dt>{escape(fact.name)}</dt><dd>{fact.html}</dd></div>" for fact in facts)
    return [f'<section class="about"><h2>Beside the text</h2><dl>{rows}</dl></section>'] if rows else []


def _references(references: list[str]) -> list[str]:
    items = "".join(f"<li>{reference}</li>" for reference in references)
    if not items:
        return []
    return [f'<section class="references"><h2>References</h2><ul class="numbered">{items}</ul></section>']
