"""What a version changed in the one published before it, as its readers see it; made once and kept in the cache."""

from dataclasses import dataclass

from django.core.cache import cache

from articles.content import thaw
from articles.models import Version
from articles.redline.contents import Section, compare
from articles.rendering import RENDERER
from articles.site.page import frozen_text

FORM = "1"  # Part of the cache key. Raise it whenever Changes, or how they are marked, changes.


@dataclass(frozen=True)
class Changes:
    """The marked title and text, whether they differ at all, and for which other readers the words changed."""

    title: str
    html: str
    any: bool
    others: list[str]


def changes_between(earlier: Version, later: Version) -> Changes:
    """
    Return what changed for the audience that the later version was written for, both texts in one.

    Raise DamagedText where one of the stored texts is not the one that was signed.
    """
    key = f"changes:{RENDERER}.{FORM}:{earlier.digest}:{later.digest}:{later.written_for}"
    found = cache.get(key)
    if found is None:
        found = _changes(thaw(frozen_text(earlier)), thaw(frozen_text(later)), later.written_for)
        cache.set(key, found, timeout=None)
    return found


def _changes(old: dict, new: dict, audience: str) -> Changes:
    found = compare(old, new, audience)
    sections = [_section(section) for section in found.sections]
    return Changes(
        title=found.title,
        html="\n".join([*sections, *_references(found.references)]),
        any=found.any,
        others=[known["label"] for known in new["audiences"] if _other_words(old, new, known["key"])],
    )


def _section(section: Section) -> str:
    return f"<section>{f'<h2>{section.heading}</h2>' if section.heading else ''}{section.html}</section>"


def _references(references: list[str]) -> list[str]:
    items = "".join(f"<li>{reference}</li>" for reference in references)
    if not items:
        return []
    return [f'<section class="references"><h2>References</h2><ul class="numbered">{items}</ul></section>']


def _other_words(old: dict, new: dict, audience: str) -> bool:
    """Tell whether the wordings made for this audience differ."""
    before, after = (
        {section["key"]: section["wordings"].get(audience) for section in content["sections"]} for content in (old, new)
    )
    return any(before.get(key) != after.get(key) for key in {*before, *after})
