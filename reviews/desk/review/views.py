"""The page of a review: the frozen text, its changes, the state of the review, and the steps this person can take."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.desk.requests import SignedInRequest
from articles.frozen.signed_text import frozen_content
from articles.text.redline.contents import compare
from articles.text.rendering import render as render_text
from reviews.desk.access import visible_review
from reviews.desk.forms import StepForm
from reviews.desk.review.page import Page
from reviews.models import Review
from reviews.site.state import steps


@require_safe
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    return show_review(request, visible_review(request, pk))


def show_review(
    request: SignedInRequest, review: Review, bound: StepForm | None = None, status: int = 200
) -> HttpResponse:
    """Show the page of a review. A refused form, `bound`, is shown in its place with its input."""
    page = Page(review, request.user, bound)
    chosen = request.GET.get("audience", "") or review.version.written_for
    if chosen not in {audience["key"] for audience in page.content["audiences"]}:
        raise Http404
    compared_with = page.earlier_version(request.GET["changes"]) if "changes" in request.GET else None
    changes = compare(frozen_content(compared_with.version), page.content, chosen) if compared_with else None
    context = {
        "review": review,
        "version": review.version,
        "article": review.article,
        "page": page,
        "audience": chosen,
        "changes": changes,
        "compared_with": compared_with,
        "rendered": None if changes else render_text(page.content, chosen),
        "steps": steps(review.version) if review.status in Review.ON_ITS_WAY else [],
        "roles": page.roles,
        "bound": bound,
    }
    return render(request, "desk/review.html", context, status=status)
