"""
What a signed-in person may see at the desk. Every view fetches its rows here.

A row that is not theirs answers 404, like one that never existed.
"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from articles.models import Article, Notice
from reviews.models import Assignment, Comment, Review, Schedule, Task
from reviews.models.comment import reads_board

STEPPED_BACK = "You stepped back from this article because of a conflict of interest, and so no longer see it."


def visible_article(request, pk: int) -> Article:
    """Return the article this person may see; 404 as if there were none for anybody else."""
    rows = Article.objects.visible_to(request.user).select_related("published_version", "latest_version__review")
    return get_object_or_404(rows, pk=pk)


def visible_review(request, pk: int) -> Review:
    """
    Return the review this person may see, with its version and article; 404 for anybody else.

    Who stepped back from the article because of a conflict of interest is told so, with 403: they know that it exists.
    """
    rows = Review.objects.filter(article__in=_articles(request))
    found = (
        rows.select_related("version", "article__published_version", "article__latest_version").filter(pk=pk).first()
    )
    if found is None and _stepped_back(request.user, pk):
        raise PermissionDenied(STEPPED_BACK)
    if found is None:
        raise Http404
    return found


def visible_assignment(request, pk: int) -> tuple[Assignment, Review]:
    """Return the request to review, and its review; else as `visible_review` answers."""
    row = get_object_or_404(Assignment, pk=pk)
    return row, visible_review(request, row.review_id)


def visible_schedule(request, pk: int) -> tuple[Schedule, Review]:
    """Return the order to publish, and the review of its version; else as `visible_review` answers."""
    row = get_object_or_404(Schedule.objects.select_related("version__review"), pk=pk)
    return row, visible_review(request, row.version.review.pk)


def visible_comment(request, pk: int) -> Comment:
    """Return the comment this person may see; one for the board is none for authors."""
    rows = Comment.objects.select_related("article__latest_version__review", "version")
    row = get_object_or_404(rows.filter(article__in=_articles(request)), pk=pk)
    if row.board_only and not reads_board(row.article, request.user):
        raise Http404
    return row


def visible_notice(request, pk: int) -> Notice:
    return get_object_or_404(Notice.objects.filter(article__in=_articles(request)), pk=pk)


def visible_task(request, pk: int) -> Task:
    return get_object_or_404(Task.objects.filter(article__in=_articles(request)), pk=pk)


def still_sees(request, article_id: int) -> bool:
    """Tell whether this person may see the article after the step that they took."""
    return _articles(request).filter(pk=article_id).exists()


def _articles(request):
    return Article.objects.visible_to(request.user).order_by()


def _stepped_back(user, pk: int) -> bool:
    """Tell whether this person declared a conflict of interest on the article that the review is of."""
    mine = Assignment.objects.filter(reviewer=user, ended_as=Assignment.Ending.CONFLICT)
    return mine.filter(review__article__in=Review.objects.filter(pk=pk).values("article")).exists()
