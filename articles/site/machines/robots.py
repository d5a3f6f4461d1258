"""robots.txt: which addresses programs should leave alone, and where the sitemap is."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.site.keeping.kept_responses import kept
from articles.site.machines.address import site


@login_not_required
@require_safe
@kept
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "site/robots.txt", {"site": site(request)}, content_type="text/plain; charset=utf-8")
