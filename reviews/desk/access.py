"""
The rows that a signed-in person may see at the desk. Every view fetches its rows here.

For any other row the response is 404, as for a row that does not exist. `Article.objects.visible_to` has the rule for
authors, editors and administrators, and `visible_to_reviewer` the rule for board members.
"""

from collections.abc import Iterable
from functools import cache

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from articles.desk.requests import SignedInRequest
from articles.models import Article, Notice
from articles.models.article import ArticleQuerySet
from articles.models.people import Role, holds, roles_of
from articles.models.rows.together import Together
from reviews.evidence.ledger import name_of
from reviews.models import Absence, Assignment, BoardMember, Comment, Decision, Review, SavedView, Schedule, Task
from reviews.models.comment import CommentQuerySet

LARGEST_KEY = 2**63 - 1  # in both databases
STEPPED_BACK = _("You stepped back from this article because of a conflict of interest, so you no longer see it.")


def visible_to_reviewer(user: int) -> Q:
    """
    Return the condition that the person with this account was asked about the article.

    They must not have stepped back because of a conflict.

    A signer whose approval can still be withdrawn may see the article in any case.
    """
    asked = Assignment.objects.filter(review__article=OuterRef("pk"), reviewer=user)
    barred = asked.filter(ended_as=Assignment.Ending.CONFLICT)
    article = "review__article__published_version"
    to_withdraw = Decision.objects.counting().filter(
        Q(**{f"{article}__isnull": True}) | Q(review__version__number__gt=F(f"{article}__number")),
        review__article=OuterRef("pk"),
        review__status=Review.Status.APPROVED,
        review__published_at__isnull=True,
        assignment__reviewer=user,
    )
    return Q(Exists(asked)) & (~Q(Exists(barred)) | Q(Exists(to_withdraw)))


def visible_article(request: SignedInRequest, pk: int) -> Article:
    """Return the article; raise Http404 unless this person may see it."""
    rows = Article.objects.visible_to(request.user).select_related("published_version", "latest_version__review")
    return get_object_or_404(rows, pk=pk)


def attestable_article(request: SignedInRequest, pk: int) -> Article:
    """
    Return an article with a public version, whose text a member of the board may read again.

    Raise Http404 if there is none, or if it is removed, and for anyone who may not see the article otherwise.
    """
    shown = Article.objects.public().filter(published_version__isnull=False)
    if not holds(request.user, Role.REVIEWER):
        shown = shown.filter(pk__in=_articles(request).values("pk"))
    rows = shown.select_related("published_version__review", "latest_version__review")
    return get_object_or_404(rows, pk=pk)


def visible_review(request: SignedInRequest, pk: int) -> Review:
    """
    Return the review with its version and article; raise Http404 unless this person may see it.

    Raise PermissionDenied for a reviewer who stepped back from the article because of a conflict of interest: they
    know that it exists.
    """
    roles = frozenset(roles_of(request.user))
    found: list[Review] = _review_as(roles).read(review=pk, user=request.user.pk)["review"] if pk <= LARGEST_KEY else []
    return _only(found, request, Review.objects.filter(pk=pk))


@cache
def _review_as(roles: frozenset[str]) -> Together:
    """Return the statement that reads a review for people with these roles."""
    return Together(
        lambda review, user: {
            "review": _with_article(Review.objects.filter(pk=review), Article.objects.visible_as(user, roles))
        }
    )


def _with_article(rows: QuerySet[Review], seen: ArticleQuerySet) -> QuerySet[Review]:
    related = ("version", "article__published_version", "article__latest_version")
    return rows.filter(article__in=seen.order_by()).select_related(*related)


def _visible(request: SignedInRequest, one: QuerySet[Review]) -> Review:
    """Return the only review of the queryset, or raise as `visible_review`."""
    return _only(_with_article(one, _articles(request)), request, one)


def _only(found: Iterable[Review], request: SignedInRequest, one: QuerySet[Review]) -> Review:
    review = next(iter(found), None)
    if review is None and _stepped_back(request.user, one):
        raise PermissionDenied(STEPPED_BACK)
    if review is None:
        raise Http404
    return review


