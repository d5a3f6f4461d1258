"""The desk's list of articles, and one article: its draft, its versions, the next step and its story."""

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.desk.posting import posted_from
from articles.models import Article, Version
from articles.models.people import Role, roles_of
from reviews import workflow
from reviews.desk.access import visible_article
from reviews.desk.answers import attempt
from reviews.desk.article.options import OF_ARTICLE, options
from reviews.desk.article.timeline import timeline
from reviews.desk.forms import SubmitForm
from reviews.models import Review
from reviews.workflow.approval import full_review
from reviews.workflow.table import State

IN_A_LIST = 50
STATES = [(state.value, state.label.capitalize()) for state in State]


@require_safe
def articles(request):
    """List the articles this person may see by title, a page at a time; `q` looks in titles, `state` at the review."""
    seen = Article.objects.visible_to(request.user)
    public = Prefetch("published_version", Version.objects.with_notices())
    rows = seen.prefetch_related(latest_as_it_stands(), public)
    query, state, after = (request.GET.get(name, "").replace("\0", "") for name in ("q", "state", "after"))
    rows = rows.filter(title__icontains=query[:200]) if query.strip() else rows
    rows = _in_state(rows, state)
    rows = rows.order_by("title", "pk")
    if after.isascii() and after.isdigit() and len(after) < 18 and (last := seen.filter(pk=after).first()):
        rows = rows.filter(Q(title__gt=last.title) | Q(title=last.title, pk__gt=last.pk))
    rows = list(rows[: IN_A_LIST + 1])
    context = {
        "articles": rows[:IN_A_LIST],
        "more": len(rows) > IN_A_LIST,
        "query": query,
        "state": state,
        "states": STATES,
        "roles": roles_of(request.user),
    }
    return render(request, "desk/articles.html", context)


def latest_as_it_stands() -> Prefetch:
    """Return what fetches the latest version of each article of a list with what `desk/_state.html` says of it."""
    with_review = Version.objects.prefetch_related(Prefetch("review", Review.objects.with_standing()))
    return Prefetch("latest_version", with_review.with_notices())


def _in_state(rows, state: str):
    if state == State.DRAFT:
        return rows.filter(latest_version__isnull=True)
    if state == State.PUBLISHED:
        return rows.filter(latest_version__review__published_at__isnull=False)
    if state in State.values:
        stand_so = Review.objects.standing(state).filter(published_at__isnull=True).order_by()
        return rows.filter(latest_version__in=stand_so.values("version"))
    return rows


@require_safe
def article(request, pk):
    return show_article(request, visible_article(request, pk), SubmitForm())


@posted_from(lambda request, pk: reverse("desk_article", args=[visible_article(request, pk).pk]))
def submit(request, pk):
    """Submit the draft as a new version; on a refusal show the page again with all that was typed."""
    article = visible_article(request, pk)
    form = SubmitForm(request.POST)
    if version := attempt(form, lambda **terms: workflow.submit(article, actor=request.user, **terms)):
        said = f"Version {version.number} is submitted for review."
        if version.full_review_because:
            said += f" It is a major change, whatever you chose: {version.full_review_because}."
        if version.review.risk != version.risk:
            said += " It is reviewed as high risk, as an editor judged the version before."
        messages.success(request, said)
        return redirect("desk_review", version.review.pk)
    return show_article(request, article, form, status=form.http_status)


def show_article(request, article: Article, form, status=200):
    roles = roles_of(request.user)
    entries, older = timeline(article, for_editor=Role.EDITOR in roles)
    versions = list(article.versions.select_related("review").order_by("-number").with_notices())
    newest = versions[0].review if versions else None
    public = next((row for row in versions if row.pk == article.published_version_id), None)
    is_offered = public and (public.set_aside is None or public.set_aside.doubts)
    is_smaller = is_offered and public.review.change != Version.Change.MAJOR
    context = {
        "article": article,
        "form": form,
        "versions": versions,
        "newest": newest,
        "public": public,
        "none_stands": full_review.why_none_stands(public.review) if is_smaller else "",
        "options": options(request.user, article, newest, OF_ARTICLE),
        "may_write": Article.objects.writable_by(request.user).filter(pk=article.pk).exists(),
        "sections": article.sections.all(),
        "notices": notices_in_force(article),
        "retracted": _retracted(article.published_version),
        "entries": entries,
        "older_entries": older,
        "roles": roles,
    }
    return render(request, "desk/article.html", context, status=status)


def _retracted(version: Version | None) -> list:
    """Return the works of a version that are retracted now and were not when it was submitted."""
    return [work for work in version.version_references.retracted() if work.since] if version else []


def notices_in_force(article: Article):
    """Return what readers are told now beside versions of the article, those versions with it; two queries."""
    return article.notices.in_force().prefetch_related(Prefetch("versions", Version.objects.order_by("number")))
