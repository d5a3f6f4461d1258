"""The files that programs look for at a fixed address: robots.txt, security.txt and the icon."""

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.site.keeping.kept_responses import kept
from articles.site.machines.address import site

VALID_FOR = 180  # days; RFC 9116 wants less than a year


@login_not_required
@require_safe
@kept
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "site/robots.txt", {"site": site(request)}, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@kept
def security(request: HttpRequest) -> HttpResponse:
    """Return security.txt (RFC 9116): whom to tell of a security fault; 404 if the operator names nobody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = timezone.localdate() + datetime.timedelta(days=VALID_FOR)
    fields = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": f"{expires:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages": "en",
        "Canonical": site(request) + request.path,
        "Policy": settings.SECURITY_POLICY_URL,
    }
    said = "".join(f"{name}: {value}\n" for name, value in fields.items() if value)
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
@kept
def icon(request: HttpRequest) -> HttpResponse:
    """Lead to the icon, for browsers and programs that do not read which one a page names."""
    return redirect(static("favicon.ico"))
