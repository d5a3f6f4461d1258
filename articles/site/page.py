"""What is frozen with a version, made ready for one audience once and kept in the cache."""

from dataclasses import dataclass

from django.core.cache import cache

from articles.canonical import sha256
from articles.content import thaw
from articles.models import Article, Version, VersionText
from articles.rendering import RENDERER, render

FORM = "1"  # Part of the cache key. Raise it whenever Page changes.


class DamagedText(Exception):
    """Raised where the stored text of a version is not the one that was signed: such a text is shown to nobody."""


@dataclass(frozen=True)
class Page:
    """The `<article>` of a version for one audience, and the frozen words that stand beside it."""

    html: str
    minutes: int
    authors: list[str]
    ai_use: str
    ai_note: str


def page_of(version: Version, audience: str) -> Page:
    """
    Return the page of a version for an audience, by its key.

    A version never changes, so it is rendered once for each audience and renderer. Raise DamagedText, and show nothing,
    when the stored text does not have the version's digest.
    """
    key = f"page:{RENDERER}.{FORM}:{version.digest}:{audience}"
    page = cache.get(key)
    if page is None:
        page = _render(version, audience)
        cache.set(key, page, timeout=None)
    return page


def frozen_text(version: Version) -> str:
    """Return the canonical text of a version; raise DamagedText when it does not have the version's digest."""
    text = VersionText.objects.values_list("text", flat=True).get(version=version)
    if sha256(text) != version.digest:
        raise DamagedText(f"The stored text of version {version.pk} does not have its digest.")
    return text


def _render(version: Version, audience: str) -> Page:
    content = thaw(frozen_text(version))
    rendered = render(content, audience)
    people = [person for person in content["contributors"] if person["role"] == "author"]
    return Page(
        html=rendered.html,
        minutes=rendered.minutes,
        authors=[", ".join(filter(None, (person["name"], person["credentials"]))) for person in people],
        ai_use=Article.AIUse(content["ai_use"]["level"]).label,
        ai_note=content["ai_use"]["note"],
    )
