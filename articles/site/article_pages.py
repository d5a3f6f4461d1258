"""The pages of one article: its text for each audience, and each of its versions."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeAlias

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from articles.frozen.signed_text import frozen_text
from articles.models import Article, Notice, Version, VersionText
from articles.models.notice import NoticeQuerySet
from articles.review_process import review_process
from articles.site.facts import Facts, facts
from articles.site.forms.audience import AUDIENCE_COOKIE
from articles.site.keeping.kept_responses import ASK_EACH_TIME, kept
from articles.site.machines.head import head_of
from articles.site.page import Page, page_of, terms_in
from articles.text.citations.retracted import Retracted
from articles.text.languages import around_a_text

View: TypeAlias = Callable[..., HttpResponse]

GONE = {
    "text": _("This text was removed"),
    "article": _("This article was removed"),
    "comparison": _("This comparison was removed"),
}


@dataclass(frozen=True)
class RetractedRow:
    """A retracted work, with its number in the list of references."""

    number: int
    work: Retracted


@dataclass(frozen=True)
class AudienceRow:
    """An audience, with its label as it was signed."""

    key: str
    label: str


def at_its_address(view: View) -> View:
    """
    Pass the view the public article with this slug; else redirect from a former slug, or answer 410 or 404.

    Answer 410 too if a text that the view needs was erased. The interface is in the language of the text.
    """

    @login_not_required
    @require_safe
    @kept
    @wraps(view)
    def with_article(request: HttpRequest, slug: str, **rest: Any) -> HttpResponse:
        found = _with_versions(Article.objects.public().filter(slug=slug)).first()
        if found is None:
            return not_at_its_address(request, slug, rest)
        shown = shown_version(found)
        with around_a_text(shown.language):
            try:
                return view(request, found, **rest)
            except VersionText.DoesNotExist:
                return erased(request, found, shown)

    return with_article


def of_a_version(view: View) -> View:
    """
    Pass the view a version that is or was published, in its language, with its article and live facts.

    Answer 410 if it was removed, or if a text that the view needs was erased.
    """

    @login_not_required
    @require_safe
    @kept
    @wraps(view)
    def with_version(request: HttpRequest, slug: str, number: int, **rest: Any) -> HttpResponse:
        version = published_version(slug, number)
        if version is None:
            return not_at_its_address(request, slug, {"number": number, **rest})
        with around_a_text(version.language):
            around = facts(version.article, version, version.written_for)
            if around["removal"]:
                return removed(request, around["removal"].pk)
            try:
                return view(request, version.article, version, around, **rest)
            except VersionText.DoesNotExist:
                return erased(request, version.article, version)

    return with_version


def not_at_its_address(request: HttpRequest, slug: str, rest: dict[str, Any]) -> HttpResponse:
    """
    Answer 410 for a removed version or article and 301 for a former address; else raise Http404, whatever the reason.

    Browsers revalidate the 301 each time, since a former address can lead to another article later.
    """
    of_article = removals().filter(article__slug=slug)
    if gone := of_article.filter(versions=F("article__published_version")).first():
        own = of_article.filter(versions__number=rest["number"]).first() if "number" in rest else None
        return removed(request, (own or gone).pk, rest.get("number"))
    known = Article.objects.filter(known_to_readers()).exclude(slug=slug)
    if article := known.filter(former_slugs__slug=slug).first():
        name = request.resolver_match and request.resolver_match.url_name
        response = redirect(name or "article", slug=article.slug, **rest, permanent=True)
        response["Cache-Control"] = ASK_EACH_TIME
        return response
    raise Http404


@at_its_address
@vary_on_cookie
def article(request: HttpRequest, article: Article) -> HttpResponse:
    """Redirect to the text for the audience that the reader chose, or for the audience it was written for."""
    chosen, version = request.COOKIES.get(AUDIENCE_COOKIE, ""), shown_version(article)
    is_theirs = chosen not in ("", version.written_for) and chosen in page_of(version, version.written_for).labels
    audience = chosen if is_theirs else version.written_for
    return redirect("article_for", slug=article.slug, audience=audience)


@at_its_address
def article_for(request: HttpRequest, article: Article, audience: str) -> HttpResponse:
    """Show an article's public text for an audience; 404 for an unknown audience."""
    version = shown_version(article)
    around = facts(article, version, audience)
    if audience not in {version.written_for, *(known.key for known in around["audiences"])}:
        raise Http404
    return show(request, article, version, audience, around, "site/article.html")


@of_a_version
def version(request: HttpRequest, article: Article, version: Version, around: Facts) -> HttpResponse:
    """Show a version that is or was published, for the audience it was written for."""
    return show(request, article, version, version.written_for, around, "site/version.html")


