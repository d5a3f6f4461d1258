"""The desk's list of articles, and the page of an article: its draft, versions, steps and timeline."""

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.desk.readers.said import said_of
from articles.desk.requests import SignedInRequest, behind
from articles.models import Article, Notice, Version
from articles.models.article import ArticleQuerySet
from articles.models.people import Role, roles_of
from articles.text.citations.retracted import Retracted
from reviews import workflow
from reviews.desk.access import visible_article
from reviews.desk.answers import attempt
from reviews.desk.article.attesting import Again
from reviews.desk.article.options import ARTICLE_STEPS, options
from reviews.desk.article.timeline import timeline
from reviews.desk.forms import SubmitForm
from reviews.models import Review
from reviews.workflow.approval import full_review
from reviews.workflow.table import State

IN_A_LIST = 50
# The filter of the list, with the labels of `desk/_state.html`: a status, or the notice shown instead of it.
NOTICES = [(kind, Notice.CONSEQUENCES[kind].called) for kind in Notice.kinds("called")]
STATES = [
    (State.DRAFT.value, gettext_lazy("Draft")),
    *Review.Status.choices,
    (State.PUBLISHED.value, gettext_lazy("Published")),
]


@require_safe
def articles(request: SignedInRequest) -> HttpResponse:
    """List the articles that this person may see, ordered by title, page by page. `q` filters titles."""
    seen = Article.objects.visible_to(request.user)
    public = Prefetch("published_version", Version.objects.with_notices())
    rows = seen.prefetch_related(latest_with_state(), public)
    query, state, after = (request.GET.get(name, "").replace("\0", "") for name in ("q", "state", "after"))
    rows = rows.filter(title__icontains=query[:200]) if query.strip() else rows
    rows = _in_state(rows, state)
    found = list(behind(rows, after, ("title", "pk"), among=seen)[: IN_A_LIST + 1])
    context = {
        "articles": found[:IN_A_LIST],
        "more": len(found) > IN_A_LIST,
        "query": query,
        "state": state,
        "states": STATES + NOTICES,
        "roles": roles_of(request.user),
    }
    return render(request, "desk/articles.html", context)


def latest_with_state() -> Prefetch:
    """Return the prefetch of each article's latest version, with its review and notices for `desk/_state.html`."""
    with_review = Version.objects.prefetch_related(Prefetch("review", Review.objects.with_standing()))
    return Prefetch("latest_version", with_review.with_notices())


def _in_state(rows: ArticleQuerySet, state: str) -> ArticleQuerySet:
    if state == State.DRAFT:
        return rows.filter(latest_version__isnull=True)
    called = Notice.objects.in_force().that("called")
    if state in dict(NOTICES):
        return rows.filter(latest_version__in=called.filter(kind=state).values("versions"))
    if state == State.PUBLISHED:
        published = rows.filter(latest_version__review__published_at__isnull=False)
        return published.exclude(latest_version__in=called.values("versions"))
    if state in State.values:
        in_state = Review.objects.standing(state).filter(published_at__isnull=True).order_by()
        return rows.filter(latest_version__in=in_state.values("version"))
    return rows


@require_safe
def article(request: SignedInRequest, pk: int) -> HttpResponse:
    return show_article(request, visible_article(request, pk), SubmitForm())


@posted_from(lambda request, pk: reverse("desk_article", args=[visible_article(request, pk).pk]))
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit the draft as a new version. If this is refused, show the page again with the input."""
    article = visible_article(request, pk)
    form = SubmitForm(request.POST)
    if version := attempt(form, lambda **terms: workflow.submit(article, actor=request.user, **terms)):
        said = [_("Version {number} is submitted for review.").format(number=version.number)]
        if because := version.full_review_because:
            major = _("It is a major change, although you chose another class: {reason}.")
            said.append(major.format(reason=because))
        if version.review.risk != version.risk:
            said.append(_("It is reviewed as high risk, because an editor set the previous version to high risk."))
        messages.success(request, " ".join(said))
        return redirect("desk_review", version.review.pk)
    return show_article(request, article, form, status=form.http_status)


def show_article(request: SignedInRequest, article: Article, form: SubmitForm, status: int = 200) -> HttpResponse:
    roles = roles_of(request.user)
    entries, older = timeline(article, request.user)
    versions = list(article.versions.select_related("review").order_by("-number").with_notices())
    newest = versions[0].review if versions else None
    public = next((row for row in versions if row.pk == article.published_version_id), None)
    context = {
        "article": article,
        "form": form,
        "versions": versions,
        "newest": newest,
        "public": public,
        "no_full_review": _why_no_full_review(public) if public else "",
        "options": options(request.user, article, newest, ARTICLE_STEPS),
        "may_write": Article.objects.writable_by(request.user).filter(pk=article.pk).exists(),
        "sections": article.sections.all(),
        "notices": notices_in_force(article),
        "retracted": _retracted(article.published_version),
        "entries": entries,
        "older_entries": older,
        "may_ask_for_dossier": bool({Role.EDITOR, Role.ADMIN} & {*roles}),
        "roles": roles,
        "rereading": Again(article, request.user) if public and {Role.EDITOR, Role.REVIEWER} & {*roles} else None,
        "said": said_of(article, to_editor=Role.EDITOR in roles) if public else None,
    }
    return render(request, "desk/article.html", context, status=status)


def _why_no_full_review(public: Version) -> str:
    """Return why a smaller change that readers see as approved rests on no valid full review, or ""."""
    is_offered = public.set_aside is None or public.set_aside.doubts
    is_smaller = public.review.change != Version.Change.MAJOR
    return full_review.why_missing(public.review) if is_offered and is_smaller else ""


def _retracted(version: Version | None) -> list[Retracted]:
    """Return the cited works that are retracted or doubted, and that the version does not call retracted."""
    return [work for work in version.version_references.doubted() if work.since] if version else []


def notices_in_force(article: Article) -> QuerySet[Notice]:
    """Return the notices in force on the article, each with its versions, in two queries."""
    return article.notices.in_force().prefetch_related(Prefetch("versions", Version.objects.order_by("number")))
