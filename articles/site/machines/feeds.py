"""The Atom feed of publications and notices."""

import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from articles.site.keeping.kept_responses import kept
from articles.site.machines import entries
from articles.site.machines.address import site

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@login_not_required
@require_safe
@kept
def feed(request: HttpRequest) -> HttpResponse:
    """Return the newest publications and the newest notices on published versions as an Atom feed."""
    found = sorted([*entries.publications(), *entries.notices()], key=lambda entry: entry.at, reverse=True)
    context = {"entries": found[: entries.IN_THE_FEED], "site": site(request)}
    return xml(request, "site/feed.xml", context, "application/atom+xml; charset=utf-8")


def xml(request: HttpRequest, template: str, context: dict[str, Any], content_type: str) -> HttpResponse:
    """Return the template as XML, without the few typed characters that XML does not allow."""
    written = render_to_string(template, context, request)
    return HttpResponse(_NOT_IN_XML.sub("", written), content_type=content_type)
