"""One review: the frozen text, what changed in it, how far it is, and the steps this person can take."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.frozen.signed_text import frozen_content
from articles.text.redline.contents import compare
from articles.text.rendering import render as render_text
from reviews.desk.access import visible_review
from reviews.desk.review.page import Page
from reviews.models import Review
from reviews.site.standing import steps


@require_safe
def review(request, pk):
    return show_review(request, visible_review(request, pk))


def show_review(request, review: Review, bound=None, status=200):
    """Show the page of a review; `bound` is a form that was refused, shown in its place with all that was typed."""
    page = Page(review, request.user, bound)
    chosen = request.GET.get("audience", "") or review.version.written_for
    if chosen not in {audience["key"] for audience in page.content["audiences"]}:
        raise Http404
    against = page.against(request.GET["changes"]) if "changes" in request.GET else None
    changes = compare(frozen_content(against.version), page.content, chosen) if against else None
    context = {
        "review": review,
        "version": review.version,
        "article": review.article,
        "page": page,
        "audience": chosen,
        "changes": changes,
        "against": against,
        "rendered": None if changes else render_text(page.content, chosen),
        "steps": steps(review.version) if review.status in Review.ON_ITS_WAY else [],
        "roles": page.roles,
        "bound": bound,
    }
    return render(request, "desk/review.html", context, status=status)
