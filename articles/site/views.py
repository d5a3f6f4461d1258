"""The readers' lists. They write nothing, ask for no account, and read through `Article.objects.listed()`."""

from django.contrib.auth.decorators import login_not_required
from django.core.validators import slug_re
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles.models import Article, Topic, VersionTopic
from articles.review_process import review_process

IN_A_LIST = 50
ON_THE_FIRST_PAGE = 6


@login_not_required
@require_safe
def home(request):
    process = review_process()
    newest = in_lists().order_by(process.published_at("published_version").desc(), "-pk")[:ON_THE_FIRST_PAGE]
    return render(request, "site/home.html", {"articles": process.as_reviewed(newest), "topics": topics_in_use()})


@login_not_required
@require_safe
def articles(request):
    """List what is published by title, a page at a time; `after` is the address of the last article seen."""
    return render(request, "site/articles.html", one_page(request, in_lists()))


@login_not_required
@require_safe
def topics(request):
    return render(request, "site/topics.html", {"topics": topics_in_use()})


@login_not_required
@require_safe
def topic(request, slug):
    """List what is published on a topic, as `articles` does; one on which nothing is published does not exist."""
    topic = get_object_or_404(topics_in_use(), slug=slug)
    of_topic = VersionTopic.objects.filter(version=OuterRef("published_version"), topic=topic)
    return render(
        request, "site/topic.html", {"topic": topic, **one_page(request, in_lists().filter(Exists(of_topic)))}
    )


def one_page(request, rows) -> dict:
    """Return one page of these articles by title: those that follow the article whose address is `after`."""
    after = request.GET.get("after", "")
    if after:
        if not slug_re.match(after):
            raise Http404
        last = get_object_or_404(rows, slug=after)
        title = last.published_version.title
        rows = rows.filter(Q(published_version__title__gt=title) | Q(published_version__title=title, pk__gt=last.pk))
    found = list(rows.order_by("published_version__title", "pk")[: IN_A_LIST + 1])
    return {"articles": review_process().as_reviewed(found[:IN_A_LIST]), "after": after, "more": len(found) > IN_A_LIST}


@login_not_required
@require_safe
def editorial_policy(request):
    """Send the reader on to the policy, an article like any other."""
    policy = Article.objects.policies().order_by("pk").first()
    if policy is None:
        raise Http404
    return redirect(policy)


def in_lists():
    """Return the articles that lists may name, with what a list says of each. The policy has a link of its own."""
    named = Prefetch("published_version__version_topics", VersionTopic.objects.select_related("topic").order_by("name"))
    rows = review_process().with_state(Article.objects.in_lists(), "published_version")
    return rows.select_related("published_version").prefetch_related(named)


def topics_in_use():
    """Return the topics on which something is published, by name."""
    published = Article.objects.listed().exclude(published_version__kind=Article.Kind.POLICY)
    filed = VersionTopic.objects.filter(topic=OuterRef("pk"), version__in=published.values("published_version"))
    return Topic.objects.filter(Exists(filed)).order_by("name")
