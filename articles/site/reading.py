"""The pages of one article: its text for each audience, its versions, and what changed between them."""

import hashlib
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from articles.frozen.signed_text import frozen_text
from articles.models import Article, Notice, Version, VersionReference, VersionText
from articles.review_process import review_process
from articles.site.audience import AUDIENCE_COOKIE
from articles.site.changes import changes_between
from articles.site.facts import facts
from articles.site.page import page_of
from articles.text.citations.retracted import Retracted

ASK_EACH_TIME = "public, max-age=0, must-revalidate"  # a notice shows on the very next request


def at_its_address(view):
    """Hand the view the public article of this slug; else redirect from a former one, or answer 410 or 404."""

    @login_not_required
    @require_safe
    @wraps(view)
    def with_article(request, slug, **rest):
        found = _with_versions(Article.objects.public().filter(slug=slug)).first()
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
    """
    Answer 410 for a removed version or article and 301 for a former address; else raise Http404, whatever the reason.

    Browsers ask for a former address each time: it may lead elsewhere tomorrow, and back.
    """
    of_article = removals().filter(article__slug=slug)
    if gone := of_article.filter(versions=F("article__published_version")).first():
        own = of_article.filter(versions__number=rest["number"]).first() if "number" in rest else None
        return removed(request, (own or gone).pk, rest.get("number"))
    known = Article.objects.filter(known_to_readers()).exclude(slug=slug)
    if article := known.filter(former_slugs__slug=slug).first():
        response = redirect(request.resolver_match.url_name, slug=article.slug, **rest, permanent=True)
        response["Cache-Control"] = ASK_EACH_TIME
        return response
    raise Http404


@at_its_address
@vary_on_cookie
def article(request, article):
    """Send the reader on to the text for the audience they chose, or for whom it was written."""
    chosen, version = request.COOKIES.get(AUDIENCE_COOKIE, ""), shown_version(article)
    is_theirs = chosen not in ("", version.written_for) and chosen in page_of(version, version.written_for).labels
    audience = chosen if is_theirs else version.written_for
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
    """List the published versions of an article, newest first, with what is and was said of each."""
    if article.shown_pending:
        raise Http404
    published = published_versions().filter(article=article).order_by("-number")
    rows = list(published.with_notices().with_lifted_notices())
    works = VersionReference.objects.filter(version__in=rows).retracted_in()
    for row in rows:
        row.is_removed = any(notice.consequences.removes for notice in row.notices_in_force)
        row.state = review_process().state(row)
        row.retracted_works = [work for version, work in works if version == row.pk and work.since]
    context = {"article": article, "versions": with_earlier(rows), "any_removed": any(row.is_removed for row in rows)}
    return render(request, "site/versions.html", context)


@of_a_version
def version(request, article, version, around):
    """Show a version that is or was published, for the audience it was written for."""
    return show(request, article, version, version.written_for, around, "site/version.html")


