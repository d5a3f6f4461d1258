"""The readers' lists. They write nothing, need no account, and read through `Article.objects.listed()`."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.validators import slug_re
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles.models import Article, Version, VersionTopic
from articles.review_process import review_process
from articles.site.keeping.kept_responses import kept
from articles.site.lists.limits import Limits
from articles.site.lists.topics import Tree, listed_versions
from articles.site.machines.address import site
from articles.site.machines.head import list_head
from articles.site.machines.json_ld.lists import list_data, site_data

HOME = _("Medical articles that name who approved them")
PROMISE = _(
    "Each article says which clinicians approved it, when, and when its next review is due. "
    "Articles that are not approved say so."
)
IN_A_LIST = 30
ON_THE_FIRST_PAGE = 6
FEW = 1000  # versions on a topic


@login_not_required
@require_safe
@kept
def home(request: HttpRequest) -> HttpResponse:
    newest = listed_versions().order_by(review_process().published_at().desc(), "-pk")
    has_policy = Article.objects.policies().exists()
    data = site_data(site(request), has_policy=has_policy)
    context = {
        "has_policy": has_policy,
        "articles": rows_of(newest, ON_THE_FIRST_PAGE),
        "topics": [branch.topic for branch in Tree().top],
        "head": list_head(request, str(HOME), f"{HOME}. {PROMISE}", *data),
    }
    return render(request, "site/home.html", context)


@login_not_required
@require_safe
@kept
def articles(request: HttpRequest) -> HttpResponse:
    """
    List the published articles by title, one page at a time; `after` is the slug of the last article seen.

    `letter` and `kind` limit the list.
    """
    limits = Limits.of(request)
    shown = one_page(request, listed_versions().filter(limits.condition))
    title, description = str(_("Articles")), str(_("All published articles by title."))
    data = list_data(site(request), request.path, title, articles=shown["articles"])
    head = list_head(request, title, f"{description} {PROMISE}", data)
    none = limits.none_in_words(is_further=bool(shown["after"])) if limits.query else ""
    return render(request, "site/articles.html", {**shown, "limits": limits, "none": none, "head": head})


@login_not_required
@require_safe
@kept
def topics(request: HttpRequest) -> HttpResponse:
    title, description = str(_("Topics")), str(_("The topics of our articles."))
    data = list_data(site(request), request.path, title)
    head = list_head(request, title, f"{description} {PROMISE}", data)
    return render(request, "site/topics.html", {"branches": Tree().top, "head": head})


@login_not_required
@require_safe
@kept
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """
    List the published articles on a topic and its parts, as `articles` does.

    404 for a topic without published articles.
    """
    tree = Tree()
    branch = tree.find(slug)
    if branch is None:
        raise Http404
    topic, wider = branch.topic, tree.above(branch.topic)
    shown = one_page(request, _on(branch.keys))
    above = [(str(_("Topics")), reverse("topics")), *((each.name, each.get_absolute_url()) for each in wider)]
    data = list_data(site(request), request.path, topic.name, above, shown["articles"])
    head = list_head(
        request, topic.name, f"{_('Articles on the topic {name}.').format(name=topic.name)} {PROMISE}", data
    )
    return render(request, "site/topic.html", {"branch": branch, "topic": topic, "wider": wider, **shown, "head": head})


def _on(topics: list[int]) -> QuerySet[Version]:
    """
    Return the listed versions on these topics.

    The databases cannot know how many there are. A few are looked up by their keys; many are found soonest in a walk
    through all titles.
    """
    filed = VersionTopic.objects.filter(topic__in=topics)
    few = list(filed.order_by("pk").values_list("version", flat=True)[: FEW + 1])
    if len(few) <= FEW:
        return listed_versions().filter(pk__in=few)
    return listed_versions().filter(Exists(filed.filter(version=OuterRef("pk"))))


def one_page(request: HttpRequest, versions: QuerySet[Version]) -> dict[str, Any]:
    """Return one page of articles by title: those that follow the one with the slug `after`."""
    after = request.GET.get("after", "")
    if after:
        if not slug_re.match(after):
            raise Http404
        last = get_object_or_404(versions, article__slug=after)
        versions = versions.filter(Q(title__gt=last.title) | Q(title=last.title, pk__gt=last.pk))
    found = rows_of(versions.order_by("title", "pk"), IN_A_LIST + 1)
    return {"articles": found[:IN_A_LIST], "after": after, "more": len(found) > IN_A_LIST}


def rows_of(versions: QuerySet[Version], most: int) -> list[Article]:
    """
    Return the first articles of these versions, with their topics and the states of their reviews, in this order.

    The keys come first, from an index. Only the rows that are shown get all that is shown of them.
    """
    keys = list(versions.values_list("article", flat=True)[:most])
    named = Prefetch("published_version__version_topics", VersionTopic.objects.select_related("topic").order_by("name"))
    rows = review_process().with_state(Article.objects.in_lists().filter(pk__in=keys), "published_version")
    found = review_process().as_reviewed(rows.select_related("published_version").prefetch_related(named))
    return sorted(found, key=lambda article: keys.index(article.pk))


@login_not_required
@require_safe
@kept
def editorial_policy(request: HttpRequest) -> HttpResponse:
    """Redirect to the policy, which is an article."""
    policy = Article.objects.policies().order_by("pk").first()
    if policy is None:
        raise Http404
    return redirect(policy)
