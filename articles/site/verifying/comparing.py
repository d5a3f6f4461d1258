"""
What readers are shown, compared with what was signed: as it is rendered, as it is kept, and as it arrives.

A finding names the place at which the page stops being the one that was signed: the database, the renderer, the cache,
or the edge, which is all that stands between the site and its readers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from lxml import html

from articles.frozen.signed_text import DamagedText, frozen_content
from articles.models import Article, Audience, Version
from articles.site import reading
from articles.site.keeping import Altered, look
from articles.site.page import Page, name_of, page_from
from articles.site.verifying import edge
from articles.text.canonical import sha256
from articles.text.rendering import visible_text


@dataclass(frozen=True)
class Finding:
    """A page that is not what was signed, or was not seen; `place` is empty for one that could not be fetched."""

    page: str
    place: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.page}: {f'{self.place}: ' if self.place else ''}{self.sentence}"


@dataclass(frozen=True)
class Compared:
    """One version: how many pages of it were compared, and what was found."""

    version: Version
    pages: int
    findings: list[Finding]


class Asked(HttpRequest):
    """A request that nobody sent, at a host that none of the words compared tells of."""

    def get_host(self) -> str:
        return "this.host"


def versions() -> QuerySet[Version]:
    """Return every version that was published, each with whether readers can still open it, by number of its row."""
    public = Article.objects.public().filter(published_version__isnull=False)
    is_removed = Exists(reading.removals().filter(versions=OuterRef("pk")))
    is_open = Q(Exists(public.filter(pk=OuterRef("article")))) & ~Q(is_removed)
    return reading.published_versions().select_related("article").annotate(is_open=is_open).order_by("pk")


def compare(version: Version, url: str = "", timeout: float = 20) -> Compared:
    """
    Compare one of `versions()`, in process, and as it arrives from `url` where one is given.

    Of the version that is shown now there is a page for each audience, of an older one that of its own audience. What
    was removed may be shown at none of its addresses. Raise `edge.Unreachable` when nobody answers at `url`.
    """
    if not version.is_open:
        return _removed(version, url.rstrip("/"), timeout) if url else Compared(version, 0, [])
    try:
        content = frozen_content(version)
    except DamagedText:
        name = f"{version.article.slug}, version {version.number}"
        return Compared(version, 1, [Finding(name, "database", "the text or title stored is not the one signed.")])
    found, seen = [], 0
    is_newest = version.pk == version.article.published_version_id
    for audience in content["visible"] if is_newest else [version.written_for]:
        name = f"{version.article.slug}, version {version.number}, for {audience}"
        differences = list(_inside(version, content, audience))
        try:
            if url and not differences:
                differences += _outside(version, content, audience, url.rstrip("/"), timeout)
            seen += 1
        except edge.Unseen as error:
            differences.append(("", str(error)))
        found += [Finding(name, place, sentence) for place, sentence in differences]
    return Compared(version, seen, found)


def _removed(version: Version, url: str, timeout: float) -> Compared:
    """Look at each address at which the version was shown or given, for whatever readers, that it is there no more."""
    article = version.article
    names = ("version", "signed", "changes")
    shown = [(reverse(name, args=[article.slug, version.number]), version.written_for) for name in names]
    if version.pk == article.published_version_id:
        keys = Audience.objects.values_list("key", flat=True)
        shown += [(reverse("article_for", args=[article.slug, key]), key) for key in keys]
    found = []
    for path, audience in shown:
        if edge.gives_anything(url + path, timeout):
            name = f"{article.slug}, version {version.number}, for {audience}"
            found.append(Finding(name, "edge", f"{path}: a text is shown that was removed."))
    return Compared(version, 0, found)  # nothing was signed that it could be compared with


def _inside(version: Version, content: dict, audience: str) -> Iterator[tuple[str, str]]:
    """Yield where the page stops being the one that was signed, in this process and in the cache."""
    page = page_from(content, audience)
    if sha256(visible_text(page.html)) != content["visible"][audience]:
        yield "renderer", "the text rendered is not the text signed."
    try:
        kept = look(name_of(version, audience))
    except Altered:
        yield "cache", "what is kept is not what this site has put there. Readers are not shown it."
        return
    if kept is not None and Page(**kept) != page:
        yield "cache", "what is kept is not what is rendered."


def _outside(version: Version, content: dict, audience: str, url: str, timeout: float) -> Iterator[tuple[str, str]]:
    """Yield the ways of asking for the page by which something else arrives."""
    pages = []
    if version.pk == version.article.published_version_id:
        pages.append((reading.article_for, "article_for", {"audience": audience}))
    if audience == version.written_for:
        pages.append((reading.version, "version", {"number": version.number}))
    page = page_from(content, audience)
    for view, name, which in pages:
        which["slug"] = version.article.slug
        path = reverse(name, kwargs=which)
        signed = edge.Signed(content["title"], content["visible"][audience], page, _given_now(view, path, which))
        for sentence, ways in edge.differences(url + path, signed, timeout).items():
            yield "edge", f"{path}, asked {', '.join(ways)}: {sentence}"


def _given_now(view, path: str, which: dict) -> str:
    """Return the words of the page that this process would give to a reader at this moment."""
    request = Asked()
    request.method, request.path, request.user = "GET", path, AnonymousUser()
    return edge.words_around(html.document_fromstring(view(request, **which).content))