@of_a_version
def signed(request: HttpRequest, article: Article, version: Version, around: Facts) -> HttpResponse:
    """
    Return the exact bytes whose digest was signed: the frozen text, for all its audiences, as JSON.

    A header links to the version's page, which shows its notices. 404 if the text was lawfully erased, so that only
    digest and signatures are left. Raise DamagedText if the stored text is not the signed one.
    """
    try:
        text = frozen_text(version)
    except VersionText.DoesNotExist:
        raise Http404 from None
    response = HttpResponse(text, content_type="application/json")
    response["ETag"] = f'"{version.digest}"'
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{reverse("version", args=[article.slug, version.number])}>; rel="describedby"'
    return response


def show(
    request: HttpRequest, article: Article, version: Version, audience: str, around: Facts, template: str
) -> HttpResponse:
    """
    Return the page of a version for an audience; raise Http404 for an audience for which it was not signed.

    `kept` gives it the digest of the whole page as its ETag, so that a 304 never confirms a page that differs in one
    letter.
    """
    page = page_of(version, audience)
    if audience not in page.labels:  # it was added after the text was signed
        raise Http404
    keys = [readers.key for readers in around["audiences"]]
    context = {
        **around,
        "article": article,
        "version": version,
        "audience": audience,
        "page": page,
        "head": None if around["is_pending"] else head_of(request, version, audience, page, around),
        **works_told(around, page),
        "terms": [] if around["is_pending"] else terms_in(page.html, around["glossary"]),
        "audiences": [AudienceRow(key, page.labels[key]) for key in keys if key in page.labels],
    }
    response = render(request, template, context)
    if around["is_pending"] or around["is_older"]:
        response["X-Robots-Tag"] = "noindex"
    return response


def works_told(around: Facts, page: Page) -> dict[str, list[RetractedRow]]:
    """Return the retracted and the doubted works that readers are told of beside the text."""
    return {
        name: retracted_rows(works, page.not_called_retracted)
        for name, works in (
            ("retracted_works", around["retracted_works"]),
            ("doubted_works", around["doubted_works"]),
        )
    }


def retracted_rows(works: list[Retracted], numbers: dict[str, int]) -> list[RetractedRow]:
    """Return those of the works that the text lists without calling them retracted, by number."""
    listed = [RetractedRow(numbers[work.key], work) for work in works if work.key in numbers]
    return sorted(listed, key=lambda row: row.number)


def removed(request: HttpRequest, pk: int, asked: int | None = None, closed: str = "article") -> HttpResponse:
    """
    Answer 410. The page names the removed versions, the person who removed them, the time and the reason.

    The removal of the current version closes the whole article. The removal of an older one closes comparisons with
    it. `closed` names the page that is not shown if the version `asked` for is not itself removed.
    """
    notice = Notice.objects.select_related("article").get(pk=pk)
    published = published_versions().filter(article=notice.article).order_by("number")
    named = list(published.filter(notices=notice))
    is_closed = notice.article.published_version in named
    context = {
        "notice": notice,
        "versions": named,
        "closed_too": is_closed and published.exclude(notices__in=removals()).exists(),
        "gone": GONE["text" if asked is None or asked in [version.number for version in named] else closed],
    }
    response = render(request, "site/removed.html", context, status=410)
    response["Cache-Control"] = ASK_EACH_TIME  # browsers cache a 410 for ever, and a removal can be lifted
    return response


def erased(request: HttpRequest, article: Article, version: Version) -> HttpResponse:
    """Answer 410 for a text that is no longer stored: what was signed of it, and by whom, can still be proved."""
    was_published = review_process().state(version).published_at is not None
    context = {"article": article, "version": version, "was_published": was_published}
    response = render(request, "site/erased.html", context, status=410)
    response["Cache-Control"] = ASK_EACH_TIME
    return response


def shown_version(article: Article) -> Version:
    """Return the version that readers see, of an article from `ArticleQuerySet.public`."""
    version = article.published_version or article.latest_version
    if version is None:
        raise Http404  # such an article is not public
    return version


def _with_versions(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Fetch with each article both versions that readers may see, and the state of their reviews."""
    versions = ("published_version", "latest_version")
    return review_process().with_state(articles.select_related(*versions), *versions)


def published_versions() -> QuerySet[Version]:
    """Return the versions that are or were published, each with the state of its review."""
    return review_process().with_state(Version.objects.published(), "")


def published_version(slug: str, number: int) -> Version | None:
    """Return a version of a public article that is or was published. Its article comes with both shown versions."""
    public = Article.objects.public().filter(slug=slug)
    shown = ("article__published_version", "article__latest_version")
    rows = published_versions().filter(article__in=public.values("pk"), number=number).select_related(*shown)
    return review_process().with_state(rows, "article__latest_version").first()


def removals() -> NoticeQuerySet:
    return Notice.objects.in_force().that("removes")


def known_to_readers() -> Q:
    """Return the condition that readers may learn the current address: public articles, and removed ones."""
    gone = removals().filter(versions=OuterRef("published_version"))
    return Q(pk__in=Article.objects.public().values("pk")) | Q(Exists(gone))