def reviews_among(request: SignedInRequest, keys: list[int]) -> list[Review]:
    """Return those of these reviews that this person may see, in this order, each with its version and article."""
    rows = _with_article(Review.objects.filter(pk__in=keys), _articles(request))
    return sorted(rows, key=lambda row: keys.index(row.pk))


def visible_assignment(request: SignedInRequest, pk: int) -> tuple[Assignment, Review]:
    """Return the assignment and its review, or raise as `visible_review`."""
    row = get_object_or_404(Assignment, pk=pk)
    return row, visible_review(request, row.review_id)


def visible_schedule(request: SignedInRequest, pk: int) -> tuple[Schedule, Review]:
    """Return the schedule and the review of its version, or raise as `visible_review`."""
    row = get_object_or_404(Schedule.objects.select_related("version__review"), pk=pk)
    return row, visible_review(request, row.version.review.pk)


def visible_comment(request: SignedInRequest, pk: int) -> tuple[Comment, Review]:
    """
    Return the comment and the review of the article's latest version, where the comment can be answered.

    Raise Http404 unless this person may see it: authors do not see board-only comments.
    """
    rows = Comment.objects.visible_to(request.user).select_related("article", "version")
    row = get_object_or_404(rows, pk=pk)
    return row, _visible(request, Review.objects.filter(version=row.article.latest_version_id))


def visible_comments(article: Article, user: User, roles: list[str]) -> CommentQuerySet:
    """Return the comments on the article that this person, who has these roles, may read."""
    return article.comments.visible_to(user, roles)


def comments_for(user: User, roles: list[str]) -> CommentQuerySet:
    """Return the unresolved comments that wait for this person, who has these roles, and that they may read."""
    return Comment.objects.waiting_for(user).visible_to(user, roles)


def mentions_of(user: User, roles: list[str]) -> CommentQuerySet:
    """Return the comments that mention this person, who has these roles, and that wait for their answer."""
    return Comment.objects.mentioning(user, name_of(user)).exclude(assignee=user).visible_to(user, roles)


def visible_notice(request: SignedInRequest, pk: int) -> Notice:
    return get_object_or_404(Notice.objects.filter(article__in=_articles(request)), pk=pk)


def own_board_row(request: SignedInRequest) -> BoardMember:
    """Return the board row of the signed-in person; raise PermissionDenied unless they are on the board."""
    member = BoardMember.objects.filter(user=request.user.pk).first()
    if member is None or not holds(request.user, Role.REVIEWER):
        raise PermissionDenied(_("Only a member of the medical advisory board has an availability."))
    return member


def own_absence(request: SignedInRequest, pk: int) -> Absence:
    return get_object_or_404(Absence, pk=pk, member=own_board_row(request))


def require_editor(request: SignedInRequest) -> None:
    """Raise PermissionDenied unless the signed-in person is an editor."""
    if Role.EDITOR not in roles_of(request.user):
        raise PermissionDenied(_("Only an editor sees the queue of reviews."))


def own_view(request: SignedInRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView, pk=pk, user=request.user.pk)


def visible_task(request: SignedInRequest, pk: int) -> Task:
    return get_object_or_404(Task.objects.filter(article__in=_articles(request)), pk=pk)


def still_sees(request: SignedInRequest, article_id: int) -> bool:
    """Tell whether this person may still see the article after their step."""
    return _articles(request).filter(pk=article_id).exists()


def _articles(request: SignedInRequest) -> ArticleQuerySet:
    return Article.objects.visible_to(request.user).order_by()


def _stepped_back(user: User, one: QuerySet[Review]) -> bool:
    """Tell whether this person declared a conflict of interest on the article of the review."""
    mine = Assignment.objects.filter(reviewer=user, ended_as=Assignment.Ending.CONFLICT)
    return mine.filter(review__article__in=one.order_by().values("article")).exists()
