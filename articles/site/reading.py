"""The pages of one article: its text for each audience, its versions, and what changed between them."""

from functools import lru_cache, wraps
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, F, OuterRef
from django.http import Http404
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from articles.canonical import sha256
from articles.models import Article, Audience, Notice, Slug, Version
from articles.rendering import RENDERER
from articles.site.audience import AUDIENCE_COOKIE
from articles.site.changes import changes_between
from articles.site.facts import facts, fingerprint
from articles.site.page import FORM, page_of

SHOWN = ("published_version__review", "latest_version__review")
ASK_EACH_TIME = "public, max-age=0, must-revalidate"  # a notice shows on the very next request


def at_its_address(view):
    """Hand the view the public article of this slug; else redirect from a former one, or answer 410 or 404."""

    @login_not_required
    @require_safe
    @wraps(view)
    def with_article(request, slug, **rest):
        found = Article.objects.public().select_related(*SHOWN).filter(slug=slug).first()
        return view(request, found, **rest) if found else not_at_its_address(request, slug, rest)

    return with_article


def of_a_version(view):
    """Hand the view a version that is or was published, with its article and live facts; 410 for a removed one."""

    @login_not_required
    @require_safe
    @wraps(view)
    def with_version(request, slug, number):
        version = published_version(slug, number)
        if version is None:
            return not_at_its_address(request, slug, {"number": number})
        around = facts(version.article, version, version.written_for)
        if around["removal"]:
            return removed(request, around["removal"].pk)
        return view(request, version.article, version, around)

    return with_version


def not_at_its_address(request, slug: str, rest: dict):
    """Answer 410 for a removed article and 301 for a former address; else raise Http404, whatever the reason."""
    if notice := removals().filter(article__slug=slug, versions=F("article__published_version")).first():
        return removed(request, notice.pk)
    former = Slug.objects.filter(slug=slug).select_related("article").first()
    if former and former.article.slug != slug and is_known_to_readers(former.article):
        return redirect(request.resolver_match.url_name, slug=former.article.slug, **rest, permanent=True)
    raise Http404


@at_its_address
@vary_on_cookie
def article(request, article):
    """Send the reader on to the text for the audience they chose, or for whom it was written."""
    chosen = request.COOKIES.get(AUDIENCE_COOKIE, "")
    known = Audience.objects.values_list("key", flat=True)
    audience = chosen if chosen and chosen in known else shown_version(article).written_for
    return redirect("article_for", slug=article.slug, audience=audience)


@at_its_address
def article_for(request, article, audience):
    """Show what is public of an article to an audience; 404 for an audience that nobody wrote for."""
    version = shown_version(article)
    around = facts(article, version, audience)
    if audience not in {version.written_for, *(known.key for known in around["audiences"])}:
        raise Http404
    return show(request, article, version, audience, around, "site/article.html")


@at_its_address
def versions(request, article):
    """List the published versions of an article, newest first."""
    if article.shown_pending:
        raise Http404
    removal = removals().filter(versions=OuterRef("pk"))
    rows = published_versions().filter(article=article).order_by("-number").annotate(is_removed=Exists(removal))
    return render(request, "site/versions.html", {"article": article, "versions": with_earlier(list(rows))})


@of_a_version
def version(request, article, version, around):
    """Show a version that is or was published, for the audience it was written for."""
    return show(request, article, version, version.written_for, around, "site/version.html")


@of_a_version
def changes(request, article, version, around):
    """Show what a version changed in the one published before it, for the audience it was written for."""
    earlier = published_versions().filter(article=article, number__lt=version.number).order_by("-number").first()
    if earlier and (removal := removals().filter(versions=earlier).first()):
        return removed(request, removal.pk)
    marked = changes_between(earlier, version) if earlier else None
    context = {"article": article, "version": version, "earlier": earlier, "marked": marked, **around}
    response = render(request, "site/changes.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def show(request, article: Article, version: Version, audience: str, around: dict, template: str):
    """Return the page of a version for an audience, or 304 where the reader's browser has it as it is."""
    live = (fingerprint(article, version, around), audience, template, RENDERER, FORM, look())
    etag = f'"{sha256(repr((live, request.scheme, request.get_host())))[:32]}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        page = page_of(version, audience)
        response = render(
            request, template, {"article": article, "version": version, "audience": audience, "page": page, **around}
        )
    response["ETag"] = etag
    response["Cache-Control"] = ASK_EACH_TIME
    if around["is_pending"] or around["is_older"]:
        response["X-Robots-Tag"] = "noindex"
    return response


def look() -> str:
    """Return a digest of the templates of the readers' pages and the name of their style."""
    return _look(static("site.css"), settings.DEBUG, _changed() if settings.DEBUG else 0)


@lru_cache(maxsize=1)
def _look(style: str, demonstration: bool, changed: int) -> str:
    sources = [path.read_text(encoding="utf-8") for path in _templates()]
    return sha256(repr((style, demonstration, sources)))


def _changed() -> int:
    return max(path.stat().st_mtime_ns for path in _templates())


def _templates() -> list[Path]:
    folder = settings.BASE_DIR / "templates"
    return [folder / "base.html", *sorted((folder / "site").glob("*.html"))]


def removed(request, pk: int):
    """Answer 410, with who removed which versions, when and why."""
    notice = Notice.objects.get(pk=pk)
    published = notice.versions.filter(review__published_at__isnull=False).order_by("number")
    return render(request, "site/removed.html", {"notice": notice, "versions": published}, status=410)


def shown_version(article: Article) -> Version:
    """Return the version that readers are shown; both candidates came with the article, in one query."""
    is_published = article.shown_version_id == article.published_version_id
    return article.published_version if is_published else article.latest_version


def published_versions():
    return Version.objects.filter(review__published_at__isnull=False).select_related("review")


def published_version(slug: str, number: int) -> Version | None:
    """Return a version of a public article that is or was published, with what its page needs of the article."""
    public = Article.objects.public().filter(slug=slug)
    shown = ("article__published_version", "article__latest_version__review")
    return published_versions().filter(article__in=public.values("pk"), number=number).select_related(*shown).first()


def with_earlier(versions: list[Version]) -> list[Version]:
    """Give each version, newest first, the one published before it where readers may compare the two."""
    for version, earlier in zip(versions, [*versions[1:], None], strict=True):
        version.earlier = earlier and not (version.is_removed or earlier.is_removed) and earlier
    return versions


def removals():
    return Notice.objects.in_force().filter(kind=Notice.Kind.REMOVAL)


def is_known_to_readers(article: Article) -> bool:
    """Tell whether readers may learn where the article lives now: it is public, or was removed in public."""
    return (
        Article.objects.public().filter(pk=article.pk).exists()
        or removals().filter(article=article, versions=article.published_version_id).exists()
    )
