from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles import checks
from articles.desk.drafts import writable
from articles.desk.requests import SignedInRequest
from articles.frozen.content import freeze
from articles.models import Audience
from articles.text.rendering import render as render_text


@require_safe
def preview(request: SignedInRequest, pk: int, audience: str) -> HttpResponse:
    """Show the draft as its readers would see it, with the findings of the checks. Nothing is stored."""
    article = writable(request, pk)
    readers = get_object_or_404(Audience, key=audience)
    frozen = freeze(article)
    context = {
        "article": article,
        "audience": readers,
        "audiences": Audience.objects.all(),
        "rendered": render_text(frozen.content, readers.key),
        "findings": checks.run(frozen.content),
    }
    return render(request, "desk/preview.html", context)
