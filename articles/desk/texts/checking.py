"""What the automatic checks find in a draft, beside its text: as it is stored, or as it is being typed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from articles import checks
from articles.checks.grouped import Level, grouped
from articles.desk.drafts import writable
from articles.desk.requests import SignedInRequest
from articles.desk.texts.as_typed import NotShown, content_as_typed
from articles.files.drafts.as_content import of_draft
from articles.frozen.content import rows_of
from articles.models import Article, Section
from articles.review_process import review_process


@require_http_methods(["GET", "HEAD", "POST"])
def checked(request: SignedInRequest, pk: int) -> HttpResponse:
    """
    Show the findings for the draft as it is stored, or in a POST for what stands in its form. Nothing is saved.

    422 with a sentence if the typed text could not be saved: then it cannot be checked.
    """
    article = writable(request, pk)
    if request.method != "POST":
        return render(request, "desk/_checked.html", {"levels": levels_of_draft(article)})
    try:
        content = content_as_typed(article, request.POST, request.GET, request.user)
    except NotShown as refusal:
        said = _("Not checked: {why}").format(why=" ".join(refusal.sentences))
        return HttpResponse(said, status=422, content_type="text/plain; charset=utf-8")
    keys = Section.objects.filter(article=article).values_list("key", "pk")
    return render(request, "desk/_checked.html", {"levels": _levels(article, content, dict(keys))})


def levels_of_draft(article: Article) -> list[Level]:
    """Return the findings for the draft as it is stored, with the anchors of its sections on the page."""
    draft = rows_of(article)
    return _levels(article, of_draft(article, draft), {row.key: row.pk for row in draft["sections"]})


def _levels(article: Article, content: dict[str, Any], keys: dict[str, int]) -> list[Level]:
    anchors = {key: f"s{pk}" for key, pk in keys.items()}
    found = checks.run(content, timezone.localdate())
    found = checks.as_overridden(found, review_process().overridden(article.pk, found))
    return grouped(found, content, anchors)
