"""What other programs read of the site: its map, its feed, and what they are asked to leave alone."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import conditional_page, require_safe

from articles.models import Article
from articles.site.views import topics_in_use

IN_A_SITEMAP = 49_000  # of the 50,000 addresses that one file may hold
IN_THE_FEED = 20
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@login_not_required
@require_safe
@conditional_page
def sitemap(request):
    """List the pages to be found elsewhere: articles at the address that they name as theirs, topics, and the rest."""
    context = {"articles": newest()[:IN_A_SITEMAP], "topics": topics_in_use(), "site": site(request)}
    return xml(request, "site/sitemap.xml", context, "application/xml")


@login_not_required
@require_safe
@conditional_page
def feed(request):
    """Give the newest published versions as an Atom feed."""
    context = {"articles": list(newest()[:IN_THE_FEED]), "site": site(request)}
    return xml(request, "site/feed.xml", context, "application/atom+xml; charset=utf-8")


@login_not_required
@require_safe
def robots(request):
    return render(request, "site/robots.txt", {"site": site(request)}, content_type="text/plain; charset=utf-8")


def xml(request, template: str, context: dict, content_type: str):
    """Return the template as XML, without the few characters that people can type and XML cannot hold."""
    written = render_to_string(template, context, request)
    return HttpResponse(_NOT_IN_XML.sub("", written), content_type=content_type)


def newest():
    """Return the articles that lists may name, the newest publication first."""
    rows = Article.objects.listed().select_related("published_version__review")
    return rows.order_by("-published_version__review__published_at", "-pk")


def site(request) -> str:
    return f"{request.scheme}://{request.get_host()}"
