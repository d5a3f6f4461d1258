"""The draft as its readers would see it: as it is stored, or with what is being typed. Nothing is saved."""

import re
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from articles import checks
from articles.checks.grouped import Level, grouped
from articles.desk.drafts import writable
from articles.desk.requests import SignedInRequest
from articles.desk.texts.as_typed import NotShown, content_as_typed
from articles.frozen.content import freeze
from articles.models import Article, Audience, Disclaimer
from articles.review_process import review_process
from articles.text.rendering import render as render_text

_LEADS_AWAY = re.compile(r'<a (?=[^>]*\bhref="(?!#))')


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: SignedInRequest, pk: int, audience: str) -> HttpResponse:
    """
    Show the draft as its readers would see it, with the findings of the checks.

    With `?page`, or with the fields of a form in a POST, show the readers' page alone, which pages of the desk may
    frame: of the stored draft, or with what is typed. 422 with the reasons if the typed text could not be saved.
    """
    article = writable(request, pk)
    readers = get_object_or_404(Audience, key=audience)
    if request.method == "POST":
        try:
            content = content_as_typed(article, request.POST, request.GET, request.user)
        except NotShown as refusal:
            return _alone(request, article, readers, problems=refusal.sentences)
        return _alone(request, article, readers, content)
    frozen = freeze(article)
    if "page" in request.GET:
        return _alone(request, article, readers, frozen.content)
    context = {
        "article": article,
        "audience": readers,
        "audiences": Audience.objects.all(),
        "rendered": render_text(frozen.content, readers.key),
        "levels": _levels_of(article, frozen.content),
    }
    return render(request, "desk/preview.html", context)


def _levels_of(article: Article, content: dict[str, Any]) -> list[Level]:
    """Return the findings for the draft, with the figures that no text shows."""
    placed = {figure["key"] for figure in content["figures"]}
    keys = [key for key in article.figures.values_list("key", flat=True) if key not in placed]
    found = checks.run({**content, "unplaced": keys}, timezone.localdate())
    return grouped(checks.as_overridden(found, review_process().overridden(article.pk, found)), content)


def _alone(
    request: SignedInRequest,
    article: Article,
    readers: Audience,
    content: dict[str, Any] | None = None,
    problems: Sequence[str] = (),
) -> HttpResponse:
    """Answer the readers' page, marked as a preview. Links that lead elsewhere open beside the desk."""
    rendered = render_text(content, readers.key) if content else None
    context = {
        "article": article,
        "audience": readers,
        "content": content,
        "html": _LEADS_AWAY.sub('<a target="_blank" ', rendered.html) if rendered else "",
        "minutes": rendered.minutes if rendered else 0,
        "disclaimer": Disclaimer.objects.in_force().filter(audience=readers).first(),
        "problems": problems,
    }
    response = render(request, "desk/preview_page.html", context, status=422 if problems else 200)
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]  # read by its middleware
    return response