@of_a_version
def changes(request, article, version, around):
    """Show what a version changed in the one published before it, for the audience it was written for."""
    earlier = published_versions().filter(article=article, number__lt=version.number).order_by("-number").first()
    if earlier and (removal := removals().filter(versions=earlier).first()):
        return removed(request, removal.pk, version.number, "comparison")
    marked = changes_between(earlier, version) if earlier else None
    context = {"article": article, "version": version, "earlier": earlier, "marked": marked, **around}
    if works := around["retracted_works"]:
        context["retracted_works"] = numbered(works, page_of(version, version.written_for).not_called_retracted)
    response = render(request, "site/changes.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@of_a_version
def signed(request, article, version, around):
    """
    Give the very bytes whose digest was signed: the frozen text, for all its audiences, as JSON.

    A header links the version's page, which says what notices stand over it. 404 when the text was lawfully erased,
    of which digest and signatures are left; DamagedText when what is stored is not what was signed.
    """
    try:
        text = frozen_text(version)
    except VersionText.DoesNotExist:
        raise Http404 from None
    etag = f'"{version.digest}"'
    response = HttpResponse(text, content_type="application/json")
    response = get_conditional_response(request, etag=etag, response=response)
    response["ETag"] = etag
    response["Cache-Control"] = ASK_EACH_TIME
    response["X-Robots-Tag"] = "noindex"
    response["Link"] = f'<{reverse("version", args=[article.slug, version.number])}>; rel="describedby"'
    return response


def show(request, article: Article, version: Version, audience: str, around: dict, template: str):
    """
    Return the page of a version for an audience, or 304 where the reader's browser has these very bytes.

    Raise Http404 for readers for whom it was not signed. The ETag is the digest of all that is shown: what differs by
    a letter, whoever changed it, is never confirmed.
    """
    page = page_of(version, audience)
    if audience not in page.labels:  # one that was added after the text was signed has no text of it
        raise Http404
    context = {"article": article, "version": version, "audience": audience, "page": page, **around}
    context["retracted_works"] = numbered(around["retracted_works"], page.not_called_retracted)
    context["audiences"] = [readers for readers in around["audiences"] if readers.key in page.labels]
    for readers in context["audiences"]:
        readers.label = page.labels[readers.key]  # as it was signed
    response = render(request, template, context)
    etag = etag_of(response.content)
    response = get_conditional_response(request, etag=etag, response=response)
    response["ETag"] = etag
    response["Cache-Control"] = ASK_EACH_TIME
    if around["is_pending"] or around["is_older"]:
        response["X-Robots-Tag"] = "noindex"
    return response


def numbered(works: list[Retracted], numbers: dict[str, int]) -> list[dict]:
    """Return the retracted works that the text lists without saying so, by number."""
    listed = [{"number": numbers[work.key], "work": work} for work in works if work.key in numbers]
    return sorted(listed, key=lambda row: row["number"])


def etag_of(page: bytes) -> str:
    return f'"{hashlib.sha256(page).hexdigest()[:32]}"'


def removed(request, pk: int, asked: int | None = None, closed: str = "article"):
    """
    Answer 410, with who removed which versions, when and why.

    A removal of what is public closes the whole article, and one of an older version the comparison with it: a version
    that was `asked` for and is not among those removed is not called so, but what is `closed` to readers.
    """
    notice = Notice.objects.select_related("article").get(pk=pk)
    published = published_versions().filter(article=notice.article).order_by("number")
    named = list(published.filter(notices=notice))
    is_closed = notice.article.published_version in named
    context = {
        "notice": notice,
        "versions": named,
        "closed_too": is_closed and published.exclude(notices__in=removals()).exists(),
        "gone": "text" if asked is None or asked in [version.number for version in named] else closed,
    }
    response = render(request, "site/removed.html", context, status=410)
    response["Cache-Control"] = ASK_EACH_TIME  # browsers keep a 410 for ever, and a removal can be lifted
    return response


def shown_version(article: Article) -> Version:
    """Return the version that readers are shown; both candidates came with the article, in one query."""
    is_published = article.shown_version_id == article.published_version_id
    return article.published_version if is_published else article.latest_version


def _with_versions(articles):
    """Fetch with each article both versions that readers may be shown, and how their reviews stand."""
    versions = ("published_version", "latest_version")
    return review_process().with_state(articles.select_related(*versions), *versions)


def published_versions():
    """Return the versions that are or were published, each with how its review stands."""
    return review_process().with_state(Version.objects.published(), "")


def published_version(slug: str, number: int) -> Version | None:
    """Return a version of a public article that is or was published, with what its page needs of the article."""
    public = Article.objects.public().filter(slug=slug)
    shown = ("article__published_version", "article__latest_version")
    rows = published_versions().filter(article__in=public.values("pk"), number=number).select_related(*shown)
    return review_process().with_state(rows, "article__latest_version").first()


def with_earlier(versions: list[Version]) -> list[Version]:
    """Give each version, newest first, the one published before it where readers may compare the two."""
    for version, earlier in zip(versions, [*versions[1:], None], strict=True):
        version.earlier = earlier and not (version.is_removed or earlier.is_removed) and earlier
    return versions


def removals():
    return Notice.objects.in_force().that("removes")


def known_to_readers() -> Q:
    """Say of which articles readers may learn where they live now: those that are public, or were removed in public."""
    gone = removals().filter(versions=OuterRef("published_version"))
    return Q(pk__in=Article.objects.public().values("pk")) | Exists(gone)
