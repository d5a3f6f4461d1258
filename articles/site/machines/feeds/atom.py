"""The Atom feeds: of all publications and notices, of notices alone, and of each topic."""

import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Topic, Version, VersionTopic
from articles.site.keeping.kept_responses import kept
from articles.site.lists.topics import with_parts
from articles.site.machines.address import site
from articles.site.machines.feeds import entries

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@login_not_required
@require_safe
@kept
def feed(request: HttpRequest) -> HttpResponse:
    """Return the newest publications and the newest notices on published versions as an Atom feed."""
    found = [*entries.publications(), *entries.notices()]
    return atom(request, _("publications and notices"), reverse("home"), found)


@login_not_required
@require_safe
@kept
def notices_feed(request: HttpRequest) -> HttpResponse:
    """Return the newest notices on published versions."""
    return atom(request, _("corrections and retractions"), reverse("public_notices"), entries.notices())


@login_not_required
@require_safe
@kept
def topic_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """
    Return the newest publications and notices on a topic and its parts.

    404 for a topic on which nothing was ever published. It stays when all articles on the topic are retracted, to tell
    of the retractions.
    """
    topic = get_object_or_404(Topic, slug=slug)
    topics = with_parts(topic)
    if not VersionTopic.objects.filter(topic__in=topics, version__in=Version.objects.published()).exists():
        raise Http404
    found = [*entries.publications(topics), *entries.notices(topics)]
    return atom(
        request, _("{topic}, publications and notices").format(topic=topic.name), topic.get_absolute_url(), found
    )


def atom(request: HttpRequest, name: str, page: str, found: list[entries.Entry]) -> HttpResponse:
    """Return the newest of the entries as the Atom feed of a page."""
    newest = sorted(found, key=lambda entry: entry.at, reverse=True)[: entries.IN_THE_FEED]
    context = {"entries": newest, "site": site(request), "name": name, "page": page}
    return xml(request, "site/feed.xml", context, "application/atom+xml; charset=utf-8")


def xml(request: HttpRequest, template: str, context: dict[str, Any], content_type: str) -> HttpResponse:
    """Return the template as XML, without the few typed characters that XML does not allow."""
    written = render_to_string(template, context, request)
    return HttpResponse(_NOT_IN_XML.sub("", written), content_type=content_type)
