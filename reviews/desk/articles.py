"""The desk's list of articles, and one article: its draft, its versions, the next step and its story."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from articles.models import Article
from articles.roles import Role, roles_of
from reviews import workflow
from reviews.desk.answers import attempt
from reviews.desk.forms import SubmitForm
from reviews.desk.steps import OF_ARTICLE, options
from reviews.desk.timeline import timeline
from reviews.models import Review
from reviews.workflow.table import State

IN_A_LIST = 50
STATES = [(state.value, state.label.capitalize()) for state in State]


@require_safe
def articles(request):
    """List the articles this person may see by title, a page at a time; `q` looks in titles, `state` at the review."""
    seen = Article.objects.visible_to(request.user)
    rows = seen.select_related("latest_version__review", "published_version")
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


def _in_state(rows, state: str):
    if state == State.DRAFT:
        return rows.filter(latest_version__isnull=True)
    if state == State.PUBLISHED:
        return rows.filter(latest_version__review__published_at__isnull=False)
    if state in State.values:
        return rows.filter(latest_version__review__status=state, latest_version__review__published_at__isnull=True)
    return rows


@require_safe
def article(request, pk):
    return show_article(request, visible(request, pk), SubmitForm())


@require_POST
def submit(request, pk):
    """Submit the draft as a new version; on a refusal show the page again with all that was typed."""
    article = visible(request, pk)
    form = SubmitForm(request.POST)
    if version := attempt(form, lambda **terms: workflow.submit(article, actor=request.user, **terms)):
        messages.success(request, f"Version {version.number} is submitted for review.")
        return redirect("desk_review", version.review.pk)
    return show_article(request, article, form, status=form.http_status)


def show_article(request, article: Article, form, status=200):
    roles = roles_of(request.user)
    versions = list(article.versions.select_related("review").order_by("-number"))
    newest = versions[0].review if versions else None
    context = {
        "article": article,
        "form": form,
        "versions": versions,
        "newest": newest,
        "options": options(request.user, article, newest, OF_ARTICLE),
        "may_write": Article.objects.writable_by(request.user).filter(pk=article.pk).exists(),
        "sections": article.sections.all(),
        "entries": timeline(article, for_editor=Role.EDITOR.label in roles),
        "roles": roles,
    }
    return render(request, "desk/article.html", context, status=status)


def visible(request, pk: int) -> Article:
    """Return the article this person may see; 404 as if there were none for anybody else."""
    rows = Article.objects.visible_to(request.user).select_related("published_version", "latest_version__review")
    return get_object_or_404(rows, pk=pk)


def visible_review(request, pk: int) -> Review:
    """Return the review this person may see, with its version and article; 404 for anybody else."""
    rows = Review.objects.filter(article__in=Article.objects.visible_to(request.user).order_by())
    return get_object_or_404(rows.select_related("version", "article__published_version"), pk=pk)
