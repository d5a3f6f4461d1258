"""What a version changed in the one published before it, as its readers see it; made once and kept in the cache."""

from dataclasses import asdict, dataclass

from django.utils.html import escape

from articles.frozen.signed_text import frozen_content
from articles.models import Version
from articles.site.keeping import kept
from articles.text.redline.contents import Other, Section, compare
from articles.text.redline.signed import Fact


@dataclass(frozen=True)
class Changes:
    """The marked title and all that changed, whether the text of these readers did, and whether nothing did."""

    title: str
    html: str
    any: bool
    same: bool


def changes_between(earlier: Version, later: Version) -> Changes:
    """
    Return what changed for the audience that the later version was written for, both texts in one.

    Raise DamagedText where one of the stored texts is not the one that was signed.
    """

    def make() -> dict:
        return asdict(_changes(frozen_content(earlier), frozen_content(later), later.written_for))

    return Changes(**kept(f"changes:{earlier.digest}:{later.digest}:{later.written_for}", make))


def _changes(old: dict, new: dict, audience: str) -> Changes:
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
    """Return what other readers get otherwise."""
    heading = f"<h2>For other readers: {escape(other.label)}</h2>"
    parts = (f"{f'<h3>{one.heading}</h3>' if one.heading else ''}{one.html}" for one in other.sections)
    return f'<section data-for-others="">{heading}{"".join(parts)}</section>'


def _facts(facts: list[Fact]) -> list[str]:
    """Return what changed beside the text, as one section."""
    rows = "".join(f"<div><dt>{escape(fact.name)}</dt><dd>{fact.html}</dd></div>" for fact in facts)
    return [f'<section class="about"><h2>Beside the text</h2><dl>{rows}</dl></section>'] if rows else []


def _references(references: list[str]) -> list[str]:
    items = "".join(f"<li>{reference}</li>" for reference in references)
    if not items:
        return []
    return [f'<section class="references"><h2>References</h2><ul class="numbered">{items}</ul></section>']
